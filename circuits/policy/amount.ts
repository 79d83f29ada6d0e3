/** Amounts: u32 units, every operation checked, and exact decimal text by a power of ten. No fraction is ever a float.
 *
 * A product of two u32 may round above 2^53, but never down to 2^32: the comparison is exact.
 *
 * 1. A result is the mathematical one or a fault. (test/circuits/amount.exact.test.ts)
 * 2. One amount has one text with all its decimals, and every text that is read is exact. (test/circuits/amount.text.test.ts)
 */
import { Fault } from '../fault.ts';

export const unitsMax = 0xffffffff;
const exponentMax = 6;

function checked(value: number): number {
  // Turns fractions and NaN away too.
  if (value >>> 0 !== value) throw new Fault('overflow', `${value} is no u32`);
  return value;
}

export function add(a: number, b: number): number {
  return checked(checked(a) + checked(b));
}

/** What is left; a fault `funds` where b is more than a. */
export function subtract(a: number, b: number): number {
  if (checked(b) > checked(a)) throw new Fault('funds', 'less is left than the amount');
  return a - b;
}

export function multiply(a: number, b: number): number {
  return checked(checked(a) * checked(b));
}

export function sum(amounts: readonly number[]): number {
  let total = 0;
  for (const amount of amounts) total = add(total, amount);
  return total;
}

function checkExponent(exponent: number): void {
  if (exponent >>> 0 !== exponent || exponent > exponentMax)
    throw new Error(`an exponent of 0 to ${exponentMax}, not ${exponent}`);
}

/** Units of 10^-exponent as text of the major unit, with all its decimals: 1205 at 2 is "12.05". */
export function formatAmount(units: number, exponent: number): string {
  checkExponent(exponent);
  let digits = `${checked(units)}`;
  if (exponent === 0) return digits;
  while (digits.length <= exponent) digits = `0${digits}`;
  const point = digits.length - exponent;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Text of the major unit as units: at most `exponent` decimals, no sign, no leading zeros, a digit on both sides of a point. */
export function parseAmount(text: string, exponent: number): number {
  checkExponent(exponent);
  if (!/^(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$/.test(text))
    throw new Fault('amount', 'not a decimal number of at most 10 digits and 6 decimals');
  const [whole, decimals = ''] = text.split('.') as [string, string?];
  if (decimals.length > exponent) throw new Fault('amount', `more than ${exponent} decimals`);
  const digits = whole + decimals + '0'.repeat(exponent - decimals.length);
  let units = 0;
  for (let i = 0; i < digits.length; i++) units = add(multiply(units, 10), digits.charCodeAt(i) - 48);
  return units;
}
