/** A payer on the kernel: the same claims, idle proofs and payments as the TypeScript core, byte for byte, in every form. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { parse } from '#circuits/message/message.ts';
import { payment as paymentShape } from '#circuits/message/payment.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { proveIdle } from '#circuits/proof/purse.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { openWorld, request, type Setting } from '../circuits/world.ts';
import { agreedCode, codeOf, host, Till } from './till.ts';
import { kernel } from './wasm.ts';

const wide = { bits: 32, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] };
const forms: Record<string, Setting> = {
  '1 lane of 16 bits': {},
  '1 lane of 32 bits': { terms: wide },
  '2 lanes of 16 bits': { terms: { lanes: 2 }, grant: { budget: [10_000, 12_000] } },
  respend: { terms: { respendMax: 5_000, phiPercent: 150 } },
  named: { terms: { named: true } },
  'one-show': { terms: { oneShow: true }, grant: { oneShow: 2 } },
  'named and one-show': { terms: { oneShow: true, named: true }, grant: { oneShow: 1 } },
};

describe.each(Object.entries(forms))('%s', (name, setting) => {
  const world = openWorld({ ...setting, seed: `kernel claims ${name}` });
  const amounts = name.includes('one-show') ? [1_500] : [1, 999, 2_000, 4_000];

  test('claims, idle proofs and payments are those of the core, and both accept them', () => {
    let payer: Payer = world.payer;
    for (const amount of amounts) {
      const asked = request(world, amount);
      const noise = [world.entropy(32), world.entropy(32)];
      let drawn = 0;
      const paid = pay(payer, asked, () => noise[drawn++]!);
      const { slots, theta } = paid.claim.value;
      const { proof } = parse(paymentShape, paid.payment);
      if (proof.length) expect(toHex(host.prove(payer, world.tier.bytes, theta).proof)).toBe(toHex(proof));
      const drawnNoise = Uint8Array.from(noise.flatMap(part => [...part]));
      const made = host.claim(payer, asked, { slots, theta, proof, noise: drawnNoise });
      expect(made.code).toBe(0);
      expect(toHex(made.claim)).toBe(toHex(paid.claim.bytes));
      const { position } = paid.payer;
      expect(toHex(made.next)).toBe(toHex(position.before) + toHex(encodeScalar(position.blinding)));
      expect(toHex(made.id)).toBe(toHex(position.previous));
      expect(toHex(host.assemble(payer, made.claim, proof).payment)).toBe(toHex(paid.payment));
      expect(agreedCode(world.payee, asked, paid.payment)).toBe(0);
      expect(host.check(world.payee, asked, paid.payment).claimId).toEqual(
        verifyPayment(world.payee, asked, paid.payment).claimId,
      );
      payer = paid.payer;
    }
  });
});

test.each([4, 5, 6])('with a table of %i teeth the same payments are made, taken and refused', teeth => {
  const world = openWorld({ terms: { named: true }, seed: `kernel tables ${teeth}` });
  const till = new Till(kernel, 1 << 18, { teeth, bits: 16, parties: 1 });
  const asked = request(world, 1_500);
  const noise = new Uint8Array(64).fill(teeth);
  const paid = pay(world.payer, asked, () => noise.slice(0, 32));
  const { slots, theta } = paid.claim.value;
  const { proof } = till.prove(world.payer, world.tier.bytes, theta);
  const { claim } = till.claim(world.payer, asked, { slots, theta, proof, noise });
  expect(toHex(till.assemble(world.payer, claim, proof).payment)).toBe(toHex(paid.payment));
  for (let at = 0; at <= paid.payment.length; at += 61) {
    const bytes = paid.payment.slice();
    if (at > 0) bytes[at - 1]! ^= 1;
    const expected = codeOf(() => verifyPayment(world.payee, asked, bytes));
    expect(till.check(world.payee, asked, bytes).code).toBe(expected);
  }
});

test('answers of a named tier that are changed get the same verdict', () => {
  const world = openWorld({ terms: { named: true }, seed: 'kernel names' });
  const asked = request(world, 3_000);
  const paid = pay(world.payer, asked, world.entropy);
  const at = paid.payment.length - 1;
  const seen = new Set<number>();
  for (let back = 0; back < 68; back += 4) {
    const bytes = paid.payment.slice();
    bytes[at - back]! ^= 0x10;
    seen.add(agreedCode(world.payee, asked, bytes));
  }
  for (const fault of ['naming', 'scalar'] as const) expect(seen).toContain(faults[fault].code);
});

test('scratch is all zeros after a claim, an idle proof, a refused one, and a check', () => {
  const world = openWorld({ seed: 'kernel wipes' });
  let left = new Uint8Array(1);
  const spy = {
    ...kernel,
    ask(operation: number, block: readonly number[], scratchBytes = 0) {
      const scratch = kernel.allocate(scratchBytes);
      const code = kernel.call(operation, block, scratch);
      left = Uint8Array.from(kernel.read(scratch, scratchBytes));
      return { code, block: new Uint32Array(40) };
    },
  };
  const till = new Till(spy, 20_480);
  const asked = request(world, 1_500);
  const paid = pay(world.payer, asked, world.entropy);
  const { slots, theta } = paid.claim.value;
  const { proof } = parse(paymentShape, paid.payment);
  const runs: Record<string, () => { code: number }> = {
    proof: () => till.prove(world.payer, world.tier.bytes, theta),
    refusedProof: () => till.prove(world.payer, world.tier.bytes, 10_001),
    claim: () => till.claim(world.payer, asked, { slots, theta, proof, noise: world.entropy(64) }),
    check: () => till.check(world.payee, asked, paid.payment),
  };
  for (const [name, run] of Object.entries(runs)) {
    left.fill(1);
    expect(run().code, name).toBe(name === 'refusedProof' ? faults.funds.code : 0);
    expect(left.length, name).toBe(20_480);
    expect(
      left.every(byte => byte === 0),
      name,
    ).toBe(true);
  }
});

test('no idle proof is made for more than is left, by either', () => {
  const world = openWorld({ seed: 'kernel funds' });
  const { payer } = world;
  for (const [spent, theta] of [
    [0, 10_001],
    [5_001, 5_000],
    [0, 0xffffffff],
  ] as const) {
    const position = { ...payer.position, spent };
    const core = codeOf(() => proveIdle(payer, payer, position, theta));
    expect(core).toBe(faults.funds.code);
    expect(host.prove({ ...payer, position }, world.tier.bytes, theta).code).toBe(core);
  }
});
