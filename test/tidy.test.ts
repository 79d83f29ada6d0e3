import { describe, expect, test } from 'vitest';
import { rowIds } from './board.ts';
import { repository } from './outcomes.ts';
import { deadExports, deadFiles, staleEntries } from './tidy/dead.ts';
import { entries, fixedTexts } from './tidy/entries.ts';
import frozenFaults from './tidy/frozen.json' with { type: 'json' };
import { fileNames, fileSize, functionSize } from './tidy/size.ts';
import { parseSources, type Rule, readTexts } from './tidy/source.ts';
import { faultTable, labelTable } from './tidy/tables.ts';
import { purity, walls } from './tidy/walls.ts';
import words from './tidy/words.json' with { type: 'json' };
import { bannedWords, headers, namedFiles, titles } from './tidy/words.ts';

const texts = readTexts(repository);
const sources = parseSources(texts);

/** What a rule finds in a small repository. */
function found(rule: Rule, files: Record<string, string>): string[] {
  const small = new Map(Object.entries(files));
  return rule(parseSources(small), small);
}

interface Case {
  readonly promise: string;
  readonly rule: Rule;
  /** Each must be found. */
  readonly bad: readonly Record<string, string>[];
  /** Must pass. */
  readonly good?: readonly Record<string, string>[];
}

const wallCases: Case[] = [
  {
    promise: 'rooms import only through their doors',
    rule: walls,
    bad: [
      { 'circuits/a.ts': "import { b } from '#host/b.ts';" },
      { 'circuits/a.ts': "import { readFileSync } from 'node:fs';" },
      { 'circuits/a.ts': "import { ed25519 } from '@noble/curves/ed25519.js';" },
      { 'circuits/a.ts': "import { suite1 } from './suite.noble.ts';" },
      { 'circuits/a.ts': "const b = await import('#host/b.ts');" },
      { 'circuits/a.ts': "export type B = import('#host/b.ts').B;" },
      { 'circuits/a.ts': "export * from '../device/b.ts';" },
      { 'circuits/a.ts': "import { b } from './b.js';" },
      { 'device/a.ts': "import { b } from '#boards/b.ts';" },
      { 'device/a.ts': "import b from 'b';" },
      { 'device/a.ts': "import { hash } from '#circuits/proof/suite.noble.ts';" },
      { 'boards/a.ts': "import type { b } from '#circuits/b.ts';" },
      { 'host/a.ts': "import { wallet } from '#device/wallet.ts';" },
      { 'host/a.ts': "import { sample } from '../test/sample.ts';" },
      { 'host/a.ts': "import { b } from '../circuits/b.ts';" },
      { 'host/a.ts': "import { ed25519 } from '@noble/curves/ed25519.js';" },
      { 'bridge/a.ts': "import { b } from '#host/b.ts';" },
      { 'bridge/a.ts': "import { b } from '#bridge/reconcile/ledger.ts';" },
      { 'bridge/reconcile/a.ts': "import { b } from '#bridge/outbox.ts';" },
      { 'flash.config.ts': "import { b } from '#host/b.ts';" },
    ],
    good: [
      { 'circuits/a.noble.ts': "import { ed25519 } from '@noble/curves/ed25519.js';" },
      { 'circuits/message/a.ts': "import { b } from '../proof/b.ts';" },
      { 'device/a.ts': "import { b } from '#circuits/b.ts';" },
      { 'host/a.ts': "import 'node:fs'; import { b } from '#bridge/b.ts';" },
      { 'bridge/a.ts': "import { b } from '#bridge/reconcile/api.ts';" },
      { 'test/a.test.ts': "import { b } from '#host/b.ts'; import '@noble/hashes/sha3.js';" },
      { 'flash.config.ts': "import type { b } from '#host/b.ts';" },
      { 'flash.config.ts': "import { defineFlash } from '#host/config/define.ts';" },
    ],
  },
  {
    promise: 'pure code has no clock, no chance and no output',
    rule: purity,
    bad: [
      { 'circuits/a.ts': 'export const now = () => Date.now();' },
      { 'circuits/a.ts': 'export const luck = Math.random();' },
      { 'circuits/a.ts': "export const say = () => console.log('a');" },
      { 'boards/a.ts': 'export const e = process.env;' },
    ],
    good: [
      { 'circuits/a.ts': 'export const a = { process: 1 }; export const b = a.process;' },
      { 'host/a.ts': 'export const now = () => Date.now();' },
    ],
  },
];

