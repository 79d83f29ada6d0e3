/** Limits that the device keeps for its owner, and the conditions of its tier. Pure: usage comes in and goes out.
 *
 * They bind a device that is not broken. A period is a fixed window of epochs, since a device has no other clock.
 *
 * 1. Each limit lets its own value pass and refuses one more. (test/circuits/limits.bounds.test.ts)
 * 2. No run of payments, syncs and epochs passes a limit. (test/circuits/limits.model.test.ts)
 */
import { Fault } from '../fault.ts';
import { add, sum } from './amount.ts';
import { slotsOf, type Tier } from './tier.ts';

export interface OwnerLimits {
  readonly paymentUnitsMax: number;
  readonly periodEpochs: number;
  readonly periodUnitsMax: number;
  /** Offline, since the last sync. */
  readonly unsyncedUnitsMax: number;
  readonly unsyncedPaymentsMax: number;
  /** Payee classes that may be paid; empty for all. */
  readonly payeeClasses: readonly number[];
}

/** What counts against the limits, as the device journals it. */
export interface Usage {
  readonly period: number;
  readonly periodUnits: number;
  readonly unsyncedUnits: number;
  readonly unsyncedPayments: number;
}

export const unused: Usage = { period: 0, periodUnits: 0, unsyncedUnits: 0, unsyncedPayments: 0 };

/** A payment that is asked for. The class of its payee is null where nothing certifies one. */
export interface Intent {
  readonly amount: number;
  readonly payeeClass: number | null;
  readonly epoch: number;
  readonly online: boolean;
}

function checkPayeeClass(allowed: readonly number[], payeeClass: number | null): void {
  if (allowed.length > 0 && !allowed.some(each => each === payeeClass))
    throw new Fault('condition', `payees of class ${payeeClass} are not among those that may be paid`);
}

function checkLimit(value: number, limit: number, what: string): void {
  if (value > limit) throw new Fault('limit', `${what}: ${value}, at most ${limit}`);
}

/** The usage after a payment; a fault where a limit or a condition forbids it. */
export function spend(tier: Tier, limits: OwnerLimits, usage: Usage, intent: Intent): Usage {
  const { amount, payeeClass, epoch, online } = intent;
  if (amount < tier.minimum || amount > tier.maximum)
    throw new Fault('amount', 'outside the limits of the tier');
  checkPayeeClass(tier.payeeClasses, payeeClass);
  checkPayeeClass(limits.payeeClasses, payeeClass);
  checkLimit(amount, limits.paymentUnitsMax, 'a payment');
  const period = Math.floor(epoch / limits.periodEpochs);
  const after: Usage = {
    period,
    periodUnits: add(period === usage.period ? usage.periodUnits : 0, amount),
    unsyncedUnits: online ? usage.unsyncedUnits : add(usage.unsyncedUnits, amount),
    unsyncedPayments: online ? usage.unsyncedPayments : usage.unsyncedPayments + 1,
  };
  checkLimit(after.periodUnits, limits.periodUnitsMax, 'payments of this period');
  checkLimit(after.unsyncedUnits, limits.unsyncedUnitsMax, 'payments since the last sync');
  checkLimit(after.unsyncedPayments, limits.unsyncedPaymentsMax, 'count of payments since the last sync');
  return after;
}

/** An acknowledged Report frees what counts since the last sync. The period goes on. */
export function synced(usage: Usage): Usage {
  return { ...usage, unsyncedUnits: 0, unsyncedPayments: 0 };
}

/** Before a request is issued: balance, requests that are open, and this one stay within the holding limit. */
export function checkHolding(
  tier: Tier,
  balance: number,
  openAmounts: readonly number[],
  amount: number,
): void {
  if (add(add(balance, sum(openAmounts)), amount) > tier.holding)
    throw new Fault('holding', 'balance and open requests would pass the holding limit');
}

/** An autonomous device gives an unlisted payee at most a quarter of its slots, and at least one: pranks burn no more. */
export function checkStranger(tier: Tier, classIndex: number, givenSlots: number): void {
  const slotsMax = Math.max(1, Math.floor(tier.classes[classIndex]!.caps.length / 4));
  if (slotsOf(givenSlots).length > slotsMax)
    throw new Fault('condition', `an unlisted payee gets at most ${slotsMax} slots`);
}
