/** A payee in memory: asks, and acknowledges. It books nothing: that is the device's. */
import type { Purse } from '../message/certificate.ts';
import type { Verified } from '../message/chain.ts';
import { identify, type Signed, sign } from '../message/cose.ts';
import { version } from '../message/message.ts';
import {
  type Claim,
  type Receipt,
  type Request,
  receipt as receiptShape,
  request as requestShape,
} from '../message/payment.ts';
import { multiply } from '../policy/amount.ts';
import type { Tier } from '../policy/tier.ts';
import type { Entropy, Suite } from './port.ts';
import { purseSecret } from './purse.ts';
import { creditTag } from './tag.ts';

/** The payee's purse with its seed. */
export interface Till {
  readonly suite: Suite;
  readonly certificate: Verified<Purse>;
  readonly tier: Tier;
  readonly seed: Uint8Array;
}

/** What is for sale, and to whom: the least levels of the payer's tier that are taken. */
export interface Sale {
  readonly number: number;
  readonly price: number;
  readonly units: number;
  readonly session: Uint8Array;
  readonly identity?: number;
  readonly assurance?: number;
  readonly hidden?: boolean;
  readonly metadata?: Uint8Array;
}

const ttlSeconds = 60;

export function ask(till: Till, sale: Sale, entropy: Entropy): Signed<Request> {
  const { suite, certificate, seed } = till;
  const value: Request = {
    suite: suite.id,
    payee: certificate.id,
    number: sale.number,
    price: sale.price,
    units: sale.units,
    amount: multiply(sale.price, sale.units),
    identity: sale.identity ?? 0,
    assurance: sale.assurance ?? 0,
    versions: [version],
    suites: [suite.id],
    hidden: sale.hidden ?? false,
    metadata: sale.metadata ?? new Uint8Array(0),
    ttl: ttlSeconds,
    session: sale.session,
    salt: entropy(16),
  };
  return sign(suite, requestShape, value, { secret: purseSecret(suite, seed), noise: entropy(32) });
}

export function acknowledge(
  till: Till,
  claim: Signed<Claim>,
  mode: number,
  entropy: Entropy,
): Signed<Receipt> {
  const { suite, seed } = till;
  const credited = creditTag(suite, claim, claim.value.amount);
  const value: Receipt = { suite: suite.id, claim: identify(suite, claim), credited, mode };
  return sign(suite, receiptShape, value, { secret: purseSecret(suite, seed), noise: entropy(32) });
}
