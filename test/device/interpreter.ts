/** The real interpreter, a Linux build of Espruino: each program gets a fresh process and an empty flash.
 *
 * The program is the text of a timer, so that its errors are reported by the event loop as on a board and
 * later timers still run. Flash is a file in the process's own folder.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Firmware {
  readonly version: string;
  readonly commit: string;
  /** Whether string literals may hold characters above 255. */
  readonly build: 'unicode' | 'plain';
}

export interface Interpreter {
  readonly path: string;
  readonly firmware: Firmware;
}

const beginning = '@begin';
const timeLimitMs = 30_000;
const printedBytesMax = 64 << 20;

/** ASCII only: a build without Unicode strings reads the bytes of UTF-8 as they are. */
function quote(source: string): string {
  const bytes = [...Buffer.from(source, 'utf8')];
  const escaped = bytes.map(byte => {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

/**
 * What a program printed: no prompts, no word of the firmware about a compaction, and of a stack trace only the error,
 * as the places depend on the loader.
 */
export function withoutNoise(printed: string): string {
  return (
    printed
      .replaceAll('\r', '')
      .replaceAll('>\u001b[J', '')
      .replaceAll('\u001b[J', '')
      .replace(/^Compacting.*\n?/gm, '')
      // An assertion of a debugging build, where a board goes astray; its dump has addresses.
      .replace(/ASSERT\([\s\S]*/, 'crashed\n')
      .replace(/^ {4}at .*\n(?:.*\n *\^\n)?/gm, '')
      .replace(/>$/, '')
  );
}

function runFile(path: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: folder,
      timeout: timeLimitMs,
      killSignal: 'SIGKILL',
      maxBuffer: printedBytesMax,
    } as const;
    execFile(path, ['program.js'], { ...options, encoding: 'latin1' }, (error, stdout) => {
      if (error?.killed) reject(new Error(`no end within ${timeLimitMs} ms`));
      else if (error && typeof error.code === 'string') reject(error);
      else resolve(stdout);
    });
  });
}

/** Runs a program to its end, that is until no timer is left, and gives what it printed. */
export async function runProgram(path: string, source: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mite-interpreter-'));
  try {
    const loader = `echo(0);setTimeout(${quote(source)},0);print("${beginning}");\n`;
    writeFileSync(join(folder, 'program.js'), loader);
    const printed = await runFile(path, folder);
    return withoutNoise(printed.slice(printed.indexOf(beginning) + beginning.length).trimStart());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openInterpreter(path: string): Promise<Interpreter> {
  const probe = 'print(JSON.stringify([process.env.VERSION,process.env.GIT_COMMIT,"\\u20ac".charCodeAt(0)]))';
  const [version, commit, code] = JSON.parse(await runProgram(path, probe)) as [string, string, number];
  return { path, firmware: { version, commit, build: code === 0x20ac ? 'unicode' : 'plain' } };
}

/** The builds that ESPRUINO names, separated by colons; none where it is not set. */
export async function openInterpreters(paths: string | undefined): Promise<Interpreter[]> {
  return await Promise.all((paths ?? '').split(':').filter(Boolean).map(openInterpreter));
}

/** Runs `work` for each item, as many at once as the machine bears: a process mostly waits for its own end. */
export async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane));
}
