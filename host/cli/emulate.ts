/** `mite emulate` and `mite repl`: a board that is not there, its console here. */
import { readFileSync } from 'node:fs';
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { readConfig } from '../config/read.ts';
import type { Costs } from '../emulator/cost.ts';
import { createBoard, type EmulatedBoard, World } from '../emulator/entry.ts';
import { findUnicorn } from '../emulator/unicorn.ts';
import { PacketReader } from '../flash/packet.ts';
import { boardNamed, buildOf, finishImage } from './build.ts';
import type { Event, Events } from './event.ts';
import { Failure } from './failure.ts';
import type { Words } from './verbs.ts';

type Options = Words['options'];

const secondsDefault = 10;
/** Between two looks at what the board has printed. */
const tickMs = 20;

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function kernelOf(options: Options): 'wasm' | 'thumb' {
  const mode = text(options.kernel) ?? 'wasm';
  if (mode !== 'wasm' && mode !== 'thumb')
    throw new Failure('usage', `"${mode}" is no way to run a kernel`, 'mite emulate --kernel thumb');
  if (mode === 'thumb' && !findUnicorn())
    throw new Failure(
      'refused',
      'Thumb-2 code runs in libunicorn, which is not here',
      'apt-get install libunicorn-dev',
    );
  return mode;
}

/** A board with an image, or with a plain program for the interpreter. */
export async function makeBoard(verb: string, options: Options): Promise<EmulatedBoard> {
  const board: Board = options.board === undefined ? boards.emulated : boardNamed(verb, options.board);
  const world = new World({ seed: text(options.seed) ?? 'mite' });
  const kernel = kernelOf(options);
  const script = text(options.script);
  if (script !== undefined) {
    let source: string;
    try {
      source = readFileSync(script, 'latin1');
    } catch {
      throw new Failure('usage', `there is no file ${script}`, `mite ${verb} --help`);
    }
    return createBoard({ board, world, kernel, files: { '.bootcde': source } });
  }
  const build = buildOf(await readConfig(process.cwd()), board, options);
  return createBoard({ image: await finishImage(build), world, kernel });
}

/** Lines of a console, each once and whole. */
class Lines {
  #rest = '';
  readonly #ready: string[] = [];

  constructor(board: EmulatedBoard) {
    // What goes to a tool in packets is no line.
    const reader = new PacketReader();
    board.console.onData(bytes => {
      for (const piece of reader.push(bytes)) if (piece.is === 'text') this.#hear(piece.bytes);
    });
  }

  #hear(bytes: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(bytes).toString('latin1')).split(/\r?\n/);
    this.#rest = lines.pop()!;
    this.#ready.push(...lines);
  }

  *take(board: EmulatedBoard): Generator<Event> {
    const ms = Math.round(board.world.nowUs / 1_000);
    for (const line of this.#ready.splice(0)) {
      // A prompt that made way, and what moves the cursor.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told by control characters
      const shown = line.replace(/\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]/g, '').replace(/^>+/, '');
      if (shown) yield { text: shown, data: { ms, line: shown } };
    }
  }
}

function costEvent(board: EmulatedBoard, { busyUs, microjoules, kernelCycles, statements }: Costs): Event {
  const [ms, uJ] = [Math.round(busyUs / 1_000), Math.round(microjoules.processor + microjoules.radio)];
  return {
    text: `${board.name}: ${board.state}, ${ms} ms of work, ${uJ} uJ (model)`,
    data: {
      board: board.name,
      state: board.state,
      busyUs,
      microjoules,
      kernelCycles,
      statements,
      model: true,
    },
  };
}

function secondsOf(options: Options, otherwise: number): number {
  const given = text(options.seconds);
  if (given === undefined) return otherwise;
  if (Number(given) > 0) return Number(given);
  throw new Failure('usage', `"${given}" is no number of seconds`, 'mite emulate --seconds 10');
}

/** As fast as it goes: the seconds are those of the board. */
function* runAhead(board: EmulatedBoard, seconds: number): Generator<Event> {
  const lines = new Lines(board);
  board.powerOn();
  for (let ms = 0; ms < seconds * 1_000 && board.state === 'running'; ms += tickMs) {
    board.world.run({ ms: tickMs });
    yield* lines.take(board);
  }
}

/** Behind a port, its clock with ours. */
async function* serve(board: EmulatedBoard, options: Options): Events {
  const { serveEmulated } = await import('../flash/serve.emulated.ts');
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Failure('usage', `"${options.port}" is no port of TCP`, 'mite emulate --port 0');
  const endMs = Date.now() + secondsOf(options, Number.POSITIVE_INFINITY) * 1_000;
  const lines = new Lines(board);
  board.powerOn();
  const served = await serveEmulated(board, port);
  yield {
    text: `${board.name} listens: mite monitor --port tcp://127.0.0.1:${served.port}`,
    data: { board: board.name, port: served.port },
  };
  try {
    while (Date.now() < endMs) {
      await new Promise(resolve => setTimeout(resolve, tickMs));
      yield* lines.take(board);
    }
  } finally {
    await served.close();
  }
}

export async function* emulate(options: Options): Events {
  const board = await makeBoard('emulate', options);
  try {
    if (options.port === undefined) yield* runAhead(board, secondsOf(options, secondsDefault));
    else yield* serve(board, options);
    yield costEvent(board, board.costs());
    if (board.state === 'crashed')
      throw new Failure(
        'verify',
        `${board.name} crashed: ${board.failure}`,
        `mite decode --board ${board.board.name}`,
      );
  } finally {
    board.close();
  }
}
