/** Adoption of beacons: order, wholeness, and lists by shard. Exhaustive over a small world. */
import { describe, expect, test } from 'vitest';
import type { Beacon } from '#circuits/message/sync.ts';
import { type Arrival, adopt, type Clock, fittingBeacon } from '#circuits/policy/epoch.ts';

const some = new Uint8Array(32);
const jump = 7;
const gap = 14;
const home = 1;

function beacon(generation: number, epoch: number, shard = home): Beacon {
  const list = Uint8Array.of(generation, epoch & 255, shard);
  return {
    suite: 1,
    issuer: some,
    generation,
    epoch,
    time: epoch * 86_400,
    policy: epoch,
    auditors: some,
    shard,
    list,
  };
}

const arrival = (value: Beacon, more: Partial<Arrival> = {}): Arrival => ({
  beacon: value,
  dayKeyFrom: 0,
  source: 'peer',
  ...more,
});
const clockAt = (generation: number, epoch: number): Clock => ({
  generation,
  epoch,
  beacons: [beacon(generation, epoch)],
});
const take = (clock: Clock, from: Arrival, shards: readonly number[] = [home]) =>
  adopt(clock, from, { jump }, shards);

test('every beacon within reach is adopted exactly where it is newer: by generation, then by epoch', () => {
  const clock = clockAt(2, 20);
  for (let generation = 0; generation <= 4; generation++)
    for (let epoch = 0; epoch <= 60; epoch++) {
      const after = take(clock, arrival(beacon(generation, epoch), { source: 'statement' }));
      const newer = generation > 2 || (generation === 2 && epoch > 20);
      expect(after === clock, `${generation} ${epoch}`).toBe(!newer);
      if (newer) expect(after).toEqual(clockAt(generation, epoch));
    }
});

test('header and list are those of one beacon, whatever came before and after', () => {
  let clock: Clock = { generation: 0, epoch: 0, beacons: [] };
  for (const epoch of [3, 1, 9, 9, 4, 15, 14, 22]) clock = take(clock, arrival(beacon(0, epoch)));
  expect(clock).toEqual(clockAt(0, 22));
});

test('a root-signed generation takes the epoch back after a false beacon, and drops the lists that came with it', () => {
  const poisoned: Clock = {
    generation: 0,
    epoch: 4_000_000_000,
    beacons: [beacon(0, 4_000_000_000), beacon(0, 90, 2)],
  };
  const after = take(poisoned, arrival(beacon(1, 105), { dayKeyFrom: 100 }));
  expect(after).toEqual(clockAt(1, 105));
  // A beacon of the older generation no longer counts, however late its epoch.
  expect(take(after, arrival(beacon(0, 4_000_000_000), { source: 'statement' }))).toBe(after);
});

describe('shards', () => {
  const kept = [home, 2];

  test('a beacon of a shard that the device does not keep changes nothing: its list would be lost', () => {
    const clock = clockAt(0, 10);
    expect(take(clock, arrival(beacon(0, 12, 3)), kept)).toBe(clock);
  });

  test('an older list of another shard is adopted and the epoch does not fall', () => {
    const clock = clockAt(0, 10);
    const after = take(clock, arrival(beacon(0, 8, 2)), kept);
    expect(after.epoch).toBe(10);
    expect(after.beacons).toEqual([beacon(0, 10), beacon(0, 8, 2)]);
    expect(take(after, arrival(beacon(0, 8, 2)), kept)).toBe(after);
    expect(take(after, arrival(beacon(0, 11, 2)), kept)).toEqual({
      generation: 0,
      epoch: 11,
      beacons: [beacon(0, 10), beacon(0, 11, 2)],
    });
  });

  test('a list fits its own shard alone, until it is older than the allowed gap', () => {
    const held = beacon(0, 10);
    for (let epoch = 10; epoch <= 40; epoch++) {
      const clock: Clock = { generation: 0, epoch, beacons: [held, beacon(0, epoch, 2)] };
      expect(fittingBeacon(clock, home, { gap }), `${epoch}`).toBe(epoch <= 24 ? held : undefined);
      expect(fittingBeacon(clock, 2, { gap })?.epoch).toBe(epoch);
      expect(fittingBeacon(clock, 3, { gap })).toBeUndefined();
    }
  });
});
