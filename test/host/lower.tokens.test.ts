import { tokenizer, tokTypes } from 'acorn';
import { describe, expect, test } from 'vitest';
import { lower } from '#host/build/lower.ts';
import { minify } from '#host/build/minify.ts';
import { pretokenise } from '#host/build/pretokenise.ts';
import { openMap } from '#host/build/sourcemap.ts';
import { forAll, openInterpreters, runProgram } from '../device/interpreter.ts';
import { printedByNode, programs } from './lower.programs.ts';
import { plainMap } from './plain.map.ts';

const interpreters = await openInterpreters(process.env.ESPRUINO);

const minified = async (source: string) => await minify(lower(source, { file: 'program.js' }), 'program.js');

const tokens = (code: string) => pretokenise({ code, map: plainMap('a.js', 1) }).code;

/** ASCII that stands for any bytes. */
const escaped = (code: string) =>
  [...code].map(each => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

const words: Readonly<Record<number, string>> = {
  138: '==',
  139: '===',
  146: '>>',
  147: '>>>',
  149: '>>>=',
  152: '++',
  158: '&&',
  160: '||',
  162: '=>',
  163: 'if',
  170: 'function',
  171: 'return',
  174: 'const',
  184: 'new',
  191: 'typeof',
  194: 'class',
  198: 'of',
  208: '??',
};

describe('bytes as the firmware defines them', () => {
  test.each(Object.entries(words))('%s is %s', (code, word) => {
    const text =
      { '++': 'a++', '=>': '()=>a', of: 'for(a of b);' }[word] ?? `a${/^\w/.test(word) ? ';' : ''}${word} b`;
    expect(tokens(text)).toContain(String.fromCharCode(Number(code)));
    expect(tokens(text)).not.toContain(word);
  });

  test.each([
    ['0', '\xd3'],
    ['5', '\xd4\x05'],
    ['127', '\xd4\x7f'],
    ['128', '\xd5\x80\x00'],
    ['1e3', '\xd5\xe8\x03'],
    ['32767', '\xd5\xff\x7f'],
    ['32768', '32768'],
    ['.5', '.5'],
    ["''", '""'],
    ["'ab'", '\xd1\x02ab'],
    [`'${'a'.repeat(300)}'`, `\xd2\x2c\x01${'a'.repeat(300)}`],
    ['atob("AP8=")', '\xd1\x02\x00\xff'],
    ['b.atob("AP8=")', 'b.atob(\xd1\x04AP8=)'],
    ['a+ +b', 'a+ +b'],
    ['a- --b', 'a-\x99b'],
  ])('%s is %j', (text, expected) => {
    expect(tokens(text)).toBe(expected);
  });
});

/** Names in code that stay as they are. */
const namesOf = (code: string) =>
  [...tokenizer(code, { ecmaVersion: 'latest' })].flatMap(({ type, start, end }) => {
    const name = code.slice(start, end);
    const stays = type === tokTypes.name && name.length > 3 && !/^(atob|static|undefined)$/.test(name);
    return stays ? [{ name, start }] : [];
  });

/** Line and column, from 1. */
function placeIn(code: string, at: number): [number, number] {
  const lines = code.slice(0, at).split('\n');
  return [lines.length, lines.at(-1)!.length + 1];
}

test('names stay, and lead to the places that they led to', async () => {
  let asked = 0;
  for (const { source } of programs) {
    const small = await minified(source);
    const made = pretokenise(small);
    const [after, before] = [openMap(made.map), openMap(small.map)];
    for (const { name, start } of namesOf(small.code)) {
      // Others may stand in a string.
      if (small.code.split(name).length > 2) continue;
      const at = made.code.indexOf(name);
      expect(at).toBeGreaterThanOrEqual(0);
      asked++;
      expect(after(...placeIn(made.code, at))).toEqual(before(...placeIn(small.code, start)));
    }
  }
  expect(asked).toBeGreaterThan(100);
});

test('it saves at least an eighth of what minifying leaves', async () => {
  let [before, after] = [0, 0];
  for (const { source } of programs) {
    const small = await minified(source);
    before += small.code.length;
    after += pretokenise(small).code.length;
  }
  console.log(`minified ${before} bytes, as tokens ${after}`);
  expect(after).toBeLessThan((before * 7) / 8);
});

describe.skipIf(!interpreters.length)('code as tokens runs on the real interpreter as it did before', () => {
  test.each(interpreters)('$firmware.build', async ({ path }) => {
    const wrong: unknown[] = [];
    await forAll(programs, async ({ title, source }) => {
      const expected = await printedByNode(source);
      const { code } = pretokenise(await minified(source));
      const printed = (await runProgram(path, `eval("${escaped(code)}")`)).replace(/\n$/, '');
      if (printed !== expected) wrong.push({ title, printed, expected });
    });
    expect(wrong).toEqual([]);
  });
});
