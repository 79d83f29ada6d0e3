/** A payer on the kernel: the same claims, idle proofs and payments as the TypeScript core, byte for byte, in every form. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import type { Signed } from '#circuits/message/cose.ts';
import { parse } from '#circuits/message/message.ts';
import { payment as paymentShape, type Request } from '#circuits/message/payment.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { proveIdle } from '#circuits/proof/purse.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { openWorld, request, type Setting } from '../circuits/world.ts';
import { agreedCode, checkInKernel, codeOf, pairOf, scratchBytes, shapeWord, tableAddress } from './till.ts';
import { kernel } from './wasm.ts';

const claimBytes = 338;
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** The idle proof of this position. */
function proveInKernel(payer: Payer, theta: number): { code: number; proof: Uint8Array } {
  return kernel.scope(() => {
    const proof = kernel.allocate(640);
    const { position, certificate, tier } = payer;
    const tierBytes = (payer as unknown as { tierBytes: Uint8Array }).tierBytes;
    const block = [
      kernel.put(payer.seed),
      ...pairOf(certificate.bytes),
      kernel.put(certificate.id),
      ...pairOf(tierBytes),
      position.ordinal,
      theta,
      position.spent,
      kernel.put(position.before),
      kernel.put(encodeScalar(position.blinding)),
      kernel.put(words(...payer.budget)),
      tableAddress,
      shapeWord,
      proof,
    ];
    const code = kernel.call(operations.idleProve, block, kernel.allocate(scratchBytes));
    const length = tier.bits * tier.lanes;
    return { code, proof: kernel.read(proof, 32 * (6 + 2 * Math.log2(length))) };
  });
}

interface Choice {
  readonly slots: number;
  readonly theta: number;
  readonly proof: Uint8Array;
}

/** Signed claim, and the 96 bytes of the position after it. */
function claimInKernel(payer: Payer, asked: Signed<Request>, choice: Choice, noise: Uint8Array) {
  return kernel.scope(() => {
    const { position, certificate } = payer;
    const [claim, next] = [kernel.allocate(claimBytes), kernel.allocate(96)];
    const block = [
      kernel.put(payer.seed),
      ...pairOf(asked.bytes),
      kernel.put(certificate.id),
      position.ordinal,
      choice.slots,
      choice.theta,
      kernel.put(position.before),
      kernel.put(position.previous),
      kernel.put(encodeScalar(position.blinding)),
      ...pairOf(choice.proof),
      kernel.put(noise),
      ...[tableAddress, shapeWord, claim, next],
      position.ordinal % 2 ? kernel.put(certificate.value.key) : 0,
    ];
    const code = kernel.call(operations.claimSign, block, kernel.allocate(scratchBytes));
    return { code, claim: kernel.read(claim, claimBytes), next: kernel.read(next, 96) };
  });
}

function assembleInKernel(payer: Payer, claim: Uint8Array, proof: Uint8Array): Uint8Array {
  return kernel.scope(() => {
    const payment = kernel.allocate(4_096);
    const block = [
      ...pairOf(payer.certificate.bytes),
      ...[0, 0],
      ...pairOf(claim),
      ...pairOf(proof),
      payer.certificate.value.naming ? kernel.put(payer.seed) : 0,
      payment,
      0,
    ];
    const answer = kernel.ask(operations.paymentAssemble, block, scratchBytes);
    expect(answer.code).toBe(0);
    return kernel.read(payment, answer.block[10]!);
  });
}

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
    let payer: Payer & { tierBytes: Uint8Array } = { ...world.payer, tierBytes: world.tier.bytes };
    for (const amount of amounts) {
      const asked = request(world, amount);
      const noise = [world.entropy(32), world.entropy(32)];
      let drawn = 0;
      const paid = pay(payer, asked, () => noise[drawn++]!);
      const { slots, theta } = paid.claim.value;
      const { proof } = parse(paymentShape, paid.payment);
      if (proof.length) expect(toHex(proveInKernel(payer, theta).proof)).toBe(toHex(proof));
      const made = claimInKernel(
        payer,
        asked,
        { slots, theta, proof },
        Uint8Array.from(noise.flatMap(part => [...part])),
      );
      expect(made.code).toBe(0);
      expect(toHex(made.claim)).toBe(toHex(paid.claim.bytes));
      const { position } = paid.payer;
      const after = [position.before, position.previous, encodeScalar(position.blinding)];
      expect(toHex(made.next)).toBe(after.map(toHex).join(''));
      expect(toHex(assembleInKernel(payer, made.claim, proof))).toBe(toHex(paid.payment));
      expect(agreedCode(world.payee, asked, paid.payment)).toBe(0);
      expect(checkInKernel(world.payee, asked, paid.payment).claimId).toEqual(
        verifyPayment(world.payee, asked, paid.payment).claimId,
      );
      payer = { ...payer, ...paid.payer };
    }
  });
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

test('no idle proof is made for more than is left, by either', () => {
  const world = openWorld({ seed: 'kernel funds' });
  const payer = { ...world.payer, tierBytes: world.tier.bytes };
  for (const [spent, theta] of [
    [0, 10_001],
    [5_001, 5_000],
    [0, 0xffffffff],
  ] as const) {
    const position = { ...payer.position, spent };
    const core = codeOf(() => proveIdle(payer, payer, position, theta));
    expect(core).toBe(faults.funds.code);
    expect(proveInKernel({ ...payer, position } as Payer, theta).code).toBe(core);
  }
});
