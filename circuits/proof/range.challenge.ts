/** The transcript of a range proof, in Tari's order, and what both sides compute from its challenges.
 *
 * 1. Context, bases, shape, commitments and minimums come before the first challenge. (test/circuits/range.verify.test.ts)
 * 2. No challenge is zero. (test/circuits/range.verify.test.ts)
 */
import { Fault } from '../fault.ts';
import { rangeField as field, transcript as label } from './label.ts';
import type { Scalar } from './port.ts';
import { minimumsOf, type RangeParameters, type RangeStatement, type RangeTranscript } from './range.ts';
import { order } from './scalar.ts';

export function openStatement(parameters: RangeParameters, statement: RangeStatement): RangeTranscript {
  const minimums = minimumsOf(parameters, statement);
  const { group, valueBase, blindBase, bits, lanes } = parameters;
  const transcript = parameters.openTranscript();
  if (statement.context) transcript.append(field.context, statement.context);
  transcript.append(field.step, label.rangeStep);
  transcript.append(field.valueBase, group.encode(valueBase));
  transcript.append(field.blindBase, group.encode(blindBase));
  transcript.appendInteger(field.bits, bits);
  transcript.appendInteger(field.blindings, 1);
  transcript.appendInteger(field.lanes, lanes);
  for (const commitment of statement.commitments)
    transcript.append(field.commitment, group.encode(commitment));
  for (const minimum of minimums) transcript.appendInteger(field.minimum, minimum);
  return transcript;
}

/** Zero would undo what the challenge weighs; an honest run meets it with probability 2^-252. */
function challenge(transcript: RangeTranscript, name: string): Scalar {
  const value = transcript.challenge(name);
  if (value === 0n) throw new Fault('proof', 'a challenge is zero');
  return value;
}

export function challengeBits(transcript: RangeTranscript, A: Uint8Array): { y: Scalar; z: Scalar } {
  transcript.append(field.A, A);
  return { y: challenge(transcript, field.y), z: challenge(transcript, field.z) };
}

export function challengeRound(transcript: RangeTranscript, L: Uint8Array, R: Uint8Array): Scalar {
  transcript.append(field.L, L);
  transcript.append(field.R, R);
  return challenge(transcript, field.e);
}

export function challengeEnd(transcript: RangeTranscript, A1: Uint8Array, B: Uint8Array): Scalar {
  transcript.append(field.A1, A1);
  transcript.append(field.B, B);
  return challenge(transcript, field.e);
}

/** base, base^2, ..., base^count. */
export function powers(base: Scalar, count: number): Scalar[] {
  const row: Scalar[] = [];
  for (let i = 0, value = base; i < count; i++, value = (value * base) % order) row.push(value);
  return row;
}

/** The weight of each bit: z^(2(j+1)) * 2^i for bit i of lane j. */
export function bitWeights(parameters: RangeParameters, z: Scalar): Scalar[] {
  const { bits, lanes } = parameters;
  return powers((z * z) % order, lanes).flatMap(lane =>
    Array.from({ length: bits }, (_, i) => (lane << BigInt(i)) % order),
  );
}
