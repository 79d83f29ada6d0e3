/** Each half of a receipt stands by itself under the root, and both halves belong to one payment. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { Fault } from '#circuits/fault.ts';
import { openTrust } from '#circuits/message/chain.ts';
import { identify, sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { claim as claimShape, receipt as receiptShape } from '#circuits/message/payment.ts';
import { type Disclosure, disclosure as disclosureShape, settled } from '#circuits/message/sync.ts';
import {
  discloseAmount,
  disclosePayee,
  joinParts,
  verifyAmount,
  verifyPayee,
} from '#circuits/proof/disclosure.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { creditTag } from '#circuits/proof/tag.ts';
import { amount, PaidTwice } from './paid.ts';
import { seedOf } from './sample.ts';

const seed = seedOf('disclosure.parts', 'parts 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const paid = new PaidTwice(suite, seed);
  const parts = paid.parts();
  const { payer, payee, sale, second, world } = paid;
  // The auditor knows one thing: the root.
  const trust = openTrust(suite, paid.trust.root.bytes);
  const changed = (bytes: Uint8Array, change: Partial<Disclosure>) =>
    encode(disclosureShape, { ...parse(disclosureShape, bytes), ...change });

  test('[E10] an auditor with the root alone is shown the amount, and not the payee', () => {
    const shown = verifyAmount(trust, parts.amountPart);
    expect(shown.claim.value.amount).toBe(amount);
    expect(toHex(shown.payer.id)).toBe(toHex(identify(suite, payer.purse)));
    expect(shown.isSettled).toBe(false);
    expect(verifyAmount(trust, parts.settledPart).isSettled).toBe(true);
    for (const bytes of [parts.amountPart, parts.settledPart])
      for (const hidden of [paid.payeeId, payee.purse.value.key, payee.purse.bytes, sale.salt])
        expect(toHex(bytes)).not.toContain(toHex(hidden));
  });

  test('[E10] an auditor with the root alone is shown the payee, and not the amount', () => {
    const shown = verifyPayee(trust, parts.payeePart);
    expect(toHex(shown.payee.id)).toBe(toHex(paid.payeeId));
    expect(shown.receipt.value.mode).toBe(0);
    const other = disclosePayee(trust, payee, second.receipt);
    // Two receipts of other amounts differ in the claim's id, the digest and the signature alone: nothing else can tell.
    const blank = ({ value }: typeof sale.receipt) => ({ ...value, claim: 0, credited: 0 });
    expect(blank(verifyPayee(trust, other).receipt)).toEqual(blank(shown.receipt));
    expect(other.length).toBe(parts.payeePart.length);
  });

  test.each([
    ['amount', parts.settledPart, verifyAmount],
    ['payee', parts.payeePart, verifyPayee],
  ])(
    '[E10] every changed byte of the %s part is refused',
    (_, bytes, verify) => {
      for (let i = 0; i < bytes.length; i++) {
        const tampered = bytes.slice();
        tampered[i]! ^= 1 << (i % 8);
        expect(() => verify(trust, tampered), `byte ${i}`).toThrow(Fault);
      }
      expect(() => verify(trust, bytes.subarray(0, -1))).toThrow(Fault);
      verify(trust, bytes);
    },
    60_000,
  );

  test('both parts and the salt show one payment of this amount to this payee', () => {
    const [a, p] = [verifyAmount(trust, parts.amountPart), verifyPayee(trust, parts.payeePart)];
    joinParts(trust, a, p, { salt: sale.salt, credited: amount });
    expect(() => joinParts(trust, a, p, { salt: second.salt, credited: amount })).toThrow('another payee');
    expect(() => joinParts(trust, a, p, { salt: sale.salt, credited: amount - 1 })).toThrow('another sum');
    const later = verifyPayee(trust, disclosePayee(trust, payee, second.receipt));
    expect(() => joinParts(trust, a, later, { salt: sale.salt, credited: amount })).toThrow('two payments');
    // A stranger who signs a receipt for the claim is not the payee that the claim paid.
    const stranger = world.economy.fund(world.economy.makeDevice('stranger'), {
      tier: world.tier,
      from: 100,
      budget: [10_000],
      identity: 9_001,
    });
    const forged = sign(suite, receiptShape, sale.receipt.value, {
      secret: world.economy.intermediarySecret,
      noise: world.entropy(32),
    });
    expect(() => disclosePayee(trust, { ...payee, purse: stranger.certificate }, forged)).toThrow(
      'signature',
    );
    expect(() =>
      joinParts(
        trust,
        a,
        { ...p, payee: stranger.certificate as typeof p.payee },
        { salt: sale.salt, credited: amount },
      ),
    ).toThrow('another payee');
  });

  test('parts do not pass for one another, nor under another root or suite', () => {
    expect(() => verifyPayee(trust, parts.amountPart)).toThrow('disclosure: it shows the other part');
    expect(() => verifyAmount(trust, parts.payeePart)).toThrow('disclosure: it shows the other part');
    expect(() => verifyPayee(trust, changed(parts.amountPart, { part: 1 }))).toThrow(Fault);
    expect(() => verifyAmount(trust, changed(parts.payeePart, { part: 0 }))).toThrow(Fault);
    const elsewhere = new PaidTwice(suite, 'elsewhere').trust;
    expect(() => verifyAmount(elsewhere, parts.amountPart)).toThrow('chain');
    expect(() => verifyPayee(elsewhere, parts.payeePart)).toThrow('chain');
    expect(() => verifyAmount(trust, changed(parts.amountPart, { suite: 3 - suite.id }))).toThrow('suite');
  });

  test('a claim of another purse, or that another key signed, is refused', () => {
    expect(() => discloseAmount(trust, payee, sale.claim, null)).toThrow(
      'disclosure: a claim of another purse',
    );
    const forged = sign(
      suite,
      claimShape,
      { ...sale.claim.value, amount: 1 },
      { secret: world.economy.intermediarySecret, noise: world.entropy(32) },
    );
    expect(() => discloseAmount(trust, payer, forged, null)).toThrow('signature');
    expect(() => verifyAmount(trust, changed(parts.amountPart, { signed: forged.bytes }))).toThrow(
      'signature',
    );
  });

  test('only a statement of the payer’s bank that books this claim counts', () => {
    const statements = [
      paid.stateOf([second.claim]),
      paid.stateOf([sale.claim], { purse: paid.payeeId }),
      paid.stateOf([sale.claim], {}, world.entropy(32)),
      ...Object.values(settled)
        .filter(state => state !== settled.booked)
        .map(state => paid.stateOf([], { settled: [{ claim: identify(suite, sale.claim), state }] })),
    ];
    for (const { bytes } of statements)
      expect(() => verifyAmount(trust, changed(parts.amountPart, { statement: bytes }))).toThrow(
        /^(disclosure|signature):/,
      );
    const booked = paid.stateOf([sale.claim]).bytes;
    expect(() => verifyPayee(trust, changed(parts.payeePart, { statement: booked }))).toThrow('no statement');
  });

  test('a statement that would show more than this claim is not disclosed', () => {
    const two = paid.stateOf([sale.claim, second.claim]);
    const next = paid.stateOf([sale.claim], { next: { certificate: payer.purse.bytes, budget: 5 } });
    for (const statement of [two, next, paid.stateOf([])])
      expect(() => discloseAmount(trust, payer, sale.claim, statement)).toThrow('shows more than this claim');
  });

  test('a receipt for a sum that was never claimed does not join', () => {
    const value = { ...sale.receipt.value, credited: creditTag(suite, sale.claim, amount + 1) };
    const p = { ...verifyPayee(trust, parts.payeePart), receipt: { ...sale.receipt, value } };
    const a = verifyAmount(trust, parts.amountPart);
    expect(() => joinParts(trust, a, p, { salt: sale.salt, credited: amount })).toThrow('another sum');
  });
});
