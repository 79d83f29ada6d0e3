/** What is chosen from a tier: class, theta, caps. Against plain definitions. */
import { expect, test } from 'vitest';
import { presets } from '#circuits/policy/presets.ts';
import { thetaFor } from '#circuits/policy/slots.ts';
import { capOf, classFor, slotsOf, type Tier } from '#circuits/policy/tier.ts';

const tier: Tier = { suite: 1, issuer: new Uint8Array(32), ...presets.pocket };

test('the class is the largest one that the budget fills', () => {
  expect([2_000, 4_999, 5_000, 14_999, 15_000, 50_000].map(budget => classFor(tier, budget))).toEqual([
    0, 0, 1, 2, 3, 3,
  ]);
});

test('[D12 core] a budget below the smallest class gets no caps at all: 0.01 funded spends no 450', () => {
  expect(() => classFor(tier, 1_999)).toThrow('funds');
  expect(() => classFor(tier, 1)).toThrow('funds');
});

test('theta is the largest step that is left, at every edge, or the amount', () => {
  for (const [rest, step] of [
    [15_000, 5_000],
    [5_000, 5_000],
    [4_999, 2_000],
    [2_000, 2_000],
    [1_999, 500],
    [500, 500],
    [499, 0],
    [0, 0],
  ] as const)
    for (const amount of [0, 300, 700, rest])
      if (amount <= rest) expect(thetaFor(tier.steps, rest, amount), `${rest}`).toBe(Math.max(step, amount));
});

test('the caps of every bitmap sum up', () => {
  const { caps } = tier.classes[1]!;
  for (let bitmap = 0; bitmap < 16; bitmap++) {
    let expected = 0;
    for (const [slot, cap] of caps.entries()) if (bitmap & (1 << slot)) expected += cap;
    expect(capOf(tier, 1, bitmap)).toBe(expected);
  }
});

test('a slot that the class does not have is refused, even beside one that it has', () => {
  for (let slot = 4; slot < 32; slot++) {
    expect(() => capOf(tier, 1, (1 << slot) >>> 0), `${slot}`).toThrow('slots');
    expect(() => capOf(tier, 1, ((1 << slot) | 1) >>> 0), `${slot}`).toThrow('slots');
  }
  expect(() => capOf(tier, 4, 1)).toThrow('tier');
});

test('a bitmap names its slots rising, bit 31 too', () => {
  expect(slotsOf(0)).toEqual([]);
  expect(slotsOf(0x80010005)).toEqual([0, 2, 16, 31]);
  expect(slotsOf(0xffffffff)).toHaveLength(32);
});
