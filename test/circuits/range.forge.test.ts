import { expect, test } from 'vitest';
import { commit } from '#circuits/proof/commitment.ts';
import type { Point } from '#circuits/proof/port.ts';
import { encodeProof } from '#circuits/proof/range.codec.ts';
import {
  type RangeParameters,
  type RangeStatement,
  randomnessCount,
  rangeParameters,
} from '#circuits/proof/range.ts';
import { fixedPoints, openEquation, verifyRange } from '#circuits/proof/range.verify.ts';
import { invert, mod } from '#circuits/proof/scalar.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { digits, type PlainWitness, provePlain, verifyPlain } from './range.plain.ts';
import { scalarsOf, stage } from './range.sample.ts';
import { entropyOf, seedOf } from './sample.ts';

const { group } = suite1;
const entropy = entropyOf(seedOf('range.forge', 'forged range proofs'));

/** A proof by a prover without conscience: any values, any vectors. */
function forge(
  values: readonly bigint[],
  change: (honest: ReturnType<typeof digits>) => Partial<PlainWitness>,
) {
  const parameters = rangeParameters(suite1, 8, values.length);
  const blindings = scalarsOf(entropy, values.length);
  const statement = { commitments: values.map((value, j) => commit(suite1, value, blindings[j]!)) };
  const honest = digits(8, values);
  const randomness = scalarsOf(entropy, randomnessCount(8 * values.length));
  const proof = provePlain(parameters, statement, { ...honest, blindings, randomness, ...change(honest) });
  return {
    accepted: accepted(parameters, statement, proof),
    plain: verifyPlain(parameters, statement, proof),
  };
}

function accepted(parameters: RangeParameters, statement: RangeStatement, proof: Uint8Array): boolean {
  try {
    verifyRange(parameters, statement, proof);
    return true;
  } catch (error) {
    if ((error as { fault?: string }).fault !== 'proof') throw error;
    return false;
  }
}

/** The digits with the one at an index changed, and right following it. */
function withDigit(index: number, digit: bigint) {
  return ({ left }: ReturnType<typeof digits>) => {
    const changed = left.map((bit, i) => (i === index ? digit : bit));
    return { left: changed, right: changed.map(bit => mod(bit - 1n)) };
  };
}

test('the forger is able: with an honest witness its proofs are accepted', () => {
  expect(forge([200n], () => ({}))).toEqual({ accepted: true, plain: true });
  expect(forge([200n, 3n], () => ({}))).toEqual({ accepted: true, plain: true });
});

test('[E2 core] a prover without checks finds no accepted proof for a value outside the range', () => {
  const refused = { accepted: false, plain: false };
  // The digits of the value modulo 2^8.
  for (const value of [256n, 257n, 511n, 1n << 16n, -1n, -200n, 1n << 251n])
    expect(
      forge([value], () => ({})),
      `${value}`,
    ).toEqual(refused);
  // Digits that do sum to the value, but are not bits.
  expect(forge([256n], withDigit(7, 2n))).toEqual(refused);
  expect(forge([-1n], withDigit(0, mod(-1n)))).toEqual(refused);
  expect(forge([1000n], withDigit(0, 1000n))).toEqual(refused);
  // The same with a right vector that makes each product zero.
  expect(
    forge([256n], () => ({
      left: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 2n],
      right: [-1n, -1n, -1n, -1n, -1n, -1n, -1n, 0n].map(mod),
    })),
  ).toEqual(refused);
  expect(forge([5n], ({ right }) => ({ right: right.map((bit, i) => (i === 3 ? 0n : mod(bit))) }))).toEqual(
    refused,
  );
});

test('[E2 core] a lane below zero cannot be made up by another lane', () => {
  const refused = { accepted: false, plain: false };
  expect(forge([256n, 0n], () => ({}))).toEqual(refused);
  expect(forge([-1n, 1n], () => ({}))).toEqual(refused);
  expect(forge([256n, -256n], () => ({ ...digits(8, [0n, 0n]) }))).toEqual(refused);
  expect(forge([3n, 200n], () => ({ ...digits(8, [200n, 3n]) }))).toEqual(refused);
});

test('[E2 core] a proof with another blinding than that of its commitment is refused', () => {
  expect(forge([77n], () => ({ blindings: scalarsOf(entropy, 1) }))).toEqual({
    accepted: false,
    plain: false,
  });
});

/** A run of the transcript that leaves out every append under one label, at one position among its like. */
function forgetful(parameters: RangeParameters, label: string, position: number): RangeParameters {
  const openTranscript = () => {
    const inner = parameters.openTranscript();
    let seen = 0;
    return {
      append(name: string, message: Uint8Array) {
        if (name === label && seen++ === position) return;
        inner.append(name, message);
      },
      appendInteger: inner.appendInteger.bind(inner),
      challenge: inner.challenge.bind(inner),
    };
  };
  return { ...parameters, openTranscript };
}

/** Random points and scalars but for one point, solved from the equation so that it holds, if its challenges
 * do not depend on that point. */
function solve(parameters: RangeParameters, statement: RangeStatement, unknown: number) {
  const encoded = Array.from({ length: 11 }, () => group.encode(group.fromUniform(entropy(64))));
  const [d1, r1, s1] = scalarsOf(entropy, 3) as [bigint, bigint, bigint];
  const draft = encodeProof({ d1, r1, s1, encoded });
  const { fixed, scalars, points } = openEquation(parameters, statement, draft);
  const factor = mod(-invert(scalars[unknown]!));
  const others = [...fixed, ...scalars.map((scalar, i) => (i === unknown ? 0n : scalar))];
  const rest = group.multiScalar(others, [...fixedPoints(parameters), ...points]);
  const solution: Point = group.multiScalar([factor], [rest]);
  if (unknown === 0) return { statement: { ...statement, commitments: [solution] }, proof: draft };
  encoded[unknown - 1] = group.encode(solution);
  return { statement, proof: encodeProof({ d1, r1, s1, encoded }) };
}

// Order of the points in an equation: V, A, A1, B, L_1, R_1, ...
const places = ['Ci', 'A', 'A1', 'B', ...[0, 1, 2, 3].flatMap(() => ['L', 'R'])];

test('[E2 core] every point is in the transcript before the challenges that weigh it: a forger who may choose one last always wins, and never may', () => {
  const { parameters, statement } = stage({ suite: suite1, bits: 16, values: [9n] }, entropy);
  places.forEach((label, unknown) => {
    const position = label === 'L' || label === 'R' ? (unknown - 4) >> 1 : 0;
    const weak = forgetful(parameters, label, position);
    const forged = solve(weak, statement, unknown);
    expect(accepted(weak, forged.statement, forged.proof), `${label} ${position} forgotten`).toBe(true);
    expect(accepted(parameters, forged.statement, forged.proof), `${label} ${position}`).toBe(false);
  });
});

test('[E2 core] everything public is in the transcript: a verifier that forgets the context or the first field accepts a proof for another', () => {
  const { parameters, statement, witness } = stage({ suite: suite1, bits: 8, values: [9n] }, entropy);
  const weak = forgetful(parameters, 'context', 0);
  const proof = provePlain(weak, statement, { ...digits(8, [9n]), ...witness });
  const other = { ...statement, context: Uint8Array.of(1) };
  expect(accepted(weak, other, proof)).toBe(true);
  expect(accepted(parameters, other, proof)).toBe(false);
  expect(accepted(parameters, statement, proof)).toBe(false);
});
