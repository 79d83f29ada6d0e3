import { describe, expect, test } from 'vitest';
import { chooseSlots } from '#circuits/policy/slots.ts';
import { slotsOf } from '#circuits/policy/tier.ts';

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
    { promise: 'the first of equals that are enough', caps: [10, 10], used: 0, amount: 5, slots: [0] },
    { promise: 'the first of the largest', caps: [20, 20, 5], used: 0, amount: 22, slots: [0, 2] },
    { promise: 'none for nothing', caps: [30, 10, 20], used: 0, amount: 0, slots: [] },
  ])('$promise', ({ caps, used, amount, slots }) => {
    expect(slotsOf(chooseSlots(caps, used, amount))).toEqual(slots);
  });

  test('a bitmap of sixteen is no negative number', () => {
    expect(chooseSlots(new Array<number>(16).fill(1), 0, 16)).toBe(0xffff);
  });

  test('for more than the unused slots are worth there are none', () => {
    expect(chooseSlots([30, 10, 20], 0b001, 31)).toBe(0);
    expect(chooseSlots([30], 0b1, 1)).toBe(0);
  });
});
