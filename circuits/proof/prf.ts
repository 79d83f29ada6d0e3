/** The one PRF: SHAKE256 over label, 32-byte key and context, each framed. */
import { ascii, concat, u32 } from '../bytes.ts';
import type { Hash, Scalar } from './port.ts';
import { reduceScalar } from './scalar.ts';

/** What is derived, and from which circumstances beside the key. */
export interface Purpose {
  readonly label: string;
  readonly context: Uint8Array;
}

export function derive(hash: Hash, key: Uint8Array, { label, context }: Purpose, length: number): Uint8Array {
  if (key.length !== 32) throw new Error('a PRF key has 32 bytes');
  const name = ascii(`mite prf ${label}`);
  return hash.shake256(concat(Uint8Array.of(name.length), name, key, u32(context.length), context), length);
}

/** Uniform scalars: 64 bytes each, reduced. */
export function deriveScalars(hash: Hash, key: Uint8Array, purpose: Purpose, count: number): Scalar[] {
  const stream = derive(hash, key, purpose, 64 * count);
  return Array.from({ length: count }, (_, i) => reduceScalar(stream.subarray(64 * i, 64 * i + 64)));
}
