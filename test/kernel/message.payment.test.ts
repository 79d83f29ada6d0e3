/** The kernel checks payments as the TypeScript core does: the same verdict, fault by fault, for whatever a payer signs. */
import { describe, expect, test } from 'vitest';
import { faults } from '#circuits/fault.ts';
import { sign } from '#circuits/message/cose.ts';
import { encodeList, isListed, listSalt } from '#circuits/message/list.ts';
import { encode, parse } from '#circuits/message/message.ts';
import {
  type Claim,
  claim as claimShape,
  type Payment,
  payment as paymentShape,
  type Request,
  request as requestShape,
} from '#circuits/message/payment.ts';
import { beacon as beaconShape } from '#circuits/message/sync.ts';
import { pay, redeliver } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { proofHash, proveIdle, purseSecret } from '#circuits/proof/purse.ts';
import { Dice, mutateBytes, Tree } from '../circuits/fuzz.mutate.ts';
import { seedOf } from '../circuits/sample.ts';
import { openWorld, request } from '../circuits/world.ts';
import { agreedCode, codeOf, host } from './till.ts';

const world = openWorld({ seed: 'kernel payments' });
const { suite } = world.payer;
const first = pay(world.payer, request(world, 700), world.entropy);
const asked = request(world, 450);
const second = pay(first.payer, asked, world.entropy);
const honest = parse(paymentShape, second.payment);
const dice = new Dice(seedOf('kernel payments', 'kernel payments'));
const { code: accepted } = { code: 0 };

function resigned(change: Partial<Claim>, beside: Partial<Payment> = {}): number {
  const value = { ...second.claim.value, ...change };
  const secret = purseSecret(suite, first.payer.seed);
  const claim = sign(suite, claimShape, value, { secret, noise: world.entropy(32) });
  return agreedCode(world.payee, asked, encode(paymentShape, { ...honest, claim: claim.bytes, ...beside }));
}

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const copy = bytes.slice();
  copy[index]! ^= 1 << (index % 8);
  return copy;
}

describe('what a payment says', () => {
  test('an honest payment is accepted, and the kernel names its claim and where its parts lie', () => {
    const { code, claimId, result } = host.check(world.payee, asked, second.payment);
    const core = verifyPayment(world.payee, asked, second.payment);
    expect(code).toBe(accepted);
    expect(claimId).toEqual(core.claimId);
    const part = (i: number) => second.payment.slice(result[2 * i], result[2 * i]! + result[2 * i + 1]!);
    expect(part(0)).toEqual(honest.certificate);
    expect(result.slice(2, 4)).toEqual([0, 0]);
    expect(part(2)).toEqual(honest.claim);
    expect([7, 9, 11].map(i => result[i])).toEqual([1, second.claim.value.slots, 450]);
  });

  test('each field of the claim, changed and signed again, gets the same verdict', () => {
    const seen = new Set<number>();
    for (const field of ['certificate', 'payee', 'request', 'previous', 'before', 'delta', 'proof'] as const)
      for (let index = 0; index < 32; index += 5)
        seen.add(resigned({ [field]: flipped(second.claim.value[field], index) }));
    const { amount, theta } = second.claim.value;
    for (const ordinal of [0, 2, 3, 4, 0xffffffff]) seen.add(resigned({ ordinal }));
    for (const other of [theta - 1, theta + 1, 0xffffffff, amount - 1]) seen.add(resigned({ theta: other }));
    for (const slots of [0, 1, 0b1000, 0b10000, 0x80000000, 0xffffffff]) seen.add(resigned({ slots }));
    for (const other of [0, amount + 1, 0xffffffff]) seen.add(resigned({ amount: other }));
    for (const name of ['chain', 'request', 'point', 'proof', 'amount', 'slots', 'history'] as const)
      expect(seen, name).toContain(faults[name].code);
    expect(seen).toContain(accepted);
  });

  test('what the holder of the seed proves anew gets the same verdict', () => {
    const again = (position: Partial<typeof first.payer.position>, theta: number) => {
      const at = { ...first.payer.position, ...position };
      const proof = proveIdle(first.payer, first.payer, at, theta);
      return resigned({ ordinal: at.ordinal, theta, proof: proofHash(suite, proof) }, { proof });
    };
    expect(again({}, 2_000)).toBe(accepted);
    expect(again({ ordinal: 2 }, 5_000)).toBe(accepted);
    expect(again({ ordinal: 0 }, 5_000)).toBe(faults.history.code);
  });

  test('a changed proof, covered by a new signature, gets the same verdict', () => {
    const seen = new Set<number>();
    for (let index = 0; index < honest.proof.length; index += 29) {
      const proof = flipped(honest.proof, index);
      seen.add(resigned({ proof: proofHash(suite, proof) }, { proof }));
    }
    for (const proof of [honest.proof.slice(32), new Uint8Array(0), world.entropy(576)])
      seen.add(resigned({ proof: proofHash(suite, proof) }, { proof }));
    for (const name of ['proof', 'point', 'size'] as const) expect(seen, name).toContain(faults[name].code);
    expect(seen).not.toContain(accepted);
  });

  test('what nobody asked for gets the same verdict', () => {
    expect(resigned({}, { naming: [world.entropy(32)] })).toBe(faults.naming.code);
    const standing = { gap: world.entropy(64), proof: world.entropy(576) };
    expect(resigned({}, { standing })).toBe(faults.revoked.code);
    expect(resigned({}, { certificate: null })).toBe(faults.chain.code);
  });
});

