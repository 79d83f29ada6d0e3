/** What a part hides cannot be guessed from it: trying every candidate shows nothing without the salt. */
import { describe, expect, test } from 'vitest';
import { concat, equal, toHex, u32 } from '#circuits/bytes.ts';
import { digestOf, identify } from '#circuits/message/cose.ts';
import { verifyAmount, verifyPayee } from '#circuits/proof/disclosure.ts';
import { label } from '#circuits/proof/label.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { creditTag, payeeTag } from '#circuits/proof/tag.ts';
import { amount, holdsBytes, PaidTwice, sell } from './paid.ts';
import { seedOf } from './sample.ts';

const seed = seedOf('disclosure.hiding', 'hiding 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const paid = new PaidTwice(suite, seed);
  const parts = paid.parts();
  const { trust, sale } = paid;
  const { entropy } = paid.world;

  /** Every 16 or 32 bytes that the part holds, at any offset: whatever an attacker could take for a salt. */
  const windows = (bytes: Uint8Array, length: number) =>
    Array.from({ length: bytes.length - length + 1 }, (_, i) => bytes.subarray(i, i + length));

  test('[E10] no candidate payee fits the amount part with any salt that stands in it', () => {
    const shown = verifyAmount(trust, parts.settledPart);
    const tag = shown.claim.value.payee;
    // Positive control: the right payee with the right salt is found among all candidates.
    const candidates = Array.from({ length: 200 }, (_, i) => (i === 123 ? paid.payeeId : entropy(32)));
    const fitting = candidates.filter(candidate => equal(payeeTag(suite, candidate, sale.salt), tag));
    expect(fitting).toEqual([paid.payeeId]);

    const salts = [
      ...windows(parts.settledPart, 16),
      new Uint8Array(16),
      identify(suite, sale.claim).subarray(0, 16),
    ];
    for (const salt of salts) expect(equal(payeeTag(suite, paid.payeeId, salt), tag)).toBe(false);
    for (const candidate of candidates)
      for (const salt of salts.slice(-20)) expect(equal(payeeTag(suite, candidate, salt), tag)).toBe(false);
    expect(equal(digestOf(suite, label.payeeTag, paid.payeeId), tag)).toBe(false);
  });

  test('[E10] no amount up to the tier’s maximum fits the payee part with any salt that stands in it', () => {
    const { receipt } = verifyPayee(trust, parts.payeePart);
    const { credited, claim } = receipt.value;
    const { maximum } = paid.world.tier.value;
    // Positive control: whoever has the claim finds the one amount.
    const fitting = [];
    for (let v = 0; v <= maximum; v++) if (equal(creditTag(suite, sale.claim, v), credited)) fitting.push(v);
    expect(fitting).toEqual([amount]);

    const salts = [
      claim,
      credited,
      paid.payeeId,
      new Uint8Array(32),
      digestOf(suite, label.creditSalt, claim),
    ];
    for (const salt of salts)
      for (let v = 0; v <= maximum; v++)
        expect(equal(digestOf(suite, label.creditTag, u32(v), salt), credited)).toBe(false);
    for (const salt of windows(parts.payeePart, 32))
      for (const tried of [salt, digestOf(suite, label.creditSalt, salt)])
        expect(equal(digestOf(suite, label.creditTag, u32(amount), tried), credited)).toBe(false);
  }, 30_000);

  test('the hidden half stands in no part in clear', () => {
    const { payload } = sale.claim;
    const hidden = [paid.payeeId, paid.payee.purse.value.key, sale.salt, sale.request.payload];
    for (const part of [parts.amountPart, parts.settledPart])
      for (const bytes of hidden) expect(holdsBytes(part, bytes)).toBe(false);
    for (const bytes of [
      u32(amount),
      concat(Uint8Array.of(0x44), u32(amount)),
      payload,
      sale.claim.value.delta,
    ])
      expect(holdsBytes(parts.payeePart, bytes)).toBe(false);
    // Positive control: the shown half does.
    expect(holdsBytes(parts.amountPart, u32(amount))).toBe(true);
    expect(holdsBytes(parts.payeePart, paid.payee.purse.value.key)).toBe(true);
  });

  test('two payments to one payee, or of one amount, show no common digest', () => {
    const again = sell(paid.world, amount, paid.second.payer);
    const tags = [sale, paid.second, again].flatMap(({ claim, receipt }) => [
      toHex(claim.value.payee),
      toHex(receipt.value.credited),
      toHex(claim.value.request),
    ]);
    expect(new Set(tags).size).toBe(9);
  });
});

test('a tag is made of an id and a salt of their full lengths', () => {
  const [id, salt] = [new Uint8Array(32), new Uint8Array(16)];
  expect(payeeTag(suite1, id, salt)).toHaveLength(32);
  expect(() => payeeTag(suite1, id, salt.subarray(1))).toThrow('16');
  expect(() => payeeTag(suite1, concat(id, salt.subarray(1)), salt.subarray(0, 1))).toThrow('32');
  expect(() => payeeTag(suite1, concat(id, salt), salt)).toThrow('32');
});
