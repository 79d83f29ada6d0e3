/** Each rule of a tier, broken alone. */
import { describe, expect, test } from 'vitest';
import { encode, parse } from '#circuits/message/message.ts';
import { presets, type Terms } from '#circuits/policy/presets.ts';
import { checkTier, type Tier, tier as tierShape } from '#circuits/policy/tier.ts';

const issuer = new Uint8Array(32);
const sealed = (terms: Terms): Tier => ({ suite: 1, issuer, ...terms });

/** A tier with respend that keeps every rule with room around it. */
const base: Terms = {
  ...presets.pocket,
  classes: [
    { budget: 1_000, caps: [100, 200, 300, 400] },
    { budget: 2_000, caps: [200, 400, 600, 800] },
  ],
  maximum: 5_000,
  steps: [5_000, 2_000, 500],
  respendMax: 10_000,
  phiPercent: 150,
  holding: 15_000,
  life: 30,
  gap: 14,
  jump: 7,
  payeeClasses: [1, 5],
};
const broad: Terms = { ...base, bits: 32, holding: 0xffffffff };
const [low, high] = base.classes as [Terms['classes'][number], Terms['classes'][number]];
const manyClasses = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ budget: 1_000 + i, caps: [100] }));
const slots = (count: number) => [{ budget: 1_000, caps: new Array<number>(count).fill(50) }];

test.each(Object.entries(presets))(
  'the example tier %s keeps every rule and fits its message',
  (_, terms) => {
    const tier = sealed(terms);
    expect(() => checkTier(tier)).not.toThrow();
    expect(parse(tierShape, encode(tierShape, tier))).toEqual(tier);
  },
);

/** Rule, what breaks it alone, and the nearest change that still keeps it. */
const cases: readonly (readonly [string, Partial<Terms>, Partial<Terms>])[] = [
  ['three letters', { currency: 'EU' }, { currency: 'CHF' }],
  ['10^0 to 10^-6', { exponent: 7 }, { exponent: 6 }],
  ['10^0 to 10^-6', { exponent: -1 }, { exponent: 0 }],
  ['16 or 32 bits', { bits: 24 }, { bits: 32 }],
  ['16 or 32 bits', { bits: 64 }, { bits: 16 }],
  ['two lanes', { lanes: 3 }, { lanes: 2 }],
  ['two lanes', { lanes: 0 }, { lanes: 1 }],
  ['1 to 8 budget classes', { classes: [] }, { classes: manyClasses(1) }],
  ['1 to 8 budget classes', { classes: manyClasses(9) }, { classes: manyClasses(8) }],
  ['1 to 16 slots', { classes: slots(0) }, { classes: slots(1) }],
  ['1 to 16 slots', { classes: slots(17) }, { classes: slots(16) }],
  [
    'same number of slots',
    { classes: [low, { ...high, caps: [200, 400, 600] }] },
    { classes: [low, { ...high, caps: [1, 1, 1, 1] }] },
  ],
  [
    'classes rise',
    { classes: [low, { ...high, budget: 1_000, caps: low.caps }] },
    { classes: [low, { ...high, budget: 1_334 }] },
  ],
  ['classes rise', { classes: [high, low] }, { classes: [low, high] }],
  [
    'cap is at least 1',
    { classes: [{ budget: 1_000, caps: [0, 1] }] },
    { classes: [{ budget: 1_000, caps: [1, 1] }] },
  ],
  [
    'sum to a u32',
    { ...broad, phiPercent: 300, classes: [{ budget: 0x7fffffff, caps: [0xffffffff, 1] }] },
    { ...broad, phiPercent: 300, classes: [{ budget: 0x7fffffff, caps: [0xfffffffe, 1] }] },
  ],
  [
    'at most phi times the class',
    { classes: [low, { budget: 1_333, caps: high.caps }] },
    { classes: [low, { budget: 1_334, caps: high.caps }] },
  ],
  ['phi is at least 1', { phiPercent: 99, classes: [{ budget: 1_000, caps: [100] }] }, { phiPercent: 100 }],
  ['phi is 1 without respend', { respendMax: 0, phiPercent: 101 }, { respendMax: 0, phiPercent: 100 }],
  ['phi is 1 without respend', { respendMax: 0 }, { respendMax: 1 }],
  ['fit the range proof', { respendMax: 63_536 }, { respendMax: 63_535 }],
  ['fit the range proof', { ...broad, respendMax: 0xfffff830 }, { ...broad, respendMax: 0xfffff82f }],
  ['within the holding limit', { holding: 1_999 }, { holding: 2_000 }],
  ['a payment is at least 1', { minimum: 0 }, { minimum: 1 }],
  ['minimum is at most the maximum', { minimum: 5_001, steps: [5_000] }, { minimum: 5_000, steps: [5_000] }],
  ['without a list', { unlisted: 5_001 }, { unlisted: 5_000 }],
  ['1 to 4 steps', { steps: [] }, { steps: [5_000] }],
  ['1 to 4 steps', { steps: [5_000, 4, 3, 2, 1] }, { steps: [5_000, 3, 2, 1] }],
  ['first step is the maximum', { steps: [4_999, 500] }, { maximum: 4_999, steps: [4_999, 500] }],
  ['steps fall', { steps: [5_000, 500, 500] }, { steps: [5_000, 500, 499] }],
  ['steps fall', { steps: [5_000, 500, 501] }, { steps: [5_000, 501, 500] }],
  ['last step is at least the minimum', { minimum: 501 }, { minimum: 500 }],
  ['lives at least one epoch', { life: 0, jump: 1, gap: 0 }, { life: 1, jump: 1, gap: 0 }],
  ['epoch by at least one', { jump: 0 }, { jump: 1 }],
  ['epoch by at most the life', { jump: 31 }, { jump: 30 }],
  ['gap is at most the life', { gap: 31 }, { gap: 30 }],
  ['waiting times', { grace: 0xffffffff - 59 }, { grace: 0xffffffff - 60 }],
  ['1 to 16 unexpired', { pursesMax: 0 }, { pursesMax: 1 }],
  ['1 to 16 unexpired', { pursesMax: 17 }, { pursesMax: 16 }],
  ['not spent again', { oneShow: true }, { oneShow: true, respendMax: 0, phiPercent: 100 }],
  ['identity', { identity: 3 }, { identity: 2 }],
  ['identity', { identity: -1 }, { identity: 0 }],
  ['assurance', { assurance: 2 }, { assurance: 1 }],
  ['assurance', { assurance: -1 }, { assurance: 0 }],
  ['payee classes rise', { payeeClasses: [5, 5] }, { payeeClasses: [5, 6] }],
];

describe('a tier is refused for one broken rule alone', () => {
  test.each(cases)('%s: %j', (rule, broken, kept) => {
    expect(() => checkTier(sealed({ ...base, ...kept }))).not.toThrow();
    expect(() => checkTier(sealed({ ...base, ...broken }))).toThrow(
      new RegExp(`^tier: .*${rule.replace(/[\^]/g, '\\^')}`),
    );
  });
});
