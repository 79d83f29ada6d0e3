import { describe, expect, test } from 'vitest';
import { refusals, sentenceOf } from '#host/build/dialect.ts';
import { lower } from '#host/build/lower.ts';
import { minify } from '#host/build/minify.ts';
import { forAll, openInterpreters, runProgram } from '../device/interpreter.ts';
import { printedByEngine, printedByNode, programs } from './lower.programs.ts';

const interpreters = await openInterpreters(process.env.ESPRUINO);

const lowered = (source: string) => lower(source, { file: 'program.js' });

async function variants(source: string): Promise<readonly (readonly [string, string])[]> {
  const readable = lowered(source);
  const small = await minify(readable, 'program.js');
  return [
    ['lowered', readable.code],
    ['minified', small.code],
  ];
}

test('there are at least 60 programs, each with its own name', () => {
  expect(programs.length).toBeGreaterThanOrEqual(60);
  expect(new Set(programs.map(({ title }) => title)).size).toBe(programs.length);
});

describe('a lowered program prints on the engine what the original prints in Node', () => {
  test.each(programs)('$title', async ({ source }) => {
    const expected = await printedByNode(source);
    expect(expected).not.toBe('');
    for (const [variant, code] of await variants(source))
      expect({ variant, printed: printedByEngine(code) }).toEqual({ variant, printed: expected });
  });
});

test.each(programs)('the dialect check passes $title', async ({ source }) => {
  const { code, map } = lowered(source);
  expect(refusals(code, map).map(sentenceOf)).toEqual([]);
  const small = await minify({ code, map }, 'program.js');
  expect(refusals(small.code, small.map).map(sentenceOf)).toEqual([]);
});

test('most programs print something else on the engine when nothing is lowered', async () => {
  const differing: string[] = [];
  for (const { title, source } of programs)
    if (printedByEngine(source) !== (await printedByNode(source))) differing.push(title);
  expect(differing.length).toBeGreaterThan(programs.length / 2);
});

describe.skipIf(!interpreters.length)('the same on the real interpreter', () => {
  test.each(interpreters)('$firmware.build', async ({ path }) => {
    const wrong: unknown[] = [];
    await forAll(programs, async ({ title, source }) => {
      const expected = await printedByNode(source);
      for (const [variant, code] of await variants(source)) {
        const printed = (await runProgram(path, code)).replace(/\n$/, '');
        if (printed !== expected) wrong.push({ title, variant, printed, expected });
      }
    });
    expect(wrong).toEqual([]);
  });
});
