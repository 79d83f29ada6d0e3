/** Vouchers on the kernel: taken and refused as the core takes and refuses them, whatever a payer signs. */
import { expect, test } from 'vitest';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import type { Purse } from '#circuits/message/certificate.ts';
import { certified, type Verified } from '#circuits/message/chain.ts';
import { open, type Signed, sign } from '#circuits/message/cose.ts';
import { type Voucher, voucher as voucherShape } from '#circuits/message/payment.ts';
import { acceptVoucher, type Channel, openChannel } from '#circuits/proof/channel.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { openWorld } from '../circuits/world.ts';
import { codeOf, pairOf } from './till.ts';
import { kernel } from './wasm.ts';

const rolls = dice(seedOf('kernel vouchers', 'kernel vouchers'));
const base = openWorld({ seed: 'kernel channel' });
const payee = base.till.certificate.id;

function fund(budget: number) {
  const terms = { tier: base.tier, from: 100, budget: [2_000], identity: 0, pinned: { payee, budget } };
  return base.economy.fund(base.device, terms);
}
const purse = fund(2_000);
const secretOf = (seed: Uint8Array) => purseSecret(suite1, seed);

function voucher(change: Partial<Voucher> = {}, secret = secretOf(purse.seed)) {
  const value: Voucher = {
    suite: 1,
    certificate: purse.certificate.id,
    sequence: 1,
    units: 2,
    price: 150,
    total: 300,
    anchor: null,
    ...change,
  };
  return sign(suite1, voucherShape, value, { secret, noise: base.entropy(32) });
}

function inKernel(channel: Channel, bytes: Uint8Array, to: Uint8Array) {
  return kernel.scope(() => {
    const latest = channel.latest ? pairOf(channel.latest.bytes) : [0, 0];
    const block = [
      ...[...pairOf(channel.certificate.bytes), ...latest, ...pairOf(bytes), kernel.put(to), channel.ticks],
      ...new Array<number>(14).fill(0),
    ];
    const { code, block: after } = kernel.ask(operations.voucherVerify, block, 2_048);
    return { code, fields: [...after.slice(8)] };
  });
}

/** The verdict of both. */
function agreed(channel: Channel, bytes: Uint8Array, to = payee): number {
  const take = () => acceptVoucher(suite1, channel, open(suite1, voucherShape, bytes), to);
  const expected = codeOf(take);
  const { code, fields } = inKernel(channel, bytes, to);
  expect(code, Buffer.from(bytes).toString('hex')).toBe(expected);
  if (code === 0) {
    const { sequence, units, price, total, anchor } = take().latest!.value;
    expect([1, 3, 5, 7].map(i => fields[i])).toEqual([sequence, units, price, total]);
    expect([fields[11], fields[13]]).toEqual(anchor ? [anchor.ticks, anchor.price] : [0, 0]);
  }
  return code;
}

const opened = openChannel(purse.certificate);
const after = acceptVoucher(suite1, opened, voucher(), payee);
const anchor = { tip: base.entropy(32), ticks: 10, price: 7 };
const idle = { sequence: 2, units: 0, price: 0, total: 300 };
const streaming = acceptVoucher(suite1, after, voucher({ ...idle, anchor }), payee);

