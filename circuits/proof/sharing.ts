/** A key made by all who share it: joint verifiable sharing (Pedersen's, over Feldman commitments), t of n.
 *
 * Holder i deals a polynomial f_i of degree t - 1: commitments C_ik to its coefficients, a proof that it knows f_i(0),
 * and f_i(j) to holder j alone. Y = sum of C_i0; holder j's share is the sum of f_i(j). No dealer ever holds the key.
 * The last to deal can still choose among the keys that it can search through: that biases Y, and gives it no logarithm.
 *
 * 1. t - 1 holders have nothing of the key; any t have it. (test/circuits/sharing.threshold.test.ts)
 * 2. A wrong dealing or part names its holder; nobody can cancel the others' dealings. (test/circuits/sharing.adversary.test.ts)
 * 3. Published key and share points lie on one polynomial of degree t - 1. (test/circuits/sharing.adversary.test.ts)
 */
import { u32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { derive as derivation, transcript } from './label.ts';
import type { Entropy, Point, Scalar } from './port.ts';
import { deriveScalars } from './prf.ts';
import { encodeScalar, invert, mod, order, parseScalar, power } from './scalar.ts';
import {
  type Arithmetic,
  decodeElement,
  frame,
  holds,
  proveSigma,
  type SigmaProof,
  type SigmaStatement,
  verifySigma,
} from './sigma.ts';

/** What all holders agree on before they begin. The session is fresh for each ceremony. */
export interface Sharing {
  readonly threshold: number;
  readonly count: number;
  readonly session: Uint8Array;
}

/** What one holder says to all. Everybody must have seen the same. */
export interface Dealing {
  readonly index: number;
  readonly commitments: readonly Uint8Array[];
  readonly proof: SigmaProof;
}

/** The public half, as the `auditors` message carries it: the point of holder i's share stands at i - 1. */
export interface SharedKey {
  readonly threshold: number;
  readonly key: Uint8Array;
  readonly shares: readonly Uint8Array[];
}

/** The secret half of one holder. Indices begin at 1. */
export interface KeyShare {
  readonly index: number;
  readonly secret: Scalar;
}

const holdersMax = 16;

function checkSharing({ threshold, count }: Sharing): void {
  if (count > holdersMax || threshold < 1 || threshold > count || !Number.isInteger(threshold))
    throw new Error(`no sharing has ${threshold} of ${count}`);
}

function isIndex(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 1 && index <= count;
}

/** f(x) of the polynomial with these coefficients, the constant one first. */
function evaluate(coefficients: readonly Scalar[], x: number): Scalar {
  return coefficients.reduceRight((sum, coefficient) => mod(sum * BigInt(x) + coefficient), 0n);
}

function evaluatePoint(suite: Arithmetic, commitments: readonly Point[], x: number): Point {
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

function knowledge(suite: Arithmetic, sharing: Sharing, dealing: Omit<Dealing, 'proof'>): SigmaStatement {
  const terms = [suite.id, sharing.threshold, sharing.count, dealing.index].map(u32);
  return {
    protocol: transcript.dealing,
    context: frame(...terms, sharing.session, ...dealing.commitments),
    relations: [{ base: suite.group.base, image: decodeElement(suite, dealing.commitments[0]!) }],
  };
}

/** One dealing for all, and its parts: parts[j - 1] goes to holder j alone, over a sealed link. */
export function deal(
  suite: Arithmetic,
  sharing: Sharing,
  index: number,
  entropy: Entropy,
): { dealing: Dealing; parts: Uint8Array[] } {
  checkSharing(sharing);
  if (!isIndex(index, sharing.count)) throw new Error(`no holder has index ${index}`);
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

function isSound(suite: Arithmetic, sharing: Sharing, dealing: Dealing): boolean {
  return holds(() => {
    if (dealing.commitments.length !== sharing.threshold) return false;
    for (const commitment of dealing.commitments) decodeElement(suite, commitment);
    return verifySigma(suite, knowledge(suite, sharing, dealing), dealing.proof);
  });
}

/** Without the proofs of knowledge the last to deal could choose Y. */
function checkDealings(suite: Arithmetic, sharing: Sharing, dealings: readonly Dealing[]): void {
  checkSharing(sharing);
  const indices = dealings.map(dealing => dealing.index);
  const odd = indices.find((index, i) => !isIndex(index, sharing.count) || indices.indexOf(index) !== i);
  if (odd !== undefined) throw new Fault('dealing', `holder ${odd}: an index out of range, or taken`);
  if (dealings.length !== sharing.count)
    throw new Fault('quorum', `${dealings.length} of ${sharing.count} holders dealt`);
  for (const dealing of dealings)
    if (!isSound(suite, sharing, dealing))
      throw new Fault('dealing', `holder ${dealing.index}: its commitments or their proof`);
}

/** Key and share points from all dealings: anyone can compute them. */
export function combineDealings(
  suite: Arithmetic,
  sharing: Sharing,
  dealings: readonly Dealing[],
): SharedKey {
  checkDealings(suite, sharing, dealings);
  const { group } = suite;
  const commitments = Array.from({ length: sharing.threshold }, (_, k) =>
    dealings.map(dealing => group.decode(dealing.commitments[k]!)).reduce(group.add),
  );
  const shares = Array.from({ length: sharing.count }, (_, j) =>
    group.encode(evaluatePoint(suite, commitments, j + 1)),
  );
  return { threshold: sharing.threshold, key: group.encode(commitments[0]!), shares };
}

/** One holder's share, from the parts that the others sent: parts[i] belongs to dealings[i]. Sign parts in transit: blame needs it. */
export function collectShare(
  suite: Arithmetic,
  sharing: Sharing,
  index: number,
  received: { readonly dealings: readonly Dealing[]; readonly parts: readonly Uint8Array[] },
): KeyShare {
  checkDealings(suite, sharing, received.dealings);
  const { group } = suite;
  let secret = 0n;
  for (const [i, dealing] of received.dealings.entries()) {
    const part = received.parts[i]!;
    const expected = evaluatePoint(suite, dealing.commitments.map(group.decode), index);
    if (!holds(() => group.equals(group.multiply(group.base, parseScalar(part)), expected)))
      throw new Fault('dealing', `holder ${dealing.index}: its part does not fit its commitments`);
    secret = mod(secret + parseScalar(part));
  }
  return { index, secret };
}

/** A key and share points that somebody shows: each subset of t must give the same key, so the rest follow from t. */
export function checkSharedKey(suite: Arithmetic, shared: SharedKey): void {
  const { threshold, shares } = shared;
  if (threshold < 1 || threshold > shares.length)
    throw new Fault('quorum', `${threshold} of ${shares.length}`);
  const points = [shared.key, ...shares].map(bytes => decodeElement(suite, bytes));
  const first = Array.from({ length: threshold }, (_, i) => i + 1);
  const rest = Array.from({ length: shares.length - threshold }, (_, i) => threshold + 1 + i);
  for (const index of [0, ...rest]) {
    const expected = suite.group.multiScalar(weights(first, index), points.slice(1, threshold + 1));
    if (!suite.group.equals(points[index]!, expected))
      throw new Fault(
        'share',
        index ? `holder ${index}: a point of another sharing` : 'a key of another sharing',
      );
  }
}

/** The whole ceremony with all holders in one process: for tests, demonstrations and a single operator. */
export function makeSharedKey(
  suite: Arithmetic,
  size: Pick<Sharing, 'threshold' | 'count'>,
  entropy: Entropy,
): { shared: SharedKey; shares: KeyShare[] } {
  const sharing = { ...size, session: entropy(32) };
  const indices = Array.from({ length: sharing.count }, (_, i) => i + 1);
  const dealt = indices.map(index => deal(suite, sharing, index, entropy));
  const dealings = dealt.map(({ dealing }) => dealing);
  const shares = indices.map(index =>
    collectShare(suite, sharing, index, { dealings, parts: dealt.map(({ parts }) => parts[index - 1]!) }),
  );
  return { shared: combineDealings(suite, sharing, dealings), shares };
}
