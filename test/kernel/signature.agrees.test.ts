/** Ed25519 of the kernel against the reference: the same signatures, and the same verdict on whatever is no signature. */
import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, none, toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { encodeScalar, mod, order, reduceScalar } from '#circuits/proof/scalar.ts';
import { hash, suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { kernel, produced } from './wasm.ts';

const { Point } = ed25519;
type Element = InstanceType<typeof Point>;
const rolls = dice(seedOf('kernel signatures', 'kernel signatures'));
/** Each of two tests has so many: 3,000 signatures by day. */
const count = process.env.MITE_NIGHTLY ? 15_000 : 1_500;
const { signature: reference } = suite1;

const keyOf = (secret: Uint8Array, table: readonly number[] = [0, 0]) =>
  produced(operations.key, 32, output => [kernel.put(secret), output, ...table]);
const sign = (
  secret: Uint8Array,
  message: Uint8Array,
  noise: Uint8Array,
  { table = [0, 0], key }: { readonly table?: readonly number[]; readonly key?: Uint8Array } = {},
) =>
  produced(operations.sign, 64, output => [
    ...[kernel.put(secret), noise.length ? kernel.put(noise) : 0],
    ...[kernel.put(message), message.length, output, ...table, key ? kernel.put(key) : 0],
  ]);
const verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  kernel.scope(
    () =>
      kernel.call(operations.verify, [
        kernel.put(key),
        kernel.put(message),
        message.length,
        kernel.put(signature),
      ]) === 0,
  );
const isCertifiable = (key: Uint8Array) =>
  kernel.scope(() => kernel.call(operations.certifiable, [kernel.put(key)]) === 0);

test('RFC 8032 7.1: keys and signatures of all five tests', () => {
  const url = new URL('../vectors/rfc8032.json', import.meta.url);
  const { tests }: { tests: Record<'secret' | 'key' | 'message' | 'signature', string>[] } = JSON.parse(
    readFileSync(url, 'utf8'),
  );
  expect(tests).toHaveLength(5);
  for (const each of tests) {
    const [secret, message] = [fromHex(each.secret), fromHex(each.message)];
    expect(toHex(keyOf(secret))).toBe(each.key);
    expect(toHex(sign(secret, message, none))).toBe(each.signature);
    expect(verify(fromHex(each.key), message, fromHex(each.signature))).toBe(true);
  }
});

test('keys and hedged signatures are those of the reference, whatever the message', () => {
  for (let i = 0; i < count; i++) {
    const [secret, message] = [rolls.bytes(32), rolls.bytes(rolls.between(0, 300))];
    const noise = rolls.percent(90) ? rolls.bytes(32) : none;
    const signature = sign(secret, message, noise);
    expect(toHex(signature)).toBe(toHex(reference.sign(secret, message, noise)));
    expect(verify(keyOf(secret), message, signature)).toBe(true);
  }
}, 120_000);

test.each([4, 5, 6])('a table of the base point’s multiples changes nothing: %i teeth', teeth => {
  const shape = { teeth, bits: 8, parties: 1 };
  const table = kernel.put(makeTable({ hash, suite: 1 }, shape));
  for (let i = 0; i < 50; i++) {
    const [secret, message, noise] = [rolls.bytes(32), rolls.bytes(40), rolls.bytes(32)];
    const by = [table, packShape(shape)];
    expect(toHex(keyOf(secret, by))).toBe(toHex(keyOf(secret)));
    expect(toHex(sign(secret, message, noise, { table: by }))).toBe(toHex(sign(secret, message, noise)));
  }
});

test('a bit that changed in the table of the base point signs nothing wrong: it is refused, and nothing is left', () => {
  const shape = { teeth: 5, bits: 8, parties: 1 };
  const entries = makeTable({ hash, suite: 1 }, shape);
  const [secret, message, noise] = [rolls.bytes(32), rolls.bytes(40), rolls.bytes(32)];
  const [key, right] = [keyOf(secret), toHex(sign(secret, message, noise))];
  const seen = { refused: 0, right: 0 };
  for (let i = 0; i < 100; i++)
    kernel.scope(() => {
      const broken = entries.slice();
      // The base point has the first 16 entries of 96 bytes.
      broken[rolls.between(0, 16 * 96 - 1)]! ^= 1 << rolls.between(0, 7);
      const [place, output] = [kernel.put(broken), kernel.put(new Uint8Array(64).fill(1))];
      const given = [kernel.put(secret), kernel.put(noise), kernel.put(message), message.length];
      const block = [...given, output, place, packShape(shape), kernel.put(key)];
      const code = kernel.call(operations.sign, block);
      const signature = toHex(kernel.read(output, 64));
      expect(signature).toBe(code ? '00'.repeat(64) : right);
      expect([0, faults.signature.code]).toContain(code);
      seen[code ? 'refused' : 'right']++;
    });
  // Not every entry is used by one signature.
  expect(seen.refused).toBeGreaterThan(30);
});

test('the key may be given, and nothing is signed for another', () => {
  for (let i = 0; i < 20; i++) {
    const [secret, message, noise] = [rolls.bytes(32), rolls.bytes(40), rolls.bytes(32)];
    const key = keyOf(secret);
    expect(toHex(sign(secret, message, noise, { key }))).toBe(toHex(sign(secret, message, noise)));
    const [bit, other] = [rolls.between(0, 254), key.slice()];
    other[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => sign(secret, message, noise, { key: other })).toThrow(`returned ${faults.signature.code}`);
    expect(() => sign(secret, message, noise, { key: keyOf(rolls.bytes(32)) })).toThrow(
      `returned ${faults.signature.code}`,
    );
  }
});

/** A point of order 8. */
function torsionPoint(): Element {
  for (let y = 2n; ; y++) {
    try {
      const point = Point.fromBytes(encodeScalar(y), true);
      const torsion = point.multiplyUnsafe(order - 1n).add(point);
      if (!torsion.multiplyUnsafe(4n).is0()) return torsion;
    } catch {}
  }
}

const torsion = torsionPoint();
const small = Array.from({ length: 8 }, (_, i) => (i ? torsion.multiplyUnsafe(BigInt(i)) : Point.ZERO));
const p = (1n << 255n) - 19n;

function fieldBytes(value: bigint, sign: number): Uint8Array {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
  bytes[31]! |= sign << 7;
  return bytes;
}

const nonCanonical = [
  ...Array.from({ length: 19 }, (_, i) => p + BigInt(i)).flatMap(y => [fieldBytes(y, 0), fieldBytes(y, 1)]),
  ...[fieldBytes(1n, 1), fieldBytes(p - 1n, 1)],
];

interface Forger {
  readonly scalar: bigint;
  readonly key: Uint8Array;
  readonly nonce: bigint;
  readonly R: Uint8Array;
}

/** What the holder of a scalar signs under a key and an R of any form. */
function forge({ scalar, key, nonce, R }: Forger, message: Uint8Array): Uint8Array {
  const challenge = reduceScalar(hash.sha512(concat(R, key, message)));
  return concat(R, encodeScalar(mod(nonce + challenge * scalar)));
}

describe('what is no signature', () => {
  const agreed = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => {
    const expected = reference.verify(key, message, signature);
    if (verify(key, message, signature) !== expected)
      throw new Error(`not ${expected}: ${toHex(key)} ${toHex(message)} ${toHex(signature)}`);
    return expected;
  };

  test('a signature, key or message with one bit changed gets the same verdict: refused', () => {
    for (let i = 0; i < count; i++) {
      const [secret, message] = [rolls.bytes(32), rolls.bytes(1 + rolls.between(0, 60))];
      const parts = [keyOf(secret), message, sign(secret, message, rolls.bytes(32))] as const;
      const changed = parts[rolls.between(0, 2)]!;
      changed[rolls.between(0, changed.length - 1)]! ^= 1 << rolls.between(0, 7);
      expect(agreed(...parts)).toBe(false);
    }
  }, 120_000);

  test('s beyond the order gets the same verdict: refused', () => {
    const [secret, message] = [rolls.bytes(32), rolls.bytes(9)];
    const signature = sign(secret, message, none);
    const s = reduceScalar(signature.subarray(32));
    for (let times = 1n; s + times * order < 1n << 256n; times++)
      expect(
        agreed(keyOf(secret), message, concat(signature.subarray(0, 32), fieldBytes(s + times * order, 0))),
      ).toBe(false);
  });

  test('torsion in key and R, and encodings that are not canonical, get the same verdict', () => {
    let [taken, refused] = [0, 0];
    for (const [i, key] of [...small.map(point => point.toBytes()), ...nonCanonical].entries())
      for (const [j, R] of [...small.map(point => point.toBytes()), ...nonCanonical.slice(0, 8)].entries()) {
        if (i >= 8 && j >= 8) continue;
        const message = rolls.bytes(8);
        if (agreed(key, message, forge({ scalar: 0n, key, nonce: 0n, R }, message))) taken++;
        else refused++;
      }
    for (let i = 0; i < 200; i++) {
      const [scalar, nonce] = [reduceScalar(rolls.bytes(64)), reduceScalar(rolls.bytes(64))];
      const key = Point.BASE.multiply(scalar).add(rolls.pick(small)).toBytes();
      const R = Point.BASE.multiply(nonce).add(rolls.pick(small)).toBytes();
      const message = rolls.bytes(8);
      if (agreed(key, message, forge({ scalar, key, nonce, R }, message))) taken++;
      else refused++;
    }
    // With a cofactor torsion in A and R is harmless to the equation: many are taken, by both.
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  test('keys are certified alike: prime order, canonical, not the identity', () => {
    const keys = [...small.map(point => point.toBytes()), ...nonCanonical];
    for (let i = 0; i < 30; i++) keys.push(rolls.bytes(32), keyOf(rolls.bytes(32)));
    for (let i = 0; i < 30; i++)
      keys.push(
        Point.BASE.multiply(reduceScalar(rolls.bytes(64)))
          .add(rolls.pick(small))
          .toBytes(),
      );
    const verdicts = keys.map(key => {
      const expected = reference.isCertifiable(key);
      expect(isCertifiable(key), toHex(key)).toBe(expected);
      return expected;
    });
    expect(verdicts.filter(Boolean).length).toBeGreaterThanOrEqual(30);
  });
});
