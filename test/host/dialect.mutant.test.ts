import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { bundleDevice } from '#host/build/bundle.ts';
import { repository } from '#host/build/compile.ts';
import { constantsOf } from '#host/build/constants.ts';
import { dialect, refusals } from '#host/build/dialect.ts';
import { typedDialect } from '#host/build/dialect.types.ts';
import { authored, left, typed } from './dialect.mutants.ts';
import { plainMap } from './plain.map.ts';

const constants = constantsOf(boards.puckjs, { role: 'test', product: 'mutant', kernel: new Uint8Array(4) });

const host = 'device/main.ts';
/** In the first function of the first program of a board. */
const anchor = 'function report(again: boolean): void {\n';

let root = '';

/** A project of its own with the device's real code in it. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mite-dialect-'));
  cpSync(join(repository, 'device'), join(root, 'device'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(root, 'package.json'));
  symlinkSync(join(repository, 'circuits'), join(root, 'circuits'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const original = readFileSync(join(repository, host), 'utf8');
const line = original.slice(0, original.indexOf(anchor)).split('\n').length + 1;

/** Each statement in a block and a line of its own; what the build says, one finding a line. */
async function buildWith(statements: readonly string[]): Promise<string[]> {
  const text = statements.map(each => `{ ${each} }\n`).join('');
  writeFileSync(join(root, host), original.replace(anchor, `${anchor}${text}`));
  try {
    await bundleDevice(host, { root, constants });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

const rows = <Key extends string>(mutants: Readonly<Record<Key, readonly string[]>>) =>
  Object.entries<readonly string[]>(mutants).flatMap(([construct, texts]) =>
    texts.map(text => ({ construct, text })),
  );

test('every row of the table has its mutant, and every mutant its row', () => {
  const named = (from: string) =>
    Object.entries(dialect).flatMap(([name, row]) => (row.from === from ? [name] : []));
  expect(Object.keys(authored).sort()).toEqual(named('author').sort());
  expect(Object.keys(left).sort()).toEqual(named('tool').sort());
  expect(Object.keys(typed).sort()).toEqual(Object.keys(typedDialect).sort());
  const mutants = [authored, typed, left].flatMap(table => Object.values<readonly string[]>(table));
  for (const texts of mutants) expect(texts).not.toEqual([]);
});

test('DESIGN.md names every row', () => {
  const text = readFileSync(join(repository, 'DESIGN.md'), 'utf8');
  const section = text.slice(text.indexOf('## The dialect'), text.indexOf('**Only at run time**'));
  for (const name of Object.keys({ ...dialect, ...typedDialect })) expect(section).toContain(`\`${name}\``);
});

test('every row says why, and what to write instead', () => {
  for (const { reason, hint } of Object.values({ ...dialect, ...typedDialect })) {
    expect(reason.length).toBeGreaterThan(20);
    expect(hint.length).toBeGreaterThan(8);
  }
});

test('the device builds as it is, and with a harmless statement', async () => {
  expect(original).toContain(anchor);
  expect(await buildWith([])).toEqual([]);
  expect(await buildWith(['print(1);', 'const a = [1]; print(a.length);'])).toEqual([]);
});

describe('[G11 core] a forbidden construct in device code is refused with its file and line', () => {
  const mutants = [...rows(authored), ...rows(typed)];
  let findings: readonly string[] = [];

  beforeAll(async () => {
    findings = await buildWith(mutants.map(({ text }) => text));
  });

  test.each(mutants.map((mutant, index) => ({ ...mutant, at: line + index })))(
    '$construct: $text',
    ({ construct, at }) => {
      const here = findings.filter(each => each.startsWith(`${host}:${at}:`));
      expect(here.map(each => each.split(' ')[1])).toContain(construct);
    },
  );

  test('and no other line is', () => {
    const lines = findings.map(each => Number(each.split(':')[1]));
    expect(lines.filter(each => each < line || each >= line + mutants.length)).toEqual([]);
  });
});

describe('what only a tool could leave in lowered code is refused', () => {
  test.each(rows(left))('$construct: $text', ({ construct, text }) => {
    const found = refusals(`var a,b,f;\n${text}\n`, plainMap('lowered.js', 2));
    expect(found.map(each => each.construct)).toContain(construct);
    for (const each of found) expect(each).toMatchObject({ file: 'lowered.js', line: 2 });
  });
});
