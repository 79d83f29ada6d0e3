/** A payee's check of a payment: cheapest first, the range proof last. Pure: it books nothing.
 *
 * 1. Whatever changes in a payment, even signed again by the holder of the purse key, is refused, or SPEC.md
 *    says why it is harmless. (test/circuits/payment.resign.test.ts)
 * 2. v <= theta, and v <= the caps of the slots it names. (test/circuits/payment.limits.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { DayKey, Intermediary, Purse } from '../message/certificate.ts';
import { purse as purseShape } from '../message/certificate.ts';
import { checkEpoch, type Trust, type Verified, verifyDated, verifyPurse } from '../message/chain.ts';
import { identify, open, type Signed, verify } from '../message/cose.ts';
import { parse } from '../message/message.ts';
import {
  type Claim,
  claim as claimShape,
  type Payment,
  payment as paymentShape,
  type Request,
  request as requestShape,
} from '../message/payment.ts';
import { gap as gapShape } from '../message/sync.ts';
import { capOf, type Tier } from '../policy/tier.ts';
import { checkPlace } from './history.ts';
import { verifyNaming } from './naming.ts';
import type { Suite } from './port.ts';
import { idleStatement, type PurseView, proofHash } from './purse.ts';
import { verifyRange } from './range.verify.ts';
import { checkTerms } from './request.ts';
import { verifyStanding } from './standing.ts';
import { payeeTag } from './tag.ts';

/** What the payee knows and asked for. */
export interface Payee {
  readonly trust: Trust;
  /** Its own purse, whose key signed the request. */
  readonly purse: Verified<Purse>;
  /** The payer's intermediary, already verified to the root. */
  readonly intermediary: Verified<Intermediary>;
  readonly tier: Verified<Tier>;
  readonly epoch: number;
  /** Absent where the payee holds no fitting shard: then the tier's `unlisted` amount is the limit. */
  readonly isListed?: (certificateId: Uint8Array) => boolean;
  /** Whose gaps the payee takes, and from which epoch on, where it asks for non-revocation in zero knowledge. */
  readonly gaps?: { readonly dayKey: Verified<DayKey>; readonly epochMin: number };
  /** The payer's certificate, where an earlier payment brought it. */
  readonly known?: Verified<Purse>;
}

export interface Accepted {
  readonly claim: Signed<Claim>;
  readonly claimId: Uint8Array;
  readonly certificate: Verified<Purse>;
  readonly request: Signed<Request>;
}

/** The request that a payment answers: the open one, or the payee's own older one that the payer brings back. */
function answeredRequest(payee: Payee, message: Payment, current: Signed<Request>): Signed<Request> {
  if (!message.request) return current;
  const { suite } = payee.trust;
  const older = open(suite, requestShape, message.request);
  verify(suite, payee.purse.value.key, older);
  return older;
}

function checkAnswer(suite: Suite, claim: Claim, request: Signed<Request>): void {
  if (!equal(claim.request, identify(suite, request)))
    throw new Fault('request', 'the claim answers another request');
  if (claim.amount !== request.value.amount) throw new Fault('request', 'the claim pays another amount');
  if (!equal(claim.payee, payeeTag(suite, request.value.payee, request.value.salt)))
    throw new Fault('request', 'the claim pays another payee');
}

/** Amount, theta, slots and place against tier and certificate. */
export function checkLimits(claim: Claim, certificate: Purse, tier: Tier): void {
  if (claim.amount < tier.minimum || claim.amount > tier.maximum)
    throw new Fault('amount', 'outside the limits of the tier');
  if (claim.amount > claim.theta) throw new Fault('amount', 'above theta');
  if (capOf(tier, certificate.class, claim.slots) < claim.amount)
    throw new Fault('slots', 'caps below the amount');
  if (certificate.oneShow !== null && claim.slots !== 1 << certificate.oneShow)
    throw new Fault('slots', 'a one-show certificate has one slot');
  checkPlace(claim, certificate.oneShow === null ? tier.classes[certificate.class]!.caps.length : 1);
}

function checkStanding(payee: Payee, certificateId: Uint8Array, message: Payment, request: Request): void {
  if (request.hidden !== (message.standing !== null))
    throw new Fault('revoked', 'a proof of standing where none was asked for, or none where one was');
  if (request.hidden) return;
  if (!payee.isListed) {
    if (request.amount > payee.tier.value.unlisted)
      throw new Fault('amount', 'above the limit without a revocation list');
  } else if (payee.isListed(certificateId)) throw new Fault('revoked', 'the purse is on the list');
}

/** The payer's certificate: the one it brings, or the one that the payee has checked before. */
function payerCertificate(payee: Payee, message: Payment): Verified<Purse> {
  const { trust, tier } = payee;
  const brought = message.certificate && open(trust.suite, purseShape, message.certificate);
  const certificate = brought ? verifyPurse(trust, payee.intermediary, brought) : payee.known;
  if (!certificate) throw new Fault('chain', 'the payer brings no certificate, and none is known');
  if (certificate.value.pinned) throw new Fault('request', 'a pinned purse pays by vouchers');
  if (!equal(certificate.value.tier, tier.id)) throw new Fault('tier', 'the certificate is of another tier');
  if (!tier.value.classes[certificate.value.class]) throw new Fault('tier', 'the tier has no such class');
  checkEpoch(certificate.value, payee.epoch, tier.value.gap);
  return certificate;
}

function verifyGap(payee: Payee, view: PurseView, standing: NonNullable<Payment['standing']>): void {
  if (!payee.gaps) throw new Fault('revoked', 'no day key to check the gap with');
  const { dayKey, epochMin } = payee.gaps;
  const gap = verifyDated(payee.trust, dayKey, open(view.suite, gapShape, standing.gap));
  if (gap.value.epoch < epochMin) throw new Fault('expired', 'the gap is of an older list');
  verifyStanding(view, gap, standing.proof);
}

function verifyProofs(payee: Payee, view: PurseView, message: Payment, claim: Signed<Claim>): void {
  const { suite } = view;
  const certificate = view.certificate.value;
  if (!equal(claim.value.proof, proofHash(suite, message.proof)))
    throw new Fault('proof', 'not the proof that was signed');
  verifyNaming(suite, certificate, { claim, taus: message.naming });
  if (message.standing) verifyGap(payee, view, message.standing);
  if (certificate.oneShow === null) {
    const idle = idleStatement(view, claim.value);
    verifyRange(idle.parameters, idle.statement, message.proof);
  } else if (message.proof.length) throw new Fault('proof', 'a one-show payment has no range proof');
}

/** Everything that a payment must show, or a fault. */
export function verifyPayment(payee: Payee, current: Signed<Request>, bytes: Uint8Array): Accepted {
  const { suite } = payee.trust;
  const tier = payee.tier.value;
  const message = parse(paymentShape, bytes);
  if (message.suite !== suite.id) throw new Fault('suite', 'a payment of another suite');
  const certificate = payerCertificate(payee, message);
  const claim = open(suite, claimShape, message.claim);
  if (!equal(claim.value.certificate, certificate.id))
    throw new Fault('chain', 'the claim is of another certificate');
  const request = answeredRequest(payee, message, current);
  if (!equal(request.value.payee, payee.purse.id)) throw new Fault('request', 'of another payee');
  checkTerms(request.value, tier);
  checkAnswer(suite, claim.value, request);
  checkLimits(claim.value, certificate.value, tier);
  checkStanding(payee, certificate.id, message, request.value);
  verify(suite, certificate.value.key, claim);
  verifyProofs(payee, { suite, certificate, tier }, message, claim);
  return { claim, claimId: identify(suite, claim), certificate, request };
}
