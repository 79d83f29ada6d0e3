import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serveConsole } from '#host/flash/serve.tcp.ts';
import { dice } from '../circuits/dice.ts';
import { espruino as interpreterPath, startInterpreter } from './interpreter.ts';
import { lay } from './table.ts';

/** Espruino's own command line, as its users have it: another client for the same console. */
const command = join(
  dirname(createRequire(import.meta.url).resolve('espruino/package.json')),
  'bin/espruino-cli.js',
);

const folder = mkdtempSync(join(tmpdir(), 'mite-espruino-'));

/** Version 0.1.67 never ends where it uploads 512 bytes or fewer. */
const long = `/*${'x'.repeat(600)}*/`;

/** It asks a server for what a board has, unless it is told; a wrong port ends it. */
function run(port: number, ...words: string[]): Promise<string> {
  const board = join(folder, 'board.json');
  writeFileSync(board, JSON.stringify({ info: { builtin_modules: 'Storage' }, chip: {}, devices: {} }));
  const child = spawn(
    process.execPath,
    [command, '--no-ble', '--board', board, '-p', `tcp://127.0.0.1:${port}`, ...words],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  child.stdout.on('data', bytes => {
    out += bytes;
  });
  return new Promise(done => child.on('close', () => done(out)));
}

async function check(port: number, read: (name: string) => Promise<string>): Promise<void> {
  const text = Buffer.from(dice('espruino').bytes(900)).toString('base64');
  writeFileSync(join(folder, 'data.txt'), text);
  const out = await run(port, '--storage', 'data:data.txt', '-e', `${long}print("sum",6*7)`);
  expect(out).toContain('sum 42');
  expect(await read('data')).toBe(text);
}

describe('the command line of Espruino', () => {
  test('runs an expression and writes a file of Storage on an emulated board', async () => {
    const { board, port, end } = await lay('puckjs');
    await check(port, async name => board.evaluate(`require("Storage").read("${name}")`) as string);
    await end();
  });

  test.skipIf(!interpreterPath)(
    'does the same on the interpreter, which shows that this test is fair',
    { retry: 3 },
    async () => {
      const interpreter = await startInterpreter();
      const served = await serveConsole(interpreter);
      const out = await run(served.port, '-e', `${long}print("sum",6*7)`);
      expect(out).toContain('sum 42');
      await served.close();
      interpreter.stop();
    },
  );
});
