/** Attackers that try everything, on tiers small enough for it, against the published numbers. */
import { describe, expect, test } from 'vitest';
import { exposureOf } from '#circuits/policy/exposure.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';

const issuer = new Uint8Array(32);

interface Small {
  readonly budget: number;
  readonly caps: readonly number[];
  readonly minimum: number;
  readonly maximum: number;
  readonly purses: number;
}

function tierOf({ budget, caps, minimum, maximum, purses }: Small): Tier {
  const classes = [{ budget, caps: [...caps] }];
  return { suite: 1, issuer, ...presets.pocket, classes, minimum, maximum, pursesMax: purses };
}

/** Every subset of unseen slots with every amount that a payee takes for it. Payees check caps, minimum and maximum. */
function* payments(small: Small, seen: number): Generator<{ slots: number; amount: number }> {
  for (let slots = 1; slots < 1 << small.caps.length; slots++) {
    if (slots & seen) continue;
    let cap = 0;
    for (const [slot, value] of small.caps.entries()) if (slots & (1 << slot)) cap += value;
    for (let amount = small.minimum; amount <= Math.min(cap, small.maximum); amount++)
      yield { slots, amount };
  }
}

/** Remembers the best gain from each position on. */
function best(
  search: (state: number[], deeper: (state: number[]) => number) => number,
  start: number[],
): number {
  const known = new Map<string, number>();
  function deeper(state: number[]): number {
    const name = state.join();
    const found = known.get(name) ?? search(state, deeper);
    known.set(name, found);
    return found;
  }
  return deeper(start);
}

const put = (state: readonly number[], at: number, value: number) =>
  state.map((old, i) => (i === at ? value : old));

/** No slot twice. A purse is not issued (-1), or open with the slots that were seen; a closed one has bit 8 set. */
function gainWithoutReuse(small: Small, mayClose: boolean): number {
  return best((state, deeper) => {
    let gain = 0;
    for (const [i, purse] of state.entries()) {
      if (purse < 0) {
        // At most one purse is funded at a time where the one before it is closed; without closes all are.
        const ready = !mayClose || i === 0 || state[i - 1]! >= 256;
        if (ready) gain = Math.max(gain, -small.budget + deeper(put(state, i, 0)));
        continue;
      }
      // A lying Close opens T = 0 and brings the budget back, whatever was paid; the certificate lives on.
      if (mayClose && purse < 256) gain = Math.max(gain, small.budget + deeper(put(state, i, purse + 256)));
      for (const { slots, amount } of payments(small, purse & 255))
        gain = Math.max(gain, amount + deeper(put(state, i, purse | slots)));
    }
    return gain;
  }, new Array<number>(small.purses).fill(-1));
}

/** Reuse: each payee sees its own slots; a Report that it had acknowledged makes it forget them. Budgets come back by a Close. */
function gainWithReuse(small: Small, payees: number, reports: number): number {
  const start = [
    ...new Array<number>(payees).fill(reports - 1),
    ...new Array<number>(payees * small.purses).fill(0),
  ];
  return best((state, deeper) => {
    let gain = 0;
    for (let payee = 0; payee < payees; payee++) {
      const first = payees + payee * small.purses;
      if (state[payee]! > 0) {
        const forgotten = state.map((old, i) => (i >= first && i < first + small.purses ? 0 : old));
        gain = Math.max(gain, deeper(put(forgotten, payee, state[payee]! - 1)));
      }
      for (let i = first; i < first + small.purses; i++)
        for (const { slots, amount } of payments(small, state[i]!))
          gain = Math.max(gain, amount + deeper(put(state, i, state[i]! | slots)));
    }
    return gain;
  }, start);
}

function* ladders(slots: number, capMax: number): Generator<number[]> {
  if (slots === 0) yield [];
  else
    for (const rest of ladders(slots - 1, capMax))
      for (let cap = 1; cap <= capMax; cap++) yield [...rest, cap];
}

/** All tiers of up to three slots with caps up to 3, budgets up to 6, and every sensible minimum and maximum. */
function* smallTiers(slotsMax: number, purses: number): Generator<Small> {
  for (let slots = 1; slots <= slotsMax; slots++)
    for (const caps of ladders(slots, 3))
      for (const budget of [1, 3, 6])
        for (const [minimum, maximum] of [
          [1, 3],
          [2, 3],
          [1, 2],
        ] as const)
          yield { budget, caps, minimum, maximum, purses };
}

const isTight = ({ caps, minimum, maximum }: Small) => caps.every(cap => cap >= minimum && cap <= maximum);

/** Runs an attack on every tier; it must stay within the number, and reach it where the number is tight. */
function compare(
  tiers: Iterable<Small>,
  attack: (small: Small) => number,
  bound: (tier: Tier) => number,
): number {
  let tried = 0;
  for (const small of tiers) {
    const gain = attack(small);
    const limit = bound(tierOf(small));
    expect(gain, JSON.stringify(small)).toBeLessThanOrEqual(limit);
    if (isTight(small)) expect(gain, JSON.stringify(small)).toBe(limit);
    tried += 1;
  }
  return tried;
}

describe('[D12 core] no attacker takes more than its tier publishes', () => {
  test.each([1, 2])('without reuse, budgets stay in, %i certificates', purses => {
    const attack = (small: Small) => gainWithoutReuse(small, false);
    expect(compare(smallTiers(3, purses), attack, tier => exposureOf(tier, 0).withoutReuseUnits)).toBe(351);
  });

  test.each([1, 2])('without reuse, lying closes take budgets back, %i certificates', purses => {
    const attack = (small: Small) => gainWithoutReuse(small, true);
    expect(compare(smallTiers(2, purses), attack, tier => exposureOf(tier, 0).afterClosesUnits)).toBe(108);
  });

  test.each([
    [1, 2, 2],
    [2, 2, 1],
    [1, 3, 1],
  ])('with reuse, %i certificates, %i payees, %i reports each', (purses, payees, reports) => {
    const attack = (small: Small) => gainWithReuse(small, payees, reports);
    const bound = (tier: Tier) => payees * reports * exposureOf(tier, 0).reusePerPayeeAndReportUnits;
    expect(compare(smallTiers(2, purses), attack, bound)).toBe(108);
  });
});

test('the attacker is able to win: a payee that forgets caps loses more than the number', () => {
  const small: Small = { budget: 3, caps: [1, 2], minimum: 1, maximum: 3, purses: 1 };
  const generous = { ...small, caps: [3, 3] };
  expect(gainWithoutReuse(generous, false)).toBeGreaterThan(exposureOf(tierOf(small), 0).withoutReuseUnits);
});

test('with phi 1 and budgets that stay in, nothing is to be taken without reuse', () => {
  const tier: Tier = { suite: 1, issuer, ...presets.standard };
  for (const index of tier.classes.keys()) expect(exposureOf(tier, index).withoutReuseUnits).toBe(0);
});

test('the numbers of the pocket tier, by hand: two purses of 150.00 with caps of 167.50', () => {
  expect(exposureOf({ suite: 1, issuer, ...presets.pocket }, 3)).toEqual({
    withoutReuseUnits: 3_500,
    afterClosesUnits: 33_500,
    reusePerPayeeAndReportUnits: 33_500,
    paymentsPerLifeMax: 8,
    lifeEpochs: 4,
  });
});
