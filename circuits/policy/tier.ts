/** Tiers: limits as data, signed by the intermediary, the same for all its users. */
import { Fault } from '../fault.ts';
import { id } from '../message/certificate.ts';
import { kinds, message } from '../message/message.ts';
import { flag, type Infer, list, record, small, text, u32 } from '../message/schema.ts';
import { sum, unitsMax } from './amount.ts';

export const identityLevel = { anonymous: 0, pseudonymous: 1, identified: 2 } as const;
export const assuranceLevel = { bare: 0, element: 1 } as const;

/** Amounts are in units of 10^-exponent of the currency's major unit. */
export const tier = message(kinds.tier, 2_048, {
  issuer: id,
  name: text(16),
  currency: text(3),
  exponent: small(6),
  /** Bits of the range proof, 16 or 32; 1 or 2 lanes. */
  bits: u32,
  lanes: small(2, 1),
  /** Budget classes, rising, each with its ladder of slot caps. */
  classes: list(record({ budget: u32, caps: list(u32, 16, 1) }), 8, 1),
  minimum: u32,
  maximum: u32,
  /** Per payment where the payee lacks the fitting revocation shard. */
  unlisted: u32,
  holding: u32,
  /** Theta: the tier maximum first, falling. */
  steps: list(u32, 4, 1),
  /** Epochs: life of a purse, grace after it, allowed gap between two sides, and jump of a peer's beacon. */
  life: u32,
  grace: u32,
  gap: u32,
  jump: u32,
  /** Sum of a class's caps, at most this many percent of the class. */
  phiPercent: u32,
  /** Rcap: how much received money may be spent again within one purse; 0 without respend. */
  respendMax: u32,
  /** p: unexpired certificates per device. */
  pursesMax: small(16, 1),
  identity: small(2),
  assurance: small(1),
  named: flag,
  oneShow: flag,
  /** Payee classes that may be paid; empty for all. */
  payeeClasses: list(u32, 8),
});

export type Tier = Infer<typeof tier>;

type Rule = (tier: Tier) => boolean;

const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value > values[i - 1]!);
const falls = (values: readonly number[]) => values.every((value, i) => i === 0 || value < values[i - 1]!);
const within = (value: number, least: number, most: number) => value >= least && value <= most;
/** The plain sum of at most 16 u32, exact in a double. */
const total = (caps: readonly number[]) => caps.reduce((all, cap) => all + cap, 0);
const largestClass = (tier: Tier) => tier.classes[tier.classes.length - 1]!.budget;

/** Every rule that a tier obeys, by what it says. In order: a later rule may rely on the earlier ones. */
const rules: readonly (readonly [string, Rule])[] = [
  ['a currency has three letters', tier => tier.currency.length === 3],
  ['a unit is 10^0 to 10^-6 of the major unit', tier => within(tier.exponent, 0, 6)],
  ['range proofs have 16 or 32 bits', tier => tier.bits === 16 || tier.bits === 32],
  ['there are one or two lanes', tier => within(tier.lanes, 1, 2)],
  ['there are 1 to 8 budget classes', tier => within(tier.classes.length, 1, 8)],
  ['a class has 1 to 16 slots', tier => tier.classes.every(({ caps }) => within(caps.length, 1, 16))],
  [
    'all classes have the same number of slots',
    tier => tier.classes.every(({ caps }) => caps.length === tier.classes[0]!.caps.length),
  ],
  ['budget classes rise from 1', tier => rises([0, ...tier.classes.map(({ budget }) => budget)])],
  ['a slot cap is at least 1', tier => tier.classes.every(({ caps }) => caps.every(cap => cap >= 1))],
  ['the caps of a class sum to a u32', tier => tier.classes.every(({ caps }) => total(caps) <= unitsMax)],
  [
    'the caps of a class sum to at most phi times the class',
    tier => tier.classes.every(({ budget, caps }) => total(caps) * 100 <= tier.phiPercent * budget),
  ],
  ['phi is at least 1', tier => tier.phiPercent >= 100],
  ['phi is 1 without respend', tier => tier.respendMax > 0 || tier.phiPercent === 100],
  [
    'the largest class and what is spent again fit the range proof',
    tier => largestClass(tier) + tier.respendMax < 2 ** tier.bits,
  ],
  ['the largest class is within the holding limit', tier => largestClass(tier) <= tier.holding],
  ['a payment is at least 1', tier => tier.minimum >= 1],
  ['the minimum is at most the maximum', tier => tier.minimum <= tier.maximum],
  ['without a list at most the maximum is paid', tier => tier.unlisted <= tier.maximum],
  ['theta has 1 to 4 steps', tier => within(tier.steps.length, 1, 4)],
  ['the first step is the maximum', tier => tier.steps[0] === tier.maximum],
  ['steps fall', tier => falls(tier.steps)],
  ['the last step is at least the minimum', tier => tier.steps[tier.steps.length - 1]! >= tier.minimum],
  ['a purse lives at least one epoch', tier => tier.life >= 1],
  ['a peer moves the epoch by at least one', tier => tier.jump >= 1],
  ['a peer moves the epoch by at most the life of a purse', tier => tier.jump <= tier.life],
  ['the allowed gap is at most the life of a purse', tier => tier.gap <= tier.life],
  ['waiting times fit a u32', tier => 2 * tier.life + tier.grace <= unitsMax],
  ['a device has 1 to 16 unexpired certificates', tier => within(tier.pursesMax, 1, 16)],
  ['one-show purses are not spent again', tier => !tier.oneShow || tier.respendMax === 0],
  ['identity is a known level', tier => within(tier.identity, 0, identityLevel.identified)],
  ['assurance is a known level', tier => within(tier.assurance, 0, assuranceLevel.element)],
  ['payee classes rise', tier => rises(tier.payeeClasses)],
];

/** A fault `tier` that names the first rule that does not hold. Signing it and reading it are the codec's to check. */
export function checkTier(tier: Tier): void {
  for (const [rule, holds] of rules) if (!holds(tier)) throw new Fault('tier', rule);
}

/** The largest class that the budget fills. */
export function classFor(tier: Tier, budget: number): number {
  let chosen = -1;
  for (let i = 0; i < tier.classes.length; i++) if (tier.classes[i]!.budget <= budget) chosen = i;
  if (chosen < 0) throw new Fault('funds', 'the budget is below the smallest class');
  return chosen;
}

/** Slots of a bitmap, rising. Bit 31 counts as any other. */
export function slotsOf(bitmap: number): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < 32; slot++) if ((bitmap >>> slot) & 1) slots.push(slot);
  return slots;
}

/** Sum of the caps of the slots that a bitmap names. */
export function capOf(tier: Tier, classIndex: number, slots: number): number {
  const ladder = tier.classes[classIndex];
  if (!ladder) throw new Fault('tier', `no class ${classIndex}`);
  return sum(
    slotsOf(slots).map(slot => {
      const cap = ladder.caps[slot];
      if (cap === undefined) throw new Fault('slots', `no slot ${slot} in this class`);
      return cap;
    }),
  );
}
