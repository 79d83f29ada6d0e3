import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { expect, test } from 'vitest';
import { ascii, concat, fromHex, none, toHex } from '#circuits/bytes.ts';
import { encodeScalar, mod, order, parseScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { hash, suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const { group } = suite1;
const { Point } = ed25519;
type Element = InstanceType<typeof Point>;
const {
  tests,
}: { tests: { name: string; secret: string; key: string; message: string; signature: string }[] } =
  JSON.parse(readFileSync(new URL('../vectors/rfc8032.json', import.meta.url), 'utf8'));
const entropy = entropyOf(seedOf('signature.vectors', 'signatures'));
const suites = [suite1, suite2];
const { signature: ed } = suite1;

const challenge = (R: Uint8Array, key: Uint8Array, message: Uint8Array) =>
  reduceScalar(hash.sha512(concat(R, key, message)));

/** What the holder of scalar and torsion can sign under a key and an R of any form. */
function signWith(
  of: { scalar: bigint; key: Uint8Array; nonce: bigint; R: Uint8Array },
  message: Uint8Array,
) {
  return concat(of.R, encodeScalar(mod(of.nonce + challenge(of.R, of.key, message) * of.scalar)));
}

/** A point of order 8: any point times the order of the base point, until its order is full. */
function torsionPoint(): Element {
  for (let y = 2n; ; y++) {
    try {
      const found = Point.fromBytes(encodeScalar(y), true).multiplyUnsafe(order - 1n);
      const torsion = found.add(Point.fromBytes(encodeScalar(y), true));
      if (!torsion.multiplyUnsafe(4n).is0()) return torsion;
    } catch {}
  }
}
const torsion = torsionPoint();
const smallPoints = Array.from({ length: 8 }, (_, i) => (i ? torsion.multiplyUnsafe(BigInt(i)) : Point.ZERO));

const p = (1n << 255n) - 19n;
function fieldBytes(y: bigint, sign: 0 | 1): Uint8Array {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((y >> BigInt(8 * i)) & 255n));
  bytes[31]! |= sign << 7;
  return bytes;
}
/** Every encoding that is not canonical: y from p to 2^255 - 1, either sign, and x = 0 with its sign set. */
const nonCanonical = [
  ...Array.from({ length: 19 }, (_, i) => p + BigInt(i)).flatMap(y => [fieldBytes(y, 0), fieldBytes(y, 1)]),
  fieldBytes(1n, 1),
  fieldBytes(p - 1n, 1),
];

test('RFC 8032 7.1: keys and signatures of all five tests, the message of 1,023 bytes among them', () => {
  expect(tests.map(({ message }) => message.length / 2)).toEqual([0, 1, 2, 1023, 64]);
  for (const each of tests) {
    const [secret, message] = [fromHex(each.secret), fromHex(each.message)];
    expect(toHex(ed.publicKey(secret)), each.name).toBe(each.key);
    expect(toHex(ed.sign(secret, message, none)), each.name).toBe(each.signature);
    expect(ed.verify(fromHex(each.key), message, fromHex(each.signature)), each.name).toBe(true);
    expect(ed.isCertifiable(fromHex(each.key)), each.name).toBe(true);
  }
});

test('[G8 core] in both suites a signature fails with any one bit of it changed, and with any of its message or key', () => {
  for (const { signature } of suites) {
    const secret = entropy(32);
    const key = signature.publicKey(secret);
    const message = ascii('pay 3');
    const signed = signature.sign(secret, message, entropy(32));
    expect(signature.verify(key, message, signed)).toBe(true);
    const flips = (bytes: Uint8Array) =>
      Array.from({ length: 8 * bytes.length }, (_, bit) =>
        bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
      );
    for (const changed of flips(signed)) expect(signature.verify(key, message, changed)).toBe(false);
    for (const changed of flips(message)) expect(signature.verify(key, changed, signed)).toBe(false);
    for (const changed of flips(key)) expect(signature.verify(changed, message, signed)).toBe(false);
    for (const other of [none, message.subarray(1), concat(message, Uint8Array.of(0))])
      expect(signature.verify(key, other, signed)).toBe(false);
  }
});

test('[G8 core] in both suites a signature or key of another length, and one of the other suite, is refused', () => {
  suites.forEach(({ signature }, i) => {
    const secret = entropy(32);
    const [key, message] = [signature.publicKey(secret), ascii('pay')];
    const signed = signature.sign(secret, message, entropy(32));
    for (const wrong of [
      none,
      signed.subarray(0, 63),
      concat(signed, none, Uint8Array.of(0)),
      signed.subarray(0, 32),
    ])
      expect(signature.verify(key, message, wrong)).toBe(false);
    for (const wrong of [none, key.subarray(0, 31), concat(key, Uint8Array.of(0))]) {
      expect(signature.verify(wrong, message, signed)).toBe(false);
      expect(signature.isCertifiable(wrong)).toBe(false);
    }
    const other = suites[1 - i]!.signature;
    expect(other.verify(key, message, signed)).toBe(false);
    expect(other.verify(other.publicKey(secret), message, signed)).toBe(false);
    expect(other.algorithm).not.toBe(signature.algorithm);
  });
});

test('in both suites s + l, which satisfies the equation too, is refused', () => {
  for (const { signature } of suites) {
    const secret = entropy(32);
    const [key, message] = [signature.publicKey(secret), ascii('pay')];
    const signed = signature.sign(secret, message, entropy(32));
    const s = parseScalar(signed.subarray(32));
    for (let times = 1n; times * order + s < 1n << 256n; times++)
      expect(
        signature.verify(key, message, concat(signed.subarray(0, 32), fieldBytes(s + times * order, 0))),
      ).toBe(false);
  }
});

test('a key of small order, under which anybody could sign, is refused and never certified', () => {
  for (const point of smallPoints) {
    const key = point.toBytes();
    for (let i = 0; i < 8; i++) {
      const nonce = reduceScalar(entropy(64));
      const forged = signWith(
        { scalar: 0n, key, nonce, R: Point.BASE.multiply(nonce).toBytes() },
        entropy(8),
      );
      expect(ed.verify(key, entropy(8), forged), toHex(key)).toBe(false);
    }
    expect(ed.isCertifiable(key)).toBe(false);
  }
});

test('an R of small order is refused, even from the holder of the key', () => {
  const scalar = reduceScalar(entropy(64));
  const key = Point.BASE.multiply(scalar).toBytes();
  const usual = signWith({ scalar, key, nonce: 5n, R: Point.BASE.multiply(5n).toBytes() }, none);
  expect(ed.verify(key, none, usual)).toBe(true);
  for (const point of smallPoints)
    expect(ed.verify(key, none, signWith({ scalar, key, nonce: 0n, R: point.toBytes() }, none))).toBe(false);
});

test('an encoding that is not canonical is refused as key and as R, though its point would do', () => {
  const scalar = reduceScalar(entropy(64));
  const key = Point.BASE.multiply(scalar).toBytes();
  for (const bytes of nonCanonical) {
    expect(ed.isCertifiable(bytes), toHex(bytes)).toBe(false);
    const nonce = reduceScalar(entropy(64));
    const forged = { scalar: 0n, key: bytes, nonce, R: Point.BASE.multiply(nonce).toBytes() };
    expect(ed.verify(bytes, none, signWith(forged, none)), toHex(bytes)).toBe(false);
    expect(ed.verify(key, none, signWith({ scalar, key, nonce: 0n, R: bytes }, none)), toHex(bytes)).toBe(
      false,
    );
  }
});

test('a key of mixed order is never certified: with one, verifiers with and without cofactor would disagree', () => {
  const scalar = reduceScalar(entropy(64));
  const sound = Point.BASE.multiply(scalar);
  expect(ed.isCertifiable(sound.toBytes())).toBe(true);
  for (let i = 1; i < 8; i++) {
    const A = sound.add(smallPoints[i]!);
    const key = A.toBytes();
    let disagreements = 0;
    for (let n = 0; n < 24; n++) {
      const [nonce, message] = [reduceScalar(entropy(64)), ascii(`pay ${n}`)];
      const R = Point.BASE.multiply(nonce);
      const signed = signWith({ scalar, key, nonce, R: R.toBytes() }, message);
      const s = parseScalar(signed.subarray(32));
      const right = R.add(A.multiplyUnsafe(challenge(R.toBytes(), key, message)));
      const cofactorless = Point.BASE.multiplyUnsafe(s).equals(right);
      expect(ed.verify(key, message, signed)).toBe(true);
      if (!cofactorless) disagreements++;
    }
    expect(disagreements, `torsion ${i}`).toBeGreaterThan(0);
    expect(ed.isCertifiable(key), `torsion ${i}`).toBe(false);
  }
}, 30_000);

test('torsion added to the R of a signature by somebody else is refused', () => {
  const secret = entropy(32);
  const [key, message] = [ed.publicKey(secret), ascii('pay')];
  const signed = ed.sign(secret, message, entropy(32));
  const R = Point.fromBytes(signed.subarray(0, 32));
  for (const small of smallPoints.slice(1))
    expect(ed.verify(key, message, concat(R.add(small).toBytes(), signed.subarray(32)))).toBe(false);
});

test('the second suite refuses the identity as key and as R, and every bad ristretto255 encoding', () => {
  const { signature } = suite2;
  const identity = group.encode(group.identity);
  const secret = entropy(32);
  const key = signature.publicKey(secret);
  const signed = signature.sign(secret, none, entropy(32));
  expect(signature.isCertifiable(key)).toBe(true);
  expect(signature.isCertifiable(identity)).toBe(false);
  const nonce = reduceScalar(entropy(64));
  const R = group.encode(group.multiply(group.base, nonce));
  // Under the identity as key this would verify for every message.
  expect(signature.verify(identity, none, concat(R, encodeScalar(nonce)))).toBe(false);
  expect(signature.verify(key, none, concat(identity, signed.subarray(32)))).toBe(false);
  const { bad }: { bad: { hex: string }[] } = JSON.parse(
    readFileSync(new URL('../vectors/rfc9496.json', import.meta.url), 'utf8'),
  );
  for (const { hex } of bad) {
    expect(signature.isCertifiable(fromHex(hex))).toBe(false);
    expect(signature.verify(fromHex(hex), none, signed)).toBe(false);
    expect(signature.verify(key, none, concat(fromHex(hex), signed.subarray(32)))).toBe(false);
  }
});
