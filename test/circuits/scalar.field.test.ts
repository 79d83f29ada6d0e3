import { expect, test } from 'vitest';
import { concat } from '#circuits/bytes.ts';
import {
  encodeScalar,
  invert,
  invertAll,
  mod,
  order,
  parseScalar,
  power,
  reduceScalar,
} from '#circuits/proof/scalar.ts';
import { entropyOf, seedOf } from './sample.ts';

const entropy = entropyOf(seedOf('scalar.field', 'scalars'));
const random = Array.from({ length: 50 }, () => reduceScalar(entropy(64)));
const edges = [0n, 1n, 2n, order - 1n, order - 2n, (order + 1n) / 2n, 1n << 252n];

/** Little-endian bytes of any number. */
function bytesOf(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

test('the order is that of RFC 9496: 2^252 + 27742317777372353535851937790883648493', () => {
  expect(order).toBe((1n << 252n) + 27742317777372353535851937790883648493n);
});

test('a scalar is read back from its 32 bytes, and only a reduced one is read', () => {
  for (const value of [...edges, ...random]) {
    expect(encodeScalar(value)).toEqual(bytesOf(value, 32));
    expect(parseScalar(encodeScalar(value))).toBe(value);
  }
  for (const value of [
    order,
    order + 1n,
    2n * order,
    (1n << 253n) - 1n,
    (1n << 255n) + 1n,
    (1n << 256n) - 1n,
  ])
    expect(() => parseScalar(bytesOf(value, 32)), `${value}`).toThrow('scalar');
  for (const length of [0, 31, 33, 64]) expect(() => parseScalar(new Uint8Array(length))).toThrow('scalar');
});

test('any number of bytes is reduced as one little-endian number', () => {
  for (const value of [0n, order, order - 1n, (1n << 512n) - 1n, 3n * order + 5n])
    expect(reduceScalar(bytesOf(value, 64))).toBe(value % order);
  for (const value of random)
    expect(reduceScalar(concat(encodeScalar(value), encodeScalar(value)))).toBe(
      (value + (value << 256n)) % order,
    );
});

test('mod gives the one representative from 0 to l - 1, of negative numbers too', () => {
  for (const value of [...edges, ...random])
    for (const factor of [-2n, -1n, 0n, 1n, 5n]) expect(mod(value + factor * order)).toBe(mod(value));
  expect(mod(-1n)).toBe(order - 1n);
  expect(mod(-order)).toBe(0n);
});

test('inverses, one by one and all together, multiply to one; zero has none', () => {
  const values = [...edges.slice(1), ...random];
  for (const value of values) expect((value * invert(value)) % order).toBe(1n);
  expect(invertAll(values)).toEqual(values.map(invert));
  expect(invertAll([7n])).toEqual([invert(7n)]);
  expect(() => invert(0n)).toThrow('zero');
  expect(() => invertAll([1n, 0n, 2n])).toThrow('zero');
});

test('powers are repeated products', () => {
  for (const base of [0n, 1n, order - 1n, random[0]!]) {
    let product = 1n;
    for (let exponent = 0; exponent < 70; exponent++) {
      expect(power(base, exponent)).toBe(product);
      product = (product * base) % order;
    }
  }
  expect(power(3n, 2 ** 40)).toBe(power(power(3n, 2 ** 20), 2 ** 20));
});
