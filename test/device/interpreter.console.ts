/** The real interpreter, a Linux build named by ESPRUINO, as a board: its console on standard input and output, or on a PTY. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Console } from '#host/flash/serve.tcp.ts';

/** Several builds are separated as in PATH. */
export const espruino = process.env.ESPRUINO ? resolve(process.env.ESPRUINO.split(delimiter)[0]!) : undefined;

export interface Interpreter extends Console {
  /** Its folder: `espruino.flash` in it is the flash. */
  readonly folder: string;
  stop(): void;
}

const settled = (child: ChildProcess) =>
  new Promise<void>((done, fail) => {
    child.stdout!.on('data', bytes => {
      if (bytes.includes('>')) done();
    });
    child.once('error', fail);
  });

export interface Setup {
  /** Moves its console to a device, where bytes pass as they are. */
  readonly path?: string;
  /** Its Storage, from its start; erased unless given. */
  readonly storage?: Uint8Array;
}

const flashBytes = 256 * 1024;

export async function startInterpreter({ path, storage }: Setup = {}): Promise<Interpreter> {
  const folder = mkdtempSync(join(tmpdir(), 'mite-interpreter-'));
  const flash = new Uint8Array(flashBytes).fill(0xff);
  flash.set(storage?.subarray(0, flashBytes) ?? []);
  writeFileSync(join(folder, 'espruino.flash'), flash);
  const child = spawn(espruino!, [], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  await settled(child);
  if (path) child.stdin.write(`\x10Serial1.setup(115200,{path:"${path}"});Serial1.setConsole(true)\n`);
  return {
    folder,
    write: bytes => void child.stdin.write(bytes),
    onData: listener => {
      child.stdout.on('data', listener);
      return () => void child.stdout.off('data', listener);
    },
    // It heeds no SIGTERM.
    stop: () => void child.kill('SIGKILL'),
  };
}
