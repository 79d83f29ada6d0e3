/** An attacker who holds the purse key signs again after each change: refused, or harmless as SPEC.md 12.1 lists. */
import { expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import {
  type Claim,
  claim as claimShape,
  type Payment,
  payment as paymentShape,
} from '#circuits/message/payment.ts';
import { pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { proofHash, proveIdle, purseSecret } from '#circuits/proof/purse.ts';
import { openWorld, request } from './world.ts';

const world = openWorld();
const { suite } = world.payer;
const first = pay(world.payer, request(world, 700), world.entropy);
const asked = request(world, 450);
/** The second payment of the purse, so that `before` and `previous` are at work. */
const second = pay(first.payer, asked, world.entropy);
const honest = parse(paymentShape, second.payment);

function outcome(bytes: Uint8Array): string {
  try {
    verifyPayment(world.payee, asked, bytes);
    return 'accepted';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

function resigned(change: Partial<Claim>, beside: Partial<Payment> = {}): string {
  const value = { ...second.claim.value, ...change };
  const secret = purseSecret(suite, first.payer.seed);
  const claim = sign(suite, claimShape, value, { secret, noise: world.entropy(32) });
  return outcome(encode(paymentShape, { ...honest, claim: claim.bytes, ...beside }));
}

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const copy = bytes.slice();
  copy[index]! ^= 1 << (index % 8);
  return copy;
}

/** The outcomes of a claim signed again with each byte of one field changed. */
function outcomes(field: keyof Claim): Set<string> {
  const value = second.claim.value[field] as Uint8Array;
  return new Set([...value.keys()].map(index => resigned({ [field]: flipped(value, index) })));
}

test('the honest payment is accepted, and so is one that was only signed again', () => {
  expect(outcome(second.payment)).toBe('accepted');
  expect(resigned({})).toBe('accepted');
});

test('a claim without a new signature is refused whatever byte of it changes', () => {
  for (const index of honest.claim.keys()) {
    const bytes = encode(paymentShape, { ...honest, claim: flipped(honest.claim, index) });
    expect(outcome(bytes), `byte ${index}`).not.toBe('accepted');
  }
});

test('certificate, payee, request and proof hash are bound: every byte changed and signed again is refused', () => {
  expect(outcomes('certificate')).toEqual(new Set(['chain']));
  expect(outcomes('payee')).toEqual(new Set(['request']));
  expect(outcomes('request')).toEqual(new Set(['request']));
  expect(outcomes('proof')).toEqual(new Set(['proof']));
});

test('the commitment before is bound: every byte changed and signed again is refused', () => {
  const seen = outcomes('before');
  expect([...seen].filter(name => name !== 'point' && name !== 'proof')).toEqual([]);
});

test('only a false previous id, and another delta, pass: SPEC.md 12.1 says why they are harmless', () => {
  expect(outcomes('previous')).toEqual(new Set(['accepted']));
  expect([...outcomes('delta')].filter(name => name !== 'accepted' && name !== 'scalar')).toEqual([]);
  expect(outcomes('delta').has('accepted')).toBe(true);
});

test('numbers are bound: ordinal, theta and amount signed again are refused, slots only within their caps', () => {
  const { amount, theta } = second.claim.value;
  for (const ordinal of [0, 2, 3]) expect(resigned({ ordinal })).not.toBe('accepted');
  expect(resigned({ ordinal: 4 })).toBe('history');
  expect(resigned({ amount: amount + 1 })).toBe('request');
  for (const other of [theta - 1, theta + 1, 0xffffffff]) expect(resigned({ theta: other })).toBe('proof');
  expect(resigned({ theta: amount - 1 })).toBe('amount');
  expect(resigned({ slots: 0 })).toBe('slots');
  expect(resigned({ slots: 0b10000 })).toBe('slots');
  expect(resigned({ slots: 0b1000 })).toBe('accepted');
});

test('what the holder of the seed may prove anew is harmless: theta, ordinal, blindings', () => {
  const { theta } = second.claim.value;
  const again = (position: Partial<typeof first.payer.position>, other: number, seed = first.payer.seed) => {
    const at = { ...first.payer.position, ...position };
    const proof = proveIdle(first.payer, { ...first.payer, seed }, at, other);
    return resigned({ ordinal: at.ordinal, theta: other, proof: proofHash(suite, proof) }, { proof });
  };
  expect(theta).toBe(5_000);
  expect(again({}, 2_000)).toBe('accepted');
  expect(again({ ordinal: 2 }, 5_000)).toBe('accepted');
  expect(again({ ordinal: 0 }, 5_000)).toBe('history');
});

test('every byte of the range proof, changed and covered by a new signature, is refused', () => {
  for (const index of honest.proof.keys()) {
    const proof = flipped(honest.proof, index);
    const name = resigned({ proof: proofHash(suite, proof) }, { proof });
    expect(['proof', 'point', 'scalar'], `byte ${index}`).toContain(name);
  }
});

test('every byte of the certificate is bound by its issuer', () => {
  for (const index of honest.certificate!.keys()) {
    const bytes = encode(paymentShape, { ...honest, certificate: flipped(honest.certificate!, index) });
    expect(outcome(bytes), `byte ${index}`).not.toBe('accepted');
  }
});

test('a payment brings nothing that nobody asked for', () => {
  expect(resigned({}, { naming: [world.entropy(32)] })).toBe('naming');
  expect(resigned({}, { standing: { gap: world.entropy(64), proof: world.entropy(576) } })).toBe('revoked');
  expect(resigned({}, { proof: honest.proof.slice(32) })).toBe('proof');
  expect(resigned({}, { proof: new Uint8Array(0) })).toBe('proof');
  expect(resigned({}, { certificate: null })).toBe('chain');
});
