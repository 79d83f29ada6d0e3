/** From the clock to the payment: which list a payee looks a payer up in, and what it takes without one. */
import { expect, test } from 'vitest';
import { encodeList, isListed, listSalt } from '#circuits/message/list.ts';
import type { Beacon } from '#circuits/message/sync.ts';
import { adopt, type Clock, fittingBeacon } from '#circuits/policy/epoch.ts';
import { pay } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { openWorld, request, type World } from './world.ts';

const world = openWorld();
const tier = world.tier.value;
const shard = world.economy.intermediary.value.shard;

function beacon(revoked: readonly Uint8Array[], epoch: number): Beacon {
  const { economy } = world;
  const head = { issuer: economy.dayKey.id, generation: 0, epoch, time: epoch, shard };
  const list = encodeList(economy.trust.suite, listSalt(head), revoked);
  return { suite: economy.trust.suite.id, ...head, policy: 0, auditors: economy.auditors.id, list };
}

/** A payee that stands where its clock says. */
function payeeAt({ payee, economy }: World, clock: Clock): Payee {
  const fitting = fittingBeacon(clock, shard, tier);
  const { isListed: _, ...blind } = payee;
  if (!fitting) return { ...blind, epoch: clock.epoch };
  const lookUp = (certificateId: Uint8Array) => isListed(economy.trust.suite, fitting, certificateId);
  return { ...blind, epoch: clock.epoch, isListed: lookUp };
}

function tap(clock: Clock, amount: number): void {
  const asked = request(world, amount);
  verifyPayment(payeeAt(world, clock), asked, pay(world.payer, asked, world.entropy).payment);
}

const bare: Clock = { generation: 0, epoch: 101, beacons: [] };
const after = (value: Beacon) =>
  adopt(bare, { beacon: value, dayKeyFrom: 100, source: 'peer' }, tier, [shard]);

test('without the fitting list a payee takes the unlisted amount and not one unit more', () => {
  expect(() => tap(bare, tier.unlisted)).not.toThrow();
  expect(() => tap(bare, tier.unlisted + 1)).toThrow('amount');
});

test('with it a payee takes more, and nothing from a purse that it names', () => {
  expect(() => tap(after(beacon([], 102)), tier.unlisted + 1)).not.toThrow();
  expect(() => tap(after(beacon([world.payer.certificate.id], 102)), 1)).toThrow('revoked');
});
