/** A beacon of an older generation never counts, not even for a shard of which the device holds none yet. */
import { expect, test } from 'vitest';
import type { Beacon } from '#circuits/message/sync.ts';
import { adopt, type Clock } from '#circuits/policy/epoch.ts';

const id = new Uint8Array(32);
const beacon = (generation: number, epoch: number, shard: number): Beacon => ({
  ...{ suite: 1, issuer: id, generation, epoch, time: epoch, policy: 1, auditors: id, shard },
  list: new Uint8Array(0),
});

test.each(['peer', 'statement'] as const)('an older generation from a %s changes nothing', source => {
  const clock: Clock = { generation: 2, epoch: 50, beacons: [beacon(2, 50, 1)] };
  const adopted = (value: Beacon) =>
    adopt(clock, { beacon: value, dayKeyFrom: 0, source }, { jump: 7 }, [1, 2]);
  for (const epoch of [1, 49, 50, 51, 57]) expect(adopted(beacon(1, epoch, 2))).toBe(clock);
  expect(adopted(beacon(2, 51, 2))).toMatchObject({ generation: 2, epoch: 51 });
});
