import { describe, expect, test } from 'vitest';
import { combineShares, makeShare } from '#circuits/proof/decryption.ts';
import { checkSharedKey, deal, makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { signingArithmetic } from '#circuits/proof/threshold.noble.ts';
import { faultOf } from './refusal.ts';
import { entropyOf } from './sample.ts';

const entropy = entropyOf('sharing shape');

describe('a shared key', () => {
  test.each([
    [1, 1],
    [1, 2],
    [2, 2],
  ])('holds with a threshold of %i of %i', (threshold, count) => {
    const { shared } = makeSharedKey(suite1, { threshold, count }, entropy);
    expect(faultOf(() => checkSharedKey(suite1, shared))).toBe('none');
    for (const other of [0, -1, count + 1])
      expect(faultOf(() => checkSharedKey(suite1, { ...shared, threshold: other }))).toBe('quorum');
  });

  test('has at most 16 holders', () => {
    const session = entropy(32);
    const dealt = (count: number) => deal(suite1, { threshold: 1, count, session }, 1, entropy).parts.length;
    expect(dealt(16)).toBe(16);
    expect(() => dealt(17)).toThrow('1 of 17');
  });

  test('of signers decodes no point of small order', () => {
    const minusOne = Uint8Array.of(0xec, ...new Array<number>(30).fill(0xff), 0x7f);
    expect(faultOf(() => signingArithmetic.group.decode(minusOne))).toBe('point');
  });
});

describe('decryption shares', () => {
  const { shared, shares } = makeSharedKey(suite1, { threshold: 2, count: 2 }, entropy);
  const ephemeral = suite1.group.encode(suite1.group.fromUniform(entropy(64)));
  const decryption = { auditors: shared, ephemeral, context: entropy(8) };
  const made = shares.map(share => makeShare(suite1, decryption, share, entropy(32)));
  const [first, second] = made as [(typeof made)[number], (typeof made)[number]];

  test('of two auditors open, in either order', () => {
    expect(faultOf(() => combineShares(suite1, decryption, [first, second]))).toBe('none');
    expect(faultOf(() => combineShares(suite1, decryption, [second, first]))).toBe('none');
  });

  test('of an auditor that does not exist, or twice of one, do not', () => {
    for (const index of [0, 3, 16])
      expect(faultOf(() => combineShares(suite1, decryption, [first, { ...second, index }]))).toBe('share');
    expect(faultOf(() => combineShares(suite1, decryption, [first, first]))).toBe('share');
    expect(faultOf(() => combineShares(suite1, decryption, [first, second, first]))).toBe('share');
  });

  test('with another point, or with another proof, are named', () => {
    for (const wrong of [
      { point: first.point },
      { response: first.response },
      { challenge: first.challenge },
    ])
      expect(faultOf(() => combineShares(suite1, decryption, [first, { ...second, ...wrong }]))).toBe(
        'share',
      );
  });

  test('of nobody in the list cannot even be made', () => {
    const stranger = { index: 3, secret: shares[0]!.secret };
    expect(faultOf(() => makeShare(suite1, decryption, stranger, entropy(32)))).toBe('share');
  });
});
