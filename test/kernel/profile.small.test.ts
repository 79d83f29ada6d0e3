/** What the small profile leaves out is refused like a number that nobody knows, and nothing is written. */

import { x25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { fromHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { entropyOf, seedOf } from '../circuits/sample.ts';
import { boardOf } from './board.ts';
import { layOut, messageCases } from './cases.ts';
import { lowOrder } from './order.ts';

const entropy = entropyOf(seedOf('profile.small', 'profile.small'));
const unknownOperation = 63;
const leftOut = [
  ...(['sponge', 'keccak', 'derive', 'pointDecode', 'pointEncode', 'pointMap', 'pointAdd'] as const),
  ...(['pointNegate', 'pointEqual', 'pointMultiply', 'pointSum', 'pointBytes'] as const),
];

describe.skipIf(!findUnicorn())('the small kernel', () => {
  const kernel = findUnicorn() ? openCoreKernel(boardOf('thumb.small')) : undefined;

  test.each(leftOut)('refuses %s, and writes nothing', name => {
    const answer = (operation: number) =>
      kernel!.scope(() => {
        const room = kernel!.put(entropy(1_024));
        const before = kernel!.read(room, 1_024);
        const block = [room, room, room + 64, room + 128, 0, 0, 0, 0];
        const { code, block: after } = kernel!.ask(operation, block, 64);
        expect([...after]).toEqual(block);
        expect(kernel!.read(room, 1_024)).toEqual(before);
        return code;
      });
    expect(answer(operations[name])).toBe(answer(unknownOperation));
    expect(answer(operations[name])).toBe(faults.version.code);
  });

  test('refuses to open an element of a list, which it would not fill, and writes nothing', () => {
    const opening = messageCases().filter(each => each.operation === operations.messageOpen);
    let opened = 0;
    for (const { name, words, scratchBytes } of opening)
      kernel!.scope(() => {
        const block = layOut(kernel!, words);
        const whole = layOut(kernel!, [...words.slice(0, -1), 0]);
        // Some kinds no device knows.
        if (kernel!.ask(operations.messageOpen, whole, scratchBytes).code !== 0) return;
        opened++;
        const [id, items, element] = [block[4]!, block[5]!, block.at(-1)!];
        const { code, block: after } = kernel!.ask(operations.messageOpen, block, scratchBytes);
        expect([name, code]).toEqual([name, faults.version.code]);
        expect([...after]).toEqual(block);
        for (const [place, length] of [
          [id, 32],
          [items, 192],
          [element, 192],
        ] as const)
          expect(kernel!.read(place, length).every(byte => byte === 0)).toBe(true);
      });
    expect(opened).toBeGreaterThan(5);
  });

  test('agrees with the reference on X25519, and refuses the twist and what is of low order', () => {
    const shared = (secret: Uint8Array, point: Uint8Array) =>
      kernel!.scope(() => {
        const output = kernel!.allocate(32);
        const block = [output, kernel!.put(secret), kernel!.put(point)];
        const code = kernel!.call(operations.x25519, block);
        return { code, bytes: kernel!.read(output, 32) };
      });
    const isOnCurve = (u: Uint8Array) => {
      // v^2 = u^3 + 486662 u^2 + u, by Euler's criterion.
      const p = 2n ** 255n - 19n;
      const value =
        u.reduceRight((sum, byte, i) => (sum << 8n) | BigInt(i === 31 ? byte & 127 : byte), 0n) % p;
      const square = (((value * value + 486662n * value + 1n) % p) * value) % p;
      let [power, base, result] = [(p - 1n) / 2n, square, 1n];
      for (; power > 0n; power >>= 1n, base = (base * base) % p) if (power & 1n) result = (result * base) % p;
      return result === 1n;
    };
    const seen = { curve: 0, twist: 0 };
    for (let i = 0; i < 60; i++) {
      const [secret, point] = [entropy(32), i % 3 ? entropy(32) : x25519.getPublicKey(entropy(32))];
      const found = shared(secret, point);
      if (isOnCurve(point)) {
        expect(found).toEqual({ code: 0, bytes: x25519.getSharedSecret(secret, point) });
        seen.curve++;
      } else {
        expect(found.code).toBe(faults.point.code);
        seen.twist++;
      }
    }
    expect(Math.min(seen.curve, seen.twist)).toBeGreaterThan(5);
    for (const hex of lowOrder)
      for (const top of [0, 0x80]) {
        const point = fromHex(hex);
        point[31]! |= top;
        expect([hex, shared(entropy(32), point).code]).toEqual([hex, faults.point.code]);
      }
  });
});
