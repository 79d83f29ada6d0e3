/** Checked arithmetic against BigInt, which cannot overflow. */
import { describe, expect, test } from 'vitest';
import { add, multiply, subtract, sum, unitsMax } from '#circuits/policy/amount.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

const edges = [0, 1, 2, 3, 65_535, 65_536, 0x7fffffff, 0x80000000, 0xfffffffe, unitsMax];
const outside = [-1, 0.5, unitsMax + 1, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY];

const operations = {
  add: { run: add, exact: (a: bigint, b: bigint) => a + b, fault: 'overflow' },
  subtract: { run: subtract, exact: (a: bigint, b: bigint) => a - b, fault: 'funds' },
  multiply: { run: multiply, exact: (a: bigint, b: bigint) => a * b, fault: 'overflow' },
};

describe.each(Object.entries(operations))('%s', (_, { run, exact, fault }) => {
  function check(a: number, b: number): void {
    const truth = exact(BigInt(a), BigInt(b));
    if (truth >= 0n && truth <= BigInt(unitsMax)) expect(run(a, b)).toBe(Number(truth));
    else expect(() => run(a, b)).toThrow(fault);
  }

  test('[B20 core] is exact or a fault on all pairs of edges', () => {
    for (const a of edges) for (const b of edges) check(a, b);
  });

  test('is exact or a fault on random pairs of every length', () => {
    const roll = dice(seedOf('amount', 'exact'));
    const operand = () => roll.between(0, unitsMax) >>> roll.between(0, 31);
    for (let i = 0; i < 20_000; i++) check(operand(), operand());
  });

  test('refuses what is no u32, on either side', () => {
    for (const bad of outside) {
      expect(() => run(bad, 0), `${bad}`).toThrow('overflow');
      expect(() => run(0, bad), `${bad}`).toThrow('overflow');
    }
  });
});

test('a sum refuses to leave 32 bits at any item', () => {
  expect(sum([])).toBe(0);
  expect(sum([unitsMax - 3, 1, 2])).toBe(unitsMax);
  expect(() => sum([unitsMax, 0, 1])).toThrow('overflow');
  expect(() => sum([1, -1])).toThrow('overflow');
});

test('[B20 core] a million payments of 0.000001 are exactly 1.000000: floats miss it', () => {
  let units = 0;
  let float = 0;
  for (let i = 0; i < 1_000_000; i++) {
    units = add(units, 1);
    float += 0.000_001;
  }
  expect(units).toBe(1_000_000);
  // The positive control: what a float would have made of it.
  expect(float).not.toBe(1);
});
