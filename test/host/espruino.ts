/** Espruino's own command line, as its users have it: another client for the same console. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const installed = dirname(createRequire(import.meta.url).resolve('espruino/package.json'));

/** Files that it is to send lie here. */
export const folder = mkdtempSync(join(tmpdir(), 'mite-espruino-'));

/** Version 0.1.67 never ends where it uploads 512 bytes or fewer. */
const long = `/*${'x'.repeat(600)}*/`;

/** Answers with what it printed. It asks a server what a board has, unless it is told. */
export function espruinoBeside(port: number, ...words: string[]): Promise<string> {
  const board = join(folder, 'board.json');
  writeFileSync(board, JSON.stringify({ info: { builtin_modules: 'Storage' }, chip: {}, devices: {} }));
  const last = `${long}${words.at(-1)}`;
  const child = spawn(
    process.execPath,
    [
      ...[join(installed, 'bin/espruino-cli.js'), '--no-ble', '--board', board],
      ...['-p', `tcp://127.0.0.1:${port}`, ...words.slice(0, -1), last],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  child.stdout.on('data', bytes => {
    out += bytes;
  });
  return new Promise(done => child.on('close', () => done(out)));
}
