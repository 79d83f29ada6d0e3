import { describe, expect, test } from 'vitest';
import * as c from '#circuits/message/certificate.ts';
import { openTrust } from '#circuits/message/chain.ts';
import { identify, open, type Signed, verify } from '#circuits/message/cose.ts';
import * as payments from '#circuits/message/payment.ts';
import { type SaleFile, verifySale } from '#circuits/message/receipt.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { creditTag, payeeTag } from '#circuits/proof/tag.ts';
import { faultOf } from './refusal.ts';
import { exchange } from './sample.message.ts';
import { type Party, type World, world } from './sample.ts';

const worlds = [suite1, suite2].map(suite => world(suite, 'receipt'));

/** The value with one bit of it flipped. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

describe.each(worlds.map(w => [w.suite.id, w] as const))('suite %i', (id, w: World) => {
  // Every bit under the native suite; the other is slower here and shares the code.
  const stride = id === 1 ? 1 : 5;
  const { suite, who } = w;
  const x = exchange(w);
  /** All that leaves the two machines: bytes. */
  const file: SaleFile = {
    payee: { intermediary: w.intermediary.bytes, purse: w.payee.bytes },
    payer: { intermediary: w.intermediary.bytes, purse: w.payer.bytes },
    request: x.request.bytes,
    claim: x.claim.bytes,
    receipt: x.receipt.bytes,
  };
  const trust = openTrust(suite, w.root.bytes.slice());
  const verdict = (part: Partial<SaleFile>) => faultOf(() => verifySale(trust, { ...file, ...part }));

  test('[B12] a third party verifies claim and receipt offline, from the root and public bytes alone', () => {
    const sold = verifySale(trust, file);
    expect(sold.receipt.mode).toBe(payments.mode.online);
    expect([sold.request.price, sold.request.units, sold.claim.amount]).toEqual([120, 3, 360]);
    expect(sold.payee.id).toEqual(identify(suite, w.payee));
    expect(sold.payer.id).toEqual(identify(suite, w.payer));
    // Whatever one bit says otherwise, in the receipt and in the claim that it names, no third party believes.
    for (let bit = 0; bit < 8 * file.receipt.length; bit += stride)
      expect(verdict({ receipt: flipped(file.receipt, bit) }), `receipt bit ${bit}`).not.toBe('none');
    for (let bit = 0; bit < 8 * file.claim.length; bit += 7)
      expect(verdict({ claim: flipped(file.claim, bit) }), `claim bit ${bit}`).not.toBe('none');
    // Nor does a receipt hold that another purse signed, the payer and the bank among them.
    for (const by of [who.payer, who.bank, who.root, who.device])
      expect(verdict({ receipt: by.sign(payments.receipt, x.receipt.value).bytes })).toBe('signature');
  }, 30_000);

  /** A sale with one departure, and everything after it made to fit. */
  const sale = (change: {
    request?: Partial<payments.Request>;
    claim?: Partial<payments.Claim>;
    receipt?: Partial<payments.Receipt>;
    credited?: number;
    by?: { request?: Party; claim?: Party; receipt?: Party };
  }) => {
    const request = (change.by?.request ?? who.payee).sign(payments.request, {
      ...x.request.value,
      ...change.request,
    });
    const { amount, salt } = request.value;
    const answer = {
      amount,
      request: identify(suite, request),
      payee: payeeTag(suite, identify(suite, w.payee), salt),
    };
    const claim = (change.by?.claim ?? who.payer).sign(payments.claim, {
      ...x.claim.value,
      ...answer,
      ...change.claim,
    });
    const booked = {
      claim: identify(suite, claim),
      credited: creditTag(suite, claim, change.credited ?? 360),
    };
    const receipt = (change.by?.receipt ?? who.payee).sign(payments.receipt, {
      ...x.receipt.value,
      ...booked,
      ...change.receipt,
    });
    return verdict({ request: request.bytes, claim: claim.bytes, receipt: receipt.bytes });
  };

  test('each message names the one before it: nothing of another sale fits', () => {
    const { bytes } = w.some;
    expect(sale({})).toBe('none');
    expect(sale({ request: { price: 100, units: 7, amount: 700 }, credited: 700 })).toBe('none');
    expect(sale({ request: { price: 119 } })).toBe('request');
    expect(sale({ request: { price: 0xffffffff, units: 0xffffffff, amount: 1 } })).toBe('request');
    expect(sale({ request: { payee: bytes(32) } })).toBe('request');
    expect(sale({ claim: { certificate: bytes(32) } })).toBe('request');
    expect(sale({ claim: { payee: bytes(32) } })).toBe('request');
    expect(sale({ claim: { request: bytes(32) } })).toBe('request');
    expect(sale({ claim: { amount: 361 } })).toBe('request');
    expect(sale({ receipt: { claim: bytes(32) } })).toBe('request');
    expect(sale({ credited: 359 })).toBe('request');
    expect(sale({ claim: { ordinal: 3 }, receipt: { credited: creditTag(suite, x.claim, 360) } })).toBe(
      'request',
    );
    for (const step of ['request', 'claim', 'receipt'])
      expect(sale({ by: { [step]: who.bank } }), step).toBe('signature');
    expect(sale({ receipt: { mode: payments.mode.offline } })).toBe('none');
  });

  test('another root vouches for nobody', () => {
    const other = world(suite, 'elsewhere');
    expect(faultOf(() => verifySale(openTrust(suite, other.root.bytes), file))).toBe('chain');
    expect(verdict({ payee: { ...file.payee, intermediary: other.intermediary.bytes } })).toBe('chain');
    expect(verdict({ payer: { ...file.payer, purse: other.payer.bytes } })).toBe('request');
    // The same payload, hence the same id, under a signature of somebody else.
    const purse = who.root.sign(c.purse, w.payer.value).bytes;
    expect(verdict({ payer: { ...file.payer, purse } })).toBe('signature');
    expect(verdict({ payer: file.payee })).toBe('request');
  });

  /** The payload inside its COSE_Sign1, so that a bit of a field can be flipped while the wrapper stays whole. */
  const offsetOf = (signed: Signed<unknown>) => Buffer.from(signed.bytes).indexOf(signed.payload);

  test.each([
    ['request', payments.request, x.request, who.payee.key],
    ['claim', payments.claim, x.claim, who.payer.key],
  ] as const)(
    '[B13] change of units, price, amount or any other bit of the %s breaks its signature',
    (_name, shape, signed, key) => {
      const check = (bytes: Uint8Array) => {
        const opened = open(suite, shape as never, bytes) as Signed<unknown>;
        verify(suite, key, opened);
        return opened;
      };
      expect(faultOf(() => check(signed.bytes))).toBe('none');
      const start = offsetOf(signed);
      let forged = 0;
      for (let bit = 0; bit < 8 * signed.payload.length; bit += stride) {
        const fault = faultOf(() => check(flipped(signed.bytes, 8 * start + bit)));
        expect(fault, `bit ${bit}`).not.toBe('none');
        if (fault === 'signature') forged += 1;
      }
      // The rest is structure, which the decoder refuses before any signature is asked.
      expect(forged).toBeGreaterThan((6 * signed.payload.length) / stride);
      const { price, units, amount } = x.request.value;
      if (shape === payments.request)
        for (const part of [
          { units: units + 1 },
          { price: price - 1 },
          { amount: amount - 1 },
          { units: 1, price: amount },
        ]) {
          const value = { ...x.request.value, ...part };
          const other = who.owner.sign(payments.request, value);
          const spliced = { ...other, signature: signed.signature };
          expect(faultOf(() => verify(suite, key, spliced))).toBe('signature');
        }
    },
    30_000,
  );
});
