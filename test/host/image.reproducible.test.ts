import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../outcomes.ts';

const board = 'nrf52840dk';
const work = mkdtempSync(join(tmpdir(), 'mite-image-'));
const copy = join(work, 'quite another folder');

/** All that a build reads. */
const sources = ['boards', 'circuits', 'device', 'host', 'flash.config.ts', 'package.json', 'tsconfig.json'];

function buildIn(folder: string, out: string, clock: NodeJS.ProcessEnv): Map<string, string> {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'host/cli/mite.mjs'), 'build', '--board', board, '--out', out],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, ...clock } },
  );
  if (status !== 0) throw new Error(stderr);
  return new Map(readdirSync(out).map(name => [name, readFileSync(join(out, name)).toString('base64')]));
}

describe('the bytes of an image', () => {
  let first: Map<string, string>;
  beforeAll(() => {
    first = buildIn(repository, join(work, 'first'), {});
    for (const path of sources) cpSync(join(repository, path), join(copy, path), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('[G3 core] are the same twice, with manifest and source maps', () => {
    expect([...first.keys()].sort()).toEqual(
      ['free.bin', 'manifest.json', 'maps.json', 'storage.bin'].map(end => `${board}.${end}`),
    );
    expect(buildIn(repository, join(work, 'second'), {})).toEqual(first);
  });

  test('are the same from another folder, with files of another time, under another clock', () => {
    utimesSync(join(copy, 'device/main.ts'), 1, 1);
    const clock = { TZ: 'Pacific/Kiritimati', SOURCE_DATE_EPOCH: '1', LANG: 'de_DE.UTF-8' };
    expect(buildIn(copy, join(work, 'third'), clock)).toEqual(first);
  });

  test('are others when a source changes, so the comparison can fail', () => {
    const path = join(copy, 'device/main.ts');
    const source = readFileSync(path, 'utf8');
    const changed = source.replace('self-test passed', 'self-test is passed');
    expect(changed).not.toBe(source);
    writeFileSync(path, changed);
    expect(buildIn(copy, join(work, 'fourth'), {})).not.toEqual(first);
  });
});
