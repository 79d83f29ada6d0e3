/** Histories on two pages with page turns, cut at every operation and every byte. */
import { expect, test } from 'vitest';
import { firstWrong, histories, operationsOf } from './journal.history.ts';

const names = ['two pages of an nRF52832', 'two pages of an nRF52840'] as const;

test.each(names)(
  '[C1 core] [C3 core] wherever power fails, what was durable is there, and nothing that was not begun: %s',
  name => {
    const history = histories[name];
    const erases = operationsOf(history).filter(({ kind }) => kind === 'erase').length;
    expect(erases).toBeGreaterThan(3);
    const { cuts, ...found } = firstWrong(history);
    console.log(`${name}: ${cuts} cuts`);
    expect(found).toEqual({});
    expect(cuts).toBeGreaterThan(3_000);
  },
);
