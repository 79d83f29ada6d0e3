/** The fields of what certificates say of a purse, and of the owner's limits used up, as entries and seals hold them. */
import type { Usage } from '#circuits/policy/limits.ts';
import type { Purse } from '../wallet/book.ts';
import {
  type Fields,
  putLong,
  putText,
  putWord,
  putWords,
  takeLong,
  takeText,
  takeWord,
  takeWords,
} from './record.ts';

export function putPurse(fields: Fields, purse: Purse): void {
  putText(fields, purse.id);
  putWord(fields, purse.from);
  putWord(fields, purse.until);
  putLong(fields, purse.budget);
  putWords(fields, purse.caps);
  putLong(fields, purse.respendMax);
  putLong(fields, purse.minimum);
  putLong(fields, purse.maximum);
  putWords(fields, purse.payeeClasses);
  putLong(fields, purse.unlisted);
  putLong(fields, purse.holding);
  putWords(fields, purse.steps);
  putLong(fields, purse.gap);
}

export function takePurse(fields: Fields): Purse {
  const id = takeText(fields);
  const from = takeWord(fields);
  const until = takeWord(fields);
  const budget = takeLong(fields);
  const caps = takeWords(fields);
  const respendMax = takeLong(fields);
  const minimum = takeLong(fields);
  const maximum = takeLong(fields);
  const payeeClasses = takeWords(fields);
  const unlisted = takeLong(fields);
  const holding = takeLong(fields);
  const steps = takeWords(fields);
  const gap = takeLong(fields);
  const limits = { respendMax, minimum, maximum, payeeClasses, unlisted, holding };
  return { id, from, until, budget, caps, ...limits, steps, gap };
}

export function putUsage(fields: Fields, usage: Usage): void {
  putLong(fields, usage.period);
  putLong(fields, usage.periodUnits);
  putLong(fields, usage.unsyncedUnits);
  putWord(fields, usage.unsyncedPayments);
}

export function takeUsage(fields: Fields): Usage {
  const period = takeLong(fields);
  const periodUnits = takeLong(fields);
  const unsyncedUnits = takeLong(fields);
  return { period, periodUnits, unsyncedUnits, unsyncedPayments: takeWord(fields) };
}
