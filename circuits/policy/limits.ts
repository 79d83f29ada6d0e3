/** Limits that the device keeps for its owner, and the conditions of its tier. Pure: usage comes in and goes out.
 *
 * They bind a device that is not broken. A period is a fixed window of epochs, since a device has no other clock.
 * Nothing here throws: it runs on boards, and what it names is shown to the person before consent.
 *
 * 1. Each limit lets its own value pass and refuses one more. (test/circuits/limits.bounds.test.ts)
 * 2. No run of payments, syncs and epochs passes a limit. (test/circuits/limits.model.test.ts)
 */
import type { FaultName } from '../fault.ts';
import type { Tier } from './tier.ts';

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

/** What a device needs of its tier to pay and to be paid. */
export interface PaymentRules extends Pick<Tier, 'minimum' | 'maximum'> {
  readonly payeeClasses: readonly number[];
}

const allows = (classes: readonly number[], payeeClass: number | null) =>
  classes.length === 0 || classes.some(each => each === payeeClass);

/** The usage after a payment. */
export function usageAfter(limits: OwnerLimits, usage: Usage, intent: Intent): Usage {
  const { amount, epoch, online } = intent;
  const period = Math.floor(epoch / limits.periodEpochs);
  return {
    period,
    periodUnits: (period === usage.period ? usage.periodUnits : 0) + amount,
    unsyncedUnits: usage.unsyncedUnits + (online ? 0 : amount),
    unsyncedPayments: usage.unsyncedPayments + (online ? 0 : 1),
  };
}

/** The fault for which a payment is refused, or null. */
export function forbids(
  rules: PaymentRules,
  limits: OwnerLimits,
  usage: Usage,
  intent: Intent,
): FaultName | null {
  const { amount, payeeClass } = intent;
  if (amount < rules.minimum || amount > rules.maximum) return 'amount';
  if (!allows(rules.payeeClasses, payeeClass) || !allows(limits.payeeClasses, payeeClass)) return 'condition';
  const after = usageAfter(limits, usage, intent);
  const holds =
    amount <= limits.paymentUnitsMax &&
    after.periodUnits <= limits.periodUnitsMax &&
    after.unsyncedUnits <= limits.unsyncedUnitsMax &&
    after.unsyncedPayments <= limits.unsyncedPaymentsMax;
  return holds ? null : 'limit';
}

/** An acknowledged Report frees what counts since the last sync. The period goes on. */
export function synced(usage: Usage): Usage {
  return { ...usage, unsyncedUnits: 0, unsyncedPayments: 0 };
}

/** Slots that an autonomous device gives to one unlisted payee: pranks burn no more. */
export function strangerSlotsMax(slots: number): number {
  return Math.max(1, Math.floor(slots / 4));
}
