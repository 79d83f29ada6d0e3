/** What two devices show each other beside a payment: requests, receipts, standing in zero knowledge. As the core, fault by fault. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { Fault, faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { identify, open, type Signed, sign, verify } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import {
  mode,
  payment as paymentShape,
  type Receipt,
  type Request,
  receipt as receiptShape,
  request as requestShape,
} from '#circuits/message/payment.ts';
import { type Gap, gap as gapShape } from '#circuits/message/sync.ts';
import { acknowledge } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { type Asked, verifyRequest } from '#circuits/proof/request.ts';
import { creditTag } from '#circuits/proof/tag.ts';
import { openWorld, request, type World } from '../circuits/world.ts';
import { agreedCode, codeOf, host, pairOf } from './till.ts';
import { kernel } from './wasm.ts';

const world = openWorld({ seed: 'kernel shown' });
const { economy, till, payer, tier } = world;
const { suite } = payer;
const scratchBytes = 2_048;
const secret = purseSecret(suite, till.seed);
const noise = world.entropy(32);

describe('a request, as a payer is shown it,', () => {
  const honest = request(world, 450);
  const asked: Asked = {
    trust: economy.trust,
    intermediary: economy.intermediary,
    tier: tier.value,
    epoch: 101,
    session: honest.value.session,
  };

  function inKernel(at: Asked, certificate: Uint8Array, bytes: Uint8Array) {
    return kernel.scope(() => {
      const id = kernel.allocate(32);
      const block = [
        ...[0, 0, ...pairOf(bytes), ...pairOf(certificate), ...pairOf(at.intermediary.bytes)],
        ...[...pairOf(tier.bytes), at.epoch, 0, 0, 0, 0, kernel.put(at.session), 0, 0, 0, 0, 0, id],
        ...new Array<number>(12).fill(0),
      ];
      const answer = kernel.ask(operations.requestVerify, block, scratchBytes);
      return { code: answer.code, id: kernel.read(id, 32), result: [...answer.block.slice(22)] };
    });
  }

  function agreed(at: Asked, bytes: Uint8Array, certificate = till.certificate.bytes): number {
    const expected = codeOf(() => verifyRequest(at, certificate, bytes));
    expect(inKernel(at, certificate, bytes).code).toBe(expected);
    return expected;
  }

  const ask = (change: Partial<Request>, by = secret) =>
    sign(suite, requestShape, { ...honest.value, ...change }, { secret: by, noise }).bytes;

  test('is taken with its id, number, price, units and amount', () => {
    const { code, id, result } = inKernel(asked, till.certificate.bytes, honest.bytes);
    expect(code).toBe(0);
    expect(toHex(id)).toBe(toHex(identify(suite, honest)));
    const { number, price, units, amount } = honest.value;
    expect([1, 3, 5, 7].map(i => result[i])).toEqual([number, price, units, amount]);
  });

  test('is refused as the core refuses it: payee, session, terms, epochs, certificates, signature', () => {
    const seen = new Set<number>();
    const change: Partial<Request>[] = [
      {},
      { payee: payer.certificate.id },
      { session: world.entropy(32) },
      { number: null },
      { units: 2 },
      { price: 0xffffffff, units: 2 },
      { versions: [2] },
      { suites: [2] },
      { identity: 2 },
      { assurance: 1 },
      { hidden: true, metadata: world.entropy(32) },
    ];
    for (const each of change) seen.add(agreed(asked, ask(each)));
    for (const epoch of [85, 86, 130, 131]) seen.add(agreed({ ...asked, epoch }, honest.bytes));
    seen.add(agreed({ ...asked, epoch: 0xffffffff }, honest.bytes));
    seen.add(agreed(asked, ask({}, world.entropy(32))));
    seen.add(agreed(asked, honest.bytes, payer.certificate.bytes));
    const other = openWorld({ seed: 'elsewhere' });
    seen.add(agreed({ ...asked, intermediary: other.economy.intermediary }, honest.bytes));
    const names = [
      'request',
      'overflow',
      'version',
      'suite',
      'tier',
      'early',
      'expired',
      'chain',
      'signature',
    ];
    for (const name of names as (keyof typeof faults)[]) expect(seen, name).toContain(faults[name].code);
    expect(seen).toContain(0);
  });

  test('is refused alike with any bit changed, of its own or of its certificate', () => {
    const flipped = (bytes: Uint8Array, at: number) => {
      const copy = bytes.slice();
      copy[at]! ^= 1 << (at % 8);
      return copy;
    };
    for (let at = 0; at < honest.bytes.length; at += 3) agreed(asked, flipped(honest.bytes, at));
    for (let at = 0; at < till.certificate.bytes.length; at += 5)
      agreed(asked, honest.bytes, flipped(till.certificate.bytes, at));
  });
});

describe('a receipt', () => {
  const paid = pay(payer, request(world, 700), world.entropy);
  const { claim } = paid;
  const booked = acknowledge(till, claim, mode.online, () => noise);

  function inKernel(key: Uint8Array, bytes: Uint8Array): number {
    return kernel.scope(() => {
      const block = [...pairOf(bytes), ...pairOf(claim.bytes), kernel.put(key)];
      return kernel.ask(operations.receiptVerify, block, scratchBytes).code;
    });
  }

  /** What `verifySale` asks of a receipt. */
  function core(key: Uint8Array, bytes: Uint8Array): void {
    const signed: Signed<Receipt> = open(suite, receiptShape, bytes);
    if (toHex(signed.value.claim) !== toHex(identify(suite, claim))) throw new Fault('request', 'claim');
    const credited = creditTag(suite, claim, claim.value.amount);
    if (toHex(signed.value.credited) !== toHex(credited)) throw new Fault('request', 'credited');
    verify(suite, key, signed);
  }

  test('is made as the core makes it', () => {
    kernel.scope(() => {
      const [output, id] = [kernel.allocate(180), kernel.allocate(32)];
      const block = [
        ...[kernel.put(till.seed), 1, kernel.put(noise), 0, 0, 0, output, 180, id],
        ...[...pairOf(claim.bytes), mode.online],
      ];
      const { code, block: after } = kernel.ask(operations.receiptSign, block, scratchBytes);
      expect(code).toBe(0);
      expect(toHex(kernel.read(output, after[7]!))).toBe(toHex(booked.bytes));
      expect(toHex(kernel.read(id, 32))).toBe(toHex(identify(suite, booked)));
    });
  });

  test('holds for its claim, its amount and its payee alone', () => {
    const { key } = till.certificate.value;
    expect(inKernel(key, booked.bytes)).toBe(0);
    const change: Partial<Receipt>[] = [
      { claim: world.entropy(32) },
      { credited: creditTag(suite, claim, 701) },
      { mode: mode.offline },
    ];
    for (const each of change) {
      const { bytes } = sign(suite, receiptShape, { ...booked.value, ...each }, { secret, noise });
      expect(inKernel(key, bytes)).toBe(codeOf(() => core(key, bytes)));
    }
    expect(inKernel(payer.certificate.value.key, booked.bytes)).toBe(faults.signature.code);
    for (let at = 0; at < booked.bytes.length; at++) {
      const changed = booked.bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      expect(inKernel(key, changed)).toBe(codeOf(() => core(key, changed)));
    }
  });
});

