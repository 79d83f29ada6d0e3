import { describe, expect, test } from 'vitest';
import * as c from '#circuits/message/certificate.ts';
import {
  checkEpoch,
  openTrust,
  verifyAuditors,
  verifyFactory,
  verifyIntermediary,
  verifyPurse,
} from '#circuits/message/chain.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { world } from './sample.ts';

const w = world(suite1, 'epoch');
const trust = openTrust(suite1, w.root.bytes);
const bank = verifyIntermediary(trust, w.intermediary);
const none = new Uint8Array(32);

describe('time', () => {
  test('a payee takes a certificate from `from` less the gap to `until`, and never after: all small cases', () => {
    for (let from = 0; from < 6; from++)
      for (let until = from; until < 6; until++)
        for (let epoch = 0; epoch < 12; epoch++)
          for (let gap = 0; gap < 4; gap++) {
            const expected = epoch > until ? 'expired' : from > epoch + gap ? 'early' : 'none';
            expect(faultOf(() => checkEpoch({ from, until }, epoch, gap))).toBe(expected);
          }
    expect(faultOf(() => checkEpoch({ from: 0xffffffff, until: 0xffffffff }, 0xfffffffe, 1))).toBe('none');
  });

  test("purses lie within their intermediary's epochs, intermediaries within the root's", () => {
    const { from, until } = w.intermediary.value;
    const purse = (part: Partial<c.Purse>) =>
      faultOf(() => verifyPurse(trust, bank, w.who.bank.sign(c.purse, { ...w.payee.value, ...part })));
    expect(purse({ from, until })).toBe('none');
    expect(purse({ from: until, until })).toBe('none');
    expect(purse({ from: from - 1 })).toBe('chain');
    expect(purse({ until: until + 1 })).toBe('chain');
    expect(purse({ from: until + 1, until: until + 2 })).toBe('chain');
    const made = (part: Partial<c.Intermediary>) =>
      faultOf(() =>
        verifyIntermediary(trust, w.who.root.sign(c.intermediary, { ...w.intermediary.value, ...part })),
      );
    expect(made({ from: 1, until: 100_000 })).toBe('none');
    expect(made({ from: 0 })).toBe('chain');
    expect(made({ until: 100_001 })).toBe('chain');
    const auditors = (part: Partial<c.Auditors>) =>
      faultOf(() => verifyAuditors(trust, w.who.root.sign(c.auditors, { ...w.auditors.value, ...part })));
    expect(auditors({ from: 1, until: 100_000 })).toBe('none');
    expect(auditors({ from: 0 })).toBe('chain');
    expect(auditors({ until: 100_001 })).toBe('chain');
  });

  test('a device begins within the epochs of its maker and may outlive it', () => {
    const { from, until } = w.intermediary.value;
    const device = (part: Partial<c.Factory>) =>
      faultOf(() => verifyFactory(trust, bank, w.who.bank.sign(c.factory, { ...w.factory.value, ...part })));
    expect(device({ from: until, until: 0xffffffff })).toBe('none');
    expect(device({ from: from - 1 })).toBe('chain');
    expect(device({ from: until + 1 })).toBe('chain');
  });
});

describe('the form of a purse certificate', () => {
  const purse = (part: Partial<c.Purse>) =>
    faultOf(() => verifyPurse(trust, bank, w.who.bank.sign(c.purse, { ...w.payee.value, ...part })));
  const { point } = w.some;
  const pinned = { payee: none, budget: 5 };
  const naming = (count: number) => ({
    key: point(),
    points: w.some.many(count, point),
    identity: w.some.bytes(48),
  });

  test('it has exactly one form of budget: all eight combinations', () => {
    for (const commitments of [[], [point()]])
      for (const pin of [null, pinned])
        for (const oneShow of [null, 0]) {
          const forms = [commitments.length > 0, pin, oneShow === 0].filter(Boolean).length;
          expect(purse({ commitments, pinned: pin, oneShow })).toBe(forms === 1 ? 'none' : 'chain');
        }
  });

  test('only a committed budget can be spent again; a channel names nobody; a one-show purse has one slot', () => {
    expect(purse({ respend: true })).toBe('none');
    expect(purse({ commitments: [], pinned, respend: true })).toBe('chain');
    expect(purse({ commitments: [], oneShow: 3, respend: true })).toBe('chain');
    expect(purse({ naming: naming(16) })).toBe('none');
    expect(purse({ commitments: [], pinned, naming: naming(1) })).toBe('chain');
    expect(purse({ commitments: [], oneShow: 3, naming: naming(1) })).toBe('none');
    expect(purse({ commitments: [], oneShow: 3, naming: naming(2) })).toBe('chain');
  });

  test('none of its points is the identity', () => {
    const { escrow } = w.payee.value;
    for (const part of [
      { commitments: [none] },
      { commitments: [point(), none] },
      { escrow: { ...escrow, ephemeral: none } },
      { escrow: { ...escrow, sealed: none } },
      { revocation: none },
      { naming: { ...naming(2), key: none } },
      { naming: { ...naming(2), points: [point(), none] } },
    ])
      expect(purse(part)).toBe('point');
  });
});
