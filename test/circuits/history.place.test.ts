import { expect, test } from 'vitest';
import type { Claim } from '#circuits/message/payment.ts';
import { checkPlace } from '#circuits/proof/history.ts';
import { faultOf } from './refusal.ts';

const zeros = new Uint8Array(32);
/** One byte is not zero, and it is neither the first nor the last. */
const some = zeros.slice().fill(7, 5, 6);
const ordinalsMax = 4;

test.each([
  { promise: 'the first claim begins at nothing', ordinal: 0, before: zeros, previous: zeros, fault: 'none' },
  {
    promise: 'a later one begins at a point and names a claim',
    ordinal: 1,
    before: some,
    previous: some,
    fault: 'none',
  },
  {
    promise: 'the last ordinal is one below the number of slots',
    ordinal: 3,
    before: some,
    previous: some,
    fault: 'none',
  },
  { promise: 'no ordinal is beyond it', ordinal: 4, before: some, previous: some, fault: 'history' },
  {
    promise: 'no ordinal is far beyond it',
    ordinal: 0xffffffff,
    before: some,
    previous: some,
    fault: 'history',
  },
  { promise: 'the first claim has no point', ordinal: 0, before: some, previous: zeros, fault: 'history' },
  { promise: 'the first claim names no other', ordinal: 0, before: zeros, previous: some, fault: 'history' },
  { promise: 'a later one has a point', ordinal: 1, before: zeros, previous: some, fault: 'history' },
  { promise: 'a later one names another', ordinal: 1, before: some, previous: zeros, fault: 'history' },
])('$promise', ({ fault, ...place }) => {
  expect(faultOf(() => checkPlace(place as unknown as Claim, ordinalsMax))).toBe(fault);
});
