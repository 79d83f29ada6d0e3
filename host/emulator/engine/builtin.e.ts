/** E without hardware: conversions of bytes, sums, addresses. */
import { addGlobals, addLibrary } from './builtin.ts';
import { newBuffer, storeElement } from './builtin.view.ts';
import { bytesOf, crc32 } from './bytes.ts';
import { isText, toFloat, toInteger, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { costOfValue } from './memory.cost.ts';
import { JSON_FORM, printValue } from './print.ts';
import { getIndex } from './property.ts';
import { ArrayValue, Callable, latin1, ObjectValue, TextValue, type Value, ViewValue } from './value.ts';
import { BUFFER, UINT8 } from './view.ts';

export function installE(engine: Engine): void {
  addLibrary(engine, 'E', {
    toUint8Array: (_self, args) => uint8Of(engine, args),
    toArrayBuffer: (_self, [text]) => {
      if (text instanceof TextValue && text.store)
        return new ViewValue(BUFFER, text.store, 0, text.store.bytes.length);
      const bytes = bytesOf(engine, text);
      const buffer = newBuffer(engine, bytes.length);
      buffer.store.bytes.set(bytes);
      return buffer;
    },
    toString: (_self: Value, args: Value[]) => textOfBytes(engine, args),
    toJS: (_self, [value]) => engine.newText(printValue(engine, value, { ...JSON_FORM, isScript: true })),
    sum: (_self, [values]) => numbers(engine, values).reduce((sum, each) => sum + each, 0),
    clip: (_self, values) => clip(values.map(each => toFloat(engine, each))),
    reverseByte: (_self, [byte]) => reverseByte(toInteger(engine, byte)),
    variance: (_self, [values, mean]) => {
      const around = toFloat(engine, mean);
      return numbers(engine, values).reduce((sum, each) => sum + (each - around) ** 2, 0);
    },
    mapInPlace: (_self, [from, to, map, bits]) => mapInPlace(engine, { from, to, map, bits }),
    CRC32: (_self, [data]) => (isIterable(data) ? crc32(bytesOf(engine, data)) : undefined),
    getSizeOf: (_self, [value]) => costOfValue(value, engine.heap.variableBytes),
    getAddressOf: (_self, [value, isFlat]) => addressOf(engine, value, engine.isTrue(isFlat)),
  });
  addGlobals(engine, {
    btoa: (_self, [data]) => {
      if (!isText(data) && !(data instanceof ArrayValue) && !(data instanceof ViewValue)) {
        return engine.raise('Error', `Expecting String or Array, got ${engine.className(data)}`);
      }
      return engine.newText(Buffer.from(bytesOf(engine, data)).toString('base64'));
    },
    atob: (_self, [text]) => engine.newText(latin1(Buffer.from(toText(engine, text), 'base64'))),
  });
}

function isIterable(value: Value): boolean {
  return isText(value) || value instanceof ObjectValue || value instanceof ViewValue;
}

function numbers(engine: Engine, value: Value): number[] {
  if (isText(value)) return [...bytesOf(engine, value)];
  if (!(value instanceof ArrayValue) && !(value instanceof ViewValue)) {
    return engine.raise('Error', `Expecting first argument to be an array, not ${engine.className(value)}`);
  }
  return [...engine.valuesOf(value)].map(each => toFloat(engine, each));
}

function reverseByte(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}

interface Mapping {
  from: Value;
  to: Value;
  map: Value;
  bits: Value;
}

/** Through a table or a function; fewer bits than eight take several elements from one byte. */
function mapInPlace(engine: Engine, { from, to, map, bits }: Mapping): undefined {
  if (!(from instanceof ViewValue) || !(to instanceof ViewValue)) {
    return engine.raise('Error', 'First 2 args should be array buffers');
  }
  const width = bits === undefined ? 8 * from.element.bytes : toInteger(engine, bits);
  let index = 0;
  for (const element of [...engine.valuesOf(from)] as number[]) {
    for (let shift = 8 * from.element.bytes - width; shift >= 0; shift -= width) {
      const part = width === 32 ? element : (element >>> shift) & (2 ** width - 1);
      let value: Value = part;
      if (map instanceof Callable) value = engine.call(map, undefined, [part, index]);
      else if (map !== undefined) value = getIndex(engine, map, part);
      storeElement(engine, to, { index: index++, value });
    }
  }
  return undefined;
}

function uint8Of(engine: Engine, args: Value[]): Value {
  const parts = args.map(arg => bytesOf(engine, arg));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const view = new ViewValue(UINT8, newBuffer(engine, length), 0, length);
  let at = 0;
  for (const part of parts) {
    view.store.bytes.set(part, at);
    at += part.length;
  }
  return view;
}

/** A flat array as a whole gives its own bytes as text, not a copy. */
function textOfBytes(engine: Engine, args: Value[]): Value {
  const [only] = args;
  if (args.length === 1 && only instanceof ViewValue && only.store.place === 'flat') {
    const isWhole = only.offset === 0 && only.length * only.element.bytes === only.store.bytes.length;
    if (isWhole && only.element.bytes === 1) return new TextValue(only.store);
  }
  if (args.some(arg => arg instanceof Callable)) return undefined;
  const text = args.map(arg => latin1(bytesOf(engine, arg))).join('');
  return engine.newText(text);
}

/** 0 unless the bytes are contiguous: flat, native, or short enough for one variable. */
function addressOf(engine: Engine, value: Value, isFlat: boolean): number {
  if (!isFlat) return 0;
  if (value instanceof ViewValue) return value.store.address === 0 ? 0 : value.store.address + value.offset;
  if (value instanceof TextValue && value.store) return value.store.address;
  void engine;
  return 0;
}

/** A bound that is missing is NaN, and bounds nothing. */
function clip([value = Number.NaN, low = Number.NaN, high = Number.NaN]: number[]): number {
  const raised = value < low ? low : value;
  return raised > high ? high : raised;
}
