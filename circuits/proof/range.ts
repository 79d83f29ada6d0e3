/** Range proofs (Bulletproofs+): the statement that each of `lanes` commitments hides a number below 2^bits.
 *
 * 1. bits is 8, 16, 32 or 64, lanes 1, 2, 4 or 8; anything else has no parameters. (test/circuits/range.prove.test.ts)
 * 2. The same algebra accepts the proofs of others under their parameters. (test/circuits/range.thirdparty.test.ts)
 */
import { type Generators, rangeGenerators } from './generators.ts';
import { transcript } from './label.ts';
import type { Group, Point, Scalar, Suite } from './port.ts';
import { Transcript } from './transcript.ts';

/** Absorbs what is public and answers with challenges. */
export interface RangeTranscript {
  append(label: string, message: Uint8Array): void;
  appendInteger(label: string, value: number): void;
  challenge(label: string): Scalar;
}

export interface RangeParameters {
  readonly group: Group;
  /** H of x*H + r*G. */
  readonly valueBase: Point;
  /** G of x*H + r*G. */
  readonly blindBase: Point;
  readonly bits: number;
  readonly lanes: number;
  generators(): Generators;
  openTranscript(): RangeTranscript;
}

/** For each lane j: commitment_j - minimum_j * H hides a number below 2^bits. */
export interface RangeStatement {
  readonly commitments: readonly Point[];
  /** Whatever else the proof is bound to. */
  readonly context?: Uint8Array;
  /** Zero where absent. */
  readonly minimums?: readonly number[];
}

const bitsAllowed = [8, 16, 32, 64];
const lanesAllowed = [1, 2, 4, 8];

export function rangeParameters(suite: Suite, bits: number, lanes: number): RangeParameters {
  if (!bitsAllowed.includes(bits) || !lanesAllowed.includes(lanes))
    throw new Error(`no range proof has ${lanes} lanes of ${bits} bits`);
  return {
    group: suite.group,
    valueBase: suite.valueBase,
    blindBase: suite.group.base,
    bits,
    lanes,
    generators: () => rangeGenerators(suite, bits, lanes),
    openTranscript: () => new Transcript(suite.hash, transcript.range),
  };
}

/** Rounds that halve `size` = bits * lanes values down to one. */
function roundCount(size: number): number {
  return Math.log2(size);
}

/** Random scalars that making a proof of `size` = bits * lanes takes. */
export function randomnessCount(size: number): number {
  return 5 + 2 * roundCount(size);
}

export function rangeProofBytes(bits: number, lanes: number): number {
  return 32 * (6 + 2 * roundCount(bits * lanes));
}

/** Terms of the one multi-scalar multiplication that verifies `batch` proofs together. */
export function rangeTerms(bits: number, lanes: number, batch = 1): number {
  return 2 * bits * lanes + 2 + batch * (lanes + 3 + 2 * roundCount(bits * lanes));
}

export function minimumsOf(parameters: RangeParameters, statement: RangeStatement): readonly number[] {
  const { lanes } = parameters;
  const minimums = statement.minimums ?? new Array<number>(lanes).fill(0);
  if (statement.commitments.length !== lanes || minimums.length !== lanes)
    throw new Error('a statement has one commitment, and one minimum or none, for each lane');
  if (minimums.some(minimum => !Number.isSafeInteger(minimum) || minimum < 0))
    throw new Error('a minimum is a whole number from 0 to 2^53 - 1');
  return minimums;
}
