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

const run = (cwd: string, args: readonly string[]): Ran => {
  const command = resolve(repository, 'host/cli/mite.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events = () =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  return { code: status, out: stdout, err: stderr, events };
};

export const mite = (...args: string[]): Ran => run(elsewhere, args);

/** In the folder of a project. */
export const miteIn =
  (folder: string) =>
  (...args: string[]): Ran =>
    run(folder, args);
