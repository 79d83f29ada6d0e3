/** Bytes of a range proof, 32 each: d1 | A | A1 | B | r1 | s1 | L_1 | R_1 | ... | L_k | R_k, 2^k = bits * lanes.
 * 448 bytes for one lane of 16 bits, 512 for one of 32 and for two of 16.
 *
 * 1. One length for one shape, checked before anything is decoded. (test/circuits/range.verify.test.ts)
 * 2. Scalars are reduced, points canonical and none the identity. (test/circuits/range.verify.test.ts)
 */
import { concat } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Point, Scalar } from './port.ts';
import { type RangeParameters, rangeProofBytes } from './range.ts';
import { encodeScalar, parseScalar } from './scalar.ts';

export interface RangeProof {
  readonly d1: Scalar;
  readonly r1: Scalar;
  readonly s1: Scalar;
  /** A, A1, B, L_1, R_1, ..., as they are encoded. */
  readonly encoded: readonly Uint8Array[];
}

export function encodeProof(proof: RangeProof): Uint8Array {
  return concat(
    encodeScalar(proof.d1),
    ...proof.encoded.slice(0, 3),
    encodeScalar(proof.r1),
    encodeScalar(proof.s1),
    ...proof.encoded.slice(3),
  );
}

export function parseProof(
  parameters: RangeParameters,
  bytes: Uint8Array,
): RangeProof & { readonly points: readonly Point[] } {
  const { group, bits, lanes } = parameters;
  if (bytes.length !== rangeProofBytes(bits, lanes))
    throw new Fault('size', `a range proof of ${bytes.length} bytes`);
  const field = (index: number) => bytes.subarray(32 * index, 32 * index + 32);
  const [d1, r1, s1] = [parseScalar(field(0)), parseScalar(field(4)), parseScalar(field(5))];
  const encoded = [field(1), field(2), field(3)];
  for (let index = 6; 32 * index < bytes.length; index++) encoded.push(field(index));
  const points = encoded.map(each => {
    const point = group.decode(each);
    if (group.equals(point, group.identity)) throw new Fault('point', 'the identity in a range proof');
    return point;
  });
  return { d1, r1, s1, encoded, points };
}
