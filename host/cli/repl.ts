/** `mite repl`: the console of a board, to type on: an emulated one, or the one behind a port. */
import { openerOf } from '../flash/port.ts';
import { makeBoard } from './emulate.ts';
import type { Events } from './event.ts';
import type { Words } from './verbs.ts';

type Options = Words['options'];

interface Wire {
  write(bytes: Uint8Array): Promise<void> | void;
  onData(listener: (bytes: Uint8Array) => void): void;
  close(): Promise<void>;
}

const tickMs = 10;
/** After the last line that was typed, answers may take this long. */
const quietMs = 400;
/** Ctrl-D leaves. */
const leave = 4;

async function openEmulated(options: Options): Promise<Wire> {
  const board = await makeBoard('repl', options);
  board.powerOn();
  let lastMs = Date.now();
  const clock = setInterval(() => {
    const nowMs = Date.now();
    board.world.run({ ms: nowMs - lastMs });
    lastMs = nowMs;
  }, tickMs);
  return {
    write: bytes => board.console.write(bytes),
    onData: listener => void board.console.onData(listener),
    close: async () => {
      clearInterval(clock);
      board.close();
    },
  };
}

const openWire = async (options: Options): Promise<Wire> =>
  typeof options.port === 'string' ? openerOf(options.port, 9_600)() : openEmulated(options);

/** Every key goes to the board, every byte comes here. */
async function converse(wire: Wire): Promise<void> {
  const { stdin, stdout } = process;
  wire.onData(bytes => stdout.write(bytes));
  stdin.setRawMode(true);
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      if (chunk.includes(leave)) return;
      await wire.write(new Uint8Array(chunk));
    }
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
  }
}

/** Lines from a file or another program, and what they gave. */
async function* answer(wire: Wire): Events {
  let heard = '';
  let heardMs = Date.now();
  wire.onData(bytes => {
    heard += Buffer.from(bytes).toString('latin1');
    heardMs = Date.now();
  });
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) await wire.write(new Uint8Array(chunk));
  const sentMs = Date.now();
  while (Date.now() - Math.max(heardMs, sentMs) < quietMs)
    await new Promise(resolve => setTimeout(resolve, tickMs));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told by control characters
  const lines = heard.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').split(/\r?\n/);
  for (const line of lines) if (line.trim() && line !== '>') yield { text: line, data: { line } };
}

export async function* repl(options: Options): Events {
  const wire = await openWire(options);
  try {
    if (process.stdin.isTTY && options.json !== true) await converse(wire);
    else yield* answer(wire);
  } finally {
    await wire.close();
  }
}
