/** The one story: fund, tap offline, sync, catch a double-spender. Each part is the real one as far as it is built. */
import { randomBytes } from 'node:crypto';
import { equal, toHex } from '#circuits/bytes.ts';
import { Fault } from '#circuits/fault.ts';
import { type Economy, type FundedPurse, openEconomy } from '#circuits/issue/economy.ts';
import type { Verified } from '#circuits/message/chain.ts';
import { identify, open, type Signed, verify } from '#circuits/message/cose.ts';
import { encode } from '#circuits/message/message.ts';
import { type Claim, mode, type Request, receipt as receiptShape } from '#circuits/message/payment.ts';
import { evidence as evidenceShape } from '#circuits/message/sync.ts';
import { formatAmount } from '#circuits/policy/amount.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { findGuilt, verifyEvidence } from '#circuits/proof/guilt.ts';
import { acknowledge, ask } from '#circuits/proof/payee.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { verifyRequest } from '#circuits/proof/request.ts';
import { makeSharedKey } from '#circuits/proof/sharing.ts';
import { signingArithmetic, thresholdSigner } from '#circuits/proof/threshold.noble.ts';
import { suite1 as suite } from '../suite.ts';
import type { Event, Events } from './event.ts';
import { Air } from './story.air.ts';

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
  const { shared, shares } = makeSharedKey(signingArithmetic, { threshold: 2, count: 3 }, entropy);
  const economy = openEconomy(suite, entropy, thresholdSigner(shared, shares.slice(1), entropy));
  const tier = economy.publish(presets.pocket);
  const budget = tier.value.classes[0]!.budget;
  const fund = (name: string) =>
    economy.fund(economy.makeDevice(name), { tier, from: epoch, budget: [budget], identity: 0 });
  return { economy, tier, meter: fund('charger 1'), machines: [fund('coffee 1'), fund('coffee 2')] };
}

interface Tapped {
  readonly claim: Signed<Claim>;
  readonly payer: Payer;
  readonly figures: {
    readonly bytes: number;
    readonly frames: number;
    readonly lost: number;
    readonly ms: number;
  };
}

/** The payer's side of a request: it knows the root, its bank and the session, and nothing else. */
function readRequest(stage: Stage, air: Air, certificate: Uint8Array, bytes: Uint8Array): Signed<Request> {
  const { trust, intermediary } = stage.economy;
  const asked = { trust, intermediary, tier: stage.tier.value, epoch, session: air.opener.hash };
  return verifyRequest(asked, certificate, bytes).request;
}

/** One tap over a lossy radio: certificate and request, payment, receipt. No network is there. */
function tap(stage: Stage, payer: Payer, till: FundedPurse, price: number): Tapped {
  const began = performance.now();
  const air = new Air(entropy);
  const { opener, acceptor } = air;
  const own = ask(till, { number: 1, price, units: 1, session: acceptor.hash }, entropy);
  const certificate = air.carry(acceptor, till.certificate.bytes);
  const request = readRequest(stage, air, certificate, air.carry(acceptor, own.bytes));
  const paid = pay(payer, request, entropy);
  const payment = air.carry(opener, paid.payment);
  const { claim } = verifyPayment(stage.economy.receive(till, stage.tier, epoch), own, payment);
  const acknowledged = air.carry(acceptor, acknowledge(till, claim, mode.offline, entropy).bytes);
  const receipt = open(suite, receiptShape, acknowledged);
  verify(suite, till.certificate.value.key, receipt);
  if (!equal(receipt.value.claim, identify(suite, paid.claim)))
    throw new Error('the receipt is of another claim');
  const ms = Math.round(performance.now() - began);
  return {
    claim,
    payer: paid.payer,
    figures: { bytes: payment.length, frames: air.frames, lost: air.lost, ms },
  };
}

function tellTap(text: string, { claim, figures }: Tapped): Event {
  const { frames, lost } = figures;
  const air = `${frames} frames, ${lost} of them lost`;
  return tell('tap', `${text} (${air})`, { claim: toHex(identify(suite, claim)), ...figures });
}

function* tapOffline(stage: Stage): Generator<Event, Tapped> {
  const { meter, machines } = stage;
  const first = tap(stage, meter, machines[0]!, 250);
  yield tellTap(`the charger pays ${money(stage, 250)} for a coffee`, first);
  const second = tap(stage, first.payer, machines[1]!, 199);
  yield tellTap(`and ${money(stage, 199)} at another machine: its balance was on no wire`, second);
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
    `a central bank (2 of 3 signers), one intermediary, 3 of 5 auditors; root ${short(economy.trust.root.id)}`,
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