test('each refusal of the core is one of the kernel', () => {
  const next = { sequence: 2, units: 1, price: 50, total: 350 };
  const cases: [Channel, Partial<Voucher>][] = [
    [opened, {}],
    [opened, { sequence: 0 }],
    [opened, { sequence: 2 }],
    [opened, { total: 299 }],
    [opened, { total: 301 }],
    [opened, { units: 3 }],
    [opened, { price: 0xffffffff, units: 2, total: 0xfffffffe }],
    [opened, { units: 2, price: 1_001, total: 2_002 }],
    [opened, { certificate: base.payer.certificate.id }],
    [opened, { anchor: { ...anchor, ticks: 250 } }],
    [opened, { anchor: { ...anchor, ticks: 242 } }],
    [opened, { anchor: { ...anchor, ticks: 0xffffffff, price: 0xffffffff } }],
    [opened, { anchor: { ...anchor, ticks: 0xffffffff, price: 1 } }],
    [after, {}],
    [after, next],
    [after, { ...next, sequence: 3 }],
    [after, { ...next, total: 300 }],
    [after, { ...next, units: 0xffffffff, price: 1, total: 299 }],
    [streaming, { sequence: 3, units: 3, price: 7, total: 321 }],
    [
      { ...streaming, ticks: 3 },
      { sequence: 3, units: 3, price: 7, total: 321 },
    ],
    [
      { ...streaming, ticks: 4 },
      { sequence: 3, units: 3, price: 7, total: 321 },
    ],
    [
      { ...streaming, ticks: 0xffffffff },
      { sequence: 3, units: 3, price: 7, total: 321 },
    ],
  ];
  const seen = new Set(cases.map(([channel, change]) => agreed(channel, voucher(change).bytes)));
  expect(seen).toEqual(new Set([0, faults.voucher.code, faults.overflow.code]));
});

test('numbers at their ends are counted, not wrapped', () => {
  const rich = fund(0xffffffff);
  const certificate = rich.certificate.id;
  const secret = secretOf(rich.seed);
  const say = (change: Partial<Voucher>) => voucher({ certificate, ...change }, secret);
  const full = say({ units: 1, price: 0xffffffff, total: 0xffffffff });
  const start = openChannel(rich.certificate);
  expect(agreed(start, full.bytes)).toBe(0);
  const last = acceptVoucher(suite1, start, full, payee);
  for (const change of [
    { units: 1, price: 1, total: 0 },
    { units: 0, price: 9, total: 0xffffffff },
  ])
    agreed(last, say({ sequence: 2, ...change }).bytes);
  const worn: Channel = { ...start, latest: say({ sequence: 0xffffffff }) };
  expect(agreed(worn, say({ sequence: 0 }).bytes)).toBe(faults.overflow.code);
  const half = { tip: anchor.tip, ticks: 0x10000, price: 0x8000 };
  const held: Channel = { ...start, latest: say({ total: 0x80000001, anchor: half }), ticks: 0x10000 };
  agreed(held, say({ sequence: 2, units: 1, price: 0x7ffffffe, total: 0xffffffff }).bytes);
});

test('other payees, purses that are not pinned, other signers and suites are refused', () => {
  expect(agreed(opened, voucher().bytes, base.payer.certificate.id)).toBe(faults.voucher.code);
  const unpinned: Verified<Purse> = base.payer.certificate;
  expect(agreed(openChannel(unpinned), voucher({ certificate: unpinned.id }).bytes)).toBe(
    faults.voucher.code,
  );
  expect(agreed(opened, voucher({}, base.entropy(32)).bytes)).toBe(faults.signature.code);
  const value: Voucher = { ...voucher().value, suite: 2 };
  const foreign: Signed<Voucher> = sign(suite2, voucherShape, value, {
    secret: base.entropy(32),
    noise: base.entropy(32),
  });
  expect(agreed(opened, foreign.bytes)).toBe(faults.suite.code);
  // Its payload under the algorithm that the kernel knows.
  const wrapped = foreign.bytes.slice();
  expect([...wrapped.slice(2, 5)]).toEqual([0x47, 0xa1, 0x01]);
  const known = Uint8Array.from([0xd2, 0x84, 0x43, 0xa1, 1, 0x32, ...wrapped.slice(10)]);
  expect(agreed(opened, known)).toBe(faults.suite.code);
  expect(certified(suite1, foreign).id).toHaveLength(32);
});

test('vouchers with changed bytes get the same verdict', () => {
  const { bytes } = voucher({ ...idle, anchor });
  for (let i = 0; i < 400; i++) {
    const changed = bytes.slice();
    changed[rolls.between(0, bytes.length - 1)]! ^= 1 << rolls.between(0, 7);
    agreed(after, changed);
  }
});
