/** Rules that speak of every class: one class that breaks them, among others that keep them, is enough. */
import { expect, test } from 'vitest';
import { presets } from '#circuits/policy/presets.ts';
import { checkTier, type Tier } from '#circuits/policy/tier.ts';

const base: Tier = {
  ...presets.micro,
  suite: 1,
  issuer: new Uint8Array(32),
  steps: [1],
  maximum: 1,
  unlisted: 0,
};
const slots = (count: number, cap: number) => new Array<number>(count).fill(cap);

test.each([
  ['a class has 1 to 16 slots', slots(17, 1), slots(16, 1)],
  ['a class has 1 to 16 slots', [], slots(16, 1)],
  ['a slot cap is at least 1', [...slots(15, 1), 0], slots(16, 1)],
  ['the caps of a class sum to a u32', slots(16, 0x10000000), slots(16, 1)],
])('%s', (rule, broken, kept) => {
  for (const [low, high] of [
    [kept, broken],
    [broken, kept],
  ] as [number[], number[]][]) {
    const classes = [
      { budget: 1_000, caps: low },
      { budget: 2_000, caps: high },
    ];
    expect(() => checkTier({ ...base, classes })).toThrow(rule);
  }
});
