/** Boots an image on the real interpreter: its calls of kernel and radio are answered by an emulated board, all else is its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Board } from '#boards/board.ts';
import { packArea, type StoredFile } from '#host/build/area.ts';
import { createBoard, type EmulatedBoard } from '#host/emulator/entry.ts';
import { withoutNoise } from './interpreter.ts';
import { mark, pipe, shim } from './replay.shim.ts';

export interface Replay {
  /** Lines of its console, without questions. */
  readonly printed: string;
  /** JsVars in use when it has booted, with those of the shim. */
  readonly variables: number;
}

type Question =
  | readonly ['place', number]
  | readonly ['call', number, readonly [number, number, number, number], readonly [number, string][]]
  | readonly ['radio', string, readonly unknown[]];

/** Answers with its own kernel, memory and radio. */
class Backend {
  readonly #board: EmulatedBoard;
  readonly #arrays = new Map<number, number>();
  #top: number;

  constructor(board: EmulatedBoard) {
    this.#board = board;
    // Its own interpreter is idle and needs little of its RAM.
    const { address, bytes } = board.machine.space.ram;
    this.#top = address + bytes / 2;
  }

  answer(question: Question): unknown {
    if (question[0] === 'place') return this.#place(question[1]);
    if (question[0] === 'call') return this.#call(question[1], question[2], question[3]);
    return this.#board.evaluate(`NRF.${question[1]}.apply(NRF,${JSON.stringify(question[2])})`) ?? null;
  }

  #place(length: number): number {
    const at = this.#top;
    this.#top += (length + 15) & ~15;
    this.#arrays.set(at, length);
    return at;
  }

  #call(target: number, words: readonly [number, number, number, number], sent: readonly [number, string][]) {
    const { memory } = this.#board.machine.space;
    for (const [at, bytes] of sent) memory.set(Buffer.from(bytes, 'base64'), at);
    const before = [...this.#arrays].map(([at, length]) => [at, memory.slice(at, at + length)] as const);
    const result = this.#board.machine.call(target, [...words]);
    const changed = before
      .map(([at, bytes]) => [at, bytes, memory.subarray(at, at + bytes.length)] as const)
      .filter(([, old, now]) => Buffer.compare(old, now) !== 0)
      .map(([at, , now]) => [at, Buffer.from(now).toString('base64')]);
    return { result, changed };
  }
}

const ended = '@end';
const question = `\u0010print("${ended}"+(E.forgetArrays(),process.memory().usage))\n`;
const [typeEveryMs, timeLimitMs] = [500, 30_000];

/** Lines until the program has booted and the console answers. */
async function converse(child: ChildProcess, folder: string, backend: Backend): Promise<Replay> {
  const printed: string[] = [];
  for await (const raw of createInterface({ input: child.stdout! })) {
    const line = withoutNoise(raw).replace(/^>/, '');
    if (line.startsWith(mark)) {
      const answer = backend.answer(JSON.parse(line.slice(1)) as Question);
      await writeFile(join(folder, pipe), JSON.stringify(answer));
    } else if (line.startsWith(ended))
      return { printed: printed.join('\n'), variables: Number(line.slice(ended.length)) };
    else if (line) printed.push(line);
  }
  throw new Error(`the interpreter ended: ${printed.join('\n')}`);
}

/** `files` are those of the image; without any it boots into nothing. */
export async function replay(path: string, board: Board, files: readonly StoredFile[]): Promise<Replay> {
  const folder = mkdtempSync(join(tmpdir(), 'mite-replay-'));
  const host = createBoard({ board });
  const { storage, pageBytes } = board.flash;
  const first = { name: '.bootPowerOn', bytes: new Uint8Array(Buffer.from(shim)) };
  writeFileSync(join(folder, 'espruino.flash'), packArea([...files, first], storage.pages * pageBytes));
  execFileSync('mkfifo', [join(folder, pipe)]);
  const child = spawn(path, [], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  // What is typed before it listens is lost.
  const typing = setInterval(() => child.stdin.write(question), typeEveryMs);
  const limit = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
  try {
    host.powerOn();
    return await converse(child, folder, new Backend(host));
  } finally {
    clearInterval(typing);
    clearTimeout(limit);
    // It heeds no SIGTERM.
    child.kill('SIGKILL');
    host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
