/** Writes words and operators of minified code as one byte each, as the firmware's lexer would: smaller, and read in place.
 *
 * The numbers are part of the firmware's interface, as its own tools write them. A string is its length and its bytes
 * (0xD1 and one byte, 0xD2 and two, low first), with `atob("...")` as the bytes that it gives; an integer is 0xD3 for 0, 0xD4 and
 * one byte, or 0xD5 and two, low first. Everything else is its text. The result is bytes, kept as characters below 256.
 *
 * 1. Code runs on the interpreter as it did before. (test/host/lower.tokens.test.ts)
 */
import { type Token as AcornToken, tokenizer, tokTypes } from 'acorn';
import type { Code } from './minify.ts';
import { type Output, writeOutput } from './rewrite.ts';
import { composeMaps } from './sourcemap.ts';

/** acorn's types leave the value out. */
type Token = AcornToken & { readonly value: unknown };

const operatorsFrom = 138;
const operators = '== === != !== <= << <<= >= >> >>> >>= >>>= += -= ++ -- *= /= %= &= && |= || ^= =>'.split(
  ' ',
);

const wordsFrom = 163;
const words = (
  'if else do while for break continue function return var let const this throw try catch finally true false null ' +
  'undefined new in instanceof switch case default delete typeof void debugger class extends super static of'
).split(' ');

const nullish = 208;
const rawString = { short: 0xd1, long: 0xd2 };
const rawInteger = { zero: 0xd3, byte: 0xd4, word: 0xd5 };

const codes: ReadonlyMap<string, number> = new Map([
  ...operators.map((text, index) => [text, operatorsFrom + index] as const),
  ...words.map((text, index) => [text, wordsFrom + index] as const),
  ['??', nullish],
]);

const bytes = (...values: readonly number[]) => String.fromCharCode(...values);

const low = (value: number) => value & 255;
const high = (value: number) => value >> 8;

function stringText(value: string): string {
  if (!value) return '""';
  if (value.length < 256) return bytes(rawString.short, value.length) + value;
  return bytes(rawString.long, low(value.length), high(value.length)) + value;
}

/** One byte and two are signed. */
function integerText(value: number): string | undefined {
  if (!Number.isInteger(value) || value >= 32768) return undefined;
  if (value === 0) return bytes(rawInteger.zero);
  return value < 128 ? bytes(rawInteger.byte, value) : bytes(rawInteger.word, low(value), high(value));
}

function textOf({ type, value, start, end }: Token, code: string): string {
  const text = code.slice(start, end);
  if (type === tokTypes.string) return stringText(value as string);
  if (type === tokTypes.num) return integerText(value as number) ?? text;
  const byte = codes.get(text);
  if (byte !== undefined) return bytes(byte);
  if (type !== tokTypes.name && text.length > 1) throw new Error(`no token of the engine: ${text}`);
  return text;
}

const wordLike = /[\w$]/;

/** Two texts that would be read as one. */
function mustPart(before: string, after: string): boolean {
  const [last, first] = [before.at(-1) ?? '', after[0] ?? ''];
  return (wordLike.test(last) && wordLike.test(first)) || (last === first && /[+-]/.test(first));
}

/** `atob`, a bracket, a string and a bracket, from a token on. */
function decoded(tokens: readonly Token[], at: number, code: string): string | undefined {
  const [name, open, text, close] = tokens.slice(at, at + 4);
  const before = tokens[at - 1];
  if (!name || code.slice(name.start, name.end) !== 'atob' || before?.type === tokTypes.dot) return undefined;
  if (open?.type !== tokTypes.parenL || text?.type !== tokTypes.string || close?.type !== tokTypes.parenR)
    return undefined;
  return Buffer.from(text.value as string, 'base64').toString('latin1');
}

/** Of minified code that passed the dialect check. */
export function pretokenise({ code, map }: Code): Code {
  const tokens = [...tokenizer(code, { ecmaVersion: 'latest' })] as Token[];
  const outputs: Output[] = [];
  let before = '';
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const binary = decoded(tokens, at, code);
    const text = binary === undefined ? textOf(token, code) : stringText(binary);
    if (binary !== undefined) at += 3;
    // A raw value ends where its length says.
    if (mustPart(before, text)) outputs.push(' ');
    outputs.push({ text, from: token.start });
    const isRaw = binary !== undefined || token.type === tokTypes.string || text.charCodeAt(0) >= 128;
    before = isRaw ? '' : text;
  }
  const made = writeOutput(code, outputs, map.sources[0] ?? '');
  return { code: made.code, map: composeMaps(made.map, map) };
}
