/** The signature of suite 2: Schnorr on ristretto255, with SHAKE256. It stands on the port alone.
 *
 * 1. Nothing is returned that its own key does not verify. (test/circuits/signature.hedge.test.ts)
 */
import { concat } from '../bytes.ts';
import { label } from './label.ts';
import type { Group, Hash, Scalar, Signature } from './port.ts';
import { encodeScalar, mod, parseScalar, reduceScalar } from './scalar.ts';

export function readScalar(bytes: Uint8Array): Scalar | undefined {
  try {
    return parseScalar(bytes);
  } catch {
    return undefined;
  }
}

export function verified(signature: Uint8Array, holds: boolean): Uint8Array {
  if (!holds) throw new Error('a signature did not verify under its own key: the arithmetic is faulty');
  return signature;
}

export function schnorrSignature(group: Group, hash: Hash): Signature {
  const challenge = (R: Uint8Array, key: Uint8Array, message: Uint8Array) =>
    reduceScalar(hash.shake256(concat(label.schnorrChallenge, R, key, message), 64));

  const expand = (secret: Uint8Array) => {
    const expanded = hash.shake256(concat(label.schnorrKey, secret), 96);
    return { scalar: reduceScalar(expanded.subarray(0, 64)), prefix: expanded.subarray(64) };
  };

  const publicKey = (secret: Uint8Array) => group.encode(group.multiply(group.base, expand(secret).scalar));

  function isCertifiable(key: Uint8Array): boolean {
    try {
      return !group.equals(group.decode(key), group.identity);
    } catch {
      return false;
    }
  }

  function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    // Any other length than 64 leaves no 32 bytes for the scalar.
    if (!isCertifiable(key) || !isCertifiable(signature.subarray(0, 32))) return false;
    const s = readScalar(signature.subarray(32));
    if (s === undefined) return false;
    const R = signature.subarray(0, 32);
    const k = challenge(R, key, message);
    const sum = group.multiScalar([s, mod(-k), mod(-1n)], [group.base, group.decode(key), group.decode(R)]);
    return group.equals(sum, group.identity);
  }

  function sign(secret: Uint8Array, message: Uint8Array, noise: Uint8Array): Uint8Array {
    const { scalar, prefix } = expand(secret);
    const hedged = concat(label.schnorrNonce, prefix, Uint8Array.of(noise.length), noise, message);
    const nonce = reduceScalar(hash.shake256(hedged, 64));
    const R = group.encode(group.multiply(group.base, nonce));
    const key = publicKey(secret);
    const signature = concat(R, encodeScalar(mod(nonce + challenge(R, key, message) * scalar)));
    return verified(signature, verify(key, message, signature));
  }

  // Private-use range of the COSE algorithm registry: no id is registered for this scheme.
  return { algorithm: -65601, publicKey, sign, verify, isCertifiable };
}
