/** Selective disclosure of a receipt: its amount without its payee, or its payee without its amount.
 *
 * Amount: the payer's signed claim (amount in clear, payee a salted digest) and the payer's certificates; with a statement
 * that settles this claim alone it shows that the amount was paid, without it that the payer is bound to it.
 * Payee: the payee's signed receipt (credited sum a salted digest, mode in clear) and the payee's certificates.
 * Whoever is given both can join them by the claim's id: that is meant, and cannot be taken back.
 *
 * 1. Each part verifies from the root alone, and no byte of it can be changed. (test/circuits/disclosure.parts.test.ts)
 * 2. Neither part holds the hidden half, nor anything to test a guess of it. (test/circuits/disclosure.hiding.test.ts)
 * 3. Both parts and the salt show one payment. (test/circuits/disclosure.parts.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import {
  type Intermediary,
  intermediary as intermediaryShape,
  type Purse,
  purse as purseShape,
} from '../message/certificate.ts';
import { type Trust, type Verified, verifyIntermediary, verifyPurse } from '../message/chain.ts';
import { identify, open, type Signed, verify } from '../message/cose.ts';
import { encode, parse } from '../message/message.ts';
import {
  type Claim,
  claim as claimShape,
  type Receipt,
  receipt as receiptShape,
} from '../message/payment.ts';
import {
  type Disclosure,
  disclosure as disclosureShape,
  type Statement,
  settled,
  statement as statementShape,
} from '../message/sync.ts';
import { creditTag, payeeTag } from './tag.ts';

const part = { amount: 0, payee: 1 } as const;

/** A purse and the certificate of its intermediary: the chain that a verifier with the root alone needs. */
export interface Holder {
  readonly intermediary: Signed<Intermediary>;
  readonly purse: Signed<Purse>;
}

export interface AmountShown {
  readonly claim: Signed<Claim>;
  readonly claimId: Uint8Array;
  readonly payer: Verified<Purse>;
  /** The payer's intermediary has booked it; otherwise the payer is bound to it, no more. */
  readonly isSettled: boolean;
}

export interface PayeeShown {
  readonly receipt: Signed<Receipt>;
  readonly claimId: Uint8Array;
  readonly payee: Verified<Purse>;
}

function encodeDisclosure(
  trust: Trust,
  holder: Holder,
  rest: Pick<Disclosure, 'part' | 'signed' | 'statement'>,
): Uint8Array {
  return encode(disclosureShape, {
    suite: trust.suite.id,
    intermediary: holder.intermediary.bytes,
    purse: holder.purse.bytes,
    ...rest,
  });
}

/** What the payer shows. A statement that names other claims or the next purse would show more than the amount. */
export function discloseAmount(
  trust: Trust,
  payer: Holder,
  claim: Signed<Claim>,
  statement: Signed<Statement> | null,
): Uint8Array {
  if (statement && (statement.value.settled.length !== 1 || statement.value.next))
    throw new Fault('disclosure', 'the statement shows more than this claim');
  const rest = { part: part.amount, signed: claim.bytes, statement: statement?.bytes ?? null };
  const bytes = encodeDisclosure(trust, payer, rest);
  verifyAmount(trust, bytes);
  return bytes;
}

/** What the payer shows of whom it paid. */
export function disclosePayee(trust: Trust, payee: Holder, receipt: Signed<Receipt>): Uint8Array {
  const bytes = encodeDisclosure(trust, payee, { part: part.payee, signed: receipt.bytes, statement: null });
  verifyPayee(trust, bytes);
  return bytes;
}

function openChain(trust: Trust, bytes: Uint8Array, expected: number) {
  const value = parse(disclosureShape, bytes);
  if (value.suite !== trust.suite.id) throw new Fault('suite', 'a disclosure of another suite');
  if (value.part !== expected) throw new Fault('disclosure', 'it shows the other part');
  const intermediary = verifyIntermediary(trust, open(trust.suite, intermediaryShape, value.intermediary));
  const purse = verifyPurse(trust, intermediary, open(trust.suite, purseShape, value.purse));
  return { value, intermediary, purse };
}

/** True once the payer's intermediary has booked the claim at its payee. */
function isBooked(statement: Statement, purse: Uint8Array, claimId: Uint8Array): boolean {
  const settles = statement.settled.some(
    ({ claim, state }) => state === settled.booked && equal(claim, claimId),
  );
  return settles && equal(statement.purse, purse);
}

/** A payer's amount, from the root alone. Ended certificates count: what was paid stays paid. */
export function verifyAmount(trust: Trust, bytes: Uint8Array): AmountShown {
  const { suite } = trust;
  const { value, intermediary, purse } = openChain(trust, bytes, part.amount);
  const claim = open(suite, claimShape, value.signed);
  if (!equal(claim.value.certificate, purse.id)) throw new Fault('disclosure', 'a claim of another purse');
  verify(suite, purse.value.key, claim);
  const claimId = identify(suite, claim);
  if (value.statement) {
    const statement = open(suite, statementShape, value.statement);
    verify(suite, intermediary.value.key, statement);
    if (!isBooked(statement.value, purse.id, claimId))
      throw new Fault('disclosure', 'the statement does not book this claim');
  }
  return { claim, claimId, payer: purse, isSettled: value.statement !== null };
}

/** A payer's payee, from the root alone. */
export function verifyPayee(trust: Trust, bytes: Uint8Array): PayeeShown {
  const { value, purse } = openChain(trust, bytes, part.payee);
  if (value.statement) throw new Fault('disclosure', 'a receipt needs no statement');
  const receipt = open(trust.suite, receiptShape, value.signed);
  verify(trust.suite, purse.value.key, receipt);
  return { receipt, claimId: receipt.value.claim, payee: purse };
}

/** Both halves and what opens their digests: one payment of this amount to this payee. */
export function joinParts(
  trust: Trust,
  amount: AmountShown,
  payee: PayeeShown,
  opening: { readonly salt: Uint8Array; readonly credited: number },
): void {
  const { suite } = trust;
  if (!equal(amount.claimId, payee.claimId)) throw new Fault('disclosure', 'parts of two payments');
  if (!equal(amount.claim.value.payee, payeeTag(suite, payee.payee.id, opening.salt)))
    throw new Fault('disclosure', 'the claim pays another payee, or the salt is another');
  if (!equal(payee.receipt.value.credited, creditTag(suite, amount.claim, opening.credited)))
    throw new Fault('disclosure', 'the receipt credits another sum');
}
