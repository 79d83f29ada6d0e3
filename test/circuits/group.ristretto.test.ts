import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ascii, fromHex, toHex } from '#circuits/bytes.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { rangeGenerators } from '#circuits/proof/generators.ts';
import { mod, order, reduceScalar } from '#circuits/proof/scalar.ts';
import { hash, suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const { group } = suite1;

interface Rfc9496 {
  multiples: string[];
  bad: { hex: string; why: string }[];
  labels: string[];
  oneWay: { uniform: string; point: string }[];
}
const rfc: Rfc9496 = JSON.parse(readFileSync(new URL('../vectors/rfc9496.json', import.meta.url), 'utf8'));
const entropy = entropyOf(seedOf('group.ristretto', 'ristretto'));
const hexOf = (point: Parameters<typeof group.encode>[0]) => toHex(group.encode(point));
const point = () => group.fromUniform(entropy(64));
const scalar = () => reduceScalar(entropy(64));

test('RFC 9496 A.1: the multiples of the base point, by addition, multiplication and decoding', () => {
  expect(rfc.multiples).toHaveLength(16);
  let sum = group.identity;
  rfc.multiples.forEach((hex, i) => {
    expect(hexOf(sum)).toBe(hex);
    expect(hexOf(group.multiply(group.base, BigInt(i)))).toBe(hex);
    expect(hexOf(group.multiScalar([BigInt(i)], [group.base]))).toBe(hex);
    expect(group.equals(group.decode(fromHex(hex)), sum)).toBe(true);
    sum = group.add(sum, group.base);
  });
});

test('RFC 9496 A.2: each bad encoding is refused with the fault point', () => {
  expect(rfc.bad).toHaveLength(29);
  for (const { hex, why } of rfc.bad) expect(() => group.decode(fromHex(hex)), why).toThrow(/^point/);
});

test('RFC 9496 A.3: the one-way map of each label and of each group of inputs to one point', () => {
  expect([rfc.labels.length, rfc.oneWay.length]).toEqual([7, 11]);
  for (const { uniform, point } of rfc.oneWay) expect(hexOf(group.fromUniform(fromHex(uniform)))).toBe(point);
  rfc.labels.forEach((label, i) => {
    expect(hexOf(group.fromUniform(hash.sha512(ascii(label))))).toBe(rfc.oneWay[i]!.point);
  });
});

test('bytes of another length are no point', () => {
  for (const length of [0, 31, 33, 64]) expect(() => group.decode(new Uint8Array(length))).toThrow(/^point/);
});

test('an encoding with any one bit changed is another point or none, never the same', () => {
  const encoded = group.encode(point());
  let refused = 0;
  for (let bit = 0; bit < 256; bit++) {
    const changed = encoded.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      expect(hexOf(group.decode(changed))).toBe(toHex(changed));
    } catch (error) {
      expect(String(error)).toContain('point');
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(64);
  expect(refused).toBeLessThan(256);
});

test('the group laws hold, with the identity and the largest scalar among the operands', () => {
  for (const [a, b] of [
    [point(), point()],
    [group.identity, point()],
    [group.base, group.base],
  ] as const) {
    expect(group.equals(group.add(a, b), group.add(b, a))).toBe(true);
    expect(group.equals(group.add(a, group.negate(a)), group.identity)).toBe(true);
    expect(group.equals(group.add(a, group.identity), a)).toBe(true);
    expect(group.equals(group.multiply(a, order - 1n), group.negate(a))).toBe(true);
    expect(group.equals(group.multiply(a, 0n), group.identity)).toBe(true);
    const [x, y] = [scalar(), scalar()];
    const both = group.add(group.multiply(a, x), group.multiply(a, y));
    expect(group.equals(group.multiply(a, mod(x + y)), both)).toBe(true);
  }
  expect(group.equals(group.base, group.identity)).toBe(false);
});

test("a sum of any number of terms is the sum of its products, on both sides of each method's limit", () => {
  const products = Array.from({ length: 170 }, () => {
    const [p, x] = [point(), scalar()];
    return { p, x, product: group.multiply(p, x) };
  });
  const odd = [
    { p: group.identity, x: scalar() },
    { p: group.base, x: 0n },
    { p: group.base, x: order - 1n },
    { p: group.base, x: 1n },
  ].map(each => ({ ...each, product: group.multiply(each.p, each.x) }));
  for (const count of [0, 1, 2, 3, 16, 46, 80, 155, 156, 157, 165]) {
    const terms = count ? [...odd, ...products.slice(0, count)] : [];
    const sum = terms.reduce((total, { product }) => group.add(total, product), group.identity);
    const made = group.multiScalar(
      terms.map(({ x }) => x),
      terms.map(({ p }) => p),
    );
    expect(group.equals(made, sum), `${terms.length} terms`).toBe(true);
  }
});

test('the value bases are those of their labels, and no base or generator equals another', () => {
  expect(hexOf(suite1.valueBase)).toBe(hexOf(group.fromUniform(hash.sha512(ascii('mite value base 1')))));
  expect(hexOf(suite2.valueBase)).toBe(
    hexOf(group.fromUniform(hash.shake256(ascii('mite value base 2'), 64))),
  );
  const { G, H } = rangeGenerators(suite1, 64, 8);
  const all = [group.base, group.identity, suite1.valueBase, suite2.valueBase, ...G, ...H].map(hexOf);
  expect(new Set(all).size).toBe(4 + 2 * 512);
});

test('generators of fewer bits and lanes are the first of each party of more, and are made once', () => {
  const [all, few] = [rangeGenerators(suite1, 64, 8), rangeGenerators(suite1, 16, 2)];
  for (const side of ['G', 'H'] as const)
    for (let party = 0; party < 2; party++)
      for (let i = 0; i < 16; i++)
        expect(group.equals(few[side][16 * party + i]!, all[side][64 * party + i]!)).toBe(true);
  expect(rangeGenerators(suite1, 16, 2)).toBe(few);
});

test('a commitment is x*H + r*G, and commitments add up', () => {
  const [x, r, y, s] = [scalar(), scalar(), scalar(), scalar()];
  for (const suite of [suite1, suite2]) {
    const made = commit(suite, x, r);
    expect(group.equals(made, group.multiScalar([x, r], [suite.valueBase, group.base]))).toBe(true);
    const sum = group.add(made, commit(suite, y, s));
    expect(group.equals(sum, commit(suite, mod(x + y), mod(r + s)))).toBe(true);
    expect(group.equals(commit(suite, 0, r), group.multiply(group.base, r))).toBe(true);
    expect(group.equals(commit(suite, -5n, r), commit(suite, order - 5n, r))).toBe(true);
    expect(group.equals(commit(suite, 7, r), commit(suite, 7n, r))).toBe(true);
  }
  expect(group.equals(commit(suite1, 7, r), commit(suite2, 7, r))).toBe(false);
});
