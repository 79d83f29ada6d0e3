/** Random payments, syncs and epochs against a list of everything that was paid. */
import { expect, test } from 'vitest';
import { forbids, type OwnerLimits, synced, unused, usageAfter } from '#circuits/policy/limits.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

const tier: Tier = { suite: 1, issuer: new Uint8Array(32), ...presets.pocket };
const limits: OwnerLimits = {
  paymentUnitsMax: 40,
  periodEpochs: 5,
  periodUnitsMax: 150,
  unsyncedUnitsMax: 100,
  unsyncedPaymentsMax: 6,
  payeeClasses: [],
};

interface Entry {
  readonly amount: number;
  readonly epoch: number;
  readonly online: boolean;
  readonly synced: boolean;
}

/** The limits said once more, over the whole list. */
function mayPay(paid: readonly Entry[], next: Entry): boolean {
  const periodOf = (epoch: number) => Math.floor(epoch / limits.periodEpochs);
  const all = [...paid, next];
  const total = (entries: readonly Entry[]) => entries.reduce((units, { amount }) => units + amount, 0);
  const open = all.filter(entry => !entry.online && !entry.synced);
  return (
    next.amount <= limits.paymentUnitsMax &&
    total(all.filter(({ epoch }) => periodOf(epoch) === periodOf(next.epoch))) <= limits.periodUnitsMax &&
    total(open) <= limits.unsyncedUnitsMax &&
    open.length <= limits.unsyncedPaymentsMax
  );
}

test('[A7 core] what is allowed is exactly what the list of all payments allows', () => {
  const roll = dice(seedOf('limits', 'model'));
  let [allowed, refused] = [0, 0];
  for (let run = 0; run < 150; run++) {
    let paid: Entry[] = [];
    let usage = unused;
    let epoch = 0;
    for (let step = 0; step < 60; step++) {
      const action = roll.between(0, 9);
      if (action === 0) {
        usage = synced(usage);
        paid = paid.map(entry => ({ ...entry, synced: true }));
      } else if (action === 1) epoch += roll.between(1, 3);
      else {
        const entry = { amount: roll.between(1, 45), epoch, online: roll.percent(20), synced: false };
        const allows = mayPay(paid, entry);
        const intent = { ...entry, payeeClass: null };
        expect(forbids(tier, limits, usage, intent)).toBe(allows ? null : 'limit');
        if (allows) {
          usage = usageAfter(limits, usage, intent);
          paid.push(entry);
          allowed += 1;
        } else refused += 1;
      }
    }
  }
  expect(Math.min(allowed, refused)).toBeGreaterThan(500);
});
