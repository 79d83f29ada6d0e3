/** Values as text: console output, JSON, functions. */
import { className, isText, textOf, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { findMember, getOwn, type Key, visibleKeys } from './property.ts';
import {
  Accessor,
  ArrayValue,
  Callable,
  FunctionValue,
  ObjectValue,
  TextValue,
  type Value,
  ViewValue,
} from './value.ts';
import { getElement } from './view.ts';

export interface Form {
  /** Spaces inside brackets and after commas, members that are not elements, line breaks for the eye. */
  pretty: boolean;
  newlines: 'none' | 'some' | 'all';
  /** Long arrays and strings are cut. */
  limited: boolean;
  isJson: boolean;
  /** Keys that are identifiers stand bare, functions are printed. */
  isScript?: boolean;
  /** Class names before objects. */
  names: boolean;
  whitespace: string;
}

export const JSON_FORM: Form = {
  ...{ pretty: false, newlines: 'none', limited: false, isJson: true, names: false, whitespace: '  ' },
};
export const CONSOLE_FORM: Form = {
  ...{ pretty: true, newlines: 'some', limited: false, isJson: false, names: true, whitespace: '  ' },
};

const LIMIT = 20;
const LIMITED = 10;
const LIMIT_TEXT = ' ... ';
const STRING_LIMIT = 24;
const STRING_LIMITED = 10;
const ITEMS_PER_LINE = 4;

export function quoteText(text: string, isJson: boolean): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++)
    quoted += escapeCharacter(text.charCodeAt(i), text.charCodeAt(i + 1), isJson);
  return `${quoted}"`;
}

