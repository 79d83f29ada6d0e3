/** What a payer names in a claim: slots and theta. It runs on boards.
 *
 * Slots: the smallest one that is enough, else the largest ones and the smallest that closes the gap.
 */

/** The free slot to name next: the smallest cap that covers what is missing, else the largest; -1 for none. */
function bestSlot(caps: readonly number[], taken: number, missing: number): number {
  let best = -1;
  let held = -1;
  caps.forEach((cap, slot) => {
    if ((taken >>> slot) & 1) return;
    const isBetter = held < missing ? cap > held : cap >= missing && cap < held;
    if (!isBetter) return;
    best = slot;
    held = cap;
  });
  return best;
}

/** A bitmap of unused slots whose caps sum to at least the amount; 0 where the unused ones are too small. */
export function chooseSlots(caps: readonly number[], used: number, amount: number): number {
  let chosen = 0;
  let missing = amount;
  while (missing > 0) {
    const slot = bestSlot(caps, used | chosen, missing);
    if (slot < 0) return 0;
    chosen |= 1 << slot;
    missing -= caps[slot]!;
  }
  return chosen >>> 0;
}

/** The largest step that the rest covers, or the amount where that is more. Steps fall. */
export function thetaFor(steps: readonly number[], rest: number, amount: number): number {
  for (const step of steps) if (step <= rest) return Math.max(step, amount);
  return amount;
}