const sizeCases: Case[] = [
  {
    promise: 'a file has at most 400 lines, arithmetic 600',
    rule: fileSize,
    bad: [{ 'host/a.ts': `${'\n'.repeat(400)}a` }, { 'circuits/kernel/a.ts': `${'\n'.repeat(600)}a` }],
    good: [{ 'host/a.ts': `${'\n'.repeat(399)}a` }, { 'circuits/kernel/a.ts': `${'\n'.repeat(599)}a` }],
  },
  {
    promise: 'a function has at most 50 lines and 4 parameters',
    rule: functionSize,
    bad: [
      { 'host/a.ts': `function a() {${'\n'.repeat(50)}}` },
      { 'host/a.ts': `const a = () => {${'\n'.repeat(50)}};` },
      { 'test/a.test.ts': `test('a', () => {${'\n'.repeat(50)}});` },
      { 'host/a.ts': 'class A { a(b, c, d, e, f) {} }' },
    ],
    good: [
      { 'host/a.ts': `function a(b, c, d, e) {${'\n'.repeat(49)}}` },
      { 'test/a.test.ts': `describe('a', () => {${'\n'.repeat(80)}});` },
      { 'test/a.test.ts': "test.each(rows)('a', (a, b, c, d, e) => {});" },
    ],
  },
  {
    promise: 'the name of a file says what is in it',
    rule: fileNames,
    bad: [{ 'host/utils.ts': '' }, { 'host/common/a.ts': '' }, { 'test/a.helpers.ts': '' }],
    good: [{ 'host/purse.ts': '' }],
  },
];

const usesAll = { 'host/a.ts': "import { b } from './b.ts'; b();", 'host/b.ts': 'export const b = 1;' };

const deadCases: Case[] = [
  {
    promise: 'some entry leads to every file, other than through a test',
    rule: deadFiles(entries),
    bad: [
      { 'host/lonely.ts': '' },
      { 'host/b.ts': '', 'test/b.test.ts': "import '#host/b.ts';" },
      { 'test/b.ts': '' },
    ],
    good: [{ 'host/cli/mite.mjs': "await import('./b.ts');", 'host/cli/b.ts': '' }, { 'test/b.test.ts': '' }],
  },
  {
    promise: 'every export is taken by another file, other than a test',
    rule: deadExports(entries),
    bad: [
      { ...usesAll, 'host/b.ts': 'export const b = 1; export const c = 2;' },
      { ...usesAll, 'host/b.ts': 'export const b = 1; export interface C {}' },
      { 'host/b.ts': 'export const b = 1;', 'test/b.test.ts': "import { b } from '#host/b.ts';" },
      {
        'host/a.ts': "import * as b from './b.ts'; b.b;",
        'host/b.ts': 'export const b = 1; export function c() {}',
      },
      { 'host/cli/mite.mjs': '', 'host/cli/b.ts': 'export class B {}' },
      { 'test/scoreboard.ts': 'export const a = 1;' },
    ],
    good: [
      usesAll,
      { 'host/a.ts': "const { b } = await import('./b.ts');", 'host/b.ts': 'export const b = 1;' },
      { 'host/b.ts': 'export type B = 1;', 'test/b.test.ts': "import type { B } from '#host/b.ts';" },
      {
        'test/scoreboard.ts': 'export const a = 1;',
        'test/b.test.ts': "import { a } from './scoreboard.ts';",
      },
    ],
  },
  {
    promise: 'every entry exists and has a reason',
    rule: staleEntries(entries),
    bad: [{}],
    good: [Object.fromEntries(Object.keys(entries).map(path => [path, '']))],
  },
];

