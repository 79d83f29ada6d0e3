/** Example tiers as data. Every one passes `checkTier`.
 *
 * Caps follow one rule: slot i of K gets i / (1 + 2 + ... + K) of phi times the class, rounded down, and no more than
 * the maximum payment. With lognormal payments of median 5 and 12 EUR and phi 1.5 a purse of 4 slots was worth 98 to
 * 100 % of a freely divisible one before its first refusal; equal caps 92 %, doubling caps 96 %; with phi 1 the rule
 * gives 82 to 98 %. (simulation of 3,000 purses of 20 to 150 EUR)
 */
import { assuranceLevel, identityLevel, type Tier } from './tier.ts';

export type Terms = Omit<Tier, 'suite' | 'issuer'>;

function ladder(
  budget: number,
  slotCount: number,
  { phiPercent, maximum }: Pick<Terms, 'phiPercent' | 'maximum'>,
) {
  const parts = (slotCount * (slotCount + 1)) / 2;
  const caps: number[] = [];
  for (let i = 1; i <= slotCount; i++)
    caps.push(Math.min(maximum, Math.floor((budget * phiPercent * i) / (100 * parts))));
  return { budget, caps };
}

type Limits = Omit<Terms, 'classes'>;

function terms(limits: Limits, slotCount: number, budgets: readonly number[]): Terms {
  return { ...limits, classes: budgets.map(budget => ladder(budget, slotCount, limits)) };
}

const common = {
  currency: 'EUR',
  exponent: 2,
  bits: 16,
  lanes: 1,
  minimum: 1,
  grace: 7,
  phiPercent: 150,
  pursesMax: 2,
  assurance: assuranceLevel.bare,
  named: false,
  oneShow: false,
  payeeClasses: [],
} satisfies Partial<Limits>;

/** Anonymous, in cents, for 40 kB boards: four slots, so new certificates come often. */
const pocket = terms(
  {
    ...common,
    name: 'pocket',
    maximum: 5_000,
    unlisted: 1_000,
    holding: 15_000,
    steps: [5_000, 2_000, 500],
    life: 4,
    gap: 2,
    jump: 2,
    respendMax: 15_000,
    identity: identityLevel.anonymous,
  },
  4,
  [2_000, 5_000, 10_000, 15_000],
);

/** Pseudonymous, in cents: eight slots, staged. Received money waits for a sync, so phi is 1. */
const standard = terms(
  {
    ...common,
    name: 'standard',
    maximum: 10_000,
    unlisted: 2_000,
    holding: 30_000,
    steps: [10_000, 5_000, 1_000, 200],
    life: 30,
    gap: 14,
    jump: 7,
    phiPercent: 100,
    respendMax: 0,
    identity: identityLevel.pseudonymous,
  },
  8,
  [5_000, 15_000, 30_000],
);

/** Identified, beyond what 16 bits hold, for boards with a secure element. A reused slot names the device. */
const full = terms(
  {
    ...common,
    name: 'full',
    bits: 32,
    maximum: 50_000,
    unlisted: 5_000,
    holding: 300_000,
    steps: [50_000, 20_000, 5_000, 1_000],
    life: 30,
    gap: 14,
    jump: 7,
    respendMax: 100_000,
    identity: identityLevel.identified,
    assurance: assuranceLevel.element,
    named: true,
  },
  16,
  [20_000, 100_000, 300_000],
);

/** Between machines, in millionths: from 0.000001 EUR to 1 EUR a payment. */
const micro = terms(
  {
    ...common,
    name: 'micro',
    exponent: 6,
    bits: 32,
    maximum: 1_000_000,
    unlisted: 100_000,
    holding: 10_000_000,
    steps: [1_000_000, 100_000, 10_000],
    life: 30,
    gap: 14,
    jump: 7,
    respendMax: 5_000_000,
    identity: identityLevel.pseudonymous,
  },
  16,
  [1_000_000, 5_000_000],
);

export const presets = { pocket, standard, full, micro };
