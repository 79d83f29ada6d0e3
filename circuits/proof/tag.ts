/** Salted digests that let one half of a receipt be shown without the other.
 *
 * payee tag = digest(label, payee certificate id, salt of the request): 128 bits that only payer and payee know.
 * credit tag = digest(label, amount, digest(label, claim payload)): the payload holds delta, request id and payee tag,
 * so that whoever has the receipt alone cannot try out amounts.
 *
 * 1. Without the salt no candidate can be tried; with it the candidate is shown. (test/circuits/disclosure.hiding.test.ts)
 */
import { u32 } from '../bytes.ts';
import { digestOf, type Signed } from '../message/cose.ts';
import type { Claim } from '../message/payment.ts';
import { label } from './label.ts';
import type { Suite } from './port.ts';

/** `Claim.payee`. The payee is named by the id of its purse certificate. */
export function payeeTag(suite: Suite, payee: Uint8Array, salt: Uint8Array): Uint8Array {
  if (payee.length !== 32 || salt.length !== 16) throw new Error('an id has 32 bytes, a salt 16');
  return digestOf(suite, label.payeeTag, payee, salt);
}

/** `Receipt.credited`. */
export function creditTag(suite: Suite, claim: Signed<Claim>, amount: number): Uint8Array {
  return digestOf(suite, label.creditTag, u32(amount), digestOf(suite, label.creditSalt, claim.payload));
}
