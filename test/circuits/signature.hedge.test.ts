import { expect, test } from 'vitest';
import { ascii, concat, none, toHex } from '#circuits/bytes.ts';
import type { Group, Hash, Point, Signature } from '#circuits/proof/port.ts';
import { edwardsSignature } from '#circuits/proof/signature.noble.ts';
import { schnorrSignature } from '#circuits/proof/signature.schnorr.ts';
import { hash, suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const { group } = suite1;
const entropy = entropyOf(seedOf('signature.hedge', 'hedged signatures'));
const suites = [suite1, suite2];
const nonceOf = (signed: Uint8Array) => toHex(signed.subarray(0, 32));

test('the same noise gives the same signature, other noise or another message another nonce', () => {
  for (const { signature } of suites) {
    const secret = entropy(32);
    const key = signature.publicKey(secret);
    const noises = [none, new Uint8Array(32), entropy(32), entropy(32)];
    const messages = [none, ascii('pay 1'), ascii('pay 2'), entropy(200)];
    const nonces = new Set<string>();
    for (const noise of noises)
      for (const message of messages) {
        const signed = signature.sign(secret, message, noise);
        expect(signature.sign(secret, message, noise)).toEqual(signed);
        expect(signature.verify(key, message, signed)).toBe(true);
        nonces.add(nonceOf(signed));
      }
    expect(nonces.size).toBe(noises.length * messages.length);
  }
});

test('no border between noise and message can be moved to meet the same nonce', () => {
  for (const { signature } of suites) {
    const secret = entropy(32);
    const noise = entropy(32);
    const message = entropy(40);
    const nonces = [
      signature.sign(secret, message, noise),
      signature.sign(secret, concat(noise, message), none),
      signature.sign(secret, concat(ascii('mite hedged nonce'), noise, message), none),
    ];
    // Suite 1 takes 32 bytes of noise or none.
    if (signature === suite2.signature)
      nonces.push(signature.sign(secret, message.subarray(1), concat(noise, message.subarray(0, 1))));
    expect(new Set(nonces.map(nonceOf)).size).toBe(nonces.length);
  }
});

test('two secrets share neither key nor nonce, and the suites share no key of one secret', () => {
  const [one, two, noise] = [entropy(32), entropy(32), entropy(32)];
  for (const { signature } of suites) {
    expect(signature.publicKey(one)).not.toEqual(signature.publicKey(two));
    expect(nonceOf(signature.sign(one, none, noise))).not.toBe(nonceOf(signature.sign(two, none, noise)));
  }
  expect(suite1.signature.publicKey(one)).not.toEqual(suite2.signature.publicKey(one));
});

/** Spoils the result of one call, the `fault`-th from 0, and counts them. */
class Faulty {
  calls = 0;
  readonly #fault: number;
  constructor(fault: number) {
    this.#fault = fault;
  }
  pass<T>(result: T, spoil: (result: T) => T): T {
    return this.calls++ === this.#fault ? spoil(result) : result;
  }
}

/** Signs with the backend under test: either throws, or a sound backend verifies it under the sound key. */
function outcome(make: (faulty: Faulty) => Signature, sound: Signature, fault: number) {
  const faulty = new Faulty(fault);
  const secret = new Uint8Array(32).fill(fault + 1);
  const [key, message] = [sound.publicKey(secret), ascii('pay 7')];
  const broken = make(faulty);
  try {
    const signed = broken.sign(secret, message, new Uint8Array(32).fill(9));
    return { calls: faulty.calls, returned: true, good: sound.verify(key, message, signed) };
  } catch (error) {
    expect(String(error)).toContain('the arithmetic is faulty');
    return { calls: faulty.calls, returned: false, good: false };
  }
}

function flip(bit: number) {
  return (bytes: Uint8Array) => bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

/** Every call gets its fault in turn; says how many signatures were withheld. */
function withheld(make: (faulty: Faulty) => Signature, sound: Signature): number {
  const none = outcome(make, sound, -1);
  expect(none).toEqual({ calls: none.calls, returned: true, good: true });
  expect(none.calls).toBeGreaterThan(0);
  let count = 0;
  for (let fault = 0; fault < none.calls; fault++) {
    const { returned, good } = outcome(make, sound, fault);
    expect(returned, `fault in call ${fault} of ${none.calls}`).toBe(good);
    if (!returned) count++;
  }
  return count;
}

test('one flipped bit in any hash while signing: no signature is returned that its key does not verify', () => {
  const hashing = (faulty: Faulty, bit: number): Hash => ({
    ...hash,
    sha512: data => faulty.pass(hash.sha512(data), flip(bit)),
    shake256: (data, length) => faulty.pass(hash.shake256(data, length), flip(bit)),
  });
  for (const bit of [3, 77, 200, 300, 511]) {
    expect(
      withheld(faulty => edwardsSignature(hashing(faulty, bit)), suite1.signature),
    ).toBeGreaterThanOrEqual(2);
    expect(
      withheld(faulty => schnorrSignature(group, hashing(faulty, bit)), suite2.signature),
    ).toBeGreaterThanOrEqual(2);
  }
});

test('one wrong point or one flipped bit of one while signing: no signature is returned that its key does not verify', () => {
  const spoil = (point: Point) => group.add(point, group.base);
  const backends: Record<string, (faulty: Faulty) => Partial<Group>> = {
    multiply: faulty => ({ multiply: (point, scalar) => faulty.pass(group.multiply(point, scalar), spoil) }),
    multiScalar: faulty => ({
      multiScalar: (scalars, points) => faulty.pass(group.multiScalar(scalars, points), spoil),
    }),
    encode: faulty => ({ encode: point => faulty.pass(group.encode(point), flip(9)) }),
    decode: faulty => ({ decode: bytes => faulty.pass(group.decode(bytes), spoil) }),
  };
  const counts = Object.entries(backends).map(([name, part]) => {
    const make = (faulty: Faulty) => schnorrSignature({ ...group, ...part(faulty) }, hash);
    return [name, withheld(make, suite2.signature)] as const;
  });
  for (const [name, count] of counts) expect(count, name).toBeGreaterThan(0);
});
