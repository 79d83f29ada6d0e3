/** Verifying many range proofs of one shape together: randomly weighted, the shared points paid once.
 *
 * 1. Exactly the bad proofs are named, wherever and however many they are. (test/circuits/range.batch.test.ts)
 * 2. Weights are unknown to provers, so that no two bad proofs cancel. (test/circuits/range.batch.test.ts)
 */
import { Fault } from '../fault.ts';
import type { Entropy, Scalar } from './port.ts';
import type { RangeParameters, RangeStatement } from './range.ts';
import { fixedPoints, openEquation, type RangeEquation } from './range.verify.ts';
import { order, reduceScalar } from './scalar.ts';

interface RangeClaim {
  readonly statement: RangeStatement;
  readonly proof: Uint8Array;
}

interface Weighted {
  readonly index: number;
  readonly weight: Scalar;
  readonly equation: RangeEquation;
}

/** A forger passes by luck once in 2^128. */
const weightBytes = 16;

function holds(parameters: RangeParameters, part: readonly Weighted[]): boolean {
  const { group } = parameters;
  const points = fixedPoints(parameters);
  const scalars = points.map(
    (_, i) => part.reduce((sum, { weight, equation }) => sum + weight * equation.fixed[i]!, 0n) % order,
  );
  for (const { weight, equation } of part) {
    points.push(...equation.points);
    for (const scalar of equation.scalars) scalars.push((weight * scalar) % order);
  }
  return group.equals(group.multiScalar(scalars, points), group.identity);
}

/** Halves until each bad one is alone: about 2*log2(count) multiplications for each bad proof. */
function findBad(parameters: RangeParameters, part: readonly Weighted[]): number[] {
  if (holds(parameters, part)) return [];
  if (part.length === 1) return [part[0]!.index];
  const middle = part.length >> 1;
  return [...findBad(parameters, part.slice(0, middle)), ...findBad(parameters, part.slice(middle))];
}

/** Indices of the proofs that must be refused, in ascending order. */
export function verifyRangeBatch(
  parameters: RangeParameters,
  claims: readonly RangeClaim[],
  entropy: Entropy,
): number[] {
  const bad: number[] = [];
  const readable: Weighted[] = [];
  claims.forEach(({ statement, proof }, index) => {
    try {
      const equation = openEquation(parameters, statement, proof);
      readable.push({ index, equation, weight: reduceScalar(entropy(weightBytes)) + 1n });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      bad.push(index);
    }
  });
  return [...bad, ...findBad(parameters, readable)].sort((a, b) => a - b);
}
