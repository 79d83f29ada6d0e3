/** The committed blobs on emulated board processors: hashes, sessions and whole messages as on the host, in slices. */
import { createHash, createHmac } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { type Claim, claim as claimShape, payment as paymentShape } from '#circuits/message/payment.ts';
import { pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { openWorld, request, type Setting } from '../circuits/world.ts';
import { boardBuilds, boardOf } from './board.ts';
import { codeOf, Till } from './till.ts';

const required = process.env.MITE_REAL === 'required';
const rolls = dice(seedOf('kernel boards', 'kernel boards'));
/** Thousands of field multiplications in a slice: about a million instructions. */
const budget = 4;
const nightly = process.env.MITE_NIGHTLY !== undefined;

function produced(
  kernel: Kernel,
  operation: number,
  length: number,
  block: (output: number) => number[],
): string {
  return kernel.scope(() => {
    const output = kernel.allocate(length);
    expect(kernel.call(operation, block(output))).toBe(0);
    return toHex(kernel.read(output, length));
  });
}

function checkHashes(kernel: Kernel, isSmall: boolean): void {
  const data = rolls.bytes(rolls.between(0, 300));
  const put = () => [kernel.put(data), data.length];
  const digest = (name: string, length?: number) =>
    createHash(name, length ? { outputLength: length } : {})
      .update(data)
      .digest('hex');
  const names = ['sha256', 'sha512', 'sha512-256'];
  for (const [kind, name] of names.entries()) {
    const expected = digest(name);
    const length = expected.length / 2;
    expect(produced(kernel, operations.sha2, length, output => [kind, ...put(), output])).toBe(expected);
  }
  const sponge = (domain: number, length: number) =>
    produced(kernel, operations.sponge, length, output => [domain, ...put(), output, length]);
  // A small kernel has them inside messages only.
  if (!isSmall) {
    expect(sponge(6, 32)).toBe(digest('sha3-256'));
    expect(sponge(31, 200)).toBe(digest('shake256', 200));
  }
  const key = rolls.bytes(32);
  const tag = produced(kernel, operations.hmac, 32, output => [kernel.put(key), ...put(), output]);
  expect(tag).toBe(createHmac('sha256', key).update(data).digest('hex'));
}

function checkSession(kernel: Kernel): void {
  const [key, nonce, context] = [rolls.bytes(32), rolls.bytes(12), rolls.bytes(rolls.between(0, 20))];
  const plain = rolls.bytes(rolls.between(0, 200));
  kernel.scope(() => {
    const room = kernel.put(Uint8Array.from([...plain, ...new Uint8Array(16)]));
    const block = [
      ...[kernel.put(key), kernel.put(nonce), kernel.put(context), context.length],
      ...[room, plain.length],
    ];
    expect(kernel.call(operations.seal, block)).toBe(0);
    const sealed = toHex(kernel.read(room, plain.length + 16));
    expect(sealed).toBe(toHex(chacha20poly1305(key, nonce, context).encrypt(plain)));
    expect(kernel.call(operations.unseal, block)).toBe(0);
  });
}

function checkKeys(kernel: Kernel): void {
  const [secret, noise, message] = [rolls.bytes(32), rolls.bytes(32), rolls.bytes(50)];
  const point = x25519.getPublicKey(rolls.bytes(32));
  const shared = produced(kernel, operations.x25519, 32, output => [
    ...[output, kernel.put(secret), kernel.put(point)],
  ]);
  expect(shared).toBe(toHex(x25519.getSharedSecret(secret, point)));
  const signature = produced(kernel, operations.sign, 64, output => [
    ...[kernel.put(secret), kernel.put(noise), kernel.put(message), message.length, output, 0, 0, 0],
  ]);
  expect(signature).toBe(toHex(suite1.signature.sign(secret, message, noise)));
}

const wide = { bits: 32, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] };
const forms: Record<string, Setting> = {
  '1 lane of 16 bits': {},
  '1 lane of 32 bits': { terms: wide },
  '2 lanes of 16 bits': { terms: { lanes: 2 }, grant: { budget: [10_000, 12_000] } },
  named: { terms: { named: true } },
  'one-show': { terms: { oneShow: true }, grant: { oneShow: 2 } },
};

