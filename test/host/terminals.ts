/** A pair of pseudo-terminals: what is written to one is read from the other, as through a serial cable. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const hasTerminals = spawnSync('socat', ['-V']).status === 0;

export interface Terminals {
  /** Path of the end that a computer opens. */
  readonly near: string;
  /** Of the end of the board. */
  readonly far: string;
  unplug(): void;
}

/** `far`: a terminal of its own, or a TCP port. */
export async function plug(far?: number): Promise<Terminals> {
  const folder = mkdtempSync(join(tmpdir(), 'mite-terminals-'));
  const [near, other] = [join(folder, 'near'), join(folder, 'far')];
  const pty = (path: string) => `PTY,link=${path},raw,echo=0`;
  const child = spawn('socat', [pty(near), far === undefined ? pty(other) : `TCP:127.0.0.1:${far},nodelay`], {
    stdio: 'ignore',
  });
  for (let tries = 0; !existsSync(near) && tries < 100; tries++) await wait(20);
  return { near, far: other, unplug: () => void child.kill() };
}
