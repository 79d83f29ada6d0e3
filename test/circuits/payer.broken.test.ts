/** A fully broken payer: what it can make, where it is stopped, and what convicts it. */
import { expect, test } from 'vitest';
import { encode } from '#circuits/message/message.ts';
import { evidence as evidenceShape, guilt } from '#circuits/message/sync.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { findGuilt, verifyEvidence } from '#circuits/proof/guilt.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { commitmentBlindings } from '#circuits/proof/purse.ts';
import { encodeScalar, mod, reduceScalar } from '#circuits/proof/scalar.ts';
import { openWorld, request } from './world.ts';

/** 10.00 funded, of which 1.00 could come back; caps of 15.00. */
const terms = { respendMax: 100, phiPercent: 150, classes: [{ budget: 1_000, caps: [500, 500, 500] }] };
const world = openWorld({ terms, grant: { budget: [1_000] } });
const { suite } = world.payer;

/** A payer that claims to have spent this, under a commitment that it makes up. */
function claiming(payer: Payer, spent: number): Payer {
  const blinding = reduceScalar(world.entropy(64));
  const before = suite.group.encode(commit(suite, mod(BigInt(spent)), blinding));
  return { ...payer, position: { ...payer.position, spent, blinding, before } };
}

test('a negative T passes the range proof, is stopped by the caps, and is convicted by fork and by sum', () => {
  let payer = world.payer;
  const claims = [];
  for (const amount of [500, 500, 500]) {
    const asked = request(world, amount);
    const paid = pay(claims.length ? claiming(payer, -50_000) : payer, asked, world.entropy);
    claims.push(verifyPayment(world.payee, asked, paid.payment).claim);
    payer = paid.payer;
  }
  // Every slot is used: whatever it says of T, the caps end it at 15.00.
  expect(() => pay(claiming(payer, -50_000), request(world, 1), world.entropy)).toThrow('slots');
  const blinding = encodeScalar(commitmentBlindings(suite, world.payer.seed)[0]);
  const opening = { tier: world.tier.bytes, amount: 1_000, blinding };
  const { trust, intermediary } = world.economy;
  const found = findGuilt({ trust, intermediary, purse: world.payer.certificate, claims, opening });
  const kinds = found.map(evidence => verifyEvidence(trust, encode(evidenceShape, evidence)).guilt);
  expect(new Set(kinds)).toEqual(new Set([guilt.fork, guilt.overspent]));
});

test('[D4 core] one slot used twice, at one payee or at two, is found from the two claims', () => {
  const other = world.economy.fund(world.economy.makeDevice('other'), {
    tier: world.tier,
    from: 100,
    budget: [1_000],
    identity: 0,
  });
  const elsewhere = { ...world, till: other, payee: { ...world.payee, purse: other.certificate } };
  for (const second of [world, elsewhere]) {
    const claims = [world, second].map((at, i) => {
      const asked = request(at, 400 + i);
      return verifyPayment(at.payee, asked, pay(world.payer, asked, world.entropy).payment).claim;
    });
    const { trust, intermediary } = world.economy;
    const found = findGuilt({ trust, intermediary, purse: world.payer.certificate, claims });
    expect(found.map(evidence => evidence.guilt)).toEqual([guilt.reuse]);
  }
});

test('an honest history cannot be continued beyond M + Rcap: no proof can be made', () => {
  const asked = request(world, 500);
  const first = pay(world.payer, asked, world.entropy);
  const second = pay(first.payer, request(world, 500), world.entropy);
  expect(() => pay(second.payer, request(world, 101), world.entropy)).toThrow('funds');
  const last = request(world, 100);
  expect(
    verifyPayment(world.payee, last, pay(second.payer, last, world.entropy).payment).claim.value.amount,
  ).toBe(100);
});