const ESCAPES: Record<number, string> = {
  ...{ 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' },
};

function escapeCharacter(code: number, next: number, isJson: boolean): string {
  const known = ESCAPES[code];
  if (known && !(isJson && code === 11)) return known;
  if (code >= 32 && code < 127) return String.fromCharCode(code);
  if (isJson || code > 255) return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code < 8 && !(next >= 48 && next <= 57)) return `\\${code}`;
  return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

export function printFunction(value: Callable): string {
  return `function ${functionText(value, false)}`;
}

function functionText(value: Callable, limited: boolean): string {
  if (!(value instanceof FunctionValue)) return '() { [native code] }';
  const { code } = value;
  const head = `(${code.parameters.join(',')}) `;
  if (code.source === '') return `${head}{}`;
  if (limited) return `${head}{${LIMIT_TEXT}}`;
  const isLong = code.source.includes('\n');
  return `${head}${isLong ? '{\n  ' : '{'}${code.isReturn ? 'return ' : ''}${code.source}${isLong ? '\n}' : '}'}`;
}

/** One run of printing: knows what it is inside of, so that cycles end. */
class Printer {
  readonly #engine: Engine;
  readonly #form: Form;
  readonly #inside = new Set<Value>();
  text = '';

  constructor(engine: Engine, form: Form) {
    this.#engine = engine;
    this.#form = form;
  }

  print(value: Value, indent: number, name?: Key): void {
    const form = this.#form;
    if (value === undefined) this.text += form.isJson ? 'null' : 'undefined';
    else if (isText(value)) this.#string(value);
    else if (typeof value === 'number' && form.isJson && !form.isScript && !Number.isFinite(value))
      this.text += 'null';
    else if (typeof value !== 'object' || value === null) this.text += toText(this.#engine, value);
    else if (this.#inside.has(value)) this.text += LIMIT_TEXT;
    else {
      this.#inside.add(value);
      this.#compound(value, indent, name);
      this.#inside.delete(value);
    }
  }

  #compound(value: object, indent: number, name: Key | undefined): void {
    if (value instanceof ArrayValue) this.#array(value, indent);
    else if (value instanceof ViewValue) this.#view(value, indent);
    else if (value instanceof Callable) {
      if (this.#form.isJson && !this.#form.isScript) this.text += 'undefined';
      else this.text += `function ${functionText(value, this.#form.limited)}`;
    } else if (value instanceof ObjectValue) this.#object(value, indent, name);
    else this.text += this.#engine.hostText(value);
  }

  #string(value: string | TextValue): void {
    const text = textOf(value);
    const isJson =
      (this.#form.isJson && !this.#form.isScript) || (value instanceof TextValue && value.isUnicode);
    if (this.#form.limited && text.length > STRING_LIMIT) {
      const from = quoteText(text.slice(0, STRING_LIMITED), isJson);
      this.text += `${from}${LIMIT_TEXT}${quoteText(text.slice(-STRING_LIMITED), isJson)}`;
    } else this.text += quoteText(text, isJson);
  }

  #newline(indent: number): void {
    this.text += `\n${this.#form.whitespace.repeat(indent)}`;
  }

  #comma(): void {
    this.text += this.#form.pretty ? ', ' : ',';
  }

  #wantsLine(value: Value): boolean {
    if (this.#form.newlines === 'all') return true;
    if (this.#form.newlines === 'none') return false;
    return !(
      value === undefined ||
      value === null ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    );
  }

  #array(value: ArrayValue, indent: number): void {
    const { elements } = value;
    const { length } = elements;
    const limited = this.#form.limited && length > LIMIT;
    let pending = false as boolean;
    this.text += this.#form.pretty ? '[ ' : '[';
    let first = true;
    for (let i = 0; i < length; i++) {
      if (limited && i >= LIMITED && i < length - LIMITED) continue;
      if (!first) this.#comma();
      first = false;
      if (limited && i === length - LIMITED) this.text += LIMIT_TEXT;
      const wants = this.#wantsLine(elements[i]);
      if (pending || wants) this.#newline(indent + 1);
      this.print(elements[i], indent + 1, i);
      pending = wants;
    }
    if (this.#form.pretty) this.#members(value, indent, first);
    if (pending) this.#newline(indent);
    this.text += this.#form.pretty ? ' ]' : ']';
  }

  #members(value: ObjectValue, indent: number, isFirst: boolean): boolean {
    let first = isFirst;
    let pending = false;
    let onLine = 0;
    const keys = visibleKeys(value).filter(key => typeof key === 'string');
    for (const key of keys) {
      const item = getOwn(value, key);
      if (item instanceof Accessor || (this.#form.isJson && this.#isOmitted(item))) continue;
      onLine++;
      if (!first) this.#comma();
      const wants = this.#wantsLine(item);
      if (this.#form.newlines === 'some' && onLine > ITEMS_PER_LINE) pending = true;
      if (pending || wants) {
        this.#newline(indent + 1);
        onLine = 0;
      }
      this.text += this.#key(String(key)) + (this.#form.pretty ? ': ' : ':');
      first = false;
      this.print(item, indent + 1, key);
      pending = wants;
    }
    return pending;
  }

  #key(key: string): string {
    const { isScript, isJson } = this.#form;
    if (isScript && key.length < 63 && /^([A-Za-z_$][\w$]*|0|[1-9]\d*)$/.test(key)) return key;
    return quoteText(key, isJson && !isScript);
  }

  #isOmitted(item: Value): boolean {
    return item === undefined || (item instanceof Callable && !this.#form.isScript);
  }

  #view(value: ViewValue, indent: number): void {
    const name = className(value) === 'ArrayBuffer' ? 'Uint8Array' : className(value);
    const elements = Array.from({ length: value.length }, (_, i) => getElement(value, i)!);
    const { isJson, limited, newlines } = this.#form;
    if (!isJson && elements.every(each => each === 0)) {
      this.text += `new ${className(value)}(${value.length})`;
      return;
    }
    this.text += isJson ? '[' : `new ${name}([`;
    const cut = limited && elements.length > LIMIT;
    elements.forEach((each, i) => {
      if (cut && i >= LIMITED && i < elements.length - LIMITED) return;
      if (i > 0) this.#comma();
      if (newlines === 'all') this.#newline(indent + 1);
      if (cut && i === elements.length - LIMITED) this.text += LIMIT_TEXT;
      this.print(each, indent + 1);
    });
    if (newlines === 'all') this.#newline(indent);
    this.text += isJson ? ']' : '])';
    if (!isJson && className(value) === 'ArrayBuffer') this.text += '.buffer';
  }

  #object(value: ObjectValue, indent: number, name: Key | undefined): void {
    const engine = this.#engine;
    if (this.#form.names && this.#className(value)) return;
    const method = findMember(engine, value, 'toJSON');
    if (method instanceof Callable) {
      const result = engine.call(method, value, name === undefined ? [] : [String(name)]);
      if (result === value) this.#inside.delete(value);
      this.print(result, indent + 1);
      return;
    }
    this.text += this.#form.pretty ? '{ ' : '{';
    if (this.#members(value, indent, true)) this.#newline(indent);
    this.text += this.#form.pretty ? ' }' : '}';
  }

  /** Prints the class; true when its own toString printed the rest. */
  #className(value: ObjectValue): boolean {
    const engine = this.#engine;
    const maker = value.proto instanceof ObjectValue ? getOwn(value.proto, 'constructor') : undefined;
    if (!(maker instanceof Callable)) return false;
    const global = engine.globalNameOf(maker);
    if (global !== undefined) this.text += `${global}: `;
    const method = findMember(engine, value, 'toString');
    if (!(method instanceof Callable) || method === engine.objectToString) return false;
    this.text += toText(engine, engine.call(method, value, []));
    return true;
  }
}

export function printValue(engine: Engine, value: Value, form: Form): string {
  const printer = new Printer(engine, form);
  printer.print(value, 0);
  return printer.text;
}
