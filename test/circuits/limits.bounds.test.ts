/** Limits and conditions of the owner: the last value that passes, and one more. */
import { expect, test } from 'vitest';
import {
  forbids,
  type Intent,
  type OwnerLimits,
  strangerSlotsMax,
  synced,
  type Usage,
  unused,
  usageAfter,
} from '#circuits/policy/limits.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';

/** The usage after a payment that passes; its fault where it does not. */
function spend(rules: Tier, limits: OwnerLimits, usage: Usage, next: Intent): Usage {
  const fault = forbids(rules, limits, usage, next);
  if (fault) throw new Error(fault);
  return usageAfter(limits, usage, next);
}

const tier: Tier = { suite: 1, issuer: new Uint8Array(32), ...presets.pocket, minimum: 10, payeeClasses: [] };
const loose: OwnerLimits = {
  paymentUnitsMax: 0xffffffff,
  periodEpochs: 7,
  periodUnitsMax: 0xffffffff,
  unsyncedUnitsMax: 0xffffffff,
  unsyncedPaymentsMax: 0xffffffff,
  payeeClasses: [],
};
const intent = (amount: number, more: Partial<Intent> = {}): Intent => ({
  amount,
  payeeClass: null,
  epoch: 1,
  online: false,
  ...more,
});

function payMany(limits: OwnerLimits, intents: readonly Intent[], usage: Usage = unused): Usage {
  return intents.reduce((before, next) => spend(tier, limits, before, next), usage);
}

test('[A5 core] a payment at the limit passes, one unit more is refused', () => {
  const limits = { ...loose, paymentUnitsMax: 700 };
  expect(spend(tier, limits, unused, intent(700)).periodUnits).toBe(700);
  expect(() => spend(tier, limits, unused, intent(701))).toThrow('limit');
});

test('[A5 core] the limits of the tier hold whatever the owner allows', () => {
  expect(() => spend(tier, loose, unused, intent(tier.maximum))).not.toThrow();
  expect(() => spend(tier, loose, unused, intent(tier.maximum + 1))).toThrow('amount');
  expect(() => spend(tier, loose, unused, intent(tier.minimum))).not.toThrow();
  expect(() => spend(tier, loose, unused, intent(tier.minimum - 1))).toThrow('amount');
});

test('[A7 core] the payment that crosses the sum since the last sync is refused until a sync', () => {
  const limits = { ...loose, unsyncedUnitsMax: 1_000 };
  const usage = payMany(limits, [intent(400), intent(600)]);
  expect(() => spend(tier, limits, usage, intent(10))).toThrow('limit');
  expect(spend(tier, limits, synced(usage), intent(1_000)).unsyncedUnits).toBe(1_000);
});

test('[A7 core] the sum of a period is refused until the next period, and a sync does not help', () => {
  const limits = { ...loose, periodUnitsMax: 1_000 };
  const usage = payMany(limits, [intent(400, { epoch: 7 }), intent(600, { epoch: 13 })]);
  expect(() => spend(tier, limits, usage, intent(10, { epoch: 13 }))).toThrow('limit');
  expect(() => spend(tier, limits, synced(usage), intent(10, { epoch: 13 }))).toThrow('limit');
  expect(() => spend(tier, limits, usage, intent(10, { epoch: 13, online: true }))).toThrow('limit');
  expect(spend(tier, limits, usage, intent(1_000, { epoch: 14 })).periodUnits).toBe(1_000);
});

test('[A8 core] the eleventh offline payment is refused at a setting of ten', () => {
  const limits = { ...loose, unsyncedPaymentsMax: 10 };
  const usage = payMany(limits, new Array<Intent>(10).fill(intent(10)));
  expect(() => spend(tier, limits, usage, intent(10))).toThrow('limit');
  expect(spend(tier, limits, synced(usage), intent(10)).unsyncedPayments).toBe(1);
});

test('an online payment counts in its period alone', () => {
  const usage = spend(
    tier,
    { ...loose, unsyncedPaymentsMax: 0, unsyncedUnitsMax: 0 },
    unused,
    intent(10, { online: true }),
  );
  expect(usage).toEqual({ period: 0, periodUnits: 10, unsyncedUnits: 0, unsyncedPayments: 0 });
});

const coffee = 3;
const parking = 8;

test('[A9 core] a coffee budget is refused at a parking meter, and where nothing says what the payee is', () => {
  const limits = { ...loose, payeeClasses: [coffee] };
  expect(() => spend(tier, limits, unused, intent(10, { payeeClass: coffee }))).not.toThrow();
  expect(() => spend(tier, limits, unused, intent(10, { payeeClass: parking }))).toThrow('condition');
  expect(() => spend(tier, limits, unused, intent(10))).toThrow('condition');
});

test('[A9 core] the conditions of the tier hold beside those of the owner', () => {
  const narrow = { ...tier, payeeClasses: [coffee, parking] };
  const limits = { ...loose, payeeClasses: [parking, 9] };
  expect(() => spend(narrow, limits, unused, intent(10, { payeeClass: parking }))).not.toThrow();
  expect(() => spend(narrow, limits, unused, intent(10, { payeeClass: coffee }))).toThrow('condition');
  expect(() => spend(narrow, limits, unused, intent(10, { payeeClass: 9 }))).toThrow('condition');
});

test('a prank payee burns at most a quarter of the slots, and one where there are few', () => {
  expect([1, 3, 4, 7, 8, 15, 16].map(strangerSlotsMax)).toEqual([1, 1, 1, 1, 2, 3, 4]);
});
