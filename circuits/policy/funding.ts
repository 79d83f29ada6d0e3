/** How much a new purse may hold: M = min(B, L - S), less what received money may add.
 *
 * L is the owner's cap on spending within a window of epochs, over all devices; S is what counts against it already. A purse
 * counts with everything that it could spend, budget and Rcap, until its spending is final: closed, or its waiting
 * time after expiry is over. Expiry alone does not free it: a payee may upload its claims later. (protocol.md 3 says "unexpired")
 * A final one counts with what it spent while the epoch of that may lie in the window. A device that is not broken opens
 * the true T; a broken one is bounded by its caps. (exposure.ts)
 *
 * 1. Whatever is issued, spent and closed on however many devices, no window sees more than L spent.
 *    (test/circuits/funding.devices.test.ts)
 */
import { Fault } from '../fault.ts';
import { subtract } from './amount.ts';
import type { Tier } from './tier.ts';

/** One of the owner's purses, on any of its devices. */
export interface Issued {
  readonly budget: number;
  /** Rcap of its tier; 0 without respend. */
  readonly respendMax: number;
  /** What it spent, once that is final, and the epoch in which it became final. */
  readonly final: { readonly spent: number; readonly epoch: number } | null;
}

/** L, and the length of the window that ends with the present epoch. */
export interface SpendingCap {
  readonly units: number;
  readonly windowEpochs: number;
}

/** S: what purses count against the cap in this epoch. */
function countedUnits(cap: SpendingCap, purses: readonly Issued[], epoch: number): number {
  let units = 0;
  for (const { budget, respendMax, final } of purses) {
    if (!final) units += budget + respendMax;
    else if (final.epoch > epoch - cap.windowEpochs) units += final.spent;
  }
  return units;
}

/** M of a new purse: of what the owner can pay, what cap, holding limit and range proof leave. A fault where that is nothing. */
export function budgetFor(
  tier: Tier,
  balance: number,
  cap: SpendingCap,
  { purses, epoch }: { readonly purses: readonly Issued[]; readonly epoch: number },
): number {
  const { respendMax, holding, bits } = tier;
  const left = cap.units - countedUnits(cap, purses, epoch) - respendMax;
  if (left <= 0) throw new Fault('limit', 'the spending cap of the owner is used up: close a purse or wait');
  const provable = 2 ** bits - 1 - respendMax;
  const budget = Math.min(balance, left, holding, provable);
  subtract(budget, tier.classes[0]!.budget);
  return budget;
}

type Duty = 'identify' | 'record' | 'report';

/** What funding and defunding oblige the intermediary to, from an amount of the major unit on. */
export interface Threshold {
  readonly majorFrom: number;
  readonly duty: Duty;
}

/** Anonymous stored value, transfers of funds, and cash, as EU rules have them. */
export const thresholds: readonly Threshold[] = [
  { majorFrom: 150, duty: 'identify' },
  { majorFrom: 1_000, duty: 'record' },
  { majorFrom: 10_000, duty: 'report' },
];

/** Duties at an amount, all linked operations of the window included: who splits an amount gains nothing. */
export function dutiesAt(table: readonly Threshold[], linkedUnits: number, exponent: number): Duty[] {
  return table.filter(({ majorFrom }) => linkedUnits >= majorFrom * 10 ** exponent).map(({ duty }) => duty);
}
