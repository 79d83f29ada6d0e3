/** Tokens of the firmware's dialect, from source text of bytes (one host character each). */
import { readEscape } from './lex.escape.ts';
import { readInteger } from './number.ts';

export type TokenType =
  | 'end'
  | 'id'
  | 'word'
  | 'int'
  | 'float'
  | 'string'
  | 'template'
  | 'regex'
  | 'punctuator'
  | 'unfinished';

const WORDS = new Set(
  (
    'if else do while for break continue function return var let const this throw try catch finally true false ' +
    'null undefined new in instanceof switch case default delete typeof void debugger class extends super static of'
  ).split(' '),
);
const VALUE_WORDS = new Set(['true', 'false', 'null', 'undefined']);
const BEFORE_REGEX = new Set('! % & * + - / < = > ? [ { } ( , ; :'.split(' '));
const PUNCTUATORS = [
  ...['>>>=', '===', '!==', '>>>', '<<=', '>>='],
  ...['=>', '==', '!=', '<=', '>=', '<<', '>>', '&&', '||', '??', '++', '--', '+=', '-=', '*=', '/=', '%='],
  ...['&=', '|=', '^='],
];
const IDENTIFIER_MAX = 63;

export interface Position {
  at: number;
  type: TokenType;
  text: string;
  value: unknown;
  start: number;
  lastEnd: number;
}

export class Lexer {
  readonly source: string;
  readonly isUnicode: boolean;
  /** Where the next token is looked for. */
  at = 0;
  type: TokenType = 'end';
  /** Identifier, word, punctuator or number as written. */
  text = '';
  /** Decoded string; of a string literal on a Unicode build, null when it holds plain bytes. */
  value: unknown = undefined;
  unicode = false;
  start = 0;
  /** End of the token before this one. */
  lastEnd = 0;

  constructor(source: string, isUnicode: boolean) {
    this.source = source;
    this.isUnicode = isUnicode;
    this.next();
  }

  save(): Position {
    const { at, type, text, value, start, lastEnd } = this;
    return { at, type, text, value, start, lastEnd };
  }

  restore(position: Position): void {
    Object.assign(this, position);
  }

  is(text: string): boolean {
    return this.text === text && (this.type === 'punctuator' || this.type === 'word');
  }

  isName(): boolean {
    return this.type === 'id' || this.type === 'word';
  }

  next(): void {
    const regexAllowed = this.#regexAllowed();
    this.lastEnd = this.at;
    this.unicode = false;
    this.value = undefined;
    if (!this.#skipSpace()) this.#set('unfinished', 'UNFINISHED COMMENT', this.at);
    else this.#read(regexAllowed);
  }

  #read(regexAllowed: boolean): void {
    this.start = this.at;
    const char = this.source.charCodeAt(this.at);
    if (Number.isNaN(char) || char === 0) this.#set('end', 'EOF', this.at);
    else if (isLetter(char)) this.#identifier();
    else if (isDigit(char) || (char === 46 && isDigit(this.source.charCodeAt(this.at + 1)))) this.#number();
    else if (char === 34 || char === 39 || char === 96) this.#string(this.source[this.at]!);
    else if (char === 47 && regexAllowed) this.#regex();
    else this.#punctuator();
  }

  describe(): string {
    if (this.type === 'id') return `ID:${this.text}`;
    if (this.type === 'string') return `String:'${String(this.value)}'`.slice(0, 29);
    if (this.type === 'template') return 'TEMPLATE LITERAL';
    if (this.type === 'regex') return 'REGEX';
    if (this.type === 'int') return 'INT';
    if (this.type === 'float') return 'FLOAT';
    return tokenName(this.text);
  }

  /** The line (from 1) of a place in the source. */
  line(at: number): number {
    let line = 1;
    for (let i = this.source.indexOf('\n'); i >= 0 && i < at; i = this.source.indexOf('\n', i + 1)) line++;
    return line;
  }

