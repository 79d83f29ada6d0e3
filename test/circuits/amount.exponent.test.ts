import { expect, test } from 'vitest';
import { formatAmount, parseAmount } from '#circuits/policy/amount.ts';

test.each([
  [0, '1', '4294967295'],
  [1, '0.1', '429496729.5'],
  [6, '0.000001', '4294.967295'],
])('a unit of 10^-%i is written as %s, the greatest amount as %s', (exponent, one, most) => {
  for (const [units, text] of [
    [1, one],
    [0xffffffff, most],
  ] as const) {
    expect(formatAmount(units, exponent)).toBe(text);
    expect(parseAmount(text, exponent)).toBe(units);
  }
});

test('there is no unit below 10^-6', () => {
  expect(() => formatAmount(1, 7)).toThrow('exponent');
  expect(() => parseAmount('1', 7)).toThrow('exponent');
});
