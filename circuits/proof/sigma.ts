/** Sigma proofs: one secret x with image_i = x * base_i for each relation.
 *
 * One relation is Schnorr's proof of knowledge, two are Chaum and Pedersen's proof that two logarithms are equal.
 * Compact form: challenge (32 bytes), response (32 bytes); the verifier computes the nonce points again.
 *
 * 1. A proof holds for its protocol, context and relations alone. (test/circuits/sigma.binding.test.ts)
 * 2. Identity points and scalars that are not reduced are refused. (test/circuits/sigma.refused.test.ts)
 * 3. The nonce hashes secret, statement and noise: a stuck generator repeats no nonce over two statements.
 *    (test/circuits/sigma.binding.test.ts)
 */
import { ascii, concat, equal, u32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { derive as derivation, sigmaField } from './label.ts';
import type { Point, Scalar, Suite } from './port.ts';
import { deriveScalars } from './prf.ts';
import { encodeScalar, mod, parseScalar } from './scalar.ts';
import { Transcript } from './transcript.ts';

/** The part of a suite that sigma proofs need: they also hold in another group of the same order. */
export type Arithmetic = Pick<Suite, 'id' | 'group' | 'hash'>;

export interface SigmaProof {
  readonly challenge: Uint8Array;
  readonly response: Uint8Array;
}

export interface Relation {
  readonly base: Point;
  readonly image: Point;
}

/** What is proven: the protocol's label and context separate it from every other proof of the same relations. */
export interface SigmaStatement {
  readonly protocol: string;
  readonly context: Uint8Array;
  readonly relations: readonly Relation[];
}

/** The secret, and 32 fresh bytes. Without noise the proof is deterministic. */
export interface SigmaSecret {
  readonly value: Scalar;
  readonly noise: Uint8Array;
}

/** Frames u32 lengths around every part, so that two lists of parts never join to the same bytes. */
export function frame(...parts: readonly Uint8Array[]): Uint8Array {
  return concat(...parts.flatMap(part => [u32(part.length), part]));
}

/** False also where a stranger's bytes are refused, so that the caller can name who sent them. */
export function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** A point of a message: neither a stranger's encoding nor the identity. */
export function decodeElement(suite: Arithmetic, bytes: Uint8Array): Point {
  const point = suite.group.decode(bytes);
  if (suite.group.equals(point, suite.group.identity))
    throw new Fault('point', 'the identity where a point belongs');
  return point;
}

function encodeRelations(suite: Arithmetic, relations: readonly Relation[]): Uint8Array[] {
  return relations.flatMap(({ base, image }) => {
    for (const point of [base, image])
      if (suite.group.equals(point, suite.group.identity))
        throw new Fault('point', 'the identity where a point belongs');
    return [suite.group.encode(base), suite.group.encode(image)];
  });
}

function challengeOf(suite: Arithmetic, statement: SigmaStatement, nonces: readonly Point[]): Scalar {
  const transcript = new Transcript(suite.hash, statement.protocol);
  transcript.append(sigmaField.context, statement.context);
  for (const [i, bytes] of encodeRelations(suite, statement.relations).entries())
    transcript.append(i % 2 ? sigmaField.image : sigmaField.base, bytes);
  for (const nonce of nonces) transcript.append(sigmaField.nonce, suite.group.encode(nonce));
  return transcript.challenge(sigmaField.challenge);
}

export function proveSigma(suite: Arithmetic, statement: SigmaStatement, secret: SigmaSecret): SigmaProof {
  const { protocol, context, relations } = statement;
  const hedge = frame(ascii(protocol), context, ...encodeRelations(suite, relations), secret.noise);
  const name = { label: derivation.sigmaNonce, context: hedge };
  const nonce = deriveScalars(suite.hash, encodeScalar(secret.value), name, 1)[0]!;
  const nonces = relations.map(({ base }) => suite.group.multiply(base, nonce));
  const challenge = challengeOf(suite, statement, nonces);
  const response = mod(nonce + challenge * secret.value);
  const proof = { challenge: encodeScalar(challenge), response: encodeScalar(response) };
  if (!verifySigma(suite, statement, proof))
    throw new Error('the secret does not fit the statement, or the arithmetic is faulty');
  return proof;
}

/** False for a proof that does not hold; a fault for points and scalars that no proof may contain. */
export function verifySigma(suite: Arithmetic, statement: SigmaStatement, proof: SigmaProof): boolean {
  const challenge = parseScalar(proof.challenge);
  const response = parseScalar(proof.response);
  const nonces = statement.relations.map(({ base, image }) =>
    suite.group.multiScalar([response, mod(-challenge)], [base, image]),
  );
  return equal(encodeScalar(challengeOf(suite, statement, nonces)), proof.challenge);
}
