/** The last unit below the spending cap is still granted, and the one after it is not. */
import { expect, test } from 'vitest';
import { budgetFor } from '#circuits/policy/funding.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { faultOf } from './refusal.ts';

const tier: Tier = {
  ...presets.standard,
  suite: 1,
  issuer: new Uint8Array(32),
  classes: [{ budget: 1, caps: [1] }],
};

test.each([
  { capUnits: 12, granted: 2 },
  { capUnits: 11, granted: 1 },
  { capUnits: 10, granted: 'limit' },
  { capUnits: 9, granted: 'limit' },
])('of a cap of $capUnits with 10 counted: $granted', ({ capUnits, granted }) => {
  const purses = [{ budget: 10, respendMax: 0, final: null }];
  const ask = () => budgetFor(tier, 1_000, { units: capUnits, windowEpochs: 30 }, { purses, epoch: 5 });
  if (typeof granted === 'number') expect(ask()).toBe(granted);
  else expect(faultOf(ask)).toBe(granted);
});
