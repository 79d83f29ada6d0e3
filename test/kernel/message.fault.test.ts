/** Tables that stand in C and in TypeScript are equal: codes of faults, and numbers of operations. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { label } from '#circuits/proof/label.ts';

const read = (name: string) =>
  readFileSync(new URL(`../../circuits/kernel/${name}`, import.meta.url), 'utf8');

function definitions(name: string, prefix: string): [string, number][] {
  const lines = read(name).matchAll(new RegExp(`^#define ${prefix}_(\\w+) (\\d+)`, 'gm'));
  return [...lines].map(([, word, number]) => [word!, Number(number)]);
}

const camel = (word: string) =>
  word.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

test('every fault of the kernel has the code of the one table', () => {
  const codes = definitions('fault.h', 'FAULT');
  expect(codes.length).toBeGreaterThan(20);
  for (const [word, code] of codes) expect(faults[camel(word) as keyof typeof faults]?.code, word).toBe(code);
});

test('operations have the same numbers in both tables, none twice', () => {
  const numbers = Object.fromEntries(
    definitions('operation.h', 'OPERATION').map(([word, code]) => [camel(word), code]),
  );
  expect(numbers).toEqual(operations);
  expect(new Set(Object.values(operations)).size).toBe(Object.keys(operations).length);
});

test('labels that the kernel spells are those of the core', () => {
  const labels = new Set(Object.values(label).map(bytes => String.fromCharCode(...bytes)));
  const spelt = ['naming.c', 'message.c', 'idle.c', 'bytes.c', 'signature.c'].flatMap(name =>
    [...read(name).matchAll(/"(mite [^"]+)"/g)].flatMap(([, text]) => text!.split('\\0')),
  );
  expect(spelt.length).toBeGreaterThan(8);
  for (const text of spelt) expect(labels, text).toContain(text);
});
