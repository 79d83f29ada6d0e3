import { describe, expect, test } from 'vitest';
import {
  bytes,
  bytesBetween,
  encode,
  flag,
  list,
  optional,
  parse,
  record,
  type Shape,
  small,
  text,
  u32,
} from '#circuits/message/schema.ts';
import { head, join } from './item.ts';
import { faultOf } from './refusal.ts';
import { verdict } from './verdict.ts';

/** What a shape says to the bytes: `accepted` where it reads them and writes them again, or the fault of reading. */
function outcome<T>(shape: Shape<T>, data: Uint8Array): string {
  return verdict(
    bytes => parse(shape, bytes),
    value => encode(shape, value),
    data,
  );
}
const writing = <T>(shape: Shape<T>, value: T) => faultOf(() => encode(shape, value));
const byteString = (length: number) => join([head(2, length), new Uint8Array(length)]);

describe('shapes', () => {
  test('byte strings have their exact length, or one between both bounds', () => {
    for (let length = 0; length < 40; length++) {
      expect(outcome(bytes(32), byteString(length))).toBe(length === 32 ? 'accepted' : 'size');
      expect(writing(bytes(32), new Uint8Array(length))).toBe(length === 32 ? 'none' : 'size');
      const inside = length >= 4 && length <= 16;
      expect(outcome(bytesBetween(4, 16), byteString(length))).toBe(inside ? 'accepted' : 'size');
      expect(writing(bytesBetween(4, 16), new Uint8Array(length))).toBe(inside ? 'none' : 'size');
    }
  });

  test('what is read is a copy: later changes of the input change no value', () => {
    const input = byteString(8);
    const value = parse(bytes(8), input);
    input.fill(255);
    expect(value).toEqual(new Uint8Array(8));
  });

  test('a u32 is a byte string of 4, big-endian', () => {
    for (const [value, hex] of [
      [0, '4400000000'],
      [1, '4400000001'],
      [0x01020304, '4401020304'],
      [0xffffffff, '44ffffffff'],
    ] as const) {
      expect(Buffer.from(encode(u32, value)).toString('hex')).toBe(hex);
      expect(parse(u32, encode(u32, value))).toBe(value);
    }
    for (let length = 0; length < 9; length++)
      expect(outcome(u32, byteString(length))).toBe(length === 4 ? 'accepted' : 'encoding');
    for (const value of [-1, 0x100000000, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(writing(u32, value)).toBe('overflow');
  });

  test('a small number is in its bounds: all bounds, all numbers', () => {
    for (let most = 0; most < 24; most++)
      for (let least = 0; least <= most; least++)
        for (let value = 0; value < 30; value++) {
          const inside = value >= least && value <= most;
          expect(outcome(small(most, least), head(0, value))).toBe(inside ? 'accepted' : 'encoding');
          expect(writing(small(most, least), value)).toBe(inside ? 'none' : 'encoding');
        }
    for (const value of [-1, 0.5, Number.NaN]) expect(writing(small(3), value)).toBe('encoding');
  });

  test('text is printable ASCII: every byte value', () => {
    for (let code = 0; code < 256; code++) {
      const printable = code >= 0x20 && code <= 0x7e;
      expect(outcome(text(4), join([head(3, 1), Uint8Array.of(code)]))).toBe(
        printable ? 'accepted' : 'encoding',
      );
      expect(writing(text(4), String.fromCharCode(code))).toBe(printable ? 'none' : 'encoding');
    }
    for (const strange of ['\u20ac', 'a\nb', 'a\n', '\ud800'])
      expect(writing(text(9), strange)).toBe('encoding');
    expect(outcome(text(4), join([head(3, 500_000), new Uint8Array(500_000)]))).toBe('size');
    for (let length = 0; length < 8; length++) {
      const ascii = new Uint8Array(length).fill(0x61);
      expect(outcome(text(4), join([head(3, length), ascii]))).toBe(length <= 4 ? 'accepted' : 'size');
      expect(writing(text(4), 'a'.repeat(length))).toBe(length <= 4 ? 'none' : 'size');
    }
  });

  test('a flag is one of two bytes, and only null is absent', () => {
    for (let first = 0; first < 256; first++) {
      const byte = Uint8Array.of(first);
      expect(outcome(flag, byte)).toBe(first === 0xf4 || first === 0xf5 ? 'accepted' : 'encoding');
      const fits = [0xf4, 0xf5, 0xf6].includes(first);
      expect(outcome(optional(flag), byte)).toBe(fits ? 'accepted' : 'encoding');
    }
    expect(parse(optional(u32), Uint8Array.of(0xf6))).toBeNull();
    expect(parse(flag, Uint8Array.of(0xf5))).toBe(true);
  });

  test('lists keep both bounds', () => {
    const shape = list(small(5), 20, 2);
    for (let length = 0; length < 40; length++) {
      const inside = length >= 2 && length <= 20;
      const data = join([head(4, length), new Uint8Array(length)]);
      expect(outcome(shape, data)).toBe(inside ? 'accepted' : 'size');
      expect(writing(shape, new Array<number>(length).fill(0))).toBe(inside ? 'none' : 'size');
    }
    expect(outcome(shape, head(4, 0xffffffff))).toBe('size');
  });

  test('records have their items, no more and no fewer, in their order', () => {
    const shape = record({ first: small(3), second: flag });
    expect(outcome(shape, Uint8Array.of(0x82, 3, 0xf4))).toBe('accepted');
    expect(parse(shape, Uint8Array.of(0x82, 3, 0xf4))).toEqual({ first: 3, second: false });
    for (const data of [
      [0x82, 0xf4, 3],
      [0x81, 3],
      [0x83, 3, 0xf4, 0],
      [0x82, 3],
      [0x82, 3, 0xf4, 0],
      [0xa1, 3, 0xf4],
    ])
      expect(outcome(shape, Uint8Array.from(data))).toBe('encoding');
  });
});
