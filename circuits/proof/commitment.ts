/** Pedersen commitments: Commit(x, r) = x*H + r*G, H the value base, G the base point. */
import type { Point, Scalar, Suite } from './port.ts';
import { mod } from './scalar.ts';

/** Value and blinding are secret: only the constant-time multiplication is used. */
export function commit(
  suite: Pick<Suite, 'group' | 'valueBase'>,
  value: bigint | number,
  blinding: Scalar,
): Point {
  const { group, valueBase } = suite;
  return group.add(group.multiply(valueBase, mod(BigInt(value))), group.multiply(group.base, blinding));
}
