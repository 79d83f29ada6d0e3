/** Typed arrays: element kinds, reading and writing elements. Views are never checked against their store: past its end
 * reads give 0 and writes vanish, as in the firmware.
 */
import { toInt32 } from './number.ts';
import type { ElementKind, Store, ViewValue } from './value.ts';

export const BUFFER: ElementKind = { name: 'ArrayBuffer', bytes: 1, type: 'unsigned' };
export const UINT8: ElementKind = { name: 'Uint8Array', bytes: 1, type: 'unsigned' };

export const ELEMENT_KINDS: readonly ElementKind[] = [
  UINT8,
  { name: 'Uint8ClampedArray', bytes: 1, type: 'unsigned' },
  { name: 'Int8Array', bytes: 1, type: 'signed' },
  { name: 'Uint16Array', bytes: 2, type: 'unsigned' },
  { name: 'Int16Array', bytes: 2, type: 'signed' },
  { name: 'Uint24Array', bytes: 3, type: 'unsigned' },
  { name: 'Uint32Array', bytes: 4, type: 'unsigned' },
  { name: 'Int32Array', bytes: 4, type: 'signed' },
  { name: 'Float32Array', bytes: 4, type: 'float' },
  { name: 'Float64Array', bytes: 8, type: 'float' },
];

const scratch = new DataView(new ArrayBuffer(8));

export function getElement(view: ViewValue, index: number): number | undefined {
  if (index < 0 || index >= view.length) return undefined;
  const { element, store } = view;
  const at = view.offset + index * element.bytes;
  if (element.bytes === 1) {
    const byte = at < store.bytes.length ? store.bytes[at]! : 0;
    return element.type === 'signed' ? (byte << 24) >> 24 : byte;
  }
  return readBytes(store, at, element, true);
}

export function readBytes(store: Store, at: number, element: ElementKind, isLittle: boolean): number {
  const { bytes, type } = element;
  if (type === 'float') {
    for (let i = 0; i < bytes; i++) scratch.setUint8(i, byteAt(store, at + (isLittle ? i : bytes - 1 - i)));
    return bytes === 4 ? scratch.getFloat32(0, true) : scratch.getFloat64(0, true);
  }
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--)
    value = (value << 8) | byteAt(store, at + (isLittle ? i : bytes - 1 - i));
  if (type === 'unsigned') return value >>> 0;
  const shift = 32 - 8 * bytes;
  return (value << shift) >> shift;
}

function byteAt(store: Store, at: number): number {
  return at >= 0 && at < store.bytes.length ? store.bytes[at]! : 0;
}

/** `value` is a number already; integers wrap, 2^63 and beyond store 0. */
export function setElement(view: ViewValue, index: number, value: number): void {
  if (index < 0 || index >= view.length) return;
  const { element, store } = view;
  const at = view.offset + index * element.bytes;
  if (element.bytes === 1) {
    if (at >= store.bytes.length) return;
    const isClamped = element.name === 'Uint8ClampedArray';
    const integer = toInt32(value);
    store.bytes[at] = isClamped ? Math.min(255, Math.max(0, integer)) : integer;
    return;
  }
  writeBytes({ store, at, element, isLittle: true }, value);
}

export interface Place {
  store: Store;
  at: number;
  element: ElementKind;
  isLittle: boolean;
}

export function writeBytes({ store, at, element, isLittle }: Place, value: number): void {
  const { bytes, type } = element;
  if (type === 'float') bytes === 4 ? scratch.setFloat32(0, value, true) : scratch.setFloat64(0, value, true);
  else scratch.setInt32(0, toInt32(value), true);
  for (let i = 0; i < bytes; i++) {
    const to = at + (isLittle ? i : bytes - 1 - i);
    if (to >= 0 && to < store.bytes.length) store.bytes[to] = scratch.getUint8(i);
  }
}
