/** Adoption of beacons: how a device without a clock moves its epoch and keeps revocation lists.
 *
 * Signatures and the epochs of the day key are checked before (`verifyDated`): a beacon's generation is that of its
 * root-signed day key. Header and list come in one value and are adopted as one.
 *
 * 1. Order is (generation, epoch). Within a generation the epoch never falls; only the root, through a day key of
 *    a higher generation, takes it back after a false beacon. (test/circuits/epoch.adopt.test.ts)
 * 2. A peer moves the epoch to at most J past the larger of the own epoch and the day key's first. In a new generation
 *    the own epoch does not count: it may be the poisoned one. (test/circuits/epoch.attack.test.ts)
 * 3. A payee without a fitting list takes at most the tier's `unlisted` in one payment. (test/circuits/epoch.list.test.ts)
 */
import { Fault } from '../fault.ts';
import type { Beacon } from '../message/sync.ts';
import type { Tier } from './tier.ts';

/** Where a device stands in time, and the newest beacon of each shard that it keeps. */
export interface Clock {
  readonly generation: number;
  readonly epoch: number;
  readonly beacons: readonly Beacon[];
}

/** How a verified beacon came in. */
export interface Arrival {
  readonly beacon: Beacon;
  /** First epoch of its day key's certificate. */
  readonly dayKeyFrom: number;
  /** From a Statement of the device's own intermediary, or from a peer, who moves the epoch by at most J. */
  readonly source: 'statement' | 'peer';
}

function isNewer(beacon: Beacon, held: Pick<Beacon, 'generation' | 'epoch'>): boolean {
  return (beacon.generation - held.generation || beacon.epoch - held.epoch) > 0;
}

function checkJump(clock: Clock, arrival: Arrival, jump: number): void {
  const { beacon, dayKeyFrom, source } = arrival;
  if (source === 'statement') return;
  const own = beacon.generation === clock.generation ? clock.epoch : 0;
  if (beacon.epoch > Math.max(own, dayKeyFrom) + jump)
    throw new Fault('jump', `a peer's beacon of epoch ${beacon.epoch} at epoch ${clock.epoch}`);
}

/** The clock after a beacon: unchanged where it is not newer or of a shard that the device does not keep. */
export function adopt(
  clock: Clock,
  arrival: Arrival,
  tier: Pick<Tier, 'jump'>,
  shards: readonly number[],
): Clock {
  const { beacon } = arrival;
  if (!shards.includes(beacon.shard) || beacon.generation < clock.generation) return clock;
  const held = clock.beacons.find(({ shard }) => shard === beacon.shard);
  if (held && !isNewer(beacon, held)) return clock;
  checkJump(clock, arrival, tier.jump);
  const raised = beacon.generation > clock.generation;
  return {
    generation: beacon.generation,
    epoch: raised ? beacon.epoch : Math.max(clock.epoch, beacon.epoch),
    // Lists of an older generation may be the attacker's: they go with it.
    beacons: [...(raised ? [] : clock.beacons.filter(({ shard }) => shard !== beacon.shard)), beacon],
  };
}

/** The beacon whose list a payer of this shard is looked up in: none where it is older than the allowed gap. */
export function fittingBeacon(clock: Clock, shard: number, tier: Pick<Tier, 'gap'>): Beacon | undefined {
  return clock.beacons.find(held => held.shard === shard && held.epoch + tier.gap >= clock.epoch);
}
