/** Vouchers of a channel: the total rises by exactly price x units, and nothing is counted twice. */
import { expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { sign } from '#circuits/message/cose.ts';
import { type Voucher, voucher as voucherShape } from '#circuits/message/payment.ts';
import {
  acceptTick,
  acceptVoucher,
  type Channel,
  openChannel,
  streamedAmount,
  tickHash,
} from '#circuits/proof/channel.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { openWorld } from './world.ts';

const base = openWorld();
const payee = base.till.certificate.id;
const pinned = { payee, budget: 2_000 };
const purse = base.economy.fund(base.device, {
  tier: base.tier,
  from: 100,
  budget: [2_000],
  identity: 0,
  pinned,
});
const opened = openChannel(purse.certificate);

function voucher(change: Partial<Voucher> = {}, secret = purseSecret(suite1, purse.seed)) {
  const value = {
    suite: 1,
    certificate: purse.certificate.id,
    sequence: 1,
    units: 2,
    price: 150,
    total: 300,
    anchor: null,
    ...change,
  };
  return sign(suite1, voucherShape, value, { secret, noise: base.entropy(32) });
}

function outcome(channel: Channel, change: Partial<Voucher>, secret?: Uint8Array): string {
  try {
    acceptVoucher(suite1, channel, voucher(change, secret), payee);
    return 'accepted';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

const after = acceptVoucher(suite1, opened, voucher(), payee);

test('a hundred coffees are one running total', () => {
  let channel = opened;
  for (let cup = 1; cup <= 100; cup++) {
    const next = voucher({ sequence: cup, units: 1, price: 20, total: 20 * cup });
    channel = acceptVoucher(suite1, channel, next, payee);
  }
  expect(channel.latest?.value.total).toBe(2_000);
  expect(outcome(channel, { sequence: 101, units: 1, price: 1, total: 2_001 })).toBe('voucher');
});

test('a replayed, a lower, a skipped and an earlier voucher are refused', () => {
  expect(outcome(after, { sequence: 2, units: 1, price: 100, total: 400 })).toBe('accepted');
  expect(outcome(after, {})).toBe('voucher');
  expect(outcome(after, { sequence: 2, units: 0, price: 100, total: 200 })).toBe('voucher');
  expect(outcome(after, { sequence: 3, units: 1, price: 100, total: 400 })).toBe('voucher');
  expect(outcome(after, { sequence: 0, units: 1, price: 100, total: 400 })).toBe('voucher');
});

test('a price or units that the signature does not cover are refused', () => {
  expect(outcome(after, { sequence: 2, units: 1, price: 99, total: 400 })).toBe('voucher');
  expect(outcome(after, { sequence: 2, units: 1, price: 100, total: 400 }, base.entropy(32))).toBe(
    'signature',
  );
  expect(outcome(after, { sequence: 2, units: 65_537, price: 65_537, total: 400 })).toBe('overflow');
});

test('a voucher of an earlier opening counts nothing: the payee goes on from its latest', () => {
  expect(outcome(after, { sequence: 1, units: 5, price: 150, total: 750 })).toBe('voucher');
});

test('a voucher of another purse, or to another payee, is refused', () => {
  expect(
    outcome(after, { certificate: base.payer.certificate.id, sequence: 2, units: 1, price: 1, total: 301 }),
  ).toBe('voucher');
  const next = voucher({ sequence: 2, units: 1, price: 1, total: 301 });
  expect(() => acceptVoucher(suite1, after, next, base.payer.certificate.id)).toThrow('voucher');
  const unpinned = { ...after, certificate: base.payer.certificate };
  expect(() => acceptVoucher(suite1, unpinned, next, payee)).toThrow('voucher');
});

/** Preimages of a chain, the first tick's first, and its tip. */
function chainOf(ticks: number): { preimages: Uint8Array[]; tip: Uint8Array } {
  const values = [base.entropy(32)];
  for (let i = 0; i < ticks; i++) values.unshift(tickHash(suite1, values[0]!));
  return { preimages: values.slice(1), tip: values[0]! };
}

test('an anchor reserves its maximum, and what was streamed is in the next total', () => {
  const { preimages, tip } = chainOf(1_000);
  const anchor = { tip, ticks: 1_000, price: 1 };
  const idle = { sequence: 2, units: 0, price: 0, total: 300 };
  expect(outcome(after, { ...idle, anchor: { ...anchor, ticks: 1_701 } })).toBe('voucher');
  let channel = acceptVoucher(suite1, after, voucher({ ...idle, anchor }), payee);
  for (const tick of [1, 2, 3, 640]) channel = acceptTick(suite1, channel, tick, preimages[tick - 1]!);
  expect(streamedAmount(channel)).toBe(640);
  expect(outcome(channel, { sequence: 3, units: 639, price: 1, total: 939 })).toBe('voucher');
  expect(outcome(channel, { sequence: 3, units: 640, price: 1, total: 940 })).toBe('accepted');
});

test('a tick that is replayed, forged, beyond the anchor or without one is refused', () => {
  const { preimages, tip } = chainOf(3);
  const anchor = { tip, ticks: 2, price: 1 };
  const idle = voucher({ sequence: 2, units: 0, price: 0, total: 300, anchor });
  const channel = acceptTick(suite1, acceptVoucher(suite1, after, idle, payee), 1, preimages[0]!);
  expect(() => acceptTick(suite1, channel, 1, preimages[0]!)).toThrow('revealed before');
  expect(() => acceptTick(suite1, channel, 2, preimages[0]!)).toThrow('preimage');
  expect(() => acceptTick(suite1, channel, 3, preimages[2]!)).toThrow('reserves');
  expect(() => acceptTick(suite1, after, 1, preimages[0]!)).toThrow('reserves');
  expect(acceptTick(suite1, channel, 2, preimages[1]!).ticks).toBe(2);
});
