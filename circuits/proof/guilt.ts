/** Guilt: four kinds of portable evidence, built from signed bytes alone and checked offline by anyone who trusts the root.
 *
 * reuse: two claims of a purse with a common slot or ordinal.
 * hidden: a claim with a slot that its close, not a stale one, calls unused.
 * fork: a claim that does not follow from the claim with the ordinal before it.
 * overspent: claims that sum above M (+ Rcap with respend), M opened by the issuer.
 *
 * 1. Each needs signatures of the purse key that an honest device never makes. (test/circuits/guilt.evidence.test.ts)
 */
import { compare, equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import {
  type Intermediary,
  intermediary as intermediaryShape,
  type Purse,
  purse as purseShape,
} from '../message/certificate.ts';
import { type Trust, type Verified, verifyIntermediary, verifyPurse, verifyTier } from '../message/chain.ts';
import { identify, open, type Signed, verify } from '../message/cose.ts';
import { parse } from '../message/message.ts';
import { type Claim, claim as claimShape } from '../message/payment.ts';
import {
  type Close,
  close as closeShape,
  type Evidence,
  evidence as evidenceShape,
  guilt,
} from '../message/sync.ts';
import { tier as tierShape } from '../policy/tier.ts';
import { commit } from './commitment.ts';
import { follows } from './history.ts';
import type { Suite } from './port.ts';
import { parseScalar } from './scalar.ts';

/** What evidence shows once it is verified. */
export interface Verdict {
  readonly guilt: number;
  readonly purse: Verified<Purse>;
  readonly claims: readonly Signed<Claim>[];
}

interface Case {
  readonly trust: Trust;
  readonly intermediary: Verified<Intermediary>;
  readonly purse: Verified<Purse>;
  readonly claims: readonly Signed<Claim>[];
  readonly evidence: Evidence;
}

const overlap = (a: Claim, b: Claim) => (a.slots & b.slots) !== 0 || a.ordinal === b.ordinal;

function pair({ claims }: Case): [Signed<Claim>, Signed<Claim>] {
  if (claims.length !== 2) throw new Fault('evidence', 'this kind takes two claims');
  return [claims[0]!, claims[1]!];
}

function checkReuse(accused: Case): void {
  const [first, second] = pair(accused);
  if (!overlap(first.value, second.value)) throw new Fault('evidence', 'no common slot or ordinal');
}

function checkFork(accused: Case): void {
  const [first, second] = pair(accused);
  if (second.value.ordinal !== first.value.ordinal + 1)
    throw new Fault('evidence', 'not one ordinal after the other');
  if (follows(accused.trust.suite, first, second))
    throw new Fault('evidence', 'the second claim follows from the first');
}

function checkHidden(accused: Case): void {
  const { purse, claims, evidence } = accused;
  const { suite } = accused.trust;
  if (claims.length !== 1 || !evidence.close)
    throw new Fault('evidence', 'this kind takes one claim and a close');
  const close = open(suite, closeShape, evidence.close);
  verify(suite, purse.value.key, close);
  if (!hides(purse, close, claims[0]!))
    throw new Fault('evidence', 'the close does not call a slot of the claim unused');
}

function hides(purse: Verified<Purse>, close: Signed<Close>, claim: Signed<Claim>): boolean {
  const ofThisPurse = equal(close.value.purse, purse.id);
  return ofThisPurse && close.value.opening !== null && (claim.value.slots & ~close.value.slots) !== 0;
}

/** How much may be spent in all: M as opened, and what may be received and spent again. */
function spendable({ trust, intermediary, purse, evidence }: Case): number {
  const { suite } = trust;
  const { overspent } = evidence;
  if (!overspent) throw new Fault('evidence', 'this kind takes an opening of M');
  const opened = suite.group.encode(commit(suite, BigInt(overspent.amount), parseScalar(overspent.blinding)));
  if (!purse.value.commitments.some(lane => equal(lane, opened)))
    throw new Fault('evidence', 'not the M of this purse');
  const tier = verifyTier(trust, intermediary, open(suite, tierShape, overspent.tier));
  if (!equal(tier.id, purse.value.tier)) throw new Fault('evidence', 'another tier');
  return overspent.amount + (purse.value.respend ? tier.value.respendMax : 0);
}

function checkOverspent(accused: Case): void {
  const total = accused.claims.reduce((sum, claim) => sum + claim.value.amount, 0);
  if (total <= spendable(accused)) throw new Fault('evidence', 'the claims stay within what the purse holds');
}

const checks: Record<number, (accused: Case) => void> = {
  [guilt.reuse]: checkReuse,
  [guilt.hidden]: checkHidden,
  [guilt.fork]: checkFork,
  [guilt.overspent]: checkOverspent,
};

/** Claims of this purse, all signed by it, no two of them the same: rising by id. */
function openClaims(suite: Suite, purse: Verified<Purse>, evidence: Evidence): Signed<Claim>[] {
  const claims = evidence.claims.map(bytes => open(suite, claimShape, bytes));
  const ids = claims.map(claim => identify(suite, claim)).sort(compare);
  if (ids.some((id, i) => i > 0 && equal(id, ids[i - 1]!)))
    throw new Fault('evidence', 'one claim stands in it twice');
  for (const claim of claims) {
    if (!equal(claim.value.certificate, purse.id)) throw new Fault('evidence', 'a claim of another purse');
    verify(suite, purse.value.key, claim);
  }
  return claims;
}

/** Checks evidence offline, with the root alone. */
export function verifyEvidence(trust: Trust, bytes: Uint8Array): Verdict {
  const { suite } = trust;
  const evidence = parse(evidenceShape, bytes);
  if (evidence.suite !== suite.id) throw new Fault('suite', 'evidence of another suite');
  const intermediary = verifyIntermediary(trust, open(suite, intermediaryShape, evidence.intermediary));
  const purse = verifyPurse(trust, intermediary, open(suite, purseShape, evidence.purse));
  const claims = openClaims(suite, purse, evidence);
  checks[evidence.guilt]!({ trust, intermediary, purse, claims, evidence });
  return { guilt: evidence.guilt, purse, claims };
}

/** All that was collected of one purse. */
export interface PurseFile {
  readonly trust: Trust;
  readonly intermediary: Verified<Intermediary>;
  readonly purse: Verified<Purse>;
  /** Distinct, each of this purse and verified. */
  readonly claims: readonly Signed<Claim>[];
  readonly close?: Signed<Close>;
  /** M, as the issuer opens it after close or expiry, with the signed tier. */
  readonly opening?: Evidence['overspent'] & object;
}

function accuse(file: PurseFile, kind: number, claims: readonly Signed<Claim>[]): Evidence {
  return {
    suite: file.trust.suite.id,
    guilt: kind,
    intermediary: file.intermediary.bytes,
    purse: file.purse.bytes,
    claims: claims.map(claim => claim.bytes),
    close: kind === guilt.hidden ? file.close!.bytes : null,
    overspent: kind === guilt.overspent ? file.opening! : null,
  };
}

function findPairs(file: PurseFile): Evidence[] {
  const found: Evidence[] = [];
  const claims = [...file.claims].sort((a, b) => a.value.ordinal - b.value.ordinal);
  for (const [i, first] of claims.entries()) {
    for (const second of claims.slice(i + 1)) {
      if (overlap(first.value, second.value)) found.push(accuse(file, guilt.reuse, [first, second]));
      const consecutive = second.value.ordinal === first.value.ordinal + 1;
      if (consecutive && !follows(file.trust.suite, first, second))
        found.push(accuse(file, guilt.fork, [first, second]));
    }
  }
  return found;
}

function findOverspending(file: PurseFile): Evidence[] {
  if (!file.opening) return [];
  // The largest claims show it soonest, and evidence holds at most 16.
  const largest = [...file.claims].sort((a, b) => b.value.amount - a.value.amount).slice(0, 16);
  const evidence = accuse(file, guilt.overspent, largest);
  const total = largest.reduce((sum, claim) => sum + claim.value.amount, 0);
  return total > spendable({ ...file, evidence }) ? [evidence] : [];
}

/** Every accusation that a file supports. */
export function findGuilt(file: PurseFile): Evidence[] {
  const { close, claims, purse } = file;
  const hidden = close ? claims.filter(claim => hides(purse, close, claim)) : [];
  return [
    ...findPairs(file),
    ...hidden.map(claim => accuse(file, guilt.hidden, [claim])),
    ...findOverspending(file),
  ];
}
