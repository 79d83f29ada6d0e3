/** Conversions between types, by the firmware's rules. */
import type { Engine } from './engine.ts';
import { printFloat, readFloat, readInteger, toInt32 } from './number.ts';
import { getMember } from './property.ts';
import { ArrayValue, Callable, ObjectValue, TextValue, type Value, ViewValue } from './value.ts';
import { getElement } from './view.ts';

export function isText(value: Value): value is string | TextValue {
  return typeof value === 'string' || value instanceof TextValue;
}

/** Host string of a value that is text already. */
export function textOf(value: string | TextValue): string {
  return typeof value === 'string' ? value : value.text();
}

/** What %t prints: the name of the built-in class, or the type. */
export function className(value: Value): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return 'Number';
  if (isText(value)) return 'String';
  if (value instanceof ArrayValue) return 'Array';
  if (value instanceof ViewValue) return value.element.name;
  if (value instanceof Callable) return 'Function';
  return 'Object';
}

export function typeOf(value: Value): string {
  if (value instanceof Callable) return 'function';
  if (value instanceof TextValue) return 'string';
  return typeof value;
}

export function toBoolean(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0 && !Number.isNaN(value);
    case 'string':
      return value !== '';
    case 'undefined':
      return false;
  }
  if (value instanceof TextValue) return value.text() !== '';
  return value !== null;
}

function onlyElement(engine: Engine, value: Value): { has: boolean; element: Value; isEmpty: boolean } {
  if (value instanceof ArrayValue) {
    const length = value.elements.length;
    return { has: length === 1, element: value.elements[0], isEmpty: length === 0 };
  }
  if (value instanceof ViewValue) {
    const has = value.length === 1;
    return { has, element: has ? getElement(value, 0) : undefined, isEmpty: value.length === 0 };
  }
  void engine;
  return { has: false, element: undefined, isEmpty: false };
}

export function toFloat(engine: Engine, value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return Number.NaN;
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isText(value)) {
    const text = textOf(value);
    if (text.length > 63) return engine.raise('Error', 'String too big to convert to number');
    if (text === '') return 0;
    if (text === 'Infinity') return Infinity;
    if (text === '-Infinity') return -Infinity;
    const reading = readFloat(text, 0);
    return reading.length === text.length ? reading.value : Number.NaN;
  }
  const only = onlyElement(engine, value);
  if (only.isEmpty) return 0;
  return only.has ? toFloat(engine, only.element) : Number.NaN;
}

/** Whether text is an integer as the bit operators understand it (a point allowed once, if asked). */
export function isIntegerText(text: string, allowPoint: boolean): boolean {
  const match = /^[\t-\r ]*[-+]?(0[xX]|0[oO]|0[bB]|0(?=.))?([\s\S]*)$/.exec(text)!;
  const mark = match[1]?.[1]?.toLowerCase();
  let radix = mark === 'x' ? 16 : mark === 'b' ? 2 : mark === 'o' ? 8 : 10;
  if (match[1] === '0' && !/[.89]/.test(match[2]!.slice(0, 1))) radix = 8;
  const points = match[2]!.split('.').length - 1;
  if (points > (allowPoint ? 1 : 0)) return false;
  const digits = match[2]!.replace('.', '') + (match[1] === '0' ? '0' : '');
  if (match[2] === '' && match[1] !== '0') return false;
  for (const char of digits) {
    const value = Number.parseInt(char, 36);
    if (Number.isNaN(value) || value >= radix) return false;
  }
  return true;
}

/** int32 of any value, for bit operators and stores. */
export function toInteger(engine: Engine, value: Value): number {
  if (typeof value === 'number') return toInt32(value);
  if (value === undefined || value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isText(value)) {
    const text = textOf(value);
    if (!isIntegerText(text, true)) return 0;
    if (text.length > 31) return engine.raise('Error', 'String too big to convert to number');
    return toInt32(readInteger(text, 0).value);
  }
  const only = onlyElement(engine, value);
  return only.has ? toInteger(engine, only.element) : 0;
}

export function toNumber(engine: Engine, value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return 0;
  if (isText(value)) {
    const text = textOf(value);
    if (text === '') return 0;
    if (isIntegerText(text, false)) {
      if (text.length > 63) return engine.raise('Error', 'String too big to convert to number');
      return readInteger(text, 0).value;
    }
  }
  return toFloat(engine, value);
}

/** method of plain objects, before arithmetic. */
export function toPrimitive(engine: Engine, value: Value): Value {
  if (!(value instanceof ObjectValue) || value instanceof ArrayValue || value instanceof Callable)
    return value;
  const method = getMember(engine, value, 'valueOf');
  return method instanceof Callable ? engine.call(method, value, []) : value;
}

/** Host string; a Unicode string gives its code points. */
export function toText(engine: Engine, value: Value): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return printFloat(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'undefined';
  }
  if (value === null) return 'null';
  if (value instanceof TextValue) return value.text();
  if (value instanceof ArrayValue || value instanceof ViewValue) return engine.join(value, ',');
  if (value instanceof Callable) return engine.printFunction(value);
  if (!(value instanceof ObjectValue)) return engine.hostText(value);
  const method = getMember(engine, value, 'toString');
  if (method instanceof Callable && method !== engine.objectToString) {
    return toText(engine, engine.call(method, value, []));
  }
  return '[object Object]';
}

/** A key as the firmware files it: integers from 0 as numbers, everything else as text. */
export function toKey(engine: Engine, value: Value): number | string {
  if (typeof value === 'number') {
    if ((value | 0) === value) return value >= 0 ? value : String(value);
    return toText(engine, value);
  }
  if (isText(value)) return keyOfText(textOf(value));
  return toText(engine, value);
}

export function keyOfText(text: string): number | string {
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57 || text.length > 10) return text;
  const number = Number(text);
  return Number.isInteger(number) && number <= 0x7fffffff && String(number) === text ? number : text;
}
