/** The auditors' key, made by all of them: joint verifiable sharing (Pedersen's, over Feldman commitments), t of n.
 *
 * Auditor i deals a polynomial f_i of degree t - 1: commitments C_ik to its coefficients, a proof that it knows f_i(0),
 * and f_i(j) to auditor j alone. Y = sum of C_i0; auditor j's share is the sum of f_i(j). No dealer ever holds the key.
 *
 * 1. t - 1 auditors hold nothing of the key; any t hold it. (test/circuits/sharing.threshold.test.ts)
 * 2. A wrong dealing or part names its auditor; no key can be chosen after seeing the others'. (test/circuits/sharing.adversary.test.ts)
 * 3. Published key and share points lie on one polynomial of degree t - 1. (test/circuits/sharing.adversary.test.ts)
 */
import { u32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { derive as derivation, transcript } from './label.ts';
import type { Entropy, Point, Scalar, Suite } from './port.ts';
import { deriveScalars } from './prf.ts';
import { encodeScalar, invert, mod, order, parseScalar, power } from './scalar.ts';
import {
  decodeElement,
  frame,
  proveSigma,
  type SigmaProof,
  type SigmaStatement,
  verifySigma,
} from './sigma.ts';

/** What all auditors agree on before they begin. The session is fresh for each ceremony. */
export interface Sharing {
  readonly threshold: number;
  readonly count: number;
  readonly session: Uint8Array;
}

/** What one auditor says to all. Everybody must have seen the same. */
export interface Dealing {
  readonly index: number;
  readonly commitments: readonly Uint8Array[];
  readonly proof: SigmaProof;
}

/** The public half, as the `auditors` message carries it: the share point of auditor i stands at i - 1. */
export interface AuditorsKey {
  readonly threshold: number;
  readonly key: Uint8Array;
  readonly shares: readonly Uint8Array[];
}

/** The secret half of one auditor. Indices begin at 1. */
export interface AuditorShare {
  readonly index: number;
  readonly secret: Scalar;
}

const auditorsMax = 16;

function checkSharing({ threshold, count }: Sharing): void {
  if (count > auditorsMax || threshold < 1 || threshold > count || !Number.isInteger(threshold))
    throw new Error(`no sharing has ${threshold} of ${count}`);
}

function isIndex(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 1 && index <= count;
}

/** f(x) of the polynomial with these coefficients, the constant one first. */
function evaluate(coefficients: readonly Scalar[], x: number): Scalar {
  return coefficients.reduceRight((sum, coefficient) => mod(sum * BigInt(x) + coefficient), 0n);
}

function evaluatePoint(suite: Suite, commitments: readonly Point[], x: number): Point {
  const powers = commitments.map((_, k) => power(BigInt(x), k));
  return suite.group.multiScalar(powers, commitments);
}

/** Lagrange: weights that take values at these distinct indices to the value at x. */
export function weights(indices: readonly number[], x = 0): Scalar[] {
  return indices.map(i => {
    let [above, below] = [1n, 1n];
    for (const j of indices) {
      if (j === i) continue;
      above = mod(above * BigInt(x - j));
      below = mod(below * BigInt(i - j));
    }
    return (above * invert(below)) % order;
  });
}

function knowledge(suite: Suite, sharing: Sharing, dealing: Omit<Dealing, 'proof'>): SigmaStatement {
  const terms = [suite.id, sharing.threshold, sharing.count, dealing.index].map(u32);
  return {
    protocol: transcript.dealing,
    context: frame(...terms, sharing.session, ...dealing.commitments),
    relations: [{ base: suite.group.base, image: decodeElement(suite, dealing.commitments[0]!) }],
  };
}

/** One auditor's dealing for all, and its parts: parts[j - 1] goes to auditor j alone, over a sealed link. */
export function deal(
  suite: Suite,
  sharing: Sharing,
  index: number,
  entropy: Entropy,
): { dealing: Dealing; parts: Uint8Array[] } {
  checkSharing(sharing);
  if (!isIndex(index, sharing.count)) throw new Error(`no auditor has index ${index}`);
  const context = frame(u32(index), sharing.session);
  const name = { label: derivation.dealing, context };
  const coefficients = deriveScalars(suite.hash, entropy(32), name, sharing.threshold);
  const commitments = coefficients.map(value =>
    suite.group.encode(suite.group.multiply(suite.group.base, value)),
  );
  const statement = knowledge(suite, sharing, { index, commitments });
  const proof = proveSigma(suite, statement, { value: coefficients[0]!, noise: entropy(32) });
  const parts = Array.from({ length: sharing.count }, (_, j) => encodeScalar(evaluate(coefficients, j + 1)));
  return { dealing: { index, commitments, proof }, parts };
}

function isSound(suite: Suite, sharing: Sharing, dealing: Dealing): boolean {
  if (dealing.commitments.length !== sharing.threshold) return false;
  try {
    for (const commitment of dealing.commitments) decodeElement(suite, commitment);
    return verifySigma(suite, knowledge(suite, sharing, dealing), dealing.proof);
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Without the proofs of knowledge the last auditor could choose Y. */
function checkDealings(suite: Suite, sharing: Sharing, dealings: readonly Dealing[]): void {
  checkSharing(sharing);
  const indices = dealings.map(dealing => dealing.index);
  const odd = indices.find((index, i) => !isIndex(index, sharing.count) || indices.indexOf(index) !== i);
  if (odd !== undefined) throw new Fault('dealing', `auditor ${odd}: an index out of range, or taken`);
  if (dealings.length !== sharing.count)
    throw new Fault('quorum', `${dealings.length} of ${sharing.count} auditors dealt`);
  for (const dealing of dealings)
    if (!isSound(suite, sharing, dealing))
      throw new Fault('dealing', `auditor ${dealing.index}: its commitments or their proof`);
}

/** Key and share points from all dealings: anyone can compute them. */
export function combineDealings(suite: Suite, sharing: Sharing, dealings: readonly Dealing[]): AuditorsKey {
  checkDealings(suite, sharing, dealings);
  const { group } = suite;
  const commitments = Array.from({ length: sharing.threshold }, (_, k) =>
    dealings.map(dealing => group.decode(dealing.commitments[k]!)).reduce(group.add),
  );
  const shares = Array.from({ length: sharing.count }, (_, j) =>
    group.encode(evaluatePoint(suite, commitments, j + 1)),
  );
  const combined = { threshold: sharing.threshold, key: group.encode(commitments[0]!), shares };
  checkAuditorsKey(suite, combined);
  return combined;
}

/** One auditor's share, from the parts that the others sent: parts[i] belongs to dealings[i]. */
export function collectShare(
  suite: Suite,
  sharing: Sharing,
  index: number,
  received: { readonly dealings: readonly Dealing[]; readonly parts: readonly Uint8Array[] },
): AuditorShare {
  checkDealings(suite, sharing, received.dealings);
  const { group } = suite;
  let secret = 0n;
  for (const [i, dealing] of received.dealings.entries()) {
    const part = parseScalar(received.parts[i]!);
    const expected = evaluatePoint(suite, dealing.commitments.map(group.decode), index);
    if (!group.equals(group.multiply(group.base, part), expected))
      throw new Fault('dealing', `auditor ${dealing.index}: its part does not fit its commitments`);
    secret = mod(secret + part);
  }
  return { index, secret };
}

/** A key and share points that somebody shows: each subset of t must give the same key, so the rest follow from t. */
export function checkAuditorsKey(suite: Suite, auditors: AuditorsKey): void {
  const { threshold, shares } = auditors;
  if (threshold < 1 || threshold > shares.length)
    throw new Fault('quorum', `${threshold} of ${shares.length}`);
  const points = [auditors.key, ...shares].map(bytes => decodeElement(suite, bytes));
  const first = Array.from({ length: threshold }, (_, i) => i + 1);
  const rest = Array.from({ length: shares.length - threshold }, (_, i) => threshold + 1 + i);
  for (const index of [0, ...rest]) {
    const expected = suite.group.multiScalar(weights(first, index), points.slice(1, threshold + 1));
    if (!suite.group.equals(points[index]!, expected))
      throw new Fault(
        'share',
        index ? `auditor ${index}: a point of another sharing` : 'a key of another sharing',
      );
  }
}

/** The whole ceremony with all auditors in one process: for tests, demonstrations and a single operator. */
export function makeAuditors(
  suite: Suite,
  size: Pick<Sharing, 'threshold' | 'count'>,
  entropy: Entropy,
): { auditors: AuditorsKey; shares: AuditorShare[] } {
  const sharing = { ...size, session: entropy(32) };
  const indices = Array.from({ length: sharing.count }, (_, i) => i + 1);
  const dealt = indices.map(index => deal(suite, sharing, index, entropy));
  const dealings = dealt.map(({ dealing }) => dealing);
  const shares = indices.map(index =>
    collectShare(suite, sharing, index, { dealings, parts: dealt.map(({ parts }) => parts[index - 1]!) }),
  );
  return { auditors: combineDealings(suite, sharing, dealings), shares };
}
