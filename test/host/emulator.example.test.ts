import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from '../outcomes.ts';

/** The example as somebody has it: alone in a folder, our package beside its other ones. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'garden-'));
  cpSync(join(repository, 'test/example'), folder, { recursive: true });
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  // As npm leaves them: a link for a package that lies on this disk.
  symlinkSync(repository, join(modules, 'mite'));
  for (const name of ['tsx', 'typescript', '@types/node', 'undici-types'])
    symlinkSync(join(repository, 'node_modules', name), join(modules, name));
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'node_modules', script), ...args],
    { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return { status, output: stdout + stderr };
}

const spec = 'tests/garden.spec.ts';

test('[G11] a project outside of the package tests its own application on two virtual boards', () => {
  const { status, output } = run('tsx/dist/cli.mjs', '--test', spec);
  expect(status, output).toBe(0);
  expect(output).toMatch(/pass 5\b/);
  expect(output).toMatch(/fail 0\b/);
});

test('and its types hold', () => {
  const { status, output } = run('typescript/bin/tsc', '--noEmit');
  expect(status, output).toBe(0);
});

test('a test of it that should fail does', () => {
  const path = join(folder, 'device/wire.ts');
  const broken = [
    "export { encodeReading, orders, readings, service } from './right.ts';",
    'export const decodeReading = (_: DataView) => ({ sequence: 7, moisture: 999 });',
  ].join('\n');
  cpSync(path, join(folder, 'device/right.ts'));
  writeFileSync(path, broken);
  const { status, output } = run('tsx/dist/cli.mjs', '--test', spec);
  expect(status).not.toBe(0);
  // Its assertions fail, not its set-up.
  expect(output).not.toContain('hookFailed');
  expect(output).toMatch(/fail [1-5]\b/);
});
