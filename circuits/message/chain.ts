/** Certificate chains: from a pinned root to everything that it, and those it certified, vouch for.
 *
 * Time is asked separately (`checkEpoch`): a receipt or an evidence file is verified long after its certificates ended.
 *
 * 1. A certificate names the digest of its issuer's certificate, is signed by that key, and its kind is its role:
 *    nothing but a root makes intermediaries, nothing but an intermediary makes purses. (test/circuits/chain.role.test.ts)
 * 2. Root's children and purses lie within their issuer's epochs. Factory certificates and ownership hops begin
 *    within them and may outlive them: a machine outlives its maker's certificate. (test/circuits/chain.epoch.test.ts)
 * 3. Certified keys are of prime order. A purse's key alone is not checked here: its issuer did, once, and the check
 *    costs a payee as much as a signature. (test/circuits/chain.role.test.ts)
 * 4. A day key speaks for its epochs and its generation alone. (test/circuits/chain.role.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Tier } from '../policy/tier.ts';
import type { Suite } from '../proof/port.ts';
import {
  type Auditors,
  type DayKey,
  type Factory,
  type Intermediary,
  type Purse,
  type Root,
  root,
} from './certificate.ts';
import { identify, open, type Signed, verify } from './cose.ts';
import { parseList } from './list.ts';
import type { Beacon, Gap } from './sync.ts';

declare const chained: unique symbol;

/** A certificate that leads to the root, with its id. Only the functions of this file make one. */
export interface Verified<T> extends Signed<T> {
  readonly id: Uint8Array;
  readonly [chained]: true;
}

/** What a side believes without being shown: its suite, and one root. */
export interface Trust {
  readonly suite: Suite;
  readonly root: Verified<Root>;
}

interface Span {
  readonly from: number;
  readonly until: number;
}
export type Issuer = Verified<Span & { readonly key: Uint8Array }>;
type Issued = { readonly issuer: Uint8Array };

const zeros = new Uint8Array(32);

export function certified<T>(suite: Suite, signed: Signed<T>): Verified<T> {
  return { ...signed, id: identify(suite, signed) } as Verified<T>;
}

export function checkIssuer(trust: Trust, issuer: Issuer, signed: Signed<Issued>): void {
  if (!equal(signed.value.issuer, issuer.id)) throw new Fault('chain', 'issued under another certificate');
  verify(trust.suite, issuer.value.key, signed);
}

export function checkKey(suite: Suite, key: Uint8Array): void {
  if (!suite.signature.isCertifiable(key)) throw new Fault('key', 'a certified key is not of prime order');
}

function checkWithin(outer: Span, inner: Span): void {
  checkBeginning(outer, inner);
  if (inner.until > outer.until) throw new Fault('chain', 'ends after its issuer');
}

export function checkBeginning(outer: Span, inner: Span): void {
  if (inner.from < outer.from || inner.from > outer.until)
    throw new Fault('chain', 'begins outside the epochs of its issuer');
}

/** Whether a side that stands in this epoch takes the certificate, given the tier's allowed gap between two sides. */
export function checkEpoch(certificate: Span, epoch: number, gap: number): void {
  if (epoch > certificate.until) throw new Fault('expired', `ended with epoch ${certificate.until}`);
  if (certificate.from > epoch + gap) throw new Fault('early', `begins with epoch ${certificate.from}`);
}

/** The root is pinned by whoever calls: its own signature only shows that its bytes are whole. */
export function openTrust(suite: Suite, bytes: Uint8Array): Trust {
  const signed = open(suite, root, bytes);
  if (!equal(signed.value.issuer, zeros)) throw new Fault('chain', 'a root has no issuer');
  checkKey(suite, signed.value.key);
  verify(suite, signed.value.key, signed);
  return { suite, root: certified(suite, signed) };
}

function verifyChild<T extends Issued & Span & { readonly key: Uint8Array }>(
  trust: Trust,
  signed: Signed<T>,
): Verified<T> {
  checkWithin(trust.root.value, signed.value);
  checkIssuer(trust, trust.root, signed);
  checkKey(trust.suite, signed.value.key);
  return certified(trust.suite, signed);
}

