import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { bundleDevice } from '#host/build/bundle.ts';
import { repository } from '#host/build/compile.ts';
import { constantsOf } from '#host/build/constants.ts';
import { nodesOf, parseProgram } from '#host/build/rewrite.ts';
import { openMap } from '#host/build/sourcemap.ts';

const constants = constantsOf(boards.puckjs, { role: 'test', product: 'x', kernel: new Uint8Array(4) });
const build = () => bundleDevice('device/main.ts', { constants });

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mite-bundle-'));
  for (const folder of ['device', 'host']) mkdirSync(join(root, folder));
  symlinkSync(join(repository, 'circuits'), join(root, 'circuits'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const { imports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    imports: unknown;
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', imports }));
  writeFileSync(join(root, 'host/tool.ts'), 'export const tool = [1];');
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function buildOf(source: string, minify = false): Promise<string> {
  writeFileSync(join(root, 'device/app.ts'), source);
  const { code } = await bundleDevice('device/app.ts', {
    root,
    minify,
    constants: { 'board.mtu': 53, name: 'x' },
  });
  return code;
}

describe('[G2 core] a device loads only device/ and circuits/ without libraries', () => {
  test('its own modules are named', async () => {
    const { modules } = await build();
    expect(modules.map(({ path }) => path)).toContain('device/main.ts');
    for (const { path } of modules) expect(path).toMatch(/^(device|circuits)\//);
  });

  test.each([
    "import { tool } from '#host/tool.ts'; print(tool);",
    "import { tool } from '../host/tool.ts'; print(tool);",
    "import { tool } from '../host/tool.ts'; export type T = typeof tool; if (false) print(tool);",
    "import { sha512 } from '@noble/hashes/sha2.js'; print(sha512);",
    "import { suite1 } from '#circuits/proof/suite.noble.ts'; print(suite1);",
    "import { readFileSync } from 'node:fs'; print(readFileSync);",
  ])('and not %s', async source => {
    await expect(buildOf(source)).rejects.toThrow(/a device loads only|Could not resolve/);
  });

  test('circuits without a library may come in', async () => {
    const code = await buildOf(
      "import { operations } from '#circuits/kernel/operation.ts'; print(operations);",
    );
    expect(code).toContain('print(');
  });
});

test('facts of a board become constants, and what they exclude is gone', async () => {
  const source =
    'declare const board: { mtu: number }; declare const name: string; if (board.mtu > 60) print("wide"); else print(name, board.mtu);';
  const code = await buildOf(source, true);
  expect(code.trim()).toBe('print("x",53)');
});

test('texts in the shipped code lead to the lines of TypeScript that hold them', async () => {
  const { code, map } = await build();
  const placeOf = openMap(map);
  let asked = 0;
  for (const node of nodesOf(parseProgram(code))) {
    if (node.type !== 'Literal' || typeof node.value !== 'string' || node.value.length < 8) continue;
    const before = code.slice(0, node.start).split('\n');
    const place = placeOf(before.length, before.at(-1)!.length + 1)!;
    const line = readFileSync(join(repository, place.file), 'utf8').split('\n')[place.line - 1]!;
    // Beyond its start a text may hold what the build put in, or go on in the next line.
    expect(line).toContain(node.value.slice(0, 5));
    asked++;
  }
  expect(asked).toBeGreaterThan(5);
});

test('the same sources give the same bytes', async () => {
  const [first, second] = [await build(), await build()];
  expect(second.code).toBe(first.code);
  expect(second.map).toEqual(first.map);
});

test('a refusal ends the build with file, line, construct and hint', async () => {
  const failure = await buildOf('print(1);\nprint(new Map());\n').catch((error: unknown) => error);
  expect(failure).toMatchObject({ exit: 'refused' });
  expect((failure as Error).message).toMatch(/^device\/app\.ts:2:11: global \(Map\): .*; .*Map/);
});

test('two files of a board share no name', async () => {
  const first = await build();
  const second = await bundleDevice('device/main.ts', { constants, taken: first.names });
  expect(first.names.length).toBeGreaterThan(10);
  expect(second.names.filter(name => first.names.includes(name))).toEqual([]);
});

test('as tokens the code is bytes, and smaller', async () => {
  const plain = await build();
  const { code } = await bundleDevice('device/main.ts', { constants, tokens: true });
  expect(code.length).toBeLessThan((plain.code.length * 9) / 10);
  expect([...code].every(each => each.charCodeAt(0) < 256)).toBe(true);
});

test('no short name is one that the firmware has', async () => {
  const functions = Array.from(
    { length: 700 },
    (_, i) => `export function f${i}(a: unknown) { print([a].map(b => f${(i + 1) % 700}(b))); }`,
  );
  const code = await buildOf(`${functions.join('\n')}\nf0(1);\n`, true);
  const names = code.match(/\bfunction ([\w$]+)/g)!.map(text => text.slice(9));
  expect(new Set(names).size).toBe(700);
  expect(names.filter(name => /^([A-H]\d+|E|of|LED1)$/.test(name))).toEqual([]);
});