const wordCases: Case[] = [
  {
    promise: 'no file holds unfinished work, praise or a path of one machine',
    rule: bannedWords(words),
    bad: [
      { 'a.md': `to do later: ${words.unfinished[0]}` },
      { 'a.md': `A ${'seam'}less experience` },
      { 'a.md': `see ${'/ho'}${'me/someone/file'}` },
      { 'host/a.ts': `read('..${'/shared/design.md'}')` },
    ],
    good: [{ 'a.md': 'A device pays without a network. See test/tidy.test.ts' }],
  },
  {
    promise: 'every source says in its header what it is, and every invariant there names its test',
    rule: headers,
    bad: [
      { 'host/a.ts': 'const a = 1;' },
      { 'host/a.ts': '/** A.\n *\n * 1. Holds.\n * 2. Too. (test/tidy.test.ts)\n */' },
    ],
    good: [
      { 'host/a.ts': '#!/usr/bin/env node\n/** A.\n *\n * 1. Holds. (test/tidy.test.ts)\n */' },
      { 'test/a.test.ts': '' },
    ],
  },
  {
    promise: 'every file that a comment or a document names exists',
    rule: namedFiles,
    bad: [{ 'host/a.ts': `/** A. (${'test/'}absent.test.ts) */` }],
    good: [{ 'host/a.ts': `/** A. (${'test/'}b.test.ts) */`, 'test/b.test.ts': '' }],
  },
  {
    promise: 'titles of tests name rows that exist, and no test runs alone or on a mock',
    rule: titles(rowIds),
    bad: [
      { 'test/a.test.ts': "test('[Z9] a', () => {});" },
      { 'test/a.test.ts': "describe('a', () => { test(`[A1 half] ${b}`, () => {}); });" },
      { 'test/a.test.ts': "test.only('a', () => {});" },
      { 'test/a.test.ts': "vi.mock('#host/a.ts');" },
    ],
    good: [{ 'test/a.test.ts': "test('[A1] a', () => {}); test('[A1 core] [A2] b', () => {});" }],
  },
];

const table = (body: string) => `export const faults = {${body}} as const;`;
const fault = { fault: "a: { code: 1, hint: 'act' },", raise: "throw new Fault('a', '');" };

const tableCases: Case[] = [
  {
    promise: 'codes of faults are frozen, each has a hint, and each is raised',
    rule: faultTable(frozenFaults),
    bad: [
      { 'circuits/fault.ts': table(fault.fault) },
      { 'circuits/fault.ts': table(''), 'circuits/a.ts': fault.raise },
    ],
  },
  {
    promise:
      'the checker of faults sees a gap, a missing hint, a fault that nobody raises and a changed code',
    rule: faultTable(['a']),
    bad: [
      { 'circuits/fault.ts': table("a: { code: 2, hint: 'act' },"), 'circuits/a.ts': fault.raise },
      { 'circuits/fault.ts': table('a: { code: 1 },'), 'circuits/a.ts': fault.raise },
      { 'circuits/fault.ts': table(fault.fault) },
      { 'circuits/fault.ts': table(fault.fault), 'test/a.test.ts': fault.raise },
      {
        'circuits/fault.ts': table("b: { code: 1, hint: 'act' },"),
        'circuits/a.ts': "throw new Fault('b', '');",
      },
    ],
    good: [
      { 'circuits/fault.ts': table(fault.fault), 'circuits/a.ts': fault.raise },
      { 'circuits/fault.ts': table(fault.fault), 'circuits/a.ts': "throw new Fault(x ? 'a' : 'b', '');" },
    ],
  },
  {
    promise: 'labels are unique, all in one file, and all used',
    rule: labelTable(fixedTexts),
    bad: [
      { 'circuits/proof/label.ts': "export const label = { a: ascii('1') };" },
      {
        'circuits/proof/label.ts': "export const label = { a: ascii('1'), b: ascii('1') };",
        'circuits/a.ts': 'label.a; label.b;',
      },
      {
        'circuits/proof/label.ts': "const label = { a: ascii('1') }; const derive = { b: '1' };",
        'circuits/a.ts': 'label.a; derive.b;',
      },
      {
        'circuits/proof/label.ts': "export const label = { a: ascii('1') };",
        'circuits/a.ts': "label.a; ascii('2');",
      },
    ],
    good: [
      {
        'circuits/proof/label.ts': "export const label = { a: ascii('1') };",
        'circuits/a.ts': 'label.a; ascii(text);',
      },
    ],
  },
];

describe.each([...wallCases, ...sizeCases, ...deadCases, ...wordCases, ...tableCases])(
  '$promise',
  ({ rule, bad, good = [], promise }) => {
    // A checker's own cases speak of snippets alone.
    if (!promise.startsWith('the checker'))
      test('here', () => {
        expect(rule(sources, texts)).toEqual([]);
      });

    test.each(bad.map(files => ({ files, shown: JSON.stringify(files).slice(0, 90) })))(
      'and not in $shown',
      ({ files }) => {
        expect(found(rule, files)).not.toEqual([]);
      },
    );

    if (good.length)
      test('and finds nothing in what is well', () => {
        for (const files of good) expect(found(rule, files)).toEqual([]);
      });
  },
);
