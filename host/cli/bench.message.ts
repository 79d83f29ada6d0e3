/** Parameter blocks of whole messages for `mite bench kernel`: what a payer makes and what a payee checks. */
import { randomBytes } from 'node:crypto';
import { openEconomy } from '#circuits/issue/economy.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { parse } from '#circuits/message/message.ts';
import { payment as paymentShape } from '#circuits/message/payment.ts';
import { presets } from '#circuits/policy/presets.ts';
import { ask } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { suite1 } from '../suite.ts';

const entropy = (length: number) => new Uint8Array(randomBytes(length));
const epoch = 100;
const claimBytesMax = 512;
const proofBytes = 448;

/** A payment of one lane of 16 bits, with everything that both sides hold. */
export function paymentSample() {
  const economy = openEconomy(suite1, entropy);
  const tier = economy.publish(presets.pocket);
  const grant = { tier, from: epoch, budget: [tier.value.classes[0]!.budget], identity: 0 };
  const fund = (name: string) => economy.fund(economy.makeDevice(name), grant);
  const [payer, till] = [fund('payer'), fund('payee')];
  const asked = ask(till, { number: 1, price: 250, units: 1, session: entropy(32) }, entropy);
  const { payment, claim } = pay(payer, asked, entropy);
  return { economy, tier, payer, till, asked, payment, claim: claim.value };
}
type Sample = ReturnType<typeof paymentSample>;
type Table = readonly [entries: number, shape: number];

export interface Call {
  readonly name: string;
  readonly operation: number;
  block(kernel: Kernel, table: Table): number[];
}

function checkBlock(kernel: Kernel, table: Table, { economy, tier, till, asked, payment }: Sample): number[] {
  const pair = (bytes: Uint8Array) => [kernel.put(bytes), bytes.length];
  return [
    ...[...pair(payment), ...pair(asked.bytes), 0, 0, ...pair(economy.intermediary.bytes)],
    ...[...pair(tier.bytes), epoch, 0, 0, kernel.put(till.certificate.id)],
    ...[kernel.put(till.certificate.value.key), 0, ...table, 0, 0, 0],
    ...[kernel.allocate(32), ...new Array<number>(12).fill(0)],
  ];
}

function claimBlock(kernel: Kernel, table: Table, { payer, asked, claim, payment }: Sample): number[] {
  const pair = (bytes: Uint8Array) => [kernel.put(bytes), bytes.length];
  const { position, certificate, seed } = payer;
  return [
    ...[kernel.put(seed), 1, kernel.put(entropy(64)), ...table, kernel.put(certificate.value.key)],
    ...[kernel.allocate(claimBytesMax), claimBytesMax, 0],
    ...[...pair(asked.bytes), kernel.put(certificate.id)],
    ...[position.ordinal, claim.slots, claim.theta, kernel.put(position.before)],
    ...[kernel.put(position.previous), kernel.put(encodeScalar(position.blinding))],
    ...[...pair(parse(paymentShape, payment).proof), kernel.allocate(64)],
  ];
}

function idleBlock(kernel: Kernel, table: Table, { payer, tier, claim }: Sample): number[] {
  const pair = (bytes: Uint8Array) => [kernel.put(bytes), bytes.length];
  const { position, certificate, seed, budget } = payer;
  return [
    ...[kernel.put(seed), ...pair(certificate.bytes), ...pair(tier.bytes)],
    ...[position.ordinal, claim.theta, position.spent, kernel.put(position.before)],
    ...[kernel.put(encodeScalar(position.blinding))],
    ...[kernel.put(new Uint8Array(Uint32Array.from(budget).buffer)), kernel.allocate(proofBytes)],
    ...[0, 0, 0, 0, ...table],
  ];
}

export const messageCalls = (sample: Sample): Call[] => [
  {
    name: 'idle proof 1x16',
    operation: operations.idleProve,
    block: (kernel, table) => idleBlock(kernel, table, sample),
  },
  {
    name: 'claim',
    operation: operations.claimSign,
    block: (kernel, table) => claimBlock(kernel, table, sample),
  },
  {
    name: 'payment verify 1x16',
    operation: operations.paymentVerify,
    block: (kernel, table) => checkBlock(kernel, table, sample),
  },
];
