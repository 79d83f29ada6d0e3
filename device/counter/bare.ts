/** The counter of a board without a secure element: ticks in the journal's pages, in words of their own.
 *
 * Who restores the flash restores it too: it holds against power cuts, not against that.
 */
import { appendTick, type Journal, type Keeper } from '../journal/journal.ts';
import type { Counter } from './counter.ts';

/** What an element can count to, so that a purse has the same life on either. */
const max = 2_097_151;

export function openBareCounter(journal: Journal, keeper: Keeper): Counter {
  return {
    max,
    read: () => journal.tick,
    tick: to => {
      const { tick } = journal;
      if (to === tick) return null;
      return to === tick + 1 && to <= max ? appendTick(journal, keeper, to) : 'counter';
    },
  };
}
