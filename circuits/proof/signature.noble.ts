/** The signature of suite 1: Ed25519, by one verification equation everywhere.
 *
 * 1. Ed25519: [8](s*B - R - k*A) = 0 with s < l and canonical A and R. (test/circuits/signature.vectors.test.ts)
 * 2. Nothing is returned that its own key does not verify. (test/circuits/signature.hedge.test.ts)
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, none } from '../bytes.ts';
import { label } from './label.ts';
import type { Hash, Scalar, Signature } from './port.ts';
import { encodeScalar, mod, reduceScalar } from './scalar.ts';
import { readScalar, verified } from './signature.schnorr.ts';

const { Point } = ed25519;
type Edwards = InstanceType<typeof Point>;

/** A canonical point outside the torsion subgroup, or nothing. */
function decodeEdwards(bytes: Uint8Array): Edwards | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return undefined;
  }
}

function expandEdwards(hash: Hash, secret: Uint8Array): { scalar: Scalar; prefix: Uint8Array } {
  const expanded = hash.sha512(secret);
  const low = expanded.slice(0, 32);
  low[0]! &= 248;
  low[31] = (low[31]! & 127) | 64;
  return { scalar: reduceScalar(low), prefix: expanded.subarray(32) };
}

export function edwardsSignature(hash: Hash): Signature {
  const challenge = (R: Uint8Array, key: Uint8Array, message: Uint8Array) =>
    reduceScalar(hash.sha512(concat(R, key, message)));

  const publicKey = (secret: Uint8Array) => Point.BASE.multiply(expandEdwards(hash, secret).scalar).toBytes();

  function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    // Any other length than 64 leaves no 32 bytes for the scalar.
    const [A, R, s] = [
      decodeEdwards(key),
      decodeEdwards(signature.subarray(0, 32)),
      readScalar(signature.subarray(32)),
    ];
    if (!A || !R || s === undefined || A.isSmallOrder() || R.isSmallOrder()) return false;
    const k = challenge(signature.subarray(0, 32), key, message);
    return Point.BASE.multiplyUnsafe(s).subtract(A.multiplyUnsafe(k)).subtract(R).isSmallOrder();
  }

  function sign(secret: Uint8Array, message: Uint8Array, noise: Uint8Array): Uint8Array {
    const { scalar, prefix } = expandEdwards(hash, secret);
    // The label comes first, so that no message signed without noise can share a nonce with a hedged one.
    const hedge = noise.length ? label.signatureNoise : none;
    const nonce = reduceScalar(hash.sha512(concat(hedge, prefix, noise, message)));
    const R = Point.BASE.multiply(nonce).toBytes();
    // From the secret anew: a fault in the first expansion must not sign for another key.
    const key = publicKey(secret);
    const s = mod(nonce + challenge(R, key, message) * scalar);
    const signature = concat(R, encodeScalar(s));
    return verified(signature, verify(key, message, signature));
  }

  function isCertifiable(key: Uint8Array): boolean {
    const A = decodeEdwards(key);
    return A !== undefined && !A.is0() && A.isTorsionFree();
  }

  return { algorithm: -19, publicKey, sign, verify, isCertifiable };
}
