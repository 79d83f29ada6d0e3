import { expect, test } from 'vitest';
import { verifyRangeBatch } from '#circuits/proof/range.batch.ts';
import { rangeTerms } from '#circuits/proof/range.ts';
import { encodeScalar, mod, parseScalar } from '#circuits/proof/scalar.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { sample } from './range.sample.ts';
import { entropyOf, seedOf } from './sample.ts';

const { group } = suite1;

type RangeClaim = Parameters<typeof verifyRangeBatch>[1][number];

const entropy = entropyOf(seedOf('range.batch', 'batches'));
const count = 7;
const made = Array.from({ length: count }, (_, i) =>
  sample({ suite: suite1, bits: 8, values: [BigInt(30 * i)] }, entropy),
);
const { parameters } = made[0]!;
const claims: RangeClaim[] = made.map(({ statement, proof }) => ({ statement, proof }));
const badOf = (batch: readonly RangeClaim[]) => verifyRangeBatch(parameters, batch, entropy);

/** The claim with an amount added to d1: decodable, and wrong. */
function shifted(claim: RangeClaim, amount: bigint): RangeClaim {
  const proof = claim.proof.slice();
  proof.set(encodeScalar(mod(parseScalar(proof.subarray(0, 32)) + amount)));
  return { ...claim, proof };
}

const broken: Record<string, (claim: RangeClaim) => RangeClaim> = {
  'a changed scalar': claim => shifted(claim, 1n),
  'the statement of another': claim => ({ ...claim, statement: made[6]!.statement, proof: made[0]!.proof }),
  'an undecodable point': claim => ({ ...claim, proof: claim.proof.with(32, claim.proof[32]! ^ 1) }),
  'the identity as a point': claim => ({
    ...claim,
    proof: claim.proof.map((byte, i) => (i >= 64 && i < 96 ? 0 : byte)),
  }),
  'a scalar that is not reduced': claim => ({ ...claim, proof: claim.proof.with(31, 255) }),
  'a byte too many': claim => ({ ...claim, proof: Uint8Array.from([...claim.proof, 0]) }),
};

test('a batch of good proofs names none, and an empty batch is good', () => {
  expect(badOf(claims)).toEqual([]);
  expect(badOf(claims.slice(0, 1))).toEqual([]);
  expect(badOf([])).toEqual([]);
});

test('the one bad proof is named at every position, whatever is wrong with it', () => {
  for (const [name, spoil] of Object.entries(broken))
    for (let at = 0; at < count; at++)
      expect(badOf(claims.with(at, spoil(claims[at]!))), `${name} at ${at}`).toEqual([at]);
}, 60_000);

test('every pair of bad proofs is named, and a batch of only bad ones', () => {
  const bad = claims.slice(0, 5).map(claim => shifted(claim, 5n));
  for (let i = 0; i < 5; i++)
    for (let j = i + 1; j < 5; j++)
      expect(badOf(claims.slice(0, 5).with(i, bad[i]!).with(j, bad[j]!)), `${i} and ${j}`).toEqual([i, j]);
  expect(badOf(bad)).toEqual([0, 1, 2, 3, 4]);
  const mixed = Object.values(broken).map((spoil, i) => spoil(claims[i]!));
  expect(badOf([...mixed, claims[6]!])).toEqual([0, 1, 2, 3, 4, 5]);
}, 60_000);

test('two bad proofs that cancel under equal weights are both named under random ones', () => {
  const pair = [shifted(claims[0]!, 1n), shifted(claims[1]!, -1n), claims[2]!];
  const constant = (length: number) => new Uint8Array(length).fill(7);
  expect(verifyRangeBatch(parameters, pair, constant)).toEqual([]);
  expect(badOf(pair)).toEqual([0, 1]);
});

test('each readable proof draws a weight of 128 bits of its own, and none is ever zero', () => {
  const lengths: number[] = [];
  const zeros = (length: number) => {
    lengths.push(length);
    return new Uint8Array(length);
  };
  const batch = [claims[0]!, shifted(claims[1]!, 1n), broken['a byte too many']!(claims[2]!)];
  expect(verifyRangeBatch(parameters, batch, zeros)).toEqual([1, 2]);
  expect(lengths).toEqual([16, 16]);
});

test('a good batch costs one multi-scalar multiplication, its shared terms once', () => {
  const terms: number[] = [];
  const counting: typeof group = {
    ...group,
    multiScalar(scalars, points) {
      terms.push(points.length);
      return group.multiScalar(scalars, points);
    },
  };
  verifyRangeBatch({ ...parameters, group: counting }, claims, entropy);
  expect(terms).toEqual([rangeTerms(8, 1, count)]);
});

test("a programmer's error in one statement is not taken for a bad proof", () => {
  const wrong = { ...claims[0]!, statement: { commitments: [] } };
  expect(() => badOf([claims[1]!, wrong])).toThrow('commitment');
});