describe('bytes', () => {
  test('claims and certificates with a changed byte get the same verdict', () => {
    for (let index = 0; index < honest.claim.length; index += 7)
      agreedCode(
        world.payee,
        asked,
        encode(paymentShape, { ...honest, claim: flipped(honest.claim, index) }),
      );
    for (let index = 0; index < honest.certificate!.length; index += 7) {
      const certificate = flipped(honest.certificate!, index);
      agreedCode(world.payee, asked, encode(paymentShape, { ...honest, certificate }));
    }
  });

  test('mutated payments get the same verdict', () => {
    const tree = new Tree(second.payment);
    const other = redeliver(first.payment, asked);
    const seen = new Map<number, number>();
    for (let i = 0; i < 1_500; i++) {
      const bytes =
        dice.below(2) === 0
          ? mutateBytes(dice, second.payment, other)
          : tree.mutant(dice, dice.below(2) === 0 ? tree : new Tree(other));
      const code = agreedCode(world.payee, asked, bytes);
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }
    console.log('mutated payments:', JSON.stringify([...seen]));
  });
});

describe('what the payee knows', () => {
  const tap = (change: Partial<Payee>, bytes = second.payment) =>
    agreedCode({ ...world.payee, ...change }, asked, bytes);

  test('epochs, tiers, intermediaries and known certificates', () => {
    for (const epoch of [85, 86, 130, 131]) tap({ epoch });
    const cheap = world.economy.publish({ ...world.tier.value, name: 'cheap' });
    expect(tap({ tier: cheap })).toBe(faults.tier.code);
    const other = openWorld({ seed: 'other' });
    expect(tap({ intermediary: other.economy.intermediary })).toBe(faults.chain.code);
    const without = encode(paymentShape, { ...honest, certificate: null });
    expect(tap({ known: world.payer.certificate }, without)).toBe(accepted);
    expect(tap({ known: world.till.certificate }, without)).toBe(faults.chain.code);
  });

  test('a purse on the list is refused; without a list small amounts pass', () => {
    const { isListed: _, ...blind } = world.payee;
    const { dayKey, daySecret } = world.economy;
    const header = { issuer: dayKey.id, generation: 0, epoch: 101, time: 7, shard: 1 };
    const salt = listSalt(header);
    const seen = new Set<number>();
    for (const ids of [[], [world.payer.certificate.id], [world.till.certificate.id, asked.value.session]]) {
      const full = encodeList(suite, salt, ids);
      for (const list of [full, Uint8Array.of(...full, 0), full.slice(0, -1)]) {
        const value = { ...header, suite: suite.id, policy: 0, auditors: dayKey.id, list };
        const { bytes } = sign(suite, beaconShape, value, { secret: daySecret, noise: world.entropy(32) });
        const payee = { ...world.payee, isListed: (id: Uint8Array) => isListed(suite, value, id) };
        const code = codeOf(() => verifyPayment(payee, asked, second.payment));
        expect(host.check(payee, asked, second.payment, bytes).code).toBe(code);
        seen.add(code);
      }
    }
    expect(seen).toEqual(new Set([accepted, faults.revoked.code, faults.encoding.code]));
    expect(agreedCode(blind, asked, second.payment)).toBe(accepted);
    const large = request(world, 1_001);
    const paid = pay(world.payer, large, world.entropy).payment;
    expect(agreedCode(blind, large, paid)).toBe(faults.amount.code);
  });
});

describe('the request that a claim answers', () => {
  const ask = (change: Partial<Request>, secret = purseSecret(suite, world.till.seed)) => {
    const value = { ...request(world, 300).value, ...change };
    return sign(suite, requestShape, value, { secret, noise: world.entropy(32) });
  };
  const answered = (change: Partial<Request>) => {
    const own = ask(change);
    return agreedCode(world.payee, own, pay(world.payer, own, world.entropy).payment);
  };

  test('its price, number, payee, versions, suites and levels', () => {
    expect(answered({ price: 100, units: 3 })).toBe(accepted);
    expect(answered({ price: 100, units: 2 })).toBe(faults.request.code);
    expect(answered({ price: 0xffffffff, units: 3 })).toBe(faults.overflow.code);
    expect(answered({ number: null })).toBe(faults.request.code);
    expect(answered({ payee: world.payer.certificate.id })).toBe(faults.request.code);
    expect(answered({ versions: [2] })).toBe(faults.version.code);
    expect(answered({ suites: [2, 3] })).toBe(faults.suite.code);
    expect(answered({ identity: 2 })).toBe(faults.tier.code);
    expect(answered({ assurance: 1 })).toBe(faults.tier.code);
    expect(answered({ hidden: true })).toBe(faults.revoked.code);
  });

  test('an older one comes back under the payee’s own key only', () => {
    for (const secret of [purseSecret(suite, world.till.seed), world.entropy(32)]) {
      const older = ask({}, secret);
      const bytes = redeliver(pay(world.payer, older, world.entropy).payment, older);
      agreedCode(world.payee, request(world, 1), bytes);
    }
  });
});

test('the comparison can fail: a payee that stands elsewhere sees another verdict', () => {
  const late = { ...world.payee, epoch: 131 };
  expect(host.check(late, asked, second.payment).code).not.toBe(
    host.check(world.payee, asked, second.payment).code,
  );
});
