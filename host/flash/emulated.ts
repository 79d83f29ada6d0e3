/** Emulated boards that run on this machine and have their console on a port: each leaves a note in a folder.
 *
 * 1. A note whose process is gone, or that is only half written, is not shown. (test/host/flash.devices.test.ts)
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface EmulatedConsole {
  readonly board: string;
  readonly port: number;
  readonly pid: number;
}

const folder = () => join(tmpdir(), `mite-emulated-${userInfo().username}`);

/** Until the function that it answers with is called. */
export function announceEmulated(board: string, port: number, pid = process.pid): () => void {
  mkdirSync(folder(), { recursive: true });
  const path = join(folder(), `${port}.json`);
  writeFileSync(path, JSON.stringify({ board, port, pid } satisfies EmulatedConsole));
  return () => rmSync(path, { force: true });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function notes(): string[] {
  try {
    return readdirSync(folder());
  } catch {
    return [];
  }
}

/** None where it is half written, by a full disk or a process that was killed, or taken away meanwhile. */
function readNote(name: string): EmulatedConsole[] {
  try {
    return [JSON.parse(readFileSync(join(folder(), name), 'utf8')) as EmulatedConsole];
  } catch {
    return [];
  }
}

export function emulatedConsoles(): EmulatedConsole[] {
  return notes()
    .flatMap(readNote)
    .filter(({ pid }) => runs(pid));
}
