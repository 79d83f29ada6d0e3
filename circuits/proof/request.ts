/** A payer's check of a request, before it commits to anything: who asks, in this session, for an amount that adds up.
 *
 * 1. A request of another session, payee or price is refused; so is a payee that nobody certified, or whose time is over.
 *    (test/circuits/request.refused.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { type Intermediary, type Purse, purse as purseShape } from '../message/certificate.ts';
import { checkEpoch, type Trust, type Verified, verifyPurse } from '../message/chain.ts';
import { open, type Signed, verify } from '../message/cose.ts';
import { version } from '../message/message.ts';
import { type Request, request as requestShape } from '../message/payment.ts';
import { multiply } from '../policy/amount.ts';
import type { Tier } from '../policy/tier.ts';

/** What the payer holds against a request. */
export interface Asked {
  readonly trust: Trust;
  /** The payee's intermediary, already verified to the root. */
  readonly intermediary: Verified<Intermediary>;
  readonly tier: Tier;
  readonly epoch: number;
  /** Handshake hash of the session in which the request came. */
  readonly session: Uint8Array;
}

export interface Shown {
  readonly payee: Verified<Purse>;
  readonly request: Signed<Request>;
}

/** Whether a payment under this tier can answer the request: price x units, version, suite, and no weaker tier than it takes. */
export function checkTerms(request: Request, tier: Tier): void {
  if (request.number === null) throw new Fault('request', 'a challenge asks for no payment');
  if (multiply(request.price, request.units) !== request.amount)
    throw new Fault('request', 'the amount is not price x units');
  if (!request.versions.includes(version))
    throw new Fault('version', 'the request does not take this version');
  if (!request.suites.includes(request.suite))
    throw new Fault('suite', 'the request does not take its own suite');
  if (tier.identity < request.identity || tier.assurance < request.assurance)
    throw new Fault('tier', 'the payer is of a lower tier than the request takes');
}

/** The payee's certificate and its request, as they came. The ttl is the caller's: it alone has a clock. */
export function verifyRequest(asked: Asked, certificate: Uint8Array, bytes: Uint8Array): Shown {
  const { trust, tier } = asked;
  const payee = verifyPurse(trust, asked.intermediary, open(trust.suite, purseShape, certificate));
  checkEpoch(payee.value, asked.epoch, tier.gap);
  const request = open(trust.suite, requestShape, bytes);
  if (!equal(request.value.payee, payee.id)) throw new Fault('request', 'of another payee');
  if (!equal(request.value.session, asked.session)) throw new Fault('request', 'of another session');
  checkTerms(request.value, tier);
  verify(trust.suite, payee.value.key, request);
  return { payee, request };
}
