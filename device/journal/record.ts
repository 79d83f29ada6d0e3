/** Bytes of the fields of an entry, written and read in order.
 *
 * word = 4 bytes, little-endian; long = low word, high word (below 2^53); text = length (1), a byte for each character
 */
import { viewOf } from './page.ts';

export interface Fields {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

export const openFields = (bytes: Uint8Array, at: number): Fields => ({ bytes, view: viewOf(bytes), at });

const wordValues = 0x1_0000_0000;

export function putWord(fields: Fields, value: number): void {
  fields.view.setUint32(fields.at, value, true);
  fields.at += 4;
}

export function putLong(fields: Fields, value: number): void {
  putWord(fields, value % wordValues);
  putWord(fields, Math.floor(value / wordValues));
}

export function putByte(fields: Fields, value: number): void {
  fields.bytes[fields.at] = value;
  fields.at += 1;
}

export function putText(fields: Fields, text: string): void {
  putByte(fields, text.length);
  for (let i = 0; i < text.length; i++) putByte(fields, text.charCodeAt(i));
}

export function takeWord(fields: Fields): number {
  const word = fields.view.getUint32(fields.at, true);
  fields.at += 4;
  return word;
}

export function takeLong(fields: Fields): number {
  const low = takeWord(fields);
  return low + takeWord(fields) * wordValues;
}

export function takeByte(fields: Fields): number {
  const byte = fields.bytes[fields.at]!;
  fields.at += 1;
  return byte;
}

export function takeText(fields: Fields): string {
  let text = '';
  for (let rest = takeByte(fields); rest > 0; rest--) text += String.fromCharCode(takeByte(fields));
  return text;
}

export function putWords(fields: Fields, words: readonly number[]): void {
  putByte(fields, words.length);
  for (const word of words) putLong(fields, word);
}

export function takeWords(fields: Fields): number[] {
  const words: number[] = [];
  for (let rest = takeByte(fields); rest > 0; rest--) words.push(takeLong(fields));
  return words;
}
