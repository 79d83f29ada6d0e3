/** No order, no opening; one order, one purse. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { answerOrder, caseOf, makeOpening, openLog, record } from '#circuits/issue/opening.ts';
import { intermediary as intermediaryShape } from '#circuits/message/certificate.ts';
import { identify } from '#circuits/message/cose.ts';
import { claim as claimShape } from '#circuits/message/payment.ts';
import { deviceIdentity } from '#circuits/proof/escrow.ts';
import { makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { Court } from './court.ts';
import { seedOf } from './sample.ts';

const seed = seedOf('opening.order', 'order 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const court = new Court(suite, seed);
  const { trust, emptyLog, some } = court;
  const device = court.makeDevice('device');
  const purse = court.makePurse(device, 'one');
  const purseId = identify(suite, purse.certificate);
  const identity = toHex(suite.group.encode(deviceIdentity(suite, device.factory.id)));

  test('[E9 core] for one transaction two of five auditors fail, three open its payer, and the log holds it', () => {
    const claim = purse.holder.sign(claimShape, {
      suite: suite.id,
      certificate: purseId,
      ordinal: 1,
      slots: 1,
      amount: 250,
      payee: some.bytes(32),
      request: some.bytes(32),
      previous: some.bytes(32),
      before: some.point(),
      delta: some.scalar(),
      theta: 500,
      proof: some.bytes(32),
    });
    const signed = court.orderFor(emptyLog, claim.value.certificate);
    const orderId = identify(suite, signed);
    const ordered = record(trust, emptyLog, court.entryOf(signed, purse.certificate));
    const openWith = (indices: readonly number[]) => {
      const shares = court.answers(ordered, orderId, indices);
      return record(trust, ordered, makeOpening(suite, ordered, orderId, shares));
    };

    for (let a = 1; a <= 5; a++)
      for (let b = a + 1; b <= 5; b++) {
        expect(() => openWith([a, b])).toThrow('quorum: 2 shares, 3 open');
        for (let c = b + 1; c <= 5; c++) {
          const opened = openWith([a, b, c]);
          expect(toHex(caseOf(opened, orderId).identity!)).toBe(identity);
          expect(opened.sequence).toBe(2);
          expect(toHex(opened.head)).not.toBe(toHex(ordered.head));
        }
      }
    expect(caseOf(ordered, orderId).identity).toBeNull();
  });

  test('an auditor answers nothing that is not in its log', () => {
    const signed = court.orderFor(emptyLog, purseId);
    const share = { share: court.shares[0]!, noise: some.bytes(32) };
    expect(() => answerOrder(suite, emptyLog, identify(suite, signed), share)).toThrow(
      'order: not in the log',
    );
    const { log } = court.ask(emptyLog, purse.certificate);
    expect(() => answerOrder(suite, log, some.bytes(32), share)).toThrow('order: not in the log');
  });

  test('an order that another key signed, or that was changed after signing, is refused', () => {
    const forged = court.orderFor(emptyLog, purseId, {}, court.bank);
    expect(() => record(trust, emptyLog, court.entryOf(forged, purse.certificate))).toThrow('signature');
    const { bytes } = court.orderFor(emptyLog, purseId);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i]! ^= 1;
      const entry = { ...court.entryOf(forged, purse.certificate), order: changed };
      expect(() => record(trust, emptyLog, entry)).toThrow(/^(signature|encoding|size|kind|version|suite):/);
    }
  });

  test('an order opens only the purse that it names', () => {
    const other = court.makePurse(device, 'other');
    const signed = court.orderFor(emptyLog, purseId);
    expect(() => record(trust, emptyLog, court.entryOf(signed, other.certificate))).toThrow(
      'order: names another purse',
    );
  });

  test('an order to other auditors is refused', () => {
    const others = court.auditorsOf(makeSharedKey(suite, { threshold: 2, count: 3 }, court.entropy).shared);
    const signed = court.orderFor(emptyLog, purseId, { auditors: others.id });
    expect(() => record(trust, emptyLog, court.entryOf(signed, purse.certificate))).toThrow('other auditors');
    const theirs = openLog(trust, others);
    const again = court.orderFor(theirs, purseId);
    expect(() => record(trust, theirs, court.entryOf(again, purse.certificate))).toThrow('escrow');
  });

  test('a certificate that does not lead to the root, or whose escrow is another’s, is not opened', () => {
    const { escrow } = purse.certificate.value;
    const thief = court.party('thief');
    const planted = court.certify(thief, escrow, some.bytes(32));
    const order = court.orderFor(emptyLog, identify(suite, planted));
    expect(() => record(trust, emptyLog, court.entryOf(order, planted))).toThrow('escrow: no proof');

    const self = court.certify(purse.holder, escrow, some.bytes(32), thief);
    const forSelf = court.orderFor(emptyLog, identify(suite, self));
    expect(() => record(trust, emptyLog, court.entryOf(forSelf, self))).toThrow('signature');
    const fakeBank = thief.sign(intermediaryShape, court.bankOf(thief.key).value);
    const entry = { ...court.entryOf(forSelf, self), intermediary: fakeBank.bytes };
    expect(() => record(trust, emptyLog, entry)).toThrow(/^(signature|chain):/);
  });

  test('a share given under one order opens nothing under another', () => {
    const first = court.ask(emptyLog, purse.certificate);
    const shares = court.answers(first.log, first.orderId, [1, 2, 3]);
    const second = court.ask(first.log, purse.certificate);
    const replay = makeOpening(suite, second.log, second.orderId, shares);
    expect(() => record(trust, second.log, replay)).toThrow('auditor 1, auditor 2, auditor 3');
    const fresh = court.answers(second.log, second.orderId, [2, 3]);
    expect(() =>
      record(trust, second.log, makeOpening(suite, second.log, second.orderId, [shares[0]!, ...fresh])),
    ).toThrow(/share: wrong or doubled: auditor 1$/);
  });

  test('auditors whose published key is not one sharing get no log', () => {
    const { shared } = makeSharedKey(suite, { threshold: 2, count: 3 }, court.entropy);
    const mixed = { ...shared, shares: [...shared.shares.slice(0, 2), some.point()] };
    expect(() => openLog(trust, court.auditorsOf(mixed))).toThrow('share: holder 3');
  });
});
