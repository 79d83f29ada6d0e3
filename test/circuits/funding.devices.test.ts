/** An owner with many devices against the spending cap: every spend is booked by its epoch, every window is summed. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { budgetFor, dutiesAt, type Issued, type SpendingCap, thresholds } from '#circuits/policy/funding.ts';
import { presets, type Terms } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

const small = { budget: 10, caps: [10] };
const staged: Tier = {
  suite: 1,
  issuer: new Uint8Array(32),
  ...presets.pocket,
  classes: [small],
  holding: 60_000,
  respendMax: 0,
  phiPercent: 100,
};
const respend: Tier = { ...staged, respendMax: 25, phiPercent: 150 };

interface Held {
  issued: Issued;
  readonly from: number;
  spent: number;
}

interface Rules {
  readonly tier: Tier;
  readonly cap: SpendingCap;
  /** What the issuer counts; a broken rule here is the positive control. */
  readonly counted: (purses: readonly Held[], epoch: number, life: Terms['life']) => Issued[];
}

const all: Rules['counted'] = purses => purses.map(({ issued }) => issued);

/** Random issuing, spending, closing and passing of time. Returns the most that any window saw. */
function worstWindow(rules: Rules, seed: string): number {
  const { tier, cap } = rules;
  const roll = dice(seed);
  const purses: Held[] = [];
  const spentIn: number[] = [];
  let epoch = 1;
  for (let step = 0; step < 300; step++) {
    const holder = purses.length ? roll.pick(purses) : undefined;
    const open = holder && holder.issued.final === null ? holder : undefined;
    const action = roll.between(0, 9);
    if (action < 3) {
      const counted = rules.counted(purses, epoch, tier.life);
      try {
        const budget = budgetFor(tier, roll.between(1, 200), cap, { purses: counted, epoch });
        purses.push({ issued: { budget, respendMax: tier.respendMax, final: null }, from: epoch, spent: 0 });
      } catch (refusal) {
        if (!(refusal instanceof Fault)) throw refusal;
      }
    } else if (action < 8 && open) {
      // Received money may be spent again up to Rcap, so budget and Rcap together bound T.
      const left = open.issued.budget + open.issued.respendMax - open.spent;
      const amount = roll.percent(30) ? left : roll.between(0, left);
      open.spent += amount;
      spentIn[epoch] = (spentIn[epoch] ?? 0) + amount;
    } else if (action === 8 && open) {
      open.issued = { ...open.issued, final: { spent: open.spent, epoch } };
    } else epoch += roll.between(0, 2);
  }
  let worst = 0;
  for (let last = 1; last <= epoch; last++) {
    let units = 0;
    for (let at = Math.max(0, last - cap.windowEpochs + 1); at <= last; at++) units += spentIn[at] ?? 0;
    worst = Math.max(worst, units);
  }
  return worst;
}

const cap = { units: 300, windowEpochs: 10 };
const runs = 400;

describe.each([
  ['without respend', staged],
  ['with respend', respend],
])('[E3 core] %s', (_, tier) => {
  const seed = seedOf(`funding ${tier.respendMax}`, 'devices');

  test('whatever the owner issues, spends and closes on many devices, no window sees more than the cap', () => {
    const worst = Array.from({ length: runs }, (_, i) =>
      worstWindow({ tier, cap, counted: all }, `${seed} ${i}`),
    );
    for (const units of worst) expect(units).toBeLessThanOrEqual(cap.units);
    // The bound is reached: the cap is not held by handing out too little.
    expect(Math.max(...worst)).toBe(cap.units);
  });

  const broken: Record<string, Rules['counted']> = {
    'only its newest purse counts': purses => purses.slice(-1).map(({ issued }) => issued),
    'a closed purse counts for nothing': purses =>
      purses.filter(({ issued }) => issued.final === null).map(({ issued }) => issued),
    'an open purse counts with what is known to be spent': purses =>
      purses.map(({ issued, spent }) => ({ ...issued, budget: spent, respendMax: 0 })),
    'expiry alone frees a purse': (purses, epoch, life) =>
      purses
        .filter(({ issued, from }) => issued.final !== null || epoch <= from + life)
        .map(({ issued }) => issued),
  };
  test.each(Object.entries(broken))('the model finds the hole where %s', (_, counted) => {
    const worst = Array.from({ length: runs }, (_, i) => worstWindow({ tier, cap, counted }, `${seed} ${i}`));
    expect(Math.max(...worst)).toBeGreaterThan(cap.units);
  });
});

describe('M is the smallest of what balance, cap, holding limit and range proof leave', () => {
  const big = { units: 1_000_000, windowEpochs: 10 };
  const none = { purses: [], epoch: 5 };
  const wide: Tier = { ...respend, holding: 1_000_000 };
  test.each<[string, Tier, number, SpendingCap, number]>([
    ['balance', wide, 500, big, 500],
    ['cap', wide, 500, { ...big, units: 125 }, 100],
    ['cap without respend', staged, 500, { ...big, units: 125 }, 125],
    ['holding limit', { ...wide, holding: 300 }, 500, big, 300],
    ['range proof', wide, 70_000, big, 65_535 - 25],
  ])('%s', (_, tier, balance, limit, budget) => {
    expect(budgetFor(tier, balance, limit, none)).toBe(budget);
  });

  test('nothing is issued where the cap leaves nothing, or less than the smallest class', () => {
    const used = { purses: [{ budget: 100, respendMax: 0, final: null }], epoch: 5 };
    expect(() => budgetFor(staged, 500, { ...big, units: 100 }, used)).toThrow('limit');
    expect(() => budgetFor(staged, 500, { ...big, units: 99 }, used)).toThrow('limit');
    expect(() => budgetFor(staged, 500, { ...big, units: 109 }, used)).toThrow('funds');
    expect(budgetFor(staged, 500, { ...big, units: 110 }, used)).toBe(10);
    expect(() => budgetFor(staged, 9, big, none)).toThrow('funds');
  });

  test('a final purse counts until its epoch has left the window', () => {
    const spent = { budget: 100, respendMax: 0, final: { spent: 40, epoch: 3 } };
    const tight = { units: 100, windowEpochs: 10 };
    expect(budgetFor(staged, 500, tight, { purses: [spent], epoch: 12 })).toBe(60);
    expect(budgetFor(staged, 500, tight, { purses: [spent], epoch: 13 })).toBe(100);
  });
});

test.each([
  [149_99, []],
  [150_00, ['identify']],
  [999_99, ['identify']],
  [1_000_00, ['identify', 'record']],
  [9_999_99, ['identify', 'record']],
  [10_000_00, ['identify', 'record', 'report']],
])('[E12 core] funding %i cents obliges to %j', (cents, duties) => {
  expect(dutiesAt(thresholds, cents, 2)).toEqual(duties);
  expect(dutiesAt(thresholds, cents * 10_000, 6)).toEqual(duties);
});
