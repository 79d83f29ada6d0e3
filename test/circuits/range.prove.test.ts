import { expect, test } from 'vitest';
import { commit } from '#circuits/proof/commitment.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { randomnessCount, rangeParameters, rangeProofBytes, rangeTerms } from '#circuits/proof/range.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { digits, provePlain, verifyPlain } from './range.plain.ts';
import { sample, scalarsOf, stage } from './range.sample.ts';
import { entropyOf, seedOf } from './sample.ts';
import { tariParameters } from './thirdparty.ts';

const entropy = entropyOf(seedOf('range.prove', 'range proofs'));

/** One random value below 2^bits. */
function any(bits: number): bigint {
  return scalarsOf(entropy, 1)[0]! % (1n << BigInt(bits));
}

/** Both edges and random values, in every lane. */
function valuesOf(bits: number, lanes: number): bigint[][] {
  const top = (1n << BigInt(bits)) - 1n;
  const same = (value: bigint) => new Array<bigint>(lanes).fill(value);
  const mixed = Array.from({ length: lanes }, (_, j) => [any(bits), top, 0n][j % 3]!);
  return bits * lanes <= 64 ? [same(0n), same(top), mixed] : [mixed];
}

for (const bits of [8, 16, 32, 64])
  test(`honest proofs of ${bits} bits are accepted in 1, 2, 4 and 8 lanes, at both edges and inside`, () => {
    for (const lanes of [1, 2, 4, 8])
      for (const values of valuesOf(bits, lanes)) {
        const { parameters, statement, proof } = sample({ suite: suite1, bits, values }, entropy);
        expect(proof).toHaveLength(rangeProofBytes(bits, lanes));
        expect(() => verifyRange(parameters, statement, proof), `${values}`).not.toThrow();
      }
  }, 60_000);

test('sizes and terms are those of the design', () => {
  expect([rangeProofBytes(16, 1), rangeProofBytes(32, 1), rangeProofBytes(16, 2)]).toEqual([448, 512, 512]);
  expect([rangeProofBytes(32, 2), rangeProofBytes(32, 4)]).toEqual([576, 640]);
  expect([rangeTerms(16, 1), rangeTerms(32, 1), rangeTerms(64, 1), rangeTerms(64, 4)]).toEqual([
    46, 80, 146, 537,
  ]);
  expect(rangeTerms(16, 1, 10)).toBe(34 + 10 * 12);
});

test('[E3 core] no proof can be made for a value above its cap or below zero, in any lane', () => {
  for (const bits of [8, 16, 32, 64])
    for (const lanes of [1, 2, 4, 8])
      for (let lane = 0; lane < lanes; lane++)
        for (const bad of [1n << BigInt(bits), -1n, (1n << BigInt(bits)) + 1n, 1n << 252n]) {
          const parameters = rangeParameters(suite1, bits, lanes);
          const values = new Array<bigint>(lanes).fill(1n);
          values[lane] = bad;
          const blindings = new Array<bigint>(lanes).fill(2n);
          const one = commit(suite1, 1n, 2n);
          const commitments = values.map(value => (value === 1n ? one : commit(suite1, value, 2n)));
          const randomness = new Array<bigint>(randomnessCount(bits * lanes)).fill(3n);
          const attempt = () => proveRange(parameters, { commitments }, { values, blindings, randomness });
          expect(attempt, `${bad} in lane ${lane} of ${lanes}`).toThrow('funds');
        }
}, 60_000);

test('a minimum moves the range: below it and above it plus 2^bits no proof can be made', () => {
  const minimum = 1000;
  for (const [value, made] of [
    [999n, false],
    [1000n, true],
    [1255n, true],
    [1256n, false],
  ] as const) {
    const { parameters, statement, witness } = stage({ suite: suite1, bits: 8, values: [value] }, entropy);
    const moved = { ...statement, minimums: [minimum] };
    const attempt = () => proveRange(parameters, moved, witness);
    if (made) {
      const proof = attempt();
      expect(() => verifyRange(parameters, moved, proof)).not.toThrow();
      expect(() => verifyRange(parameters, { ...moved, minimums: [minimum - 1] }, proof)).toThrow('proof');
      expect(verifyPlain(parameters, moved, proof)).toBe(true);
    } else expect(attempt).toThrow('funds');
  }
});

