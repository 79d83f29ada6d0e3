/** Threshold signatures: FROST(Ed25519, SHA-512) of RFC 9591, t of n, t at least 2. Their result is an ordinary Ed25519 signature.
 *
 * The key is made by joint verifiable sharing (sharing.ts) in edwards25519's prime-order group: no dealer holds it.
 *
 * 1. The signature verifies under the one equation of signature.noble.ts. (test/circuits/threshold.signing.test.ts)
 * 2. Who signs wrongly is named; nonces are used once. (test/circuits/threshold.adversary.test.ts)
 * 3. RFC 9591, Appendix E.1. (test/circuits/threshold.vectors.test.ts)
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import type { FrostPublic, FrostSecret, NonceCommitments, Nonces } from '@noble/curves/abstract/frost.js';
import { ed25519, ed25519_FROST as frost } from '@noble/curves/ed25519.js';
import { Fault } from '../fault.ts';
import { assemble, contentToSign, type Signed } from '../message/cose.ts';
import type { Message } from '../message/message.ts';
import type { Entropy, Group, Point } from './port.ts';
import { encodeScalar } from './scalar.ts';
import type { KeyShare, SharedKey } from './sharing.ts';
import { type Arithmetic, decodeElement, holds } from './sigma.ts';
import { hash, suite1 } from './suite.noble.ts';

type Element = InstanceType<typeof ed25519.Point>;
const inside = (point: Point) => point as unknown as Element;
const outside = (element: Element) => element as unknown as Point;

function decode(bytes: Uint8Array): Point {
  try {
    const element = ed25519.Point.fromBytes(bytes, false);
    if (element.isTorsionFree()) return outside(element);
  } catch {
    // Refused below, with every other encoding that is no element of the group.
  }
  throw new Fault('point', 'not a canonical edwards25519 encoding of prime order');
}

const group: Group = {
  base: outside(ed25519.Point.BASE),
  identity: outside(ed25519.Point.ZERO),
  decode,
  encode: point => inside(point).toBytes(),
  fromUniform: () => {
    throw new Error('nothing is hashed to this group');
  },
  add: (a, b) => outside(inside(a).add(inside(b))),
  negate: a => outside(inside(a).negate()),
  equals: (a, b) => inside(a).equals(inside(b)),
  multiply: (point, scalar) =>
    scalar === 0n ? outside(ed25519.Point.ZERO) : outside(inside(point).multiply(scalar)),
  multiScalar: (scalars, points) =>
    outside(mulAddUnsafe(ed25519.Point, points as unknown as Element[], scalars as bigint[])),
};

/** Where the signers' key is shared: pass it to the functions of sharing.ts. */
export const signingArithmetic: Arithmetic = { id: 1, group, hash };

/** One signer's nonces for one signature. Signing erases them. */
export type SigningNonces = Nonces;

/** Round 1, said to all. */
export interface NonceCommitment {
  readonly index: number;
  readonly hiding: Uint8Array;
  readonly binding: Uint8Array;
}

/** What a round of signing is about: the message, and who takes part. */
export interface SigningSession {
  readonly shared: SharedKey;
  readonly message: Uint8Array;
  readonly commitments: readonly NonceCommitment[];
}

export interface SignatureShare {
  readonly index: number;
  readonly value: Uint8Array;
}

const nameOf = (index: number) => frost.Identifier.fromNumber(index);
const signers = (indices: readonly number[]) => indices.map(index => `signer ${index}`).join(', ');

function publicOf({ threshold, key, shares }: SharedKey): FrostPublic {
  return {
    signers: { min: threshold, max: shares.length },
    commitments: [key.slice()],
    verifyingShares: Object.fromEntries(shares.map((point, i) => [nameOf(i + 1), point.slice()])),
  };
}

function secretOf(share: KeyShare): FrostSecret {
  return { identifier: nameOf(share.index), signingShare: encodeScalar(share.secret).slice() };
}

function isSound({ hiding, binding }: NonceCommitment): boolean {
  return holds(() => {
    for (const bytes of [hiding, binding]) decodeElement(signingArithmetic, bytes);
    return true;
  });
}

/** The list as the library takes it. One malformed commitment would spoil the shares of all: its sender is named first. */
function commitmentsOf({ shared, commitments }: SigningSession): NonceCommitments[] {
  const indices = commitments.map(({ index }) => index);
  const isKnown = (index: number) => shared.shares[index - 1] !== undefined;
  const wrong = indices.filter(
    (index, i) => !isKnown(index) || indices.indexOf(index) !== i || !isSound(commitments[i]!),
  );
  if (wrong.length) throw new Fault('cosigner', `malformed or doubled nonces of ${signers(wrong)}`);
  if (indices.length < shared.threshold)
    throw new Fault('quorum', `${indices.length} signers, ${shared.threshold} suffice`);
  return commitments.map(({ index, hiding, binding }) => ({
    identifier: nameOf(index),
    hiding: hiding.slice(),
    binding: binding.slice(),
  }));
}

/** Round 1: nonces to keep, and commitments to them. The nonces hash the share and fresh bytes. */
export function commitNonces(
  share: KeyShare,
  entropy: Entropy,
): { nonces: SigningNonces; commitment: NonceCommitment } {
  const { nonces, commitments } = frost.commit(secretOf(share), length => entropy(length ?? 32).slice());
  return {
    nonces,
    commitment: { index: share.index, hiding: commitments.hiding, binding: commitments.binding },
  };
}

/** Round 2: the signer has read the message and agrees. */
export function signShare(session: SigningSession, share: KeyShare, nonces: SigningNonces): SignatureShare {
  const list = commitmentsOf(session);
  const value = frost.signShare(secretOf(share), publicOf(session.shared), nonces, list, session.message);
  return { index: share.index, value };
}

/** The signature: 64 bytes that nobody can tell from one signer's. Every wrong share is named. */
export function aggregate(session: SigningSession, shares: readonly SignatureShare[]): Uint8Array {
  const { shared, message } = session;
  const list = commitmentsOf(session);
  const indices = shares.map(({ index }) => index);
  const isRight = ({ index, value }: SignatureShare) => {
    try {
      return frost.verifyShare(publicOf(shared), list, message, nameOf(index), value);
    } catch {
      return false;
    }
  };
  const wrong = indices.filter((index, i) => indices.indexOf(index) !== i || !isRight(shares[i]!));
  if (wrong.length) throw new Fault('cosigner', `wrong or doubled shares of ${signers(wrong)}`);
  if (shares.length !== list.length)
    throw new Fault('quorum', `${shares.length} of ${list.length} signers sent a share`);
  const values = Object.fromEntries(shares.map(({ index, value }) => [nameOf(index), value.slice()]));
  return frost.aggregate(publicOf(shared), list, message, values);
}

/** All signers in one process: for tests, demonstrations and a single operator. */
export function thresholdSigner(shared: SharedKey, shares: readonly KeyShare[], entropy: Entropy) {
  return {
    key: shared.key,
    sign<T>(shape: Message<T>, value: T): Signed<T> {
      const signing = shares.map(share => ({ share, ...commitNonces(share, entropy) }));
      const message = contentToSign(suite1, shape, value);
      const session = { shared, message, commitments: signing.map(({ commitment }) => commitment) };
      const sent = signing.map(({ share, nonces }) => signShare(session, share, nonces));
      return assemble(suite1, shape, value, { key: shared.key, signature: aggregate(session, sent) });
    },
  };
}
