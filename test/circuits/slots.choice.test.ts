import { describe, expect, test } from 'vitest';
import { presets } from '#circuits/policy/presets.ts';
import { chooseSlots } from '#circuits/policy/slots.ts';
import { slotsOf, type Tier } from '#circuits/policy/tier.ts';
import { faultOf } from './refusal.ts';

const tierOf = (caps: number[]): Tier => ({
  ...presets.pocket,
  suite: 1,
  issuer: new Uint8Array(32),
  classes: [{ budget: 100, caps }],
});

describe('slots for an amount', () => {
  test.each([
    { promise: 'the smallest one that is enough', caps: [30, 10, 20], used: 0, amount: 15, slots: [2] },
    { promise: 'one that is just enough', caps: [30, 10, 20], used: 0, amount: 10, slots: [1] },
    { promise: 'no used one', caps: [30, 10, 20], used: 0b100, amount: 15, slots: [0] },
    {
      promise: 'the largest and the smallest that closes the gap',
      caps: [30, 10, 20],
      used: 0,
      amount: 35,
      slots: [0, 1],
    },
    {
      promise: 'a gap closed exactly, and no slot more',
      caps: [30, 10, 20],
      used: 0,
      amount: 50,
      slots: [0, 2],
    },
    {
      promise: 'all of them for all of their caps',
      caps: [30, 10, 20],
      used: 0,
      amount: 60,
      slots: [0, 1, 2],
    },
    { promise: 'none for nothing', caps: [30, 10, 20], used: 0, amount: 0, slots: [] },
  ])('$promise', ({ caps, used, amount, slots }) => {
    expect(slotsOf(chooseSlots(tierOf(caps), 0, used, amount))).toEqual(slots);
  });

  test('a bitmap of sixteen is no negative number', () => {
    expect(chooseSlots(tierOf(new Array(16).fill(1)), 0, 0, 16)).toBe(0xffff);
  });

  test('more than the unused slots are worth is refused', () => {
    expect(faultOf(() => chooseSlots(tierOf([30, 10, 20]), 0, 0b001, 31))).toBe('slots');
    expect(faultOf(() => chooseSlots(tierOf([30]), 0, 0b1, 1))).toBe('slots');
  });
});
