/** What an encrypted session is made of: X25519, ChaCha20-Poly1305 and HMAC of the kernel. */
import { createHmac } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { lowOrder } from './order.ts';
import { kernel, produced } from './wasm.ts';

const rolls = dice(seedOf('kernel session', 'kernel session'));
const pairs = process.env.MITE_NIGHTLY ? 30_000 : 3_000;

const agree = (secret: Uint8Array, point: Uint8Array) =>
  produced(operations.x25519, 32, output => [output, kernel.put(secret), kernel.put(point)]);
const publicKey = (secret: Uint8Array) =>
  produced(operations.x25519, 32, output => [output, kernel.put(secret), 0]);

const aliceSecret = '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a';
const alicePublic = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';

test('X25519 gives the vectors of RFC 7748, 5.2 and 6.1', () => {
  const vector = (secret: string, point: string) => toHex(agree(fromHex(secret), fromHex(point)));
  expect(
    vector(
      'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
    ),
  ).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
  let [k, u]: [Uint8Array, Uint8Array] = [
    Uint8Array.from({ length: 32 }, (_, i) => (i ? 0 : 9)),
    Uint8Array.from({ length: 32 }, (_, i) => (i ? 0 : 9)),
  ];
  for (let i = 0; i < 1_000; i++) [k, u] = [agree(k, u), k];
  expect(toHex(k)).toBe('684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51');
  // Alice's keys of 6.1.
  expect(toHex(publicKey(fromHex(aliceSecret)))).toBe(alicePublic);
});

test('X25519 agrees with the reference, also on points of the twist and beyond the field', () => {
  for (let i = 0; i < pairs; i++) {
    const [secret, point] = [rolls.bytes(32), rolls.bytes(32)];
    if (rolls.percent(10)) point.fill(255, 1, 31);
    expect(toHex(agree(secret, point))).toBe(toHex(x25519.getSharedSecret(secret, point)));
    if (i < pairs / 10) expect(toHex(publicKey(secret))).toBe(toHex(x25519.getPublicKey(secret)));
  }
});

test.each(lowOrder)('a point of low order is refused: %s', hex => {
  for (const top of [0, 0x80]) {
    const point = fromHex(hex);
    point[31]! |= top;
    kernel.scope(() => {
      const block = [kernel.allocate(32), kernel.put(rolls.bytes(32)), kernel.put(point)];
      expect(kernel.call(operations.x25519, block)).toBe(faults.point.code);
    });
  }
});

interface Frame {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly context: Uint8Array;
  /** With room for the tag behind it. */
  readonly data: Uint8Array;
}

const tagBytes = 16;

function seal(operation: number, { key, nonce, context, data }: Frame) {
  return kernel.scope(() => {
    const address = kernel.put(data);
    const under = [kernel.put(key), kernel.put(nonce), kernel.put(context), context.length];
    const code = kernel.call(operation, [...under, address, data.length - tagBytes]);
    return { code, data: kernel.read(address, data.length) };
  });
}

test('frames are sealed as the reference seals them, opened again, and refused with any bit changed', () => {
  for (let i = 0; i < pairs / 3; i++) {
    const [key, nonce] = [rolls.bytes(32), rolls.bytes(12)];
    const [context, plain] = [rolls.bytes(rolls.between(0, 40)), rolls.bytes(rolls.between(0, 300))];
    const data = Uint8Array.from([...plain, ...new Uint8Array(tagBytes)]);
    const sealed = seal(operations.seal, { key, nonce, context, data });
    expect(toHex(sealed.data)).toBe(toHex(chacha20poly1305(key, nonce, context).encrypt(plain)));
    const opened = seal(operations.unseal, { key, nonce, context, data: sealed.data });
    expect(opened.code).toBe(0);
    expect(toHex(opened.data.subarray(0, plain.length))).toBe(toHex(plain));
    const broken = sealed.data.slice();
    broken[rolls.between(0, broken.length - 1)]! ^= 1 << rolls.between(0, 7);
    const refused = seal(operations.unseal, { key, nonce, context, data: broken });
    expect(refused.code).toBe(faults.signature.code);
    expect(toHex(refused.data)).toBe(toHex(broken));
  }
});

test('tags hold where the accumulator is at its ends', () => {
  const key = new Uint8Array(32);
  for (const byte of [0, 0xff])
    for (let length = 0; length < 70; length++) {
      // The stream of this key is known: whatever is sealed comes out as all zeros or all ones.
      const stream = chacha20poly1305(key, key.subarray(0, 12))
        .encrypt(new Uint8Array(length))
        .subarray(0, length);
      const plain = stream.map(each => each ^ byte);
      const data = Uint8Array.from([...plain, ...new Uint8Array(tagBytes)]);
      const sealed = seal(operations.seal, {
        key,
        nonce: key.subarray(0, 12),
        context: key.subarray(0, 0),
        data,
      });
      expect(toHex(sealed.data)).toBe(toHex(chacha20poly1305(key, key.subarray(0, 12)).encrypt(plain)));
    }
});

test('HMAC-SHA-256 is that of OpenSSL', () => {
  for (let length = 0; length < 200; length++) {
    const [key, data] = [rolls.bytes(32), rolls.bytes(length)];
    const tag = produced(operations.hmac, 32, output => [kernel.put(key), kernel.put(data), length, output]);
    expect(toHex(tag)).toBe(createHmac('sha256', key).update(data).digest('hex'));
  }
});
