/** Each check of evidence alone. Evidence asks for signatures, not for range proofs: claims are made up and signed. */
import { describe, expect, test } from 'vitest';
import { sign } from '#circuits/message/cose.ts';
import { encode } from '#circuits/message/message.ts';
import { type Claim, claim as claimShape } from '#circuits/message/payment.ts';
import {
  type Close,
  close as closeShape,
  type Evidence,
  evidence as evidenceShape,
  guilt,
} from '#circuits/message/sync.ts';
import { findGuilt, verifyEvidence } from '#circuits/proof/guilt.ts';
import { advance } from '#circuits/proof/history.ts';
import { commitmentBlindings, purseSecret, untouched } from '#circuits/proof/purse.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { suite1 as suite } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { openWorld } from './world.ts';

const world = openWorld({ seed: 'guilt checks', terms: { lanes: 2 }, grant: { budget: [9_000, 10_000] } });
const { payer, till, economy, entropy, tier } = world;
const { trust, intermediary } = economy;
const id = new Uint8Array(32);
const secret = purseSecret(suite, payer.seed);

function claim(change: Partial<Claim> = {}, key = secret) {
  const value: Claim = {
    ...{
      suite: 1,
      certificate: payer.certificate.id,
      ordinal: 0,
      slots: 1,
      amount: 100,
      payee: id,
      request: id,
    },
    ...{ previous: id, before: id, delta: encodeScalar(5n), theta: 500, proof: id },
    ...change,
  };
  return sign(suite, claimShape, value, { secret: key, noise: entropy(32) });
}

function closing(change: Partial<Close> = {}, key = secret) {
  const value: Close = {
    ...{
      suite: 1,
      purse: payer.certificate.id,
      slots: 0b1110,
      opening: { spent: 0, blinding: encodeScalar(0n) },
    },
    ...{ requests: new Uint8Array(0), floor: 0, nextKey: id, nonce: new Uint8Array(16) },
    ...change,
  };
  return sign(suite, closeShape, value, { secret: key, noise: entropy(32) });
}

/** The verdict on evidence of this kind, or the fault for which it shows nothing. */
function verdict(kind: keyof typeof guilt, claims: ReturnType<typeof claim>[], more: Partial<Evidence> = {}) {
  const value: Evidence = {
    ...{ suite: 1, guilt: guilt[kind], intermediary: intermediary.bytes, purse: payer.certificate.bytes },
    ...{ claims: claims.map(({ bytes }) => bytes), close: null, overspent: null },
    ...more,
  };
  const fault = faultOf(() => verifyEvidence(trust, encode(evidenceShape, value)));
  return fault === 'none' ? 'guilty' : fault;
}

describe('reuse', () => {
  const first = claim({ ordinal: 0, slots: 0b01 });

  test('is a common slot or a common ordinal, each enough', () => {
    expect(verdict('reuse', [first, claim({ ordinal: 1, slots: 0b11 })])).toBe('guilty');
    expect(verdict('reuse', [first, claim({ ordinal: 0, slots: 0b10 })])).toBe('guilty');
    expect(verdict('reuse', [first, claim({ ordinal: 1, slots: 0b10 })])).toBe('evidence');
  });

  test('takes two claims, not one twice, both of this purse and signed by it', () => {
    const second = claim({ amount: 7 });
    expect(verdict('reuse', [first, second])).toBe('guilty');
    expect(verdict('reuse', [first])).toBe('evidence');
    expect(verdict('reuse', [first, second, claim({ amount: 8 })])).toBe('evidence');
    expect(verdict('reuse', [first, first])).toBe('evidence');
    expect(verdict('reuse', [first, claim({ certificate: till.certificate.id })])).toBe('evidence');
    expect(verdict('reuse', [first, claim({ amount: 7 }, purseSecret(suite, till.seed))])).toBe('signature');
  });

  test('of one suite is no evidence of another', () => {
    expect(verdict('reuse', [first, claim({ amount: 7 })], { suite: 2 })).toBe('suite');
  });
});

describe('a fork', () => {
  const first = claim({ ordinal: 0 });
  const { before, previous } = advance(suite, untouched, first);
  const next = (change: Partial<Claim>) => claim({ ordinal: 1, slots: 2, before, previous, ...change });

  test('is a next claim of another commitment or of another claim before it, each enough', () => {
    expect(verdict('fork', [first, next({})])).toBe('evidence');
    expect(verdict('fork', [first, next({ previous: id })])).toBe('guilty');
    expect(verdict('fork', [first, next({ before: suite.group.encode(suite.group.base) })])).toBe('guilty');
  });

  test('is no gap between ordinals', () => {
    expect(verdict('fork', [first, next({ previous: id, ordinal: 2 })])).toBe('evidence');
    expect(verdict('fork', [next({ previous: id }), first])).toBe('evidence');
  });

  test('is found in a file whatever the order of its claims', () => {
    const file = { trust, intermediary, purse: payer.certificate };
    for (const claims of [
      [first, next({ previous: id })],
      [next({ previous: id }), first],
    ])
      expect(findGuilt({ ...file, claims }).map(found => found.guilt)).toEqual([guilt.fork]);
    expect(findGuilt({ ...file, claims: [next({}), first] })).toEqual([]);
  });
});

describe('a hidden claim', () => {
  const spent = claim({ slots: 0b0001 });
  const by = (close: ReturnType<typeof closing>) => verdict('hidden', [spent], { close: close.bytes });

  test('has a slot that the close of its purse calls unused', () => {
    expect(by(closing())).toBe('guilty');
    expect(by(closing({ slots: 0b1111 }))).toBe('evidence');
  });

  test('is none under a stale close, the close of another purse, or one that the purse did not sign', () => {
    expect(by(closing({ opening: null }))).toBe('evidence');
    expect(by(closing({ purse: till.certificate.id }))).toBe('evidence');
    expect(by(closing({}, purseSecret(suite, till.seed)))).toBe('signature');
  });

  test('takes one claim and a close', () => {
    expect(verdict('hidden', [spent])).toBe('evidence');
    expect(verdict('hidden', [spent, claim({ amount: 7 })], { close: closing().bytes })).toBe('evidence');
  });
});

describe('overspending', () => {
  const [first, second] = commitmentBlindings(suite, payer.seed);
  const opened = (amount: number, blinding = first) => ({
    overspent: { tier: tier.bytes, amount, blinding: encodeScalar(blinding) },
  });
  const sum = (...amounts: number[]) => amounts.map((amount, ordinal) => claim({ ordinal, amount }));

  test('begins one unit above the opened lane, whichever lane it is', () => {
    expect(verdict('overspent', sum(4_000, 5_000), opened(9_000))).toBe('evidence');
    expect(verdict('overspent', sum(4_000, 5_001), opened(9_000))).toBe('guilty');
    expect(verdict('overspent', sum(5_000, 5_000), opened(10_000, second))).toBe('evidence');
    expect(verdict('overspent', sum(5_000, 5_001), opened(10_000, second))).toBe('guilty');
  });

  test('takes the M of this purse, under its own tier', () => {
    const claims = sum(8_000, 8_000);
    expect(verdict('overspent', claims)).toBe('evidence');
    expect(verdict('overspent', claims, opened(8_999))).toBe('evidence');
    expect(verdict('overspent', claims, opened(9_000, second))).toBe('evidence');
    const other = economy.publish({ ...tier.value, name: 'other' });
    const { overspent } = opened(9_000);
    expect(verdict('overspent', claims, { overspent: { ...overspent, tier: other.bytes } })).toBe('evidence');
  });
});
