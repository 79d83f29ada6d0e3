/** Who moves the epoch too far stops devices: a peer may not. */
import { describe, expect, test } from 'vitest';
import type { Beacon } from '#circuits/message/sync.ts';
import { type Arrival, adopt, type Clock } from '#circuits/policy/epoch.ts';

const some = new Uint8Array(32);
const home = 1;
const last = 0xffffffff;
const tier = { jump: 7 };

function beacon(generation: number, epoch: number): Beacon {
  const head = { suite: 1, issuer: some, generation, epoch, time: 0, policy: 0, auditors: some };
  return { ...head, shard: home, list: new Uint8Array(0) };
}
const arrival = (generation: number, epoch: number, dayKeyFrom: number): Arrival => ({
  beacon: beacon(generation, epoch),
  dayKeyFrom,
  source: 'peer',
});
const clock: Clock = { generation: 3, epoch: 100, beacons: [] };

test("a peer's beacon of epoch 2^32 - 1 is refused, in the present generation and in a higher one", () => {
  for (const generation of [3, 4, last])
    for (const dayKeyFrom of [0, 90, 100, 200])
      expect(() => adopt(clock, arrival(generation, last, dayKeyFrom), tier, [home])).toThrow('jump');
});

describe('a peer moves the epoch by at most J past the larger of the own one and the first of the day key', () => {
  test.each([
    ['own epoch leads', 3, 90, 107],
    ['day key leads', 3, 150, 157],
    ['in a new generation the own epoch does not count', 4, 90, 97],
    ['nor where the day key leads', 4, 150, 157],
  ])('%s', (_, generation, dayKeyFrom, reach) => {
    expect(adopt(clock, arrival(generation, reach, dayKeyFrom), tier, [home]).epoch).toBe(reach);
    expect(() => adopt(clock, arrival(generation, reach + 1, dayKeyFrom), tier, [home])).toThrow('jump');
  });

  test('near the last epoch nothing wraps around', () => {
    const late: Clock = { generation: 3, epoch: last - 3, beacons: [] };
    expect(adopt(late, arrival(3, last, 0), tier, [home]).epoch).toBe(last);
  });
});

test("the own intermediary's Statement moves it by more", () => {
  const statement: Arrival = { ...arrival(3, 140, 90), source: 'statement' };
  expect(adopt(clock, statement, tier, [home]).epoch).toBe(140);
});

test('a poisoned device is not poisoned further by a new generation from a peer', () => {
  const poisoned: Clock = { generation: 3, epoch: last, beacons: [] };
  expect(() => adopt(poisoned, arrival(4, last, 100), tier, [home])).toThrow('jump');
  expect(adopt(poisoned, arrival(4, 101, 100), tier, [home]).epoch).toBe(101);
});