export function verifyIntermediary(trust: Trust, signed: Signed<Intermediary>): Verified<Intermediary> {
  return verifyChild(trust, signed);
}

export function verifyDayKey(trust: Trust, signed: Signed<DayKey>): Verified<DayKey> {
  return verifyChild(trust, signed);
}

/** The auditors' key and shares are group elements, whatever the suite signs with; their authority signs. */
export function verifyAuditors(trust: Trust, signed: Signed<Auditors>): Verified<Auditors> {
  const { threshold, shares, key, authority } = signed.value;
  checkWithin(trust.root.value, signed.value);
  if (threshold > shares.length) throw new Fault('chain', 'fewer auditors than their threshold');
  checkIssuer(trust, trust.root, signed);
  checkKey(trust.suite, authority);
  for (const point of [key, ...shares]) {
    checkNotIdentity(point);
    trust.suite.group.decode(point);
  }
  return certified(trust.suite, signed);
}

/** The day's word, or a pair of neighbours: within the epochs and the generation that the root gave this day key. */
export function verifyDated<T extends Beacon | Gap>(
  trust: Trust,
  dayKey: Verified<DayKey>,
  signed: Signed<T>,
): Verified<T> {
  const { epoch, generation } = signed.value;
  if (epoch < dayKey.value.from || epoch > dayKey.value.until)
    throw new Fault('chain', 'an epoch that its day key may not sign');
  if (generation !== dayKey.value.generation) throw new Fault('chain', 'a generation of another day key');
  checkIssuer(trust, dayKey, signed);
  // Header and complete list are adopted together or not at all.
  if ('list' in signed.value) parseList(signed.value.list);
  return certified(trust.suite, signed);
}

export function verifyTier(
  trust: Trust,
  intermediary: Verified<Intermediary>,
  signed: Signed<Tier>,
): Verified<Tier> {
  checkIssuer(trust, intermediary, signed);
  return certified(trust.suite, signed);
}

function checkNotIdentity(point: Uint8Array): void {
  if (equal(point, zeros)) throw new Fault('point', 'the identity where a point belongs');
}

/** Rules of a purse certificate that need no tier: exactly one form of budget, and what that form cannot have. */
function checkPurse(purse: Purse): void {
  const { commitments, pinned, oneShow, naming } = purse;
  const forms = Number(commitments.length > 0) + Number(pinned !== null) + Number(oneShow !== null);
  if (forms !== 1) throw new Fault('chain', 'a purse has one form of budget: committed, pinned or one-show');
  if (purse.respend && commitments.length === 0)
    throw new Fault('chain', 'only a committed budget can be spent again');
  if (pinned !== null && naming !== null) throw new Fault('chain', 'a channel has no slots to name');
  if (oneShow !== null && naming !== null && naming.points.length !== 1)
    throw new Fault('chain', 'a one-show purse has one slot');
  const points = [...commitments, purse.escrow.ephemeral, purse.escrow.sealed];
  if (purse.revocation) points.push(purse.revocation);
  if (naming) points.push(naming.key, ...naming.points);
  for (const point of points) checkNotIdentity(point);
}

export function verifyPurse(
  trust: Trust,
  intermediary: Verified<Intermediary>,
  signed: Signed<Purse>,
): Verified<Purse> {
  checkPurse(signed.value);
  checkWithin(intermediary.value, signed.value);
  checkIssuer(trust, intermediary, signed);
  return certified(trust.suite, signed);
}

/** A device as its maker certified it. A maker is an intermediary too: who lets machines in is accountable to the root. */
export function verifyFactory(
  trust: Trust,
  maker: Verified<Intermediary>,
  signed: Signed<Factory>,
): Verified<Factory> {
  checkBeginning(maker.value, signed.value);
  checkIssuer(trust, maker, signed);
  checkKey(trust.suite, signed.value.key);
  return certified(trust.suite, signed);
}
