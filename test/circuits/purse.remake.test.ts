/** Idle proofs are made again from the seed, byte for byte, and never share a blinding. */
import { expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { pay } from '#circuits/proof/payer.ts';
import { idleStatement, proveIdle, statementRandomness, untouched } from '#circuits/proof/purse.ts';
import { openWorld, request } from './world.ts';

const world = openWorld();
const { payer } = world;
const paid = pay(payer, request(world, 700), world.entropy);

test('the same seed and statement give the same bytes, as often as asked', () => {
  const [first, again] = [1, 2].map(() => toHex(proveIdle(payer, payer, paid.payer.position, 2_000)));
  expect(first).toBe(again);
});

test('no two statements share a blinding: ordinal, theta, history, certificate and bits all count', () => {
  const other = openWorld({ seed: 'other' });
  const wide = openWorld({ terms: { bits: 32 } });
  const at = (position = paid.payer.position, theta = 2_000, view = payer) =>
    statementRandomness(view.suite, payer.seed, idleStatement(view, { ...position, theta }));
  const sets = [
    at(),
    at(paid.payer.position, 2_001),
    at({ ...paid.payer.position, ordinal: 2 }),
    at(untouched),
    // Two purses that share a seed, by a fault or by an attacker's hand.
    at(paid.payer.position, 2_000, other.payer),
    at(paid.payer.position, 2_000, wide.payer),
  ];
  const all = sets.flat().map(String);
  expect(new Set(all).size).toBe(all.length);
  expect(new Set([...at(), ...at()].map(String)).size).toBe(sets[0]!.length);
});
