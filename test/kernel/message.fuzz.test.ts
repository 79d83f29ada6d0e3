/** Fuzzed messages never make the kernel read or write outside message, certificate, table and scratch: a native build under AddressSanitizer. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { concat } from '#circuits/bytes.ts';
import { seedOf } from '../circuits/sample.ts';
import { type Case, messageCases, paymentCases, standingCase, type Word } from './cases.ts';

const compiler = 'gcc';
const source = fileURLToPath(new URL('./native/fuzz.c', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'kernel-fuzz-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function compile(name: string, extra: readonly string[] = []): string | undefined {
  const program = join(work, name);
  const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
  const flags = ['-std=gnu11', '-O1', '-g', '-w', '-fno-builtin', ...sanitizers, ...extra];
  const { status, stderr } = spawnSync(compiler, [...flags, source, '-o', program], { encoding: 'utf8' });
  if (status !== 0) console.log(stderr?.slice(0, 2_000));
  return status === 0 ? program : undefined;
}

const program = process.env.MITE_REAL === 'required' || process.env.CI ? compile('fuzz') : undefined;
const required = process.env.MITE_REAL === 'required';

const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** A piece that may change fills two words: its address and its length. */
const countOf = (list: readonly Word[]) =>
  list.reduce((sum: number, word) => sum + (typeof word === 'object' && 'mutated' in word ? 2 : 1), 0);

function encodeWord(word: Word): Uint8Array {
  if (typeof word === 'number') return words(0, word);
  if ('zeros' in word) return words(2, word.zeros);
  if ('fixed' in word) return concat(words(1, word.fixed.length), word.fixed);
  if ('words' in word) return concat(words(4, countOf(word.words)), ...word.words.map(encodeWord));
  return concat(words(3, word.mutated.length), word.mutated);
}

function encodeCase({ operation, scratchBytes, words: list }: Case): Uint8Array {
  // Addresses that stand in scratch have 64 bits here.
  const room = scratchBytes < 2_048 ? scratchBytes : scratchBytes + 128;
  return concat(words(operation, room, countOf(list)), ...list.map(encodeWord));
}

const seed = seedOf('kernel fuzz', String(Date.now() % 1_000_000));

function run(name: string, cases: readonly Case[], ...parameters: string[]): string {
  const path = join(work, name);
  writeFileSync(path, concat(words(cases.length), ...cases.map(encodeCase)));
  const { status, stdout, stderr } = spawnSync(program!, [path, ...parameters], { encoding: 'utf8' });
  console.log(`${name} ${parameters.join(' ')}: ${stdout.trim()}`);
  if (status !== 0) throw new Error(`${name}: ${status} ${stderr.slice(0, 3_000)}`);
  return stdout;
}

test.skipIf(!program && !required)(
  'messages and links, by every operation: nothing outside them is touched',
  () => {
    if (!program) throw new Error('gcc with AddressSanitizer is missing');
    const cases = messageCases();
    run('messages', cases, '2000', seed);
    const deep = run('messages', cases, '60000', seed, 'deep');
    // What is behind signatures and digests is reached too.
    for (const code of [0, 1, 2, 4, 10, 22, 37]) expect(deep).toMatch(new RegExp(`\\b${code}:`));
  },
);

test.skipIf(!program && !required)(
  'payments: nothing outside them is touched, however their check is sliced',
  () => {
    const cases = paymentCases();
    run('payments', cases, '400', seed);
    run('standing', [standingCase()], '60', seed, 'deep');
    const deep = run('payments', cases, '8000', seed, 'deep');
    // What is behind signatures and digests is reached too.
    for (const code of [0, 6, 16, 17, 18, 24]) expect(deep).toMatch(new RegExp(`\\b${code}:`));
  },
  300_000,
);

test.skipIf(!program && !required)('the control, one byte beside a piece, is caught', () => {
  expect(() => run('control', messageCases(), '1', seed, 'control')).toThrow(/use-after-poison/);
});
