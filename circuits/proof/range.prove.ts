/** Making a range proof. Deterministic: all randomness is passed in.
 *
 * 1. No proof is made for a value outside its range. (test/circuits/range.prove.test.ts)
 * 2. The same inputs give the same bytes, for ever. (test/circuits/range.own.test.ts)
 *
 * The same randomness must never serve two statements: r1, s1 and d1 of both together reveal the witness.
 */
import { Fault } from '../fault.ts';
import type { Group, Point, Scalar } from './port.ts';
import {
  bitWeights,
  challengeBits,
  challengeEnd,
  challengeRound,
  openStatement,
  powers,
} from './range.challenge.ts';
import { encodeProof } from './range.codec.ts';
import { minimumsOf, type RangeParameters, type RangeStatement, randomnessCount } from './range.ts';
import { invert, mod, order } from './scalar.ts';

interface RangeWitness {
  readonly values: readonly bigint[];
  readonly blindings: readonly Scalar[];
  /** alpha, then dL and dR of each round, then r, s, delta, eta. */
  readonly randomness: readonly Scalar[];
}

/** Vectors that each round halves. */
interface Fold {
  readonly a: Scalar[];
  readonly b: Scalar[];
  readonly G: readonly Point[];
  readonly H: readonly Point[];
}

/** A sum whose scalars are secret. */
function secretSum(group: Group, scalars: readonly Scalar[], points: readonly Point[]): Point {
  return scalars.reduce(
    (sum, scalar, i) => group.add(sum, group.multiply(points[i]!, scalar)),
    group.identity,
  );
}

function weighted(a: readonly Scalar[], b: readonly Scalar[], yPowers: readonly Scalar[]): Scalar {
  return a.reduce((sum, each, i) => (sum + ((each * b[i]!) % order) * yPowers[i]!) % order, 0n);
}

const scaled = (row: readonly Scalar[], factor: Scalar) => row.map(each => (each * factor) % order);

/** The bits of value - minimum, lowest first, lane after lane. */
function bitsOf(parameters: RangeParameters, statement: RangeStatement, witness: RangeWitness): bigint[] {
  const { group, valueBase, blindBase, bits } = parameters;
  return minimumsOf(parameters, statement).flatMap((minimum, j) => {
    const value = witness.values[j]!;
    const rest = value - BigInt(minimum);
    // A negative number shifts to -1 or below.
    if (rest >> BigInt(bits) !== 0n) throw new Fault('funds', 'a value outside the range');
    const opened = secretSum(group, [mod(value), witness.blindings[j]!], [valueBase, blindBase]);
    if (!group.equals(opened, statement.commitments[j]!))
      throw new Error('the witness does not open its commitment');
    return Array.from({ length: bits }, (_, i) => (rest >> BigInt(i)) & 1n);
  });
}

/** alpha*G + sum of G_i for the ones, minus sum of H_i for the zeros. */
function commitBits(parameters: RangeParameters, bits: readonly bigint[], alpha: Scalar): Point {
  const { group, blindBase } = parameters;
  const { G, H } = parameters.generators();
  return bits.reduce(
    (sum, bit, i) => group.add(sum, bit ? G[i]! : group.negate(H[i]!)),
    group.multiply(blindBase, alpha),
  );
}

/** L and R of one round, encoded. */
function crossTerms(
  parameters: RangeParameters,
  fold: Fold,
  y: readonly Scalar[],
  [dL, dR]: readonly [Scalar, Scalar],
): [Uint8Array, Uint8Array] {
  const { group, valueBase, blindBase } = parameters;
  const half = fold.a.length / 2;
  const halves = <T>(row: readonly T[]) => [row.slice(0, half), row.slice(half)] as const;
  const [aLow, aHigh] = halves(fold.a);
  const [bLow, bHigh] = halves(fold.b);
  const [GLow, GHigh] = halves(fold.G);
  const [HLow, HHigh] = halves(fold.H);
  const cL = weighted(aLow, bHigh, y);
  const cR = weighted(aHigh, bLow, y.slice(half));
  const shift = y[half - 1]!;
  const L = secretSum(
    group,
    [...scaled(aLow, invert(shift)), ...bHigh, cL, dL],
    [...GHigh, ...HLow, valueBase, blindBase],
  );
  const R = secretSum(
    group,
    [...scaled(aHigh, shift), ...bLow, cR, dR],
    [...GLow, ...HHigh, valueBase, blindBase],
  );
  return [group.encode(L), group.encode(R)];
}

