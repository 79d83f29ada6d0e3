/** Numbers as the firmware reads and prints them: int32 with promotion to double, inexact decimals. */
export interface Reading {
  value: number;
  /** Characters taken from the start of the text. */
  length: number;
  /** No digit was found. */
  isEmpty: boolean;
}

function digit(char: number): number {
  if (char >= 48 && char <= 57) return char - 48;
  if (char >= 97 && char <= 122) return char - 87;
  if (char >= 65 && char <= 90) return char - 55;
  return 99;
}

function isSpace(char: number): boolean {
  return char === 32 || (char >= 9 && char <= 13);
}

/** The radix that a prefix announces, and how many characters it takes. */
function radixOf(text: string, at: number): { radix: number; length: number } {
  if (text[at] !== '0') return { radix: 10, length: 0 };
  const mark = text[at + 1]?.toLowerCase();
  if (mark === 'x') return { radix: 16, length: 2 };
  if (mark === 'o') return { radix: 8, length: 2 };
  if (mark === 'b') return { radix: 2, length: 2 };
  let radix = 8;
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i]!;
    if (char === '.' || char === '8' || char === '9') radix = 10;
    else if (char < '0' || char > '9') break;
  }
  return { radix, length: 1 };
}

function sign(text: string): { at: number; negative: boolean } {
  let at = 0;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  const char = text[at];
  return { at: char === '-' || char === '+' ? at + 1 : at, negative: char === '-' };
}

/** Integers wrap mod 2^64, as the firmware's long long does. radix 0: from the prefix. */
export function readInteger(text: string, forced: number): Reading {
  const { at: start, negative } = sign(text);
  const prefix = forced ? { radix: forced, length: 0 } : radixOf(text, start);
  let at = start + prefix.length;
  let value = 0;
  let exact: bigint | undefined;
  for (; at < text.length; at++) {
    const next = digit(text.charCodeAt(at));
    if (next >= prefix.radix) break;
    if (exact === undefined && value > 2 ** 46) exact = BigInt(value);
    if (exact !== undefined) exact = exact * BigInt(prefix.radix) + BigInt(next);
    else value = value * prefix.radix + next;
  }
  if (exact !== undefined) value = Number(BigInt.asIntN(64, negative ? -exact : exact));
  else if (negative && value !== 0) value = -value;
  return { value, length: at, isEmpty: at === start };
}

/** Digit by digit in doubles: the last bits of decimals are off in the way the firmware's are. */
export function readFloat(text: string, forced: number): Reading {
  const { at: start, negative } = sign(text);
  const prefix = forced ? { radix: forced, length: 0 } : radixOf(text, start);
  const radix = prefix.radix;
  let at = start + prefix.length;
  let value = 0;
  for (let next = digit(text.charCodeAt(at)); next < radix; next = digit(text.charCodeAt(++at))) {
    value = value * radix + next;
  }
  if (radix === 10) ({ value, at } = readFraction(text, at, value));
  const isEmpty = at === start || (text[start] === '.' && at === start + 1);
  if (isEmpty) return { value: Number.NaN, length: at, isEmpty };
  return { value: negative ? -value : value, length: at, isEmpty };
}

function readFraction(text: string, start: number, whole: number): { value: number; at: number } {
  let at = start;
  let value = whole;
  if (text[at] === '.') {
    let scale = 0.1;
    for (at++; text[at]! >= '0' && text[at]! <= '9'; at++) {
      value += scale * digit(text.charCodeAt(at));
      scale /= 10;
    }
  }
  if (text[at] === 'e' || text[at] === 'E') {
    at++;
    const negative = text[at] === '-';
    if (negative || text[at] === '+') at++;
    let exponent = 0;
    for (; text[at]! >= '0' && text[at]! <= '9'; at++) {
      exponent = Math.min(exponent * 10 + digit(text.charCodeAt(at)), 1e6);
    }
    for (; exponent > 0 && Number.isFinite(value); exponent--) value = negative ? value / 10 : value * 10;
  }
  return { value, at };
}

/** A double to the firmware's int32: through long long, so that 2^63 and beyond give 0. */
export function toInt32(value: number): number {
  return Math.abs(value) < 2 ** 63 ? value | 0 : 0;
}

const STOP_AT_ERROR = 0.0000001;

/** fractionDigits -1: as many as needed (11 or 12). bufferBytes bounds the text as the firmware's buffer does. */
export function printFloat(value: number, radix = 10, fractionDigits = -1, bufferBytes = 70): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  if (radix === 10 && fractionDigits < 0 && (value | 0) === value) return String(value | 0);
  const room = bufferBytes - 1;
  let text = '';
  let rest = value;
  if (rest < 0) {
    text = '-';
    rest = -rest;
  }
  let exponent = 0;
  if (radix === 10 && rest > 0 && fractionDigits < 0) ({ rest, exponent } = scale(rest));
  const whole = toInt32(rest);
  if (toInt32(rest + STOP_AT_ERROR) === ((1 + whole) | 0)) rest = (1 + whole) | 0;
  let unit = 1;
  while (unit * radix <= rest) unit *= radix;
  for (; unit >= 1; unit /= radix) {
    const next = toInt32(rest / unit);
    rest -= next * unit;
    if (text.length >= room) return text;
    text += letter(next);
  }
  text = printFraction(text, rest, { radix, fractionDigits, room });
  if (exponent !== 0 && room - text.length > 5) text += `e${exponent > 0 ? '+' : ''}${exponent}`;
  return text;
}

function scale(value: number): { rest: number; exponent: number } {
  let rest = value;
  let exponent = 0;
  if (rest >= 1e21) {
    for (; rest > 100000; exponent += 5) rest /= 100000;
    for (; rest > 10; exponent++) rest /= 10;
  } else if (rest < 1e-6) {
    for (; rest < 1e-5; exponent -= 5) rest *= 100000;
    for (; rest < 1; exponent--) rest *= 10;
  }
  return { rest, exponent };
}

interface FractionForm {
  radix: number;
  fractionDigits: number;
  room: number;
}

function printFraction(start: string, from: number, form: FractionForm): string {
  let text = start;
  let digits = form.fractionDigits;
  if (!((digits < 0 && from > 0) || digits > 0)) return text;
  let rest = from * form.radix;
  let hasPoint = false;
  while ((digits < 0 && digits > -12 && rest > STOP_AT_ERROR) || digits > 0) {
    let next = toInt32(rest + (digits === 1 ? 0.5 : 0.00000001));
    rest = (rest - next) * form.radix;
    if (next === form.radix) next = form.radix - 1;
    if (!hasPoint) {
      hasPoint = true;
      if (text.length >= form.room) return text;
      text += '.';
    }
    if (text.length >= form.room) return text;
    text += letter(next);
    digits--;
  }
  return text;
}

function letter(value: number): string {
  return value < 10 ? String.fromCharCode(48 + value) : String.fromCharCode(87 + value);
}
