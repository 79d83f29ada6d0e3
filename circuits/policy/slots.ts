/** Which slots a payer names: the smallest one that is enough, else the largest ones and the smallest that closes the gap. */
import { Fault } from '../fault.ts';
import type { Tier } from './tier.ts';

/** A bitmap of unused slots whose caps sum to at least the amount. */
export function chooseSlots(tier: Tier, classIndex: number, used: number, amount: number): number {
  const caps = tier.classes[classIndex]!.caps;
  const free = [...caps.keys()].filter(slot => !((used >>> slot) & 1)).sort((a, b) => caps[a]! - caps[b]!);
  let chosen = 0;
  let missing = amount;
  while (missing > 0) {
    const slot = free.find(candidate => caps[candidate]! >= missing) ?? free.at(-1);
    if (slot === undefined) throw new Fault('slots', 'the unused slots are too small: close the purse');
    free.splice(free.indexOf(slot), 1);
    chosen = (chosen | (1 << slot)) >>> 0;
    missing -= caps[slot]!;
  }
  return chosen;
}
