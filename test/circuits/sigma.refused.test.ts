/** What no proof may contain is refused by name. */
import { describe, expect, test } from 'vitest';
import { fromHex, none } from '#circuits/bytes.ts';
import { encodeScalar, order, parseScalar } from '#circuits/proof/scalar.ts';
import { decodeElement, proveSigma, type SigmaStatement, verifySigma } from '#circuits/proof/sigma.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';

describe.each([suite1, suite2])('suite $id', suite => {
  const { group } = suite;
  const value = 12_345n;
  const relation = { base: group.base, image: group.multiply(group.base, value) };
  const statement: SigmaStatement = { protocol: 'test', context: none, relations: [relation] };
  const proof = proveSigma(suite, statement, { value, noise: none });

  test('scalars that are not reduced', () => {
    for (const field of ['challenge', 'response'] as const) {
      // The same residue: the equation would hold.
      const wide = encodeScalar(parseScalar(proof[field]) + order);
      expect(() => verifySigma(suite, statement, { ...proof, [field]: wide })).toThrow('scalar');
      for (const length of [0, 31, 33]) {
        const bytes = new Uint8Array(length);
        expect(() => verifySigma(suite, statement, { ...proof, [field]: bytes })).toThrow('scalar');
      }
    }
    expect(verifySigma(suite, statement, proof)).toBe(true);
  });

  test('the identity as base or image, for prover and verifier', () => {
    for (const change of [
      { base: group.identity },
      { image: group.identity },
      {
        base: group.identity,
        image: group.identity,
      },
    ]) {
      const weak = { ...statement, relations: [{ ...relation, ...change }] };
      expect(() => verifySigma(suite, weak, proof)).toThrow('point');
      expect(() => proveSigma(suite, weak, { value, noise: none })).toThrow('point');
    }
    const zero = { ...statement, relations: [{ base: group.base, image: group.identity }] };
    expect(() => proveSigma(suite, zero, { value: 0n, noise: none })).toThrow('point');
  });

  test('an all-zero proof', () => {
    const zeros = new Uint8Array(32);
    expect(verifySigma(suite, statement, { challenge: zeros, response: zeros })).toBe(false);
  });

  test('encodings that are no element, or the identity', () => {
    const refused = [
      '0000000000000000000000000000000000000000000000000000000000000000',
      // RFC 9496 A.3: not canonical, negative, no square.
      '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0100000000000000000000000000000000000000000000000000000000000000',
      '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
    ];
    for (const hex of refused) expect(() => decodeElement(suite, fromHex(hex))).toThrow('point');
    expect(() => decodeElement(suite, new Uint8Array(31))).toThrow('point');
    expect(group.equals(decodeElement(suite, group.encode(group.base)), group.base)).toBe(true);
  });
});
