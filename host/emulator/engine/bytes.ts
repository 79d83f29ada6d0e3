/** The bytes that built-ins take from a value: text, arrays, views (one byte per element), nested lists. */
import { isText, textOf, toInteger } from './convert.ts';
import type { Engine } from './engine.ts';
import { getIndex, getMember } from './property.ts';
import { ArrayValue, Callable, ObjectValue, TextValue, type Value, ViewValue } from './value.ts';
import { getElement } from './view.ts';

/** A view's own bytes; past its store they read 0. */
function viewBytes(view: ViewValue): Uint8Array {
  if (view.element.bytes !== 1)
    return Uint8Array.from({ length: view.length }, (_, i) => getElement(view, i)!);
  const inside = view.store.bytes.subarray(view.offset, view.offset + view.length);
  if (inside.length === view.length) return inside;
  const bytes = new Uint8Array(view.length);
  bytes.set(inside);
  return bytes;
}

export function bytesOf(engine: Engine, value: Value): Uint8Array {
  if (value instanceof ViewValue) return viewBytes(value);
  if (value instanceof TextValue && value.isUnicode) return Buffer.from(value.text(), 'utf8');
  if (isText(value)) return Buffer.from(textOf(value), 'latin1');
  if (value instanceof ArrayValue) return Buffer.concat(value.elements.map(each => bytesOf(engine, each)));
  if (value instanceof ObjectValue && !(value instanceof Callable)) return objectBytes(engine, value);
  if (value === undefined || value === null || value instanceof Callable) {
    return engine.raise('Error', `Expecting Number or iterable, got ${engine.className(value)}`);
  }
  return Uint8Array.of(toInteger(engine, value));
}

/** {data, count} repeats data; {callback} is asked for it. */
function objectBytes(engine: Engine, value: ObjectValue): Uint8Array {
  const callback = getMember(engine, value, 'callback');
  if (callback instanceof Callable) return bytesOf(engine, engine.call(callback, undefined, []));
  const given = getIndex(engine, value, 'data');
  if (given === undefined) {
    return engine.raise('Error', 'If specifying an object, it must be of the form {data : ..., count : N}');
  }
  const data = bytesOf(engine, given);
  const count = Math.max(0, toInteger(engine, getIndex(engine, value, 'count')));
  return Buffer.concat(Array.from({ length: count }, () => data));
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}