test("a witness that does not fit its statement, or has the wrong shape, is a programmer's error", () => {
  const { parameters, statement, witness } = stage({ suite: suite1, bits: 8, values: [7n, 9n] }, entropy);
  const attempt =
    (change: Partial<Parameters<typeof proveRange>[2]>, changed = statement) =>
    () =>
      proveRange(parameters, changed, { ...witness, ...change });
  expect(attempt({})).not.toThrow();
  expect(attempt({ values: [9n, 7n] })).toThrow('does not open');
  expect(attempt({ blindings: witness.blindings.toReversed() })).toThrow('does not open');
  expect(attempt({ values: [7n] })).toThrow('lane');
  expect(attempt({ blindings: [1n] })).toThrow('lane');
  expect(attempt({ randomness: witness.randomness.slice(1) })).toThrow('randomness');
  expect(attempt({}, { ...statement, commitments: [statement.commitments[0]!] })).toThrow('commitment');
  const odd = { ...statement, minimums: [0.5, 0] };
  expect(() => proveRange(parameters, odd, witness)).toThrow('whole number');
  expect(() => proveRange(parameters, { ...statement, minimums: [0] }, witness)).toThrow('minimum');
  expect(() => proveRange(parameters, { ...statement, minimums: [-1, 0] }, witness)).toThrow('whole number');
});

test('there are no parameters outside 8, 16, 32, 64 bits and 1, 2, 4, 8 lanes', () => {
  for (const [bits, lanes] of [
    [4, 1],
    [128, 1],
    [16, 3],
    [16, 16],
    [16, 0],
  ] as const)
    expect(() => rangeParameters(suite1, bits, lanes)).toThrow('no range proof');
});

test('a second, independently written prover makes the same bytes, and its verifier accepts ours', () => {
  for (const [suite, bits, values] of [
    [suite1, 16, [51_234n]],
    [suite2, 8, [255n, 0n]],
    [suite1, 64, [any(64)]],
  ] as const) {
    const { parameters, statement, witness, proof } = sample({ suite, bits, values }, entropy);
    expect(provePlain(parameters, statement, { ...digits(bits, values), ...witness })).toEqual(proof);
    expect(verifyPlain(parameters, statement, proof)).toBe(true);
    expect(verifyPlain(parameters, { ...statement, context: new Uint8Array(1) }, proof)).toBe(false);
  }
}, 60_000);

test("with Tari's parameters our prover makes proofs that both verifiers accept", () => {
  const values = [any(64)];
  const [blinding] = scalarsOf(entropy, 1);
  const parameters = tariParameters;
  const commitments = [
    commit({ group: parameters.group, valueBase: parameters.valueBase }, values[0]!, blinding!),
  ];
  const statement = { commitments, minimums: [0] };
  const witness = { values, blindings: [blinding!], randomness: scalarsOf(entropy, randomnessCount(64)) };
  const proof = proveRange(parameters, statement, witness);
  expect(() => verifyRange(parameters, statement, proof)).not.toThrow();
  expect(verifyPlain(parameters, statement, proof)).toBe(true);
});

test('[G8 core] proofs of one suite are refused under the other', () => {
  const shape = { bits: 16, values: [40_000n] };
  const [one, two] = [
    sample({ suite: suite1, ...shape }, entropy),
    sample({ suite: suite2, ...shape }, entropy),
  ];
  expect(() => verifyRange(one.parameters, one.statement, one.proof)).not.toThrow();
  expect(() => verifyRange(two.parameters, two.statement, two.proof)).not.toThrow();
  expect(() => verifyRange(two.parameters, one.statement, one.proof)).toThrow('proof');
  expect(() => verifyRange(one.parameters, two.statement, two.proof)).toThrow('proof');
});