/** 13 kB, and 20 kB where 32 values are proven. */
const scratchBytes = ({ terms = {} }: Setting) => (terms.bits === 32 || terms.lanes === 2 ? 20_480 : 13_312);

describe.each(boardBuilds)('%s', build => {
  const kernel = findUnicorn() ? openCoreKernel({ ...boardOf(build), budget }) : undefined;
  const needed = () => {
    if (!kernel) throw new Error('libunicorn is missing: apt-get install libunicorn-dev');
    return kernel;
  };

  test.skipIf(!kernel && !required)('hundreds of hashes, tags, frames, keys and signatures are right', () => {
    for (let i = 0; i < (nightly ? 400 : 40); i++) {
      checkHashes(needed(), build === 'thumb.small');
      checkSession(needed());
      if (i % 10 === 0) checkKeys(needed());
    }
  });

  /** Boards of 40 kB prove 16 bits alone; and one long proof on each of the others is enough by day. */
  const proves = (name: string) =>
    name === '1 lane of 16 bits' || (build !== 'thumb.small' && (nightly || name === '1 lane of 32 bits'));
  // The slower core takes the shorter proofs only, but at night.
  const chosen = Object.entries(forms).filter(
    ([name]) =>
      // A kernel for boards of 40 kB has no named tiers.
      (build !== 'thumb.small' || name !== 'named') &&
      (build !== 'rv32' || nightly || !/32|2 lanes|named/.test(name)),
  );
  test.skipIf(!kernel && !required).each(chosen)('pays and is paid: %s', (name, setting) => {
    const world = openWorld({ ...setting, seed: `boards ${name}` });
    const till = new Till(needed(), scratchBytes(setting));
    const asked = request(world, 1_500);
    const noise = [world.entropy(32), world.entropy(32)];
    let drawn = 0;
    const paid = pay(world.payer, asked, () => noise[drawn++]!);
    const { slots, theta } = paid.claim.value;
    const { proof } = parse(paymentShape, paid.payment);
    if (proof.length && proves(name)) {
      const made = till.prove(world.payer, world.tier.bytes, theta);
      expect([made.code, toHex(made.proof)]).toEqual([0, toHex(proof)]);
    }
    const drawnNoise = Uint8Array.from(noise.flatMap(part => [...part]));
    const claim = till.claim(world.payer, asked, { slots, theta, proof, noise: drawnNoise });
    expect([claim.code, toHex(claim.claim)]).toEqual([0, toHex(paid.claim.bytes)]);
    expect(toHex(till.assemble(world.payer, claim.claim, proof).payment)).toBe(toHex(paid.payment));
    const checked = till.check(world.payee, asked, paid.payment);
    expect(checked.code).toBe(0);
    expect(checked.claimId).toEqual(verifyPayment(world.payee, asked, paid.payment).claimId);
  });

  test.skipIf(!kernel && !required)('changed payments, signed again, get the verdict of the core', () => {
    const world = openWorld({ seed: 'boards refuse' });
    const till = new Till(needed(), scratchBytes({}));
    const asked = request(world, 450);
    const paid = pay(world.payer, asked, world.entropy);
    const honest = parse(paymentShape, paid.payment);
    const secret = purseSecret(suite1, world.payer.seed);
    const seen = new Set<number>();
    for (let i = 0; i < (nightly ? 200 : 16); i++) {
      const value = structuredClone(paid.claim.value) as Claim;
      const field = rolls.pick(Object.keys(value) as (keyof Claim)[]);
      if (typeof value[field] === 'number') Object.assign(value, { [field]: rolls.between(1, 6_000) });
      else (value[field] as Uint8Array)[rolls.between(0, 31)]! ^= 1 << rolls.between(0, 7);
      if (field === 'suite') value.suite = 1;
      const claim = sign(suite1, claimShape, value, { secret, noise: world.entropy(32) });
      const bytes = encode(paymentShape, { ...honest, claim: claim.bytes });
      if (i % 4 === 0) bytes[rolls.between(0, bytes.length - 1)]! ^= 1 << rolls.between(0, 7);
      const expected = codeOf(() => verifyPayment(world.payee, asked, bytes));
      expect(till.check(world.payee, asked, bytes).code, toHex(bytes)).toBe(expected);
      seen.add(expected);
    }
    expect(seen.size).toBeGreaterThan(3);
  });
});
