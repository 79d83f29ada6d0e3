/** Statements about chosen values, with their witness and proof. */
import { concat, u32 } from '#circuits/bytes.ts';
import { commit } from '#circuits/proof/commitment.ts';
import type { Entropy, Scalar, Suite } from '#circuits/proof/port.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { type RangeStatement, randomnessCount, rangeParameters } from '#circuits/proof/range.ts';
import { reduceScalar } from '#circuits/proof/scalar.ts';

export function scalarsOf(entropy: Entropy, count: number): Scalar[] {
  return Array.from({ length: count }, () => reduceScalar(entropy(64)));
}

export interface Shape {
  readonly suite: Suite;
  readonly bits: number;
  readonly values: readonly bigint[];
}

/** Everything but the proof. */
export function stage({ suite, bits, values }: Shape, entropy: Entropy) {
  const parameters = rangeParameters(suite, bits, values.length);
  const blindings = scalarsOf(entropy, values.length);
  const statement = {
    commitments: values.map((value, j) => commit(suite, value, blindings[j]!)),
    context: concat(entropy(32), u32(bits)),
  } satisfies RangeStatement;
  const randomness = scalarsOf(entropy, randomnessCount(bits * values.length));
  return { parameters, statement, witness: { values, blindings, randomness } };
}

export function sample(shape: Shape, entropy: Entropy) {
  const staged = stage(shape, entropy);
  return { ...staged, proof: proveRange(staged.parameters, staged.statement, staged.witness) };
}