  #set(type: TokenType, text: string, end: number): void {
    this.type = type;
    this.text = text;
    this.at = end;
    if (type === 'end') this.start = end;
  }

  #regexAllowed(): boolean {
    if (this.type === 'end') return true;
    if (this.type === 'word') return !VALUE_WORDS.has(this.text);
    if (this.type !== 'punctuator') return false;
    return this.text.length > 1 || BEFORE_REGEX.has(this.text);
  }

  #skipSpace(): boolean {
    const source = this.source;
    for (;;) {
      const char = source.charCodeAt(this.at);
      if (char === 32 || (char >= 9 && char <= 13)) this.at++;
      else if (char === 47 && source.charCodeAt(this.at + 1) === 47) {
        const end = source.indexOf('\n', this.at);
        this.at = end < 0 ? source.length : end + 1;
      } else if (char === 47 && source.charCodeAt(this.at + 1) === 42) {
        const end = source.indexOf('*/', this.at + 2);
        if (end < 0) return this.#failSpace();
        this.at = end + 2;
      } else return true;
    }
  }

  #failSpace(): false {
    this.start = this.at;
    this.at = this.source.length;
    return false;
  }

  #identifier(): void {
    let end = this.at + 1;
    while (isLetter(this.source.charCodeAt(end)) || isDigit(this.source.charCodeAt(end))) end++;
    const text = this.source.slice(this.at, Math.min(end, this.at + IDENTIFIER_MAX));
    this.#set(WORDS.has(text) ? 'word' : 'id', text, end);
  }

  #number(): void {
    const rest = this.source.slice(this.at, this.at + 400);
    const radix = /^0[xXbBoO][0-9a-fA-F_]*/.exec(rest);
    const match = radix ?? /^(?:[0-9_]+(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9_]*)?/.exec(rest)!;
    const text = match[0].replaceAll('_', '');
    const type = !radix && /[.eE]/.test(text) ? 'float' : 'int';
    if (type === 'int') this.value = readInteger(text, 0).value;
    this.#set(type, text, this.at + match[0].length);
  }

  #string(delimiter: string): void {
    const { value, end, type, isUnicode } = readString(this.source, this.at, delimiter, this.isUnicode);
    this.value = value;
    this.unicode = isUnicode;
    const unfinished = delimiter === '`' ? 'UNFINISHED TEMPLATE LITERAL' : 'UNFINISHED STRING';
    this.#set(type, type === 'unfinished' ? unfinished : '', end);
  }

  #regex(): void {
    const source = this.source;
    let end = this.at + 1;
    while (end < source.length && source[end] !== '/') {
      if (source[end] === '\\') end++;
      else if (source[end] === '\n') break;
      end++;
    }
    if (source[end] !== '/') {
      this.#set('unfinished', 'UNFINISHED REGEX', end);
      return;
    }
    const body = source.slice(this.at + 1, end);
    end++;
    const flags = /^[gimyu]*/.exec(source.slice(end, end + 16))![0];
    this.value = { source: body, flags };
    this.#set('regex', '', end + flags.length);
  }

  #punctuator(): void {
    const rest = this.source.slice(this.at, this.at + 4);
    const found = PUNCTUATORS.find(each => rest.startsWith(each)) ?? rest[0]!;
    this.#set('punctuator', found, this.at + found.length);
  }
}

export function tokenName(text: string): string {
  return text.length === 1 ? `'${text}'` : text;
}

function isLetter(char: number): boolean {
  return (char >= 97 && char <= 122) || (char >= 65 && char <= 90) || char === 95 || char === 36;
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

interface StringToken {
  value: string;
  end: number;
  type: TokenType;
  isUnicode: boolean;
}

function readString(source: string, start: number, delimiter: string, isUnicode: boolean): StringToken {
  let at = start + 1;
  let value = '';
  let nesting = 0;
  let isTemplate = false;
  let sawUnicode = false;
  while (at < source.length && (source[at] !== delimiter || nesting > 0)) {
    const char = source[at]!;
    if (delimiter === '`') {
      if (char === '{' && (source[at - 1] === '$' || nesting > 0)) {
        nesting++;
        isTemplate = true;
      } else if (char === '}' && nesting > 0) nesting--;
    }
    if (char === '\\' && nesting === 0) {
      const mark = readEscape(source, at + 1, isUnicode);
      value += mark.text;
      sawUnicode ||= mark.isUnicode;
      at = mark.end;
      continue;
    }
    if (char === '\n' && delimiter !== '`') break;
    if (isUnicode && char.charCodeAt(0) >= 0xc0) sawUnicode = true;
    value += char;
    at++;
  }
  const finished = source[at] === delimiter;
  const type = finished ? (delimiter === '`' && isTemplate ? 'template' : 'string') : 'unfinished';
  if (sawUnicode) value = Buffer.from(value, 'latin1').toString('utf8');
  return { value, end: Math.min(at + 1, source.length), type, isUnicode: sawUnicode };
}