/** Folds all four vectors by the challenge e; shift = y^half. */
function foldHalf(group: Group, { a, b, G, H }: Fold, e: Scalar, shift: Scalar): Fold {
  const half = a.length / 2;
  const inverse = invert(e);
  const [up, down] = [(inverse * shift) % order, (e * invert(shift)) % order];
  const low = <T>(row: readonly T[], take: (low: T, high: T) => T) =>
    row.slice(0, half).map((each, i) => take(each, row[half + i]!));
  return {
    a: low(a, (lo, hi) => (e * lo + up * hi) % order),
    b: low(b, (lo, hi) => (inverse * lo + e * hi) % order),
    G: low(G, (lo, hi) => group.multiScalar([inverse, down], [lo, hi])),
    H: low(H, (lo, hi) => group.multiScalar([e, inverse], [lo, hi])),
  };
}

/** A1 and B, encoded: they hide the last a and b. */
function lastTerms(
  parameters: RangeParameters,
  fold: Fold,
  y: Scalar,
  [r, s, delta, eta]: readonly Scalar[],
): [Uint8Array, Uint8Array] {
  const { group, valueBase, blindBase } = parameters;
  const [a, b] = [fold.a[0]!, fold.b[0]!];
  const mixed = mod(r! * ((y * b) % order) + s! * ((y * a) % order));
  const A1 = secretSum(group, [r!, s!, mixed, delta!], [fold.G[0]!, fold.H[0]!, valueBase, blindBase]);
  const B = secretSum(group, [(((r! * y) % order) * s!) % order, eta!], [valueBase, blindBase]);
  return [group.encode(A1), group.encode(B)];
}

/** The vectors a and b of the whole proof, and what the blindings of the statement add to alpha. */
function shiftBits(
  parameters: RangeParameters,
  bits: readonly bigint[],
  { y, z }: { y: Scalar; z: Scalar },
  blindings: readonly Scalar[],
): { fold: Fold; addend: Scalar } {
  const size = bits.length;
  const yPowers = powers(y, size + 1);
  const weights = bitWeights(parameters, z);
  const lanes = powers((z * z) % order, parameters.lanes);
  const fold = {
    a: bits.map(bit => mod(bit - z)),
    b: bits.map((bit, i) => mod(bit - 1n + z + weights[i]! * yPowers[size - 1 - i]!)),
    ...parameters.generators(),
  };
  const addend = blindings.reduce((sum, blinding, j) => (sum + lanes[j]! * blinding) % order, 0n);
  return { fold, addend: (addend * yPowers[size]!) % order };
}

export function proveRange(
  parameters: RangeParameters,
  statement: RangeStatement,
  witness: RangeWitness,
): Uint8Array {
  const { group, lanes } = parameters;
  const { values, blindings, randomness } = witness;
  if (values.length !== lanes || blindings.length !== lanes) throw new Error('one value and blinding a lane');
  if (randomness.length !== randomnessCount(parameters.bits * lanes))
    throw new Error('not the randomness asked');
  const bits = bitsOf(parameters, statement, witness);
  const transcript = openStatement(parameters, statement);
  const A = group.encode(commitBits(parameters, bits, randomness[0]!));
  const { y, z } = challengeBits(transcript, A);
  const shifted = shiftBits(parameters, bits, { y, z }, blindings);
  let [fold, alpha] = [shifted.fold, randomness[0]! + shifted.addend];
  const encoded: Uint8Array[] = [];
  for (let next = 1; fold.a.length > 1; next += 2) {
    const yPowers = powers(y, fold.a.length);
    const [dL, dR] = [randomness[next]!, randomness[next + 1]!];
    const [L, R] = crossTerms(parameters, fold, yPowers, [dL, dR]);
    const e = challengeRound(transcript, L, R);
    const inverse = invert(e);
    alpha = mod(alpha + ((dL * e) % order) * e + ((dR * inverse) % order) * inverse);
    fold = foldHalf(group, fold, e, yPowers[fold.a.length / 2 - 1]!);
    encoded.push(L, R);
  }
  const [r, s, delta, eta] = randomness.slice(-4) as [Scalar, Scalar, Scalar, Scalar];
  const [A1, B] = lastTerms(parameters, fold, y, [r, s, delta, eta]);
  const e = challengeEnd(transcript, A1, B);
  return encodeProof({
    d1: mod(eta + delta * e + ((alpha * e) % order) * e),
    r1: mod(r + fold.a[0]! * e),
    s1: mod(s + fold.b[0]! * e),
    encoded: [A, A1, B, ...encoded],
  });
}
