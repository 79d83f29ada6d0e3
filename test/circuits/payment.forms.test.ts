/** Every form of a payment is accepted when it is honest, in both suites, and carries no balance. */
import { describe, expect, test } from 'vitest';
import { toHex, u32 } from '#circuits/bytes.ts';
import { Fault } from '#circuits/fault.ts';
import { open, sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { payment as paymentShape, receipt as receiptShape } from '#circuits/message/payment.ts';
import { gap as gapShape } from '#circuits/message/sync.ts';
import { nameCulprit } from '#circuits/proof/naming.ts';
import { acknowledge } from '#circuits/proof/payee.ts';
import { type Payer, pay, redeliver } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { openWorld, request, type Setting, type World } from './world.ts';

/** Pays these amounts in turn, each verified, and returns the payer after them. */
function payAll(world: World, amounts: readonly number[], payer: Payer = world.payer): Payer {
  let current = payer;
  for (const amount of amounts) {
    const asked = request(world, amount);
    const paid = pay(current, asked, world.entropy);
    const accepted = verifyPayment(world.payee, asked, paid.payment);
    expect(accepted.claim.value.amount).toBe(amount);
    current = paid.payer;
  }
  return current;
}

const wide = { bits: 32, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] };
const forms: Record<string, Setting> = {
  '1 lane of 16 bits': {},
  '1 lane of 32 bits': { terms: wide },
  '2 lanes of 16 bits': { terms: { lanes: 2 }, grant: { budget: [10_000, 12_000] } },
  '2 lanes of 32 bits': { terms: { ...wide, lanes: 2 }, grant: { budget: [10_000, 12_000] } },
  respend: { terms: { respendMax: 5_000, phiPercent: 150 } },
  named: { terms: { named: true } },
};

describe.each([suite1, suite2])('suite %$', suite => {
  test.each(Object.entries(forms))(`[G8 core] pays its slots out: %s`, (_, setting) => {
    const world = openWorld({ suite, ...setting });
    const rest = payAll(world, [1, 999, 2_000, 4_000]);
    expect(rest.position.spent).toBe(7_000);
  });
});

test('a message of one suite is refused under the other', () => {
  const world = openWorld();
  const asked = request(world, 5);
  const paid = pay(world.payer, asked, world.entropy);
  const trust = { ...world.economy.trust, suite: suite2 };
  expect(() => verifyPayment({ ...world.payee, trust }, asked, paid.payment)).toThrow('suite');
});

test('a one-show purse pays once, without a range proof', () => {
  const world = openWorld({ terms: { oneShow: true }, grant: { oneShow: 2 } });
  const after = payAll(world, [2_500]);
  expect(() => pay(after, request(world, 1), world.entropy)).toThrow('slots');
  expect(() => pay(world.payer, request(world, 3_001), world.entropy)).toThrow('slots');
});

test('[E1 core] what a payer holds, spent and has left stands nowhere on the wire', () => {
  const world = openWorld({ grant: { budget: [12_345] } });
  const payer = payAll(world, [1_234, 777]);
  const paid = pay(payer, request(world, 450), world.entropy);
  const wire = toHex(paid.payment);
  for (const number of [12_345, 2_011, 12_345 - 2_011, 2_461, 12_345 - 2_461])
    expect(wire.includes(toHex(u32(number))), `${number}`).toBe(false);
  // The positive control: what is meant to be public is found the same way.
  expect(wire.includes(toHex(u32(450)))).toBe(true);
});

test('[E1 core] two purses of different budgets and histories show the same fields but for blinded ones', () => {
  const [poor, rich] = [
    openWorld({ grant: { budget: [10_000] } }),
    openWorld({ grant: { budget: [14_000] } }),
  ];
  const visible = [poor, rich].map(world => {
    const payer = payAll(world, [world === poor ? 100 : 900]);
    const { claim, payment } = pay(payer, request(world, 450), world.entropy);
    const { ordinal, slots, amount, theta } = claim.value;
    return { ordinal, amount, theta, slots: slots > 0, bytes: payment.length };
  });
  expect(visible[0]).toEqual(visible[1]);
});

test('[E3 core] nothing above what is left, or above a cap, can be proven or paid', () => {
  const two = { classes: [{ budget: 3_000, caps: [1_000, 2_000] }] };
  const world = openWorld({ terms: two, grant: { budget: [3_000] } });
  const payer = payAll(world, [2_000]);
  expect(() => pay(payer, request(world, 1_001), world.entropy)).toThrow(
    new Fault('funds', 'less is left than the amount'),
  );
  expect(() => pay(world.payer, request(world, 3_001), world.entropy)).toThrow('funds');
  const one = { lanes: 2, classes: [{ budget: 1_500, caps: [1_500] }] };
  const capped = openWorld({ terms: one, grant: { budget: [10_000, 1_500] } });
  expect(() => pay(capped.payer, request(capped, 1_501), capped.entropy)).toThrow('funds');
  payAll(capped, [1_500]);
});

