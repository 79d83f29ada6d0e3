/** Verifying a range proof: one sum of scalars times points that must be the identity (Bulletproofs+, ePrint 2020/735).
 *
 * 1. One changed bit anywhere in a proof or a statement is refused. (test/circuits/range.verify.test.ts)
 * 2. No false statement has an accepted proof that a broken prover could make. (test/circuits/range.forge.test.ts)
 */
import { Fault } from '../fault.ts';
import type { Point, Scalar } from './port.ts';
import {
  bitWeights,
  challengeBits,
  challengeEnd,
  challengeRound,
  openStatement,
  powers,
} from './range.challenge.ts';
import { parseProof, type RangeProof } from './range.codec.ts';
import { minimumsOf, type RangeParameters, type RangeStatement } from './range.ts';
import { invertAll, mod, order } from './scalar.ts';

/** The sum of all terms is the identity if, and but for negligible luck only if, the statement holds. */
export interface RangeEquation {
  /** Scalars of `fixedPoints`. */
  readonly fixed: readonly Scalar[];
  /** Scalars and points of this proof and statement alone. */
  readonly scalars: readonly Scalar[];
  readonly points: readonly Point[];
}

interface Challenges {
  readonly y: Scalar;
  readonly z: Scalar;
  readonly rounds: readonly Scalar[];
  readonly e: Scalar;
  readonly yInverse: Scalar;
  readonly roundInverses: readonly Scalar[];
}

/** Points that every proof of one shape shares: G_i, H_i, value base, blind base. */
export function fixedPoints(parameters: RangeParameters): Point[] {
  const { G, H } = parameters.generators();
  return [...G, ...H, parameters.valueBase, parameters.blindBase];
}

function challengesOf(
  parameters: RangeParameters,
  statement: RangeStatement,
  { encoded }: RangeProof,
): Challenges {
  const transcript = openStatement(parameters, statement);
  const { y, z } = challengeBits(transcript, encoded[0]!);
  const rounds: Scalar[] = [];
  for (let i = 3; i < encoded.length; i += 2)
    rounds.push(challengeRound(transcript, encoded[i]!, encoded[i + 1]!));
  const e = challengeEnd(transcript, encoded[1]!, encoded[2]!);
  const [yInverse, ...roundInverses] = invertAll([y, ...rounds]);
  return { y, z, rounds, e, yInverse: yInverse!, roundInverses };
}

/** Product over the rounds of e_j where bit j of i (highest first) is set, else of its inverse; for every i. */
function foldedScalars(rounds: readonly Scalar[], inverses: readonly Scalar[]): Scalar[] {
  const first = inverses.reduce((product, inverse) => (product * inverse) % order, 1n);
  return rounds.reduceRight(
    (folded, e) => {
      const square = (e * e) % order;
      return folded.concat(folded.map(scalar => (scalar * square) % order));
    },
    [first],
  );
}

function fixedScalars(parameters: RangeParameters, proof: RangeProof, c: Challenges): Scalar[] {
  const size = parameters.bits * parameters.lanes;
  const folded = foldedScalars(c.rounds, c.roundInverses);
  const weights = bitWeights(parameters, c.z);
  const yPowers = powers(c.y, size + 1);
  const square = (c.e * c.e) % order;
  const [forG, forH]: [Scalar[], Scalar[]] = [[], []];
  let left = (c.e * proof.r1) % order;
  const right = (c.e * proof.s1) % order;
  for (let i = 0; i < size; i++) {
    forG.push((left * folded[i]! + square * c.z) % order);
    forH.push(mod(right * folded[size - 1 - i]! - square * (weights[i]! * yPowers[size - 1 - i]! + c.z)));
    left = (left * c.yInverse) % order;
  }
  const sum = (row: readonly Scalar[]) => row.reduce((total, each) => total + each, 0n);
  const constant =
    ((yPowers[size]! * c.z) % order) * sum(weights) + (c.z * c.z - c.z) * sum(yPowers.slice(0, size));
  return [...forG, ...forH, mod(((proof.r1 * c.y) % order) * proof.s1 + square * mod(constant)), proof.d1];
}

/** Parses a proof and computes its equation; refuses what is malformed before that. */
export function openEquation(
  parameters: RangeParameters,
  statement: RangeStatement,
  bytes: Uint8Array,
): RangeEquation {
  const proof = parseProof(parameters, bytes);
  const challenges = challengesOf(parameters, statement, proof);
  const { y, z, e } = challenges;
  const fixed = fixedScalars(parameters, proof, challenges);
  const square = (e * e) % order;
  const lift = powers(y, parameters.bits * parameters.lanes + 1).at(-1)!;
  const lanes = powers((z * z) % order, parameters.lanes).map(lane => mod(-square * ((lane * lift) % order)));
  minimumsOf(parameters, statement).forEach((minimum, j) => {
    const value = fixed.length - 2;
    fixed[value] = mod(fixed[value]! - lanes[j]! * BigInt(minimum));
  });
  const rounds = challenges.rounds.flatMap((round, j) => {
    const inverse = challenges.roundInverses[j]!;
    return [mod(-square * ((round * round) % order)), mod(-square * ((inverse * inverse) % order))];
  });
  return {
    fixed,
    scalars: [...lanes, mod(-square), mod(-e), order - 1n, ...rounds],
    points: [...statement.commitments, ...proof.points],
  };
}

/** Returns, or throws the fault that names why the proof is refused. */
export function verifyRange(parameters: RangeParameters, statement: RangeStatement, bytes: Uint8Array): void {
  const { group } = parameters;
  const equation = openEquation(parameters, statement, bytes);
  const sum = group.multiScalar(
    [...equation.fixed, ...equation.scalars],
    [...fixedPoints(parameters), ...equation.points],
  );
  if (!group.equals(sum, group.identity)) throw new Fault('proof', 'the range proof does not hold');
}