describe('standing in zero knowledge', () => {
  const wide = { bits: 32, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] };
  const hidden = openWorld({ terms: wide, seed: 'kernel standing' });
  const { dayKey, daySecret } = hidden.economy;
  const payee: Payee = { ...hidden.payee, gaps: { dayKey, epochMin: 101 } };
  const own = request(hidden, 500, { hidden: true });

  function neighbours(change: Partial<Gap> = {}, by = daySecret) {
    const value = { suite: 1, issuer: dayKey.id, generation: 0, epoch: 101, left: 6_000, right: 8_000 };
    return sign(suite, gapShape, { ...value, ...change }, { secret: by, noise });
  }
  const shown = (world: World, gap?: Signed<Gap>) => pay(world.payer, own, world.entropy, gap).payment;
  const gap = neighbours();
  const payment = shown(hidden, gap);

  test('holds between its neighbours, and needs a day key and a gap that is not too old', () => {
    expect(agreedCode(payee, own, payment)).toBe(0);
    expect(host.check(payee, own, payment).claimId).toEqual(verifyPayment(payee, own, payment).claimId);
    expect(agreedCode(hidden.payee, own, payment)).toBe(faults.revoked.code);
    expect(agreedCode({ ...payee, gaps: { dayKey, epochMin: 102 } }, own, payment)).toBe(faults.expired.code);
    expect(agreedCode(payee, own, shown(hidden))).toBe(faults.revoked.code);
    expect(agreedCode(payee, request(hidden, 500), payment)).toBe(faults.request.code);
  });

  test('is refused for another gap, another signer, another epoch or generation, and any changed byte', () => {
    const seen = new Set<number>();
    const swapped = (other: Signed<Gap>) => {
      const bytes = payment.slice();
      const at = Buffer.from(bytes).indexOf(gap.bytes);
      bytes.set(other.bytes, at);
      return agreedCode(payee, own, bytes);
    };
    for (const change of [{ left: 6_500 }, { epoch: 4_000 }, { generation: 1 }, { issuer: hidden.tier.id }])
      seen.add(swapped(neighbours(change)));
    seen.add(swapped(neighbours({}, noise)));
    const start = Buffer.from(payment).indexOf(gap.bytes) + gap.bytes.length;
    for (let at = start; at < start + 576; at += 71) {
      const bytes = payment.slice();
      bytes[at]! ^= 1 << (at % 8);
      seen.add(agreedCode(payee, own, bytes));
    }
    for (const name of ['proof', 'chain', 'signature'] as const) expect(seen).toContain(faults[name].code);
    expect(seen).not.toContain(0);
  });

  test('is refused for a purse without a committed number', () => {
    const nobody = openWorld({ terms: wide, seed: 'kernel standing', grant: { identity: 0 } });
    expect(nobody.payer.certificate.value.revocation).toBeNull();
    const asked = request(nobody, 500, { hidden: true });
    const plain = parse(paymentShape, pay(nobody.payer, asked, nobody.entropy).payment);
    const standing = { gap: gap.bytes, proof: noise.slice(0, 0) };
    const bytes = encode(paymentShape, { ...plain, standing: { ...standing, proof: new Uint8Array(576) } });
    const known = { dayKey: nobody.economy.dayKey, epochMin: 0 };
    const theirs = neighbours({ issuer: known.dayKey.id }, nobody.economy.daySecret);
    const swapped = bytes.slice();
    swapped.set(theirs.bytes, Buffer.from(bytes).indexOf(gap.bytes));
    expect(agreedCode({ ...nobody.payee, gaps: known }, asked, swapped)).toBe(faults.revoked.code);
  });
});

test('payments with two lanes of 32 bits are made, taken and refused as by the core', () => {
  const two = openWorld({
    terms: { bits: 32, lanes: 2, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] },
    grant: { budget: [10_000, 12_000] },
    seed: 'kernel two lanes',
  });
  const asked = request(two, 1_500);
  const paid = pay(two.payer, asked, two.entropy);
  const { theta } = paid.claim.value;
  const { code, proof } = host.prove(two.payer, two.tier.bytes, theta);
  expect(code).toBe(0);
  expect(proof.length).toBe(576);
  expect(Buffer.from(paid.payment).indexOf(proof)).toBeGreaterThan(0);
  const at = Buffer.from(paid.payment).indexOf(proof);
  expect(agreedCode(two.payee, asked, paid.payment)).toBe(0);
  for (let i = 0; i < 576; i += 96) {
    const bytes = paid.payment.slice();
    bytes[at + i]! ^= 1;
    expect(agreedCode(two.payee, asked, bytes)).not.toBe(0);
  }
});
