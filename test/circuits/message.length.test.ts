/** The greatest length of a kind, and the number of items in a head, are checked to the last byte. */
import { describe, expect, test } from 'vitest';
import { open, sign } from '#circuits/message/cose.ts';
import { encode, kinds, message, parse } from '#circuits/message/message.ts';
import {
  bytes,
  bytesBetween,
  encode as encodeShape,
  parse as parseShape,
  record,
} from '#circuits/message/schema.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';

const kindOf = (bytesMax: number) =>
  message(kinds.gap, bytesMax, { blob: bytesBetween(0, 70_000), id: bytes(32) });
/** Of the longest wrapper, that of suite 2 around a payload with a head of five bytes. One byte more is reserved. */
const wrapperBytesMax = 82;
const value = { suite: 1, blob: new Uint8Array(100), id: new Uint8Array(32) };

describe('a message of exactly the greatest length', () => {
  const { length } = encode(kindOf(1_000), value);

  test('is written and read', () => {
    expect(parse(kindOf(length), encode(kindOf(length), value))).toEqual(value);
  });

  test('is neither where one byte less is allowed', () => {
    expect(faultOf(() => encode(kindOf(length - 1), value))).toBe('size');
    expect(faultOf(() => parse(kindOf(length - 1), encode(kindOf(length), value)))).toBe('size');
  });
});

test.each([suite1, suite2])(
  'what is too long for a signed message is refused before it is read, suite $id',
  suite => {
    const signer = { secret: new Uint8Array(32).fill(1), noise: new Uint8Array(32) };
    const long = { ...value, suite: suite.id, blob: new Uint8Array(66_000) };
    const { length } = encode(kindOf(70_000), long);
    const signed = sign(suite, kindOf(length), long, signer);
    expect(open(suite, kindOf(length), signed.bytes).value).toEqual(long);
    expect(signed.bytes.length - length).toBe(suite === suite2 ? wrapperBytesMax : wrapperBytesMax - 4);
    const padded = new Uint8Array(length + wrapperBytesMax + 2);
    padded.set(signed.bytes);
    expect(faultOf(() => open(suite, kindOf(length), padded))).toBe('size');
  },
);

describe('a head that counts other items than follow is refused', () => {
  test.each([1, -1, 5])('of a message, by %i', more => {
    const whole = encode(kindOf(1_000), value);
    whole[0]! += more;
    expect(faultOf(() => parse(kindOf(1_000), whole))).toBe('encoding');
  });

  test.each([1, -1, 5])('of a record, by %i', more => {
    const shape = record({ a: bytes(1), b: bytes(1) });
    const whole = encodeShape(shape, { a: Uint8Array.of(1), b: Uint8Array.of(2) });
    whole[0]! += more;
    expect(faultOf(() => parseShape(shape, whole))).toBe('encoding');
  });
});
