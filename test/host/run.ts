/** Runs the command as a user does: its own process, from a directory that is not the repository. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { main } from '#host/cli/main.ts';
import { repository } from '../outcomes.ts';

export const elsewhere = mkdtempSync(join(tmpdir(), 'mite-'));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Of a run with --json. */
  events(): Record<string, unknown>[];
}

const ranOf = (code: number | null, out: string, err: string): Ran => ({
  code,
  out,
  err,
  events: () =>
    out
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line)),
});

const run = (cwd: string, args: readonly string[]): Ran => {
  const command = resolve(repository, 'host/cli/mite.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ranOf(status, stdout, stderr);
};

export const mite = (...args: string[]): Ran => run(elsewhere, args);

/** In the folder of a project. */
export const miteIn =
  (folder: string) =>
  (...args: string[]): Ran =>
    run(folder, args);

/** In the folder of a project, without a process of its own: what it prints is kept. Commands run one after the other. */
export const inside =
  (folder: string) =>
  async (...args: string[]): Promise<Ran> => {
    const [before, { stdout, stderr }] = [process.cwd(), process];
    const writers = [stdout.write, stderr.write] as const;
    const printed = { out: '', err: '' };
    const keep = (name: 'out' | 'err') => (text: string | Uint8Array) => {
      printed[name] += text;
      return true;
    };
    process.chdir(folder);
    [stdout.write, stderr.write] = [keep('out'), keep('err')];
    try {
      const code = await main(args);
      return ranOf(code, printed.out, printed.err);
    } finally {
      process.chdir(before);
      [stdout.write, stderr.write] = writers;
      stdout.removeAllListeners('error');
    }
  };
