/** A small economy with two tiers, two funded purses and a payee's view: the ground on which payment tests stand. */

import { type Device, type Economy, type FundedPurse, openEconomy } from '#circuits/issue/economy.ts';
import type { Grant } from '#circuits/issue/issuer.ts';
import type { Verified } from '#circuits/message/chain.ts';
import type { Signed } from '#circuits/message/cose.ts';
import type { Request } from '#circuits/message/payment.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { ask, type Sale } from '#circuits/proof/payee.ts';
import type { Payee } from '#circuits/proof/payment.ts';
import type { Entropy, Suite } from '#circuits/proof/port.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { entropyOf } from './sample.ts';

type Terms = Omit<Tier, 'suite' | 'issuer'>;

/** 16 bits, four slots: what a 40 kB board can hold. Units are cents. */
const coffee: Terms = {
  name: 'coffee',
  currency: 'EUR',
  exponent: 2,
  bits: 16,
  lanes: 1,
  classes: [
    { budget: 3_000, caps: [300, 600, 900, 1_200] },
    { budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] },
  ],
  minimum: 1,
  maximum: 5_000,
  unlisted: 1_000,
  holding: 15_000,
  steps: [5_000, 2_000, 500],
  life: 30,
  grace: 7,
  gap: 14,
  jump: 7,
  phiPercent: 100,
  respendMax: 0,
  pursesMax: 2,
  identity: 1,
  assurance: 0,
  named: false,
  oneShow: false,
  payeeClasses: [],
};

export interface World {
  readonly economy: Economy;
  readonly entropy: Entropy;
  readonly tier: Verified<Tier>;
  /** The payer's device. */
  readonly device: Device;
  readonly payer: FundedPurse;
  readonly till: FundedPurse;
  readonly payee: Payee;
}

export interface Setting {
  readonly suite?: Suite;
  readonly terms?: Partial<Terms>;
  readonly grant?: Partial<Omit<Grant, 'device' | 'tier'>>;
  readonly seed?: string;
}

export function openWorld({ suite = suite1, terms = {}, grant = {}, seed = 'world' }: Setting = {}): World {
  const entropy = entropyOf(seed);
  const economy = openEconomy(suite, entropy);
  const tier = economy.publish({ ...coffee, ...terms });
  const budget = new Array<number>(tier.value.lanes).fill(10_000);
  const device = economy.makeDevice('payer');
  const payer = economy.fund(device, {
    tier,
    from: 100,
    budget,
    identity: 7_000,
    ...grant,
  });
  const till = economy.fund(economy.makeDevice('payee'), { tier, from: 100, budget, identity: 9_000 });
  return { economy, entropy, tier, device, payer, till, payee: economy.receive(till, tier, 101) };
}

let saleCount = 0;

/** A request of the world's payee for this amount. */
export function request(world: World, amount: number, sale: Partial<Sale> = {}): Signed<Request> {
  saleCount += 1;
  const session = world.entropy(32);
  return ask(world.till, { number: saleCount, price: amount, units: 1, session, ...sale }, world.entropy);
}
