/** A payer in memory: answers a request from where its purse stands. It keeps no journal: that is the device's. */
import { Fault } from '../fault.ts';
import { type Signed, sign } from '../message/cose.ts';
import { encode, parse } from '../message/message.ts';
import {
  type Claim,
  claim as claimShape,
  payment as paymentShape,
  type Request,
} from '../message/payment.ts';
import type { Gap } from '../message/sync.ts';
import { chooseSlots, thetaFor } from '../policy/slots.ts';
import { advance } from './history.ts';
import { namingSecrets, revealNaming } from './naming.ts';
import { checkLimits } from './payment.ts';
import type { Entropy } from './port.ts';
import { claimFor, freshDelta, type Position, type PurseView, proveIdle, purseSecret } from './purse.ts';
import { proveStanding } from './standing.ts';

export interface Payer extends PurseView {
  readonly seed: Uint8Array;
  /** One value a lane. */
  readonly budget: readonly number[];
  /** The committed revocation identity; 0 where the certificate has none. */
  readonly identity: number;
  readonly position: Position;
}

export interface Paid {
  readonly payment: Uint8Array;
  readonly claim: Signed<Claim>;
  /** The payer after this payment. */
  readonly payer: Payer;
}

/** M (+ Rcap) - T: what the purse can still prove. */
function rest({ certificate, tier, budget, position }: Payer): number {
  const received = certificate.value.respend ? tier.respendMax : 0;
  return Math.min(...budget) + received - position.spent;
}

function theta(payer: Payer, amount: number): number {
  const left = rest(payer);
  if (amount > left) throw new Fault('funds', 'less is left than the amount');
  return thetaFor(payer.tier.steps, left, amount);
}

/** What the certificate says about theta and slots: a one-show purse has one slot, its cap, and no range proof. */
function prepare(payer: Payer, amount: number): { theta: number; slots: number; proof: Uint8Array } {
  const { certificate, tier, position } = payer;
  const { oneShow } = certificate.value;
  if (oneShow === null) {
    const step = theta(payer, amount);
    const slots = chooseSlots(tier.classes[certificate.value.class]!.caps, position.slots, amount);
    if (slots === 0) throw new Fault('slots', 'the unused slots are too small: close the purse');
    return { theta: step, slots, proof: proveIdle(payer, payer, position, step) };
  }
  const cap = tier.classes[certificate.value.class]!.caps[oneShow]!;
  if (amount > cap || position.ordinal > 0) throw new Fault('slots', 'the one slot is used or too small');
  return { theta: cap, slots: (1 << oneShow) >>> 0, proof: new Uint8Array(0) };
}

/** Pays what the request asks. The gap is for a request that asks for standing in zero knowledge. */
export function pay(payer: Payer, request: Signed<Request>, entropy: Entropy, gap?: Signed<Gap>): Paid {
  const { suite, seed, certificate } = payer;
  const prepared = prepare(payer, request.value.amount);
  const delta = freshDelta(suite, seed, request.payload, entropy(32));
  const value = claimFor(payer, payer.position, { request, delta, ...prepared });
  checkLimits(value, certificate.value, payer.tier);
  const claim = sign(suite, claimShape, value, { secret: purseSecret(suite, seed), noise: entropy(32) });
  const { naming } = certificate.value;
  const payment = encode(paymentShape, {
    suite: suite.id,
    certificate: certificate.bytes,
    request: null,
    claim: claim.bytes,
    proof: prepared.proof,
    standing: gap ? { gap: gap.bytes, proof: proveStanding(payer, payer, gap) } : null,
    naming: naming ? revealNaming(suite, namingSecrets(suite, seed), claim) : [],
  });
  return { payment, claim, payer: { ...payer, position: advance(suite, payer.position, claim) } };
}

/** The same payment for a later session: the payee's own request comes back with it, so that nothing else is needed. */
export function redeliver(payment: Uint8Array, request: Signed<Request>): Uint8Array {
  return encode(paymentShape, { ...parse(paymentShape, payment), request: request.bytes });
}
