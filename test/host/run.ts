/** Runs the command as a user does: its own process, from a directory that is not the repository. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { repository } from '../outcomes.ts';

export const elsewhere = mkdtempSync(join(tmpdir(), 'mite-'));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Of a run with --json. */
  events(): Record<string, unknown>[];
}

export function mite(...args: string[]): Ran {
  const command = resolve(repository, 'host/cli/mite.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: elsewhere,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events = () =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  return { code: status, out: stdout, err: stderr, events };
}
