/** The one story: fund, tap offline, sync, catch a double-spender. Each part is the real one as far as it is built. */
import { randomBytes } from 'node:crypto';
import { toHex } from '#circuits/bytes.ts';
import { Fault } from '#circuits/fault.ts';
import { type Economy, type FundedPurse, openEconomy } from '#circuits/issue/economy.ts';
import type { Verified } from '#circuits/message/chain.ts';
import { identify, open, type Signed, verify } from '#circuits/message/cose.ts';
import { encode } from '#circuits/message/message.ts';
import { type Claim, mode, receipt as receiptShape } from '#circuits/message/payment.ts';
import { evidence as evidenceShape } from '#circuits/message/sync.ts';
import { formatAmount } from '#circuits/policy/amount.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { findGuilt, verifyEvidence } from '#circuits/proof/guilt.ts';
import { acknowledge, ask } from '#circuits/proof/payee.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { suite1 as suite } from '../suite.ts';
import type { Event, Events } from './event.ts';

const entropy = (length: number) => new Uint8Array(randomBytes(length));
const epoch = 100;

interface Stage {
  readonly economy: Economy;
  readonly tier: Verified<Tier>;
  readonly meter: FundedPurse;
  readonly machines: readonly FundedPurse[];
}

const short = (id: Uint8Array) => toHex(id.subarray(0, 6));

function tell(step: string, text: string, data: Record<string, unknown> = {}): Event {
  return { text: `${step.padEnd(9)} ${text}`, data: { event: step, ...data } };
}

function money(stage: Stage, units: number): string {
  const { exponent, currency } = stage.tier.value;
  return `${formatAmount(units, exponent)} ${currency}`;
}

function setStage(): Stage {
  const economy = openEconomy(suite, entropy);
  const tier = economy.publish(presets.pocket);
  const budget = tier.value.classes[0]!.budget;
  const fund = (name: string) =>
    economy.fund(economy.makeDevice(name), { tier, from: epoch, budget: [budget], identity: 0 });
  return { economy, tier, meter: fund('charger 1'), machines: [fund('coffee 1'), fund('coffee 2')] };
}

interface Tapped {
  readonly claim: Signed<Claim>;
  readonly payer: Payer;
  readonly bytes: number;
  readonly ms: number;
}

/** One tap: request, payment, receipt. Only bytes cross between the two, and no network is there. */
function tap(stage: Stage, payer: Payer, till: FundedPurse, price: number): Tapped {
  const began = performance.now();
  const payee = stage.economy.receive(till, stage.tier, epoch);
  const request = ask(till, { number: 1, price, units: 1, session: entropy(32) }, entropy);
  const paid = pay(payer, request, entropy);
  const { claim, claimId } = verifyPayment(payee, request, paid.payment);
  const receipt = open(suite, receiptShape, acknowledge(till, claim, mode.offline, entropy).bytes);
  verify(suite, till.certificate.value.key, receipt);
  if (toHex(receipt.value.claim) !== toHex(claimId)) throw new Error('the receipt is of another claim');
  return { claim, payer: paid.payer, bytes: paid.payment.length, ms: Math.round(performance.now() - began) };
}

function* tapOffline(stage: Stage): Generator<Event, Tapped> {
  const { meter, machines } = stage;
  const first = tap(stage, meter, machines[0]!, 250);
  yield tell(
    'tap',
    `the charger pays ${money(stage, 250)} for a coffee: ${first.bytes} bytes, receipt verified`,
    {
      claim: toHex(identify(suite, first.claim)),
      bytes: first.bytes,
      ms: first.ms,
    },
  );
  const second = tap(stage, first.payer, machines[1]!, 199);
  yield tell('tap', `and ${money(stage, 199)} at another machine: its balance was on no wire`, {
    claim: toHex(identify(suite, second.claim)),
    bytes: second.bytes,
    ms: second.ms,
  });
  return first;
}

/** A cloned device pays a second payee from the same slot: offline nobody can know, at the sync everybody does. */
function* doubleSpend(stage: Stage, honest: Tapped): Generator<Event> {
  const clone = tap(stage, stage.meter, stage.machines[1]!, 240);
  yield tell(
    'clone',
    'a copy of the charger, taken before it paid, pays from the same slot: accepted offline',
    {
      claim: toHex(identify(suite, clone.claim)),
    },
  );
  const { trust, intermediary } = stage.economy;
  const claims = [honest.claim, clone.claim];
  const [found] = findGuilt({ trust, intermediary, purse: stage.meter.certificate, claims });
  if (!found) throw new Fault('evidence', 'the double spend was not found');
  const evidence = encode(evidenceShape, found);
  yield tell(
    'sync',
    `both machines report their claims: guilt of kind ${found.guilt}, ${evidence.length} bytes of evidence`,
    {
      guilt: found.guilt,
      bytes: evidence.length,
    },
  );
  const verdict = verifyEvidence(trust, evidence);
  yield tell(
    'caught',
    `a stranger who trusts only the root verifies it: purse ${short(verdict.purse.id)} is guilty`,
    {
      purse: toHex(verdict.purse.id),
      holds: true,
    },
  );
}

export async function* story(): Events {
  const stage = setStage();
  const { economy, tier } = stage;
  yield tell(
    'issue',
    `central bank, one intermediary, 3 of 5 auditors; root ${short(economy.trust.root.id)}`,
    {
      root: toHex(economy.trust.root.bytes),
    },
  );
  yield tell(
    'fund',
    `a charger and two coffee machines hold ${money(stage, tier.value.classes[0]!.budget)} each, hidden`,
    {
      tier: tier.value.name,
      units: tier.value.classes[0]!.budget,
    },
  );
  const honest = yield* tapOffline(stage);
  yield* doubleSpend(stage, honest);
}
