/** Each limit of a payment at its last good and first bad value, signed by the holder of the key. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import {
  type Claim,
  claim as claimShape,
  payment as paymentShape,
  type Request,
  request as requestShape,
} from '#circuits/message/payment.ts';
import type { Sale } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import { checkLimits, type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { openWorld, request } from './world.ts';

const world = openWorld();
const { suite } = world.payer;
const certificate = world.payer.certificate.value;
const tier = world.tier.value;
const honest = pay(world.payer, request(world, 300), world.entropy).claim.value;

function faultOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

const limits = (change: Partial<Claim>, terms = {}, purse = {}) =>
  faultOf(() => checkLimits({ ...honest, ...change }, { ...certificate, ...purse }, { ...tier, ...terms }));

describe('limits', () => {
  test('the amount is within the tier and within theta', () => {
    expect(limits({ amount: 300 }, { minimum: 300, maximum: 300 })).toBe('accepted');
    expect(limits({ amount: 300 }, { minimum: 301 })).toBe('amount');
    expect(limits({ amount: 300 }, { maximum: 299 })).toBe('amount');
    expect(limits({ amount: 300, theta: 300 })).toBe('accepted');
    expect(limits({ amount: 300, theta: 299 })).toBe('amount');
  });

  test('the slots exist and their caps hold the amount', () => {
    expect(limits({ amount: 1_000, slots: 0b0001 })).toBe('accepted');
    expect(limits({ amount: 1_001, slots: 0b0001 })).toBe('slots');
    expect(limits({ amount: 3_000, slots: 0b0011 })).toBe('accepted');
    expect(limits({ amount: 3_001, slots: 0b0011 })).toBe('slots');
    for (const slots of [0, 0b10001, 0x80000001]) expect(limits({ slots })).toBe('slots');
  });

  test('a one-show certificate carries its one slot, once', () => {
    const oneShow = { oneShow: 1, commitments: [] };
    expect(limits({ slots: 0b0010 }, {}, oneShow)).toBe('accepted');
    expect(limits({ slots: 0b0110 }, {}, oneShow)).toBe('slots');
    expect(limits({ slots: 0b0100 }, {}, oneShow)).toBe('slots');
    const second = { ordinal: 1, before: world.entropy(32), previous: world.entropy(32) };
    expect(limits({ slots: 0b0010, ...second })).toBe('accepted');
    expect(limits({ slots: 0b0010, ...second }, {}, oneShow)).toBe('history');
  });

  test('only the first claim begins at nothing, and there are no more claims than slots', () => {
    const [before, previous] = [world.entropy(32), world.entropy(32)];
    expect(limits({ ordinal: 3, before, previous })).toBe('accepted');
    expect(limits({ ordinal: 4, before, previous })).toBe('history');
    expect(limits({ ordinal: 1, previous })).toBe('history');
    expect(limits({ ordinal: 1, before })).toBe('history');
    expect(limits({ ordinal: 0, before })).toBe('history');
    expect(limits({ ordinal: 0, previous })).toBe('history');
  });
});

describe('what the payee holds against it', () => {
  const tap = (change: Partial<Payee>, amount = 300, sale: Partial<Sale> = {}) => {
    const asked = request(world, amount, sale);
    const paid = pay(world.payer, asked, world.entropy);
    return faultOf(() => verifyPayment({ ...world.payee, ...change }, asked, paid.payment));
  };

  test('[B6 core] a purse on the list is refused; without a list small amounts pass', () => {
    expect(tap({ isListed: () => false })).toBe('accepted');
    expect(tap({ isListed: () => true })).toBe('revoked');
    const { isListed: _, ...blind } = world.payee;
    const blindTap = (amount: number) => {
      const asked = request(world, amount);
      return faultOf(() => verifyPayment(blind, asked, pay(world.payer, asked, world.entropy).payment));
    };
    expect(blindTap(1_000)).toBe('accepted');
    expect(blindTap(1_001)).toBe('amount');
  });

  test('[D14 core] the payee’s epoch is at most until, and from at most a gap ahead', () => {
    expect(tap({ epoch: 130 })).toBe('accepted');
    expect(tap({ epoch: 131 })).toBe('expired');
    expect(tap({ epoch: 86 })).toBe('accepted');
    expect(tap({ epoch: 85 })).toBe('early');
  });

  test('a tier below what the request takes is refused: no downgrade', () => {
    expect(tap({}, 300, { identity: 1 })).toBe('accepted');
    expect(tap({}, 300, { identity: 2 })).toBe('tier');
    expect(tap({}, 300, { assurance: 1 })).toBe('tier');
  });

  test('another tier, another bank and another root are refused', () => {
    const other = openWorld({ seed: 'other' });
    const cheap = world.economy.publish({ ...tier, name: 'cheap' });
    expect(tap({ tier: cheap })).toBe('tier');
    expect(tap({ tier: other.tier })).toBe('tier');
    expect(tap({ intermediary: other.economy.intermediary })).toBe('chain');
  });
});

describe('the request that a claim answers', () => {
  const ask = (change: Partial<Request>, secret = purseSecret(suite, world.till.seed)) => {
    const value = { ...request(world, 300).value, ...change };
    return sign(suite, requestShape, value, { secret, noise: world.entropy(32) });
  };
  const answered = (change: Partial<Request>) => {
    const asked = ask(change);
    return faultOf(() => verifyPayment(world.payee, asked, pay(world.payer, asked, world.entropy).payment));
  };

  test('price, units and amount agree', () => {
    expect(answered({ price: 100, units: 3 })).toBe('accepted');
    expect(answered({ price: 100, units: 2 })).toBe('request');
    expect(answered({ price: 0xffffffff, units: 3 })).toBe('overflow');
  });

  test('a challenge without a number, another payee, version or suite are answered by no payment', () => {
    expect(answered({ number: null })).toBe('request');
    expect(answered({ payee: world.payer.certificate.id })).toBe('request');
    expect(answered({ versions: [2] })).toBe('version');
    expect(answered({ suites: [2] })).toBe('suite');
  });

  test('nobody can make a payee take what it never asked for: a request comes back under its own key only', () => {
    const older = ask({});
    const forged = ask({}, world.entropy(32));
    const bring = (brought: typeof older) => {
      const message = parse(paymentShape, pay(world.payer, brought, world.entropy).payment);
      const bytes = encode(paymentShape, { ...message, request: brought.bytes });
      return faultOf(() => verifyPayment(world.payee, request(world, 1), bytes));
    };
    expect(bring(older)).toBe('accepted');
    expect(bring(forged)).toBe('signature');
  });

  test('a claim under another key is refused', () => {
    const asked = request(world, 300);
    const { claim, payment } = pay(world.payer, asked, world.entropy);
    const forged = sign(suite, claimShape, claim.value, {
      secret: world.entropy(32),
      noise: world.entropy(32),
    });
    const bytes = encode(paymentShape, { ...parse(paymentShape, payment), claim: forged.bytes });
    expect(faultOf(() => verifyPayment(world.payee, asked, bytes))).toBe('signature');
  });
});
