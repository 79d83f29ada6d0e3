import { expect, test } from 'vitest';
import { refusals } from '#host/build/dialect.ts';
import { lower } from '#host/build/lower.ts';
import { minify } from '#host/build/minify.ts';
import { openDice, randomProgram } from '../host/lower.grammar.ts';
import { printedByEngine, printedByNode } from '../host/lower.programs.ts';
import { forAll, openInterpreters, runProgram } from './interpreter.ts';

const interpreters = await openInterpreters(process.env.ESPRUINO);

const seed = Number(process.env.MITE_SEED ?? Date.now() % 2 ** 31);
const count = process.env.MITE_NIGHTLY ? 3000 : 60;
console.log(`MITE_SEED=${seed}`);

const sourceOf = (index: number) => randomProgram(openDice(seed + index));

/** One program, lowered and then minified too, on a way to run it. */
async function differences(
  index: number,
  run: (code: string) => string | Promise<string>,
): Promise<unknown[]> {
  const source = sourceOf(index);
  const expected = await printedByNode(source);
  const lowered = lower(source, { file: 'program.js' });
  const found = refusals(lowered.code, lowered.map);
  if (found.length) return [{ index, source, found }];
  const small = await minify(lowered, 'program.js');
  const wrong: unknown[] = [];
  for (const { code } of [lowered, small]) {
    const printed = await run(code);
    if (printed !== expected) wrong.push({ index, source, code, printed, expected });
  }
  return wrong;
}

test('random programs are varied', () => {
  const texts = Array.from({ length: count }, (_, index) => sourceOf(index)).join('\n');
  for (const word of [
    'extends',
    'switch',
    'for (let',
    'catch ({',
    '...',
    '??=',
    '?.',
    'function f',
    'default:',
  ])
    expect(texts.split(word).length).toBeGreaterThan(10);
});

test('a random program, lowered, prints on the engine what it prints in Node', async () => {
  for (let index = 0; index < count; index++) expect(await differences(index, printedByEngine)).toEqual([]);
});

test.skipIf(!interpreters.length)('and on the real interpreter', async () => {
  for (const { path } of interpreters) {
    const wrong: unknown[] = [];
    const indices = Array.from({ length: Math.ceil(count / interpreters.length / 2) }, (_, index) => index);
    await forAll(indices, async index => {
      wrong.push(
        ...(await differences(index, async code => (await runProgram(path, code)).replace(/\n$/, ''))),
      );
    });
    expect(wrong.slice(0, 1)).toEqual([]);
  }
});
