/** Frozen payments of every form and suite: accepted for ever, and their idle proofs made again from the seed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '#circuits/bytes.ts';
import { dayKey as dayKeyShape, intermediary, purse } from '#circuits/message/certificate.ts';
import {
  openTrust,
  type Trust,
  verifyDayKey,
  verifyIntermediary,
  verifyPurse,
  verifyTier,
} from '#circuits/message/chain.ts';
import { open, type Signed, sign } from '#circuits/message/cose.ts';
import { parse } from '#circuits/message/message.ts';
import { claim, payment, request as requestShape } from '#circuits/message/payment.ts';
import { type Gap, gap } from '#circuits/message/sync.ts';
import { tier as tierShape } from '#circuits/policy/tier.ts';
import { pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { proveIdle } from '#circuits/proof/purse.ts';
import { parseScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { openWorld, request, type Setting, type World } from './world.ts';

interface Frozen {
  readonly suite: number;
  readonly form: string;
  /** Hex of the signed objects, in the order in which a payee meets them. */
  readonly root: string;
  readonly intermediary: string;
  readonly tier: string;
  readonly till: string;
  readonly dayKey: string;
  readonly request: string;
  readonly payment: string;
  readonly seed: string;
  readonly budget: number[];
  readonly spent: number;
  /** Blinding of what was spent before. */
  readonly blinding: string;
}

const file = new URL('../vectors/payments.json', import.meta.url);
const forms: Record<string, Setting> = {
  '1x16': {},
  '1x32 respend': { terms: { bits: 32, respendMax: 5_000, phiPercent: 150 } },
  '2x16 named': { terms: { lanes: 2, named: true }, grant: { budget: [10_000, 12_000] } },
  'standing 1x32': { terms: { bits: 32 } },
  'one-show': { terms: { oneShow: true }, grant: { oneShow: 2 } },
};

/** The payer's number is 7,000. */
function gapOf({ economy, payer, entropy }: World): Signed<Gap> {
  const value = {
    suite: payer.suite.id,
    issuer: economy.dayKey.id,
    generation: 0,
    epoch: 101,
    left: 6_990,
    right: 7_100,
  };
  return sign(payer.suite, gap, value, { secret: economy.daySecret, noise: entropy(32) });
}

/** Writes new vectors, when a change of the format is meant: MITE_FREEZE=1. */
function freeze(): void {
  const frozen = [suite1, suite2].flatMap(suite =>
    Object.entries(forms).map(([form, setting]): Frozen => {
      const world = openWorld({ suite, ...setting, seed: `frozen ${form}` });
      const { payer } = setting.grant?.oneShow ? world : pay(world.payer, request(world, 700), world.entropy);
      const hidden = form.startsWith('standing');
      const asked = request(world, 450, { hidden });
      return {
        suite: suite.id,
        form,
        root: toHex(world.economy.trust.root.bytes),
        intermediary: toHex(world.economy.intermediary.bytes),
        tier: toHex(world.tier.bytes),
        till: toHex(world.till.certificate.bytes),
        dayKey: toHex(world.economy.dayKey.bytes),
        request: toHex(asked.bytes),
        payment: toHex(pay(payer, asked, world.entropy, hidden ? gapOf(world) : undefined).payment),
        seed: toHex(payer.seed),
        budget: [...payer.budget],
        spent: payer.position.spent,
        blinding: `${payer.position.blinding}`,
      };
    }),
  );
  writeFileSync(file, `${JSON.stringify({ payments: frozen }, null, 1)}\n`);
}

if (process.env.MITE_FREEZE) freeze();
const { payments }: { payments: Frozen[] } = JSON.parse(readFileSync(file, 'utf8'));

function read(frozen: Frozen) {
  const suite = frozen.suite === 1 ? suite1 : suite2;
  const trust: Trust = openTrust(suite, fromHex(frozen.root));
  const bank = verifyIntermediary(trust, open(suite, intermediary, fromHex(frozen.intermediary)));
  const tier = verifyTier(trust, bank, open(suite, tierShape, fromHex(frozen.tier)));
  const till = verifyPurse(trust, bank, open(suite, purse, fromHex(frozen.till)));
  const gaps = {
    dayKey: verifyDayKey(trust, open(suite, dayKeyShape, fromHex(frozen.dayKey))),
    epochMin: 101,
  };
  const payee = { trust, purse: till, intermediary: bank, tier, epoch: 101, isListed: () => false, gaps };
  return { suite, trust, bank, tier, payee, message: parse(payment, fromHex(frozen.payment)) };
}

test('frozen payments are accepted for ever', () => {
  expect(payments.length).toBe(10);
  for (const frozen of payments) {
    const { suite, payee } = read(frozen);
    const asked = open(suite, requestShape, fromHex(frozen.request));
    const { claim: accepted } = verifyPayment(payee, asked, fromHex(frozen.payment));
    expect(accepted.value.amount, `${frozen.suite} ${frozen.form}`).toBe(450);
  }
});

test('their idle proofs are made again from seed and certificate, byte for byte', () => {
  for (const frozen of payments.filter(({ form }) => form !== 'one-show')) {
    const { suite, trust, bank, tier, message } = read(frozen);
    const certificate = verifyPurse(trust, bank, open(suite, purse, message.certificate!));
    const { value } = open(suite, claim, message.claim);
    const blinding = BigInt(frozen.blinding);
    expect(parseScalar(value.delta)).not.toBe(blinding);
    const position = { ...value, spent: frozen.spent, blinding };
    const secrets = { seed: fromHex(frozen.seed), budget: frozen.budget };
    const again = proveIdle({ suite, certificate, tier: tier.value }, secrets, position, value.theta);
    expect(toHex(again), frozen.form).toBe(toHex(message.proof));
  }
});
