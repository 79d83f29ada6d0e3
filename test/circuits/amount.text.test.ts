/** Decimal text of amounts. */
import { expect, test } from 'vitest';
import { formatAmount, parseAmount, unitsMax } from '#circuits/policy/amount.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

test('every amount reads back from its text at every exponent', () => {
  const roll = dice(seedOf('amount text', 'text'));
  const amounts = [0, 1, 9, 10, 99, 1_000_000, 1_000_001, unitsMax];
  for (let i = 0; i < 5_000; i++) amounts.push(roll.between(0, unitsMax) >>> roll.between(0, 31));
  for (let exponent = 0; exponent <= 6; exponent++)
    for (const units of amounts) expect(parseAmount(formatAmount(units, exponent), exponent)).toBe(units);
});

test.each([
  [0, 0, '0'],
  [0, 6, '0.000000'],
  [1, 6, '0.000001'],
  [1_205, 2, '12.05'],
  [5, 2, '0.05'],
  [100, 2, '1.00'],
  [unitsMax, 0, '4294967295'],
  [unitsMax, 6, '4294.967295'],
])('[B20 core] %i units of 10^-%i are %s', (units, exponent, text) => {
  expect(formatAmount(units, exponent)).toBe(text);
  expect(parseAmount(text, exponent)).toBe(units);
});

test('fewer decimals than the exponent are taken for what they say', () => {
  expect(parseAmount('7', 2)).toBe(700);
  expect(parseAmount('7.5', 2)).toBe(750);
});

test.each([
  ['', 2],
  ['.5', 2],
  ['5.', 2],
  ['05', 2],
  ['00', 2],
  ['-1', 2],
  ['+1', 2],
  ['1e3', 2],
  ['1,5', 2],
  [' 1', 2],
  ['1\n', 2],
  ['0x10', 2],
  ['1.234', 2],
  ['1.0', 0],
  ['1.0000000', 6],
  ['\u0661', 2],
])('%j at exponent %i is refused', (text, exponent) => {
  expect(() => parseAmount(text, exponent)).toThrow('amount');
});

test('text beyond 32 bits is refused, one unit past the last', () => {
  expect(() => parseAmount('4294967296', 0)).toThrow('overflow');
  expect(() => parseAmount('4294.967296', 6)).toThrow('overflow');
  expect(() => parseAmount('9999999999', 6)).toThrow('overflow');
});

test('an exponent beyond 6 is a mistake of the caller', () => {
  expect(() => formatAmount(1, 7)).toThrow('exponent');
  expect(() => formatAmount(1, 1.5)).toThrow('exponent');
  expect(() => parseAmount('1', -1)).toThrow('exponent');
});