describe('[E4 core] standing in zero knowledge', () => {
  const world = openWorld({ terms: wide });
  const { dayKey, daySecret } = world.economy;
  const payee = { ...world.payee, gaps: { dayKey, epochMin: 100 } };
  const neighbours = (left: number, right: number, epoch = 101, secret = daySecret) => {
    const value = { suite: 1, issuer: dayKey.id, generation: 0, epoch, left, right };
    return sign(suite1, gapShape, value, { secret, noise: world.entropy(32) });
  };
  const tap = (gap?: ReturnType<typeof neighbours>) => {
    const asked = request(world, 20, { hidden: true });
    return verifyPayment(payee, asked, pay(world.payer, asked, world.entropy, gap).payment);
  };

  test('an identity between two revoked neighbours is shown without being named', () => {
    expect(tap(neighbours(6_999, 7_001)).claim.value.amount).toBe(20);
    expect(tap(neighbours(0, 0xffffffff)).claim.value.amount).toBe(20);
  });

  test('a listed identity cannot prove, on either side of any pair', () => {
    for (const [left, right] of [
      [7_000, 8_000],
      [6_000, 7_000],
      [7_001, 9_000],
      [1, 6_999],
    ] as const)
      expect(() => tap(neighbours(left, right))).toThrow('funds');
  });

  test('a pair that is stale, forged, or of another day key is refused; so is none', () => {
    expect(() => tap(neighbours(1, 9_999, 99))).toThrow('expired');
    expect(() => tap(neighbours(1, 9_999, 101, world.entropy(32)))).toThrow('signature');
    expect(() => tap()).toThrow('revoked');
  });

  test('a proof for one pair does not hold for another', () => {
    const asked = request(world, 20, { hidden: true });
    const [wideGap, narrow] = [neighbours(1, 9_999), neighbours(6_000, 8_000)];
    const shown = parse(paymentShape, pay(world.payer, asked, world.entropy, wideGap).payment);
    const swapped = { ...shown, standing: { gap: narrow.bytes, proof: shown.standing!.proof } };
    expect(() => verifyPayment(payee, asked, encode(paymentShape, swapped))).toThrow('proof');
  });
});

test('a named tier names who uses a slot twice, and nobody else', () => {
  const world = openWorld({ terms: { named: true } });
  const certificate = world.payer.certificate.value;
  const use = (payer: Payer, amount: number) => {
    const { claim, payment } = pay(payer, request(world, amount), world.entropy);
    return { claim, taus: parse(paymentShape, payment).naming };
  };
  const [one, other] = [use(world.payer, 900), use(world.payer, 901)];
  expect(nameCulprit(suite1, certificate, one, other)).toEqual(world.device.certificate.id);
  expect(() => nameCulprit(suite1, certificate, one, one)).toThrow('evidence');
});

test('a payment comes back in a later session with the request that it answers', () => {
  const world = openWorld();
  const older = request(world, 300);
  const paid = pay(world.payer, older, world.entropy);
  const current = request(world, 999);
  expect(() => verifyPayment(world.payee, current, paid.payment)).toThrow('request');
  const accepted = verifyPayment(world.payee, current, redeliver(paid.payment, older));
  expect(accepted.request.value.amount).toBe(300);
});

test('a payer that left its certificate with the payee need not bring it again', () => {
  const world = openWorld();
  const asked = request(world, 300);
  const message = parse(paymentShape, pay(world.payer, asked, world.entropy).payment);
  const bare = encode(paymentShape, { ...message, certificate: null });
  expect(() => verifyPayment(world.payee, asked, bare)).toThrow('chain');
  verifyPayment({ ...world.payee, known: world.payer.certificate }, asked, bare);
});

test('the receipt is signed by the payee and answers one claim', () => {
  const world = openWorld();
  const asked = request(world, 300);
  const paid = pay(world.payer, asked, world.entropy);
  const { claim, claimId } = verifyPayment(world.payee, asked, paid.payment);
  const receipt = acknowledge(world.till, claim, 0, world.entropy);
  expect(open(suite1, receiptShape, receipt.bytes).value.claim).toEqual(claimId);
});
