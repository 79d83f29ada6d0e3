/** What a paid sale shows to anyone who trusts the root: who signed what, how much, how many, and that it was booked.
 *
 * The file needs nothing private: both certificates with their intermediaries', the payee's request, the payer's
 * claim, the payee's receipt. It is verified with no clock and no list, long after all of them ended.
 *
 * 1. Every field of the three messages is covered by a signature, and each message names the one before it.
 *    (test/circuits/receipt.offline.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { creditTag, payeeTag } from '../proof/tag.ts';
import { intermediary, type Purse, purse } from './certificate.ts';
import { type Trust, type Verified, verifyIntermediary, verifyPurse } from './chain.ts';
import { identify, open, type Signed, verify } from './cose.ts';
import { type Claim, claim, type Receipt, type Request, receipt, request } from './payment.ts';

/** A purse certificate and that of its intermediary, as bytes. */
export interface Credentials {
  readonly intermediary: Uint8Array;
  readonly purse: Uint8Array;
}

export interface SaleFile {
  readonly payee: Credentials;
  readonly payer: Credentials;
  readonly request: Uint8Array;
  readonly claim: Uint8Array;
  readonly receipt: Uint8Array;
}

export interface Sold {
  readonly payee: Verified<Purse>;
  readonly payer: Verified<Purse>;
  readonly request: Request;
  readonly claim: Claim;
  readonly receipt: Receipt;
}

function verifyCredentials(trust: Trust, credentials: Credentials, signed: Signed<Purse>): Verified<Purse> {
  const bank = verifyIntermediary(trust, open(trust.suite, intermediary, credentials.intermediary));
  return verifyPurse(trust, bank, signed);
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Fault('request', what);
}

export function verifySale(trust: Trust, file: SaleFile): Sold {
  const { suite } = trust;
  const payee = open(suite, purse, file.payee.purse);
  const payer = open(suite, purse, file.payer.purse);
  const asked = open(suite, request, file.request);
  const paid = open(suite, claim, file.claim);
  const booked = open(suite, receipt, file.receipt);
  const { price, units, amount, salt } = asked.value;
  const payeeId = identify(suite, payee);
  expect(equal(asked.value.payee, payeeId), 'the request is of another payee');
  // Beyond 2^53 the product is rounded, but then it is no u32 either.
  expect(price * units === amount, 'the amount is not price x units');
  expect(equal(paid.value.certificate, identify(suite, payer)), 'the claim is of another payer');
  expect(equal(paid.value.request, identify(suite, asked)), 'the claim answers another request');
  expect(equal(paid.value.payee, payeeTag(suite, payeeId, salt)), 'the claim pays another payee');
  expect(paid.value.amount === amount, 'the claim pays another amount');
  expect(equal(booked.value.claim, identify(suite, paid)), 'the receipt is for another claim');
  expect(equal(booked.value.credited, creditTag(suite, paid, amount)), 'the receipt credits another amount');
  verify(suite, payee.value.key, asked);
  verify(suite, payer.value.key, paid);
  verify(suite, payee.value.key, booked);
  return {
    payee: verifyCredentials(trust, file.payee, payee),
    payer: verifyCredentials(trust, file.payer, payer),
    request: asked.value,
    claim: paid.value,
    receipt: booked.value,
  };
}
