/** Runs the command as a user does, beside what this process serves. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { repository } from '../outcomes.ts';
import { elsewhere, type Ran } from './run.ts';

export function miteBeside(...args: string[]): Promise<Ran> {
  const command = resolve(repository, 'host/cli/mite.mjs');
  const child = spawn(process.execPath, [command, ...args], {
    cwd: elsewhere,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', bytes => {
    out += bytes;
  });
  child.stderr.on('data', bytes => {
    err += bytes;
  });
  const events = () =>
    out
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  return new Promise(done => child.on('close', code => done({ code, out, err, events })));
}
