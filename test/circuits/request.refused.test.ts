/** What a payer refuses before it commits to anything. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { sign } from '#circuits/message/cose.ts';
import { type Request, request as requestShape } from '#circuits/message/payment.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { type Asked, verifyRequest } from '#circuits/proof/request.ts';
import { openWorld, request } from './world.ts';

const world = openWorld();
const { economy, till, tier, entropy } = world;
const honest = request(world, 300);
const asked: Asked = {
  trust: economy.trust,
  intermediary: economy.intermediary,
  tier: tier.value,
  epoch: 101,
  session: honest.value.session,
};

function outcome(change: Partial<Asked>, certificate = till.certificate.bytes, bytes = honest.bytes): string {
  try {
    verifyRequest({ ...asked, ...change }, certificate, bytes);
    return 'accepted';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

function signed(change: Partial<Request>, secret = purseSecret(till.suite, till.seed)): Uint8Array {
  const value = { ...honest.value, ...change };
  return sign(till.suite, requestShape, value, { secret, noise: entropy(32) }).bytes;
}
const changed = (change: Partial<Request>, secret?: Uint8Array) =>
  outcome({}, till.certificate.bytes, signed(change, secret));

test('an honest request is taken', () => {
  expect(outcome({})).toBe('accepted');
  expect(changed({})).toBe('accepted');
});

describe('[B5 core] who asks is certified', () => {
  const other = openWorld({ seed: 'other' });

  test('a payee under another bank or root is refused', () => {
    expect(outcome({}, other.till.certificate.bytes)).toBe('chain');
    expect(outcome({ intermediary: other.economy.intermediary })).toBe('chain');
  });

  test('a payee whose time is over, or has not begun, is refused', () => {
    expect(outcome({ epoch: 130 })).toBe('accepted');
    expect(outcome({ epoch: 131 })).toBe('expired');
    expect(outcome({ epoch: 85 })).toBe('early');
  });

  test('a certificate of another role is refused', () => {
    expect(outcome({}, economy.intermediary.bytes)).toBe('kind');
    expect(outcome({}, world.device.certificate.bytes)).toBe('kind');
  });

  test('a request that the payee did not sign is refused', () => {
    expect(changed({}, entropy(32))).toBe('signature');
    expect(changed({ payee: world.payer.certificate.id })).toBe('request');
  });
});

test('[B4 core] a request of another session is refused, whoever replays it', () => {
  expect(outcome({ session: entropy(32) })).toBe('request');
  expect(changed({ session: entropy(32) })).toBe('request');
});

test('[B13] price, units and amount are bound: they agree, and no signature covers others', () => {
  expect(changed({ price: 100, units: 3, amount: 300 })).toBe('accepted');
  expect(changed({ price: 100, units: 2 })).toBe('request');
  expect(changed({ units: 0xffffffff, price: 0xffffffff })).toBe('overflow');
  for (const index of honest.payload.keys()) {
    const bytes = honest.bytes.slice();
    bytes[bytes.length - 66 - honest.payload.length + index]! ^= 1;
    expect(outcome({}, till.certificate.bytes, bytes), `byte ${index}`).not.toBe('accepted');
  }
});

test('a request for another version, suite, or a challenge without a number, is not paid', () => {
  expect(changed({ number: null })).toBe('request');
  expect(changed({ versions: [2] })).toBe('version');
  expect(changed({ suites: [2] })).toBe('suite');
  expect(changed({ identity: 2 })).toBe('tier');
});
