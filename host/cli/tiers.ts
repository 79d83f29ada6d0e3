/** `mite tiers`: the preset tiers, and what one broken device could take under each: both numbers, for each class. */
import { formatAmount } from '#circuits/policy/amount.ts';
import { exposureOf } from '#circuits/policy/exposure.ts';
import { presets } from '#circuits/policy/presets.ts';
import { checkTier, type Tier } from '#circuits/policy/tier.ts';
import type { Event, Events } from './event.ts';

function tierEvent(tier: Tier): Event {
  const money = (units: number) => `${formatAmount(units, tier.exponent)} ${tier.currency}`;
  const { name, bits, lanes, minimum, maximum, holding, life, grace, gap, pursesMax } = tier;
  return {
    text: [
      '',
      `${name}: ${money(minimum)} to ${money(maximum)} a payment, holds ${money(holding)}`,
      `  proof ${lanes}x${bits}, life ${life} epochs, grace ${grace}, gap ${gap}, ${pursesMax} purses a device`,
    ].join('\n'),
    data: { tier: name, bits, lanes, minimum, maximum, holding, life, grace, gap, pursesMax },
  };
}

function classEvent(tier: Tier, index: number): Event {
  const money = (units: number) => `${formatAmount(units, tier.exponent)} ${tier.currency}`;
  const exposure = exposureOf(tier, index);
  const { budget, caps } = tier.classes[index]!;
  return {
    text: [
      `  budget ${money(budget)}, ${caps.length} slots: a broken device takes at most`,
      `    ${money(exposure.withoutReuseUnits)} where it uses no slot twice (${money(exposure.afterClosesUnits)} with false closes)`,
      `    ${money(exposure.reusePerPayeeAndReportUnits)} for each payee and acknowledged report where it does, until it is revoked`,
    ].join('\n'),
    data: { tier: tier.name, class: index, budgetUnits: budget, caps, ...exposure },
  };
}

export async function* tiers(): Events {
  for (const terms of Object.values(presets)) {
    // Who signs them, and under which suite, is the intermediary's choice.
    const tier: Tier = { ...terms, suite: 1, issuer: new Uint8Array(32) };
    checkTier(tier);
    yield tierEvent(tier);
    for (const index of tier.classes.keys()) yield classEvent(tier, index);
  }
}
