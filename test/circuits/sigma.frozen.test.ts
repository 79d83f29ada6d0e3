import { describe, expect, test } from 'vitest';
import { fromHex } from '#circuits/bytes.ts';
import type { Point } from '#circuits/proof/port.ts';
import { proveSigma, type SigmaStatement, verifySigma } from '#circuits/proof/sigma.ts';
import { suite1 as suite } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';

const { group } = suite;
const value = 12_345n;
const other = group.fromUniform(new Uint8Array(64).fill(2));
const statement: SigmaStatement = {
  protocol: 'test sigma',
  context: Uint8Array.of(1, 2, 3),
  relations: [group.base, other].map(base => ({ base, image: group.multiply(base, value) })),
};
const proof = {
  challenge: fromHex('bcdc0abd5c0f96038288743790a4ae6872b1c80db6bfb019fa5f11c56d611504'),
  response: fromHex('8676513061fc95d37401fb0e67a0af5ef2b0461f26731fa0aed2f822a2ab7405'),
};

test('a frozen proof of two relations is accepted for ever, and made again from the same noise', () => {
  expect(verifySigma(suite, statement, proof)).toBe(true);
  expect(proveSigma(suite, statement, { value, noise: new Uint8Array(32).fill(7) })).toEqual(proof);
});

describe('the identity', () => {
  const relation = (base: Point, image: Point): SigmaStatement => ({
    ...statement,
    relations: [{ base, image }],
  });

  test.each([
    ['base', relation(group.identity, other)],
    ['image', relation(other, group.identity)],
    ['base and image', relation(group.identity, group.identity)],
  ])('is no %s', (_, broken) => {
    expect(faultOf(() => verifySigma(suite, broken, proof))).toBe('point');
  });
});
