/** Each check of a payment alone: everything else holds, and is signed again by the holder of the purse key. */
import { describe, expect, test } from 'vitest';
import { purse as purseShape } from '#circuits/message/certificate.ts';
import { sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import {
  type Claim,
  claim as claimShape,
  type Payment,
  payment as paymentShape,
} from '#circuits/message/payment.ts';
import { pay } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { commitmentBlindings, idleStatement, proofHash, purseSecret } from '#circuits/proof/purse.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { randomnessCount } from '#circuits/proof/range.ts';
import { mod, reduceScalar } from '#circuits/proof/scalar.ts';
import { faultOf } from './refusal.ts';
import { openWorld, request, type Setting } from './world.ts';

const amount = 700;

/** One honest payment, and what comes of it where a part is changed. */
function tapped(setting: Setting = {}, sale: Parameters<typeof request>[2] = {}) {
  const world = openWorld({ seed: 'checks', ...setting });
  const { suite, seed, certificate } = world.payer;
  const asked = request(world, amount, sale);
  const paid = pay(world.payer, asked, world.entropy);
  const honest = parse(paymentShape, paid.payment);
  const outcome = (change: Partial<Payment> = {}, payee: Partial<Payee> = {}) =>
    faultOf(() =>
      verifyPayment({ ...world.payee, ...payee }, asked, encode(paymentShape, { ...honest, ...change })),
    );
  const resigned = (change: Partial<Claim>, beside: Partial<Payment> = {}, payee: Partial<Payee> = {}) => {
    const signer = { secret: purseSecret(suite, seed), noise: world.entropy(32) };
    const claim = sign(suite, claimShape, { ...paid.claim.value, ...change }, signer);
    return outcome({ claim: claim.bytes, ...beside }, payee);
  };
  return { world, suite, seed, certificate, honest, claim: paid.claim.value, outcome, resigned };
}

const plain = tapped();
const { world, suite } = plain;
const other = new Uint8Array(32).fill(9);

test('the honest payment is accepted', () => {
  expect(plain.outcome()).toBe('none');
  expect(plain.resigned({})).toBe('none');
});

describe('a payment is refused alone for', () => {
  test.each<[string, Partial<Claim>, string]>([
    ['another certificate', { certificate: other }, 'chain'],
    ['another request', { request: other }, 'request'],
    ['another payee', { payee: other }, 'request'],
    ['another amount', { amount: amount - 1 }, 'request'],
    ['an amount above theta', { theta: amount - 1 }, 'amount'],
    ['caps below the amount', { slots: 0 }, 'slots'],
    ['an ordinal beyond the slots', { ordinal: 4, before: other, previous: other }, 'history'],
  ])('%s', (_, change, fault) => {
    expect(plain.resigned(change)).toBe(fault);
  });

  test('another suite', () => {
    expect(plain.outcome({ suite: 2 })).toBe('suite');
  });

  test('a signature of another key', () => {
    const signer = { secret: other, noise: other };
    expect(plain.outcome({ claim: sign(suite, claimShape, plain.claim, signer).bytes })).toBe('signature');
  });

  test('a class that its tier does not have', () => {
    const signer = { secret: world.economy.intermediarySecret, noise: other };
    const { bytes } = sign(suite, purseShape, { ...plain.certificate.value, class: 2 }, signer);
    expect(plain.outcome({ certificate: bytes })).toBe('tier');
  });

  test('a purse that is pinned to one payee', () => {
    const pinned = { payee: world.till.certificate.id, budget: 5_000 };
    const grant = { tier: world.tier, from: 100, budget: [10_000], identity: 0, pinned };
    const { certificate } = world.economy.fund(world.device, grant);
    expect(plain.outcome({ certificate: certificate.bytes })).toBe('request');
  });

  test('a certificate that nobody knows', () => {
    expect(plain.outcome({ certificate: null })).toBe('chain');
    expect(plain.outcome({ certificate: null }, { known: plain.certificate })).toBe('none');
  });

  test('an epoch after its end, or too long before its beginning', () => {
    const { from, until } = plain.certificate.value;
    expect(plain.outcome({}, { epoch: until })).toBe('none');
    expect(plain.outcome({}, { epoch: until + 1 })).toBe('expired');
    expect(plain.outcome({}, { epoch: from - world.tier.value.gap })).toBe('none');
    expect(plain.outcome({}, { epoch: from - world.tier.value.gap - 1 })).toBe('early');
  });

  test('a revoked purse', () => {
    expect(plain.outcome({}, { isListed: () => true })).toBe('revoked');
  });
});

describe('the range proof', () => {
  test('is the one whose hash was signed, even where another holds as well', () => {
    const view = { suite, certificate: plain.certificate, tier: world.tier.value };
    const { parameters, statement } = idleStatement(view, plain.claim);
    const [blinding] = commitmentBlindings(suite, plain.seed);
    const count = randomnessCount(parameters.bits * parameters.lanes);
    const proof = proveRange(parameters, statement, {
      values: [BigInt(10_000 - plain.claim.theta)],
      blindings: [mod(blinding)],
      randomness: Array.from({ length: count }, () => reduceScalar(world.entropy(64))),
    });
    expect(plain.resigned({ proof: proofHash(suite, proof) }, { proof })).toBe('none');
    expect(plain.outcome({ proof })).toBe('proof');
  });

  test('holds, and is no other that was signed', () => {
    const proof = plain.honest.proof.slice();
    proof[0]! ^= 1;
    expect(plain.resigned({ proof: proofHash(suite, proof) }, { proof })).toBe('proof');
  });
});

describe('standing', () => {
  const standing = { gap: new Uint8Array(100), proof: new Uint8Array(576) };
  const hidden = tapped({}, { hidden: true });

  test('is shown where it was asked for, and only there', () => {
    expect(hidden.outcome()).toBe('revoked');
    expect(plain.outcome({ standing })).toBe('revoked');
  });

  test('in zero knowledge takes the place of the list, and needs a day key', () => {
    const limits = { ...world.tier.value, unlisted: 1 };
    const tier = { ...hidden.world.tier, value: limits };
    expect(hidden.outcome({ standing }, { isListed: undefined as never, tier })).toBe('revoked');
    expect(plain.outcome({}, { isListed: undefined as never, tier })).toBe('amount');
  });
});

describe('the answers of a named tier', () => {
  const named = tapped({ terms: { named: true } });

  test('hold for each slot', () => {
    expect(named.outcome()).toBe('none');
    expect(named.outcome({ naming: [] })).toBe('naming');
    expect(named.outcome({ naming: [...named.honest.naming, new Uint8Array(32)] })).toBe('naming');
    expect(named.outcome({ naming: named.honest.naming.map(() => new Uint8Array(32)) })).toBe('naming');
  });
});

test('a one-show payment has no range proof', () => {
  const single = tapped({ terms: { oneShow: true }, grant: { oneShow: 2 } });
  const proof = Uint8Array.of(1);
  expect(single.outcome()).toBe('none');
  expect(single.resigned({ proof: proofHash(single.suite, proof) }, { proof })).toBe('proof');
  expect(single.resigned({ slots: 0b1000 })).toBe('slots');
});
