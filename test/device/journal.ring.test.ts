/** The same on a ring of pages, of which one at a time is emptied. */
import { expect, test } from 'vitest';
import { firstWrong, histories, operationsOf } from './journal.history.ts';

test('[C1 core] [C3 core] wherever power fails, what was durable is there, and nothing that was not begun: a ring', () => {
  const history = histories['five pages'];
  const erases = operationsOf(history).filter(({ kind }) => kind === 'erase').length;
  expect(erases).toBeGreaterThan(3);
  const { cuts, ...found } = firstWrong(history);
  console.log(`${cuts} cuts`);
  expect(found).toEqual({});
  expect(cuts).toBeGreaterThan(3_000);
});
