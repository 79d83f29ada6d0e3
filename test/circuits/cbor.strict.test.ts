import { describe, expect, test } from 'vitest';
import { Reader, Writer } from '#circuits/message/cbor.ts';
import { head, join } from './item.ts';
import { encodeIndependently } from './oracle.ts';
import { faultOf } from './refusal.ts';

const written = (major: number, argument: number) => {
  const writer = new Writer();
  writer.head(major, argument);
  return writer.done();
};

function read(bytes: Uint8Array, major: number): number | undefined {
  const reader = new Reader(bytes);
  let argument: number | undefined;
  const fault = faultOf(() => {
    argument = reader.head(major);
    reader.end();
  });
  if (fault !== 'none' && fault !== 'encoding') throw new Error(`refused as ${fault}`);
  return fault === 'none' ? argument : undefined;
}

describe('heads', () => {
  test('every first byte with every one- and two-byte argument: read only in its shortest form', () => {
    let accepted = 0;
    for (let first = 0; first < 256; first++) {
      const [major, short] = [first >> 5, first & 31];
      if (short < 24) expect(read(Uint8Array.of(first), major)).toBe(short);
      else expect(read(Uint8Array.of(first), major)).toBeUndefined();
      for (let second = 0; second < 256; second++) {
        const fits = short === 24 && second >= 24;
        const found = read(Uint8Array.of(first, second), major);
        if (found !== (fits ? second : undefined)) throw new Error(`${first} ${second} read as ${found}`);
        accepted += Number(found !== undefined);
      }
    }
    expect(accepted).toBe(8 * 232);
    for (let argument = 0; argument < 0x10000; argument++)
      expect(read(Uint8Array.of(0x59, argument >> 8, argument), 2)).toBe(
        argument < 256 ? undefined : argument,
      );
  });

  test('four-byte arguments at every power of two, less and more by one; eight-byte arguments never', () => {
    for (let power = 0; power <= 32; power++)
      for (const argument of [2 ** power - 1, 2 ** power, 2 ** power + 1]) {
        if (argument <= 0xffffffff) {
          const four = read(head(0, argument, 4), 0);
          expect(four).toBe(argument < 0x10000 ? undefined : argument);
          expect(read(written(0, argument), 0)).toBe(argument);
          expect(written(0, argument)).toEqual(new Uint8Array(encodeIndependently(argument)));
        }
        expect(read(head(0, argument, 8), 0)).toBeUndefined();
      }
  });

  test('a head of one major type is never read as another', () => {
    for (let is = 0; is < 8; is++)
      for (let as = 0; as < 8; as++)
        for (const argument of [0, 23, 24, 255, 256, 65_535, 65_536])
          expect(read(written(is, argument), as)).toBe(is === as ? argument : undefined);
  });

  test('integers are those of an independent encoder', () => {
    for (const value of [0, 1, 23, 24, 255, 256, 65_535, 65_536, 0xffffffff])
      for (const integer of [value, -1 - value]) {
        const writer = new Writer();
        writer.integer(integer);
        expect(writer.done()).toEqual(new Uint8Array(encodeIndependently(integer)));
        expect(new Reader(writer.done()).integer()).toBe(integer);
      }
  });
});

describe('lengths', () => {
  test('a length beyond the end is refused before anything is copied', () => {
    for (const length of [1, 24, 256, 65_536, 0x7fffffff, 0x80000000, 0xffffffff]) {
      const short = new Uint8Array(Math.min(length - 1, 300));
      expect(faultOf(() => new Reader(short).take(length))).toBe('encoding');
      expect(faultOf(() => new Reader(join([head(2, length), short])).bytes())).toBe('encoding');
    }
    expect(new Reader(join([head(2, 300), new Uint8Array(300)])).bytes()).toHaveLength(300);
  });

  test('nothing may follow the end', () => {
    for (let left = 0; left < 4; left++) {
      const reader = new Reader(new Uint8Array(4));
      reader.take(4 - left);
      expect(faultOf(() => reader.end())).toBe(left ? 'encoding' : 'none');
    }
    expect(new Reader(new Uint8Array(0)).peek()).toBe(-1);
    expect(new Reader(new Uint8Array(0)).peekByte()).toBe(-1);
    expect(faultOf(() => new Reader(new Uint8Array(0)).head(0))).toBe('encoding');
  });
});
