/** What was hashed or signed with is not left on the stack. */
import { createHash } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { ascii, concat } from '#circuits/bytes.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { invert, mod, order, reduceScalar } from '#circuits/proof/scalar.ts';
import { hash } from '#circuits/proof/suite.noble.ts';
import { Core } from '#host/emulator/core.ts';
import { entropyOf, seedOf } from '../circuits/sample.ts';
import { assembleThumb } from './assemble.ts';
import { boardOf } from './board.ts';
import { canEmulate } from './machine.ts';

const entropy = entropyOf(seedOf('stack.wiped', 'stack.wiped'));
const [stackTop, stackBytes] = [0x3000_0000, 8_192];
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** Eight bytes of it in a row, as they are, with each word turned, or with each pair of words turned. */
function isLeft(core: Core, secret: Uint8Array): boolean {
  const stack = Buffer.from(core.read(stackTop - stackBytes, stackBytes));
  for (let at = 0; at + 8 <= secret.length; at += 4) {
    const piece = Buffer.from(secret.slice(at, at + 8));
    const turned = Buffer.from(piece).swap32();
    const forms = [piece, turned, Buffer.from(piece).swap64()];
    if (forms.some(form => stack.includes(form))) return true;
  }
  return false;
}

/** The message schedule of the last block (FIPS 180-4), as it lies in memory: any sixteen words of it give the block back. */
function scheduleOf(message: Uint8Array, isWide: boolean): Uint8Array {
  const [bytes, rounds] = isWide ? [8, 96] : [4, 80];
  const bits = BigInt(8 * bytes);
  const size = 16 * bytes;
  const padded = new Uint8Array(Math.ceil((message.length + 1 + 2 * bytes) / size) * size);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, 8 * message.length);
  const block = padded.slice(-size);
  const turn = (word: bigint, by: bigint) =>
    BigInt.asUintN(Number(bits), (word >> by) | (word << (bits - by)));
  const counts = isWide ? [1n, 8n, 7n, 19n, 61n, 6n] : [7n, 18n, 3n, 17n, 19n, 10n];
  const mix = (word: bigint, from: number) =>
    turn(word, counts[from]!) ^ turn(word, counts[from + 1]!) ^ (word >> counts[from + 2]!);
  const schedule: bigint[] = [];
  for (let t = 0; t < rounds; t++) {
    const given = block
      .slice(bytes * t, bytes * t + bytes)
      .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const made = () =>
      schedule[t - 16]! + mix(schedule[t - 15]!, 0) + schedule[t - 7]! + mix(schedule[t - 2]!, 3);
    schedule.push(t < 16 ? given : BigInt.asUintN(Number(bits), made()));
  }
  return Uint8Array.from(
    schedule.flatMap(word => Array.from({ length: bytes }, (_, i) => Number((word >> BigInt(8 * i)) & 255n))),
  );
}

function clamped(secret: Uint8Array): Uint8Array {
  const bytes = secret.slice(0, 32);
  bytes[0]! &= 248;
  bytes[31] = (bytes[31]! & 127) | 64;
  return bytes;
}

const numberOf = (bytes: Uint8Array) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const bytesOf = (value: bigint) =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** A scalar as arithmetic keeps it: itself, made odd, its digits, times 2^256 and divided by it. */
function formsOf(scalar: bigint): Uint8Array[] {
  const odd = scalar & 1n ? scalar : scalar + order;
  const digits = (odd >> 1n) | (1n << 254n);
  const entered = mod(scalar << 256n);
  return [scalar, odd, digits, entered, mod(scalar * invert(mod(1n << 256n)))].map(bytesOf);
}

/** Zeros of the padding are everywhere. */
const withoutZeros = (bytes: Uint8Array) => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8)
    if (bytes.slice(at, at + 8).every(Boolean)) pieces.push(bytes.slice(at, at + 8));
  return pieces;
};

describe.skipIf(!canEmulate)('the stack', () => {
  test('is searched: a word pair that a function leaves there is found', () => {
    const core = new Core({
      processor: 'thumb',
      code: assembleThumb('ldrd r1, r2, [r0]; push {r1, r2}; add sp, #8; bx lr'),
    });
    const secret = entropy(8);
    core.call(0, core.place(secret));
    expect(isLeft(core, secret)).toBe(true);
    expect(isLeft(core, entropy(8))).toBe(false);
  });

  test.each(['thumb.small', 'thumb.full'] as const)('holds no message after a hash, on %s', build => {
    const core = new Core(boardOf(build));
    for (const kind of [0, 1, 2])
      for (const length of [32, 100, 128, 200]) {
        const message = entropy(length);
        const block = words(kind, core.place(message), length, core.place(new Uint8Array(64)));
        expect(core.call(0, operations.sha2, core.place(block), 0, 1).result).toBe(0);
        expect(isLeft(core, message)).toBe(false);
        const pieces = withoutZeros(scheduleOf(message, kind > 0));
        expect(pieces.length).toBeGreaterThan(20);
        expect(pieces.filter(piece => isLeft(core, piece))).toEqual([]);
      }
  });

  test.each(['thumb.small', 'thumb.full'] as const)(
    'holds neither secret nor prefix after a signature, on %s',
    build => {
      const core = new Core(boardOf(build));
      const [secret, noise, message] = [entropy(32), entropy(32), entropy(40)];
      const places = [secret, noise, message].map(bytes => core.place(bytes)) as [number, number, number];
      const block = words(...places, 40, core.place(new Uint8Array(64)), 0, 0, 0);
      expect(core.call(0, operations.sign, core.place(block), 0, 1).result).toBe(0);
      const expanded = new Uint8Array(createHash('sha512').update(secret).digest());
      for (const each of [secret, noise, expanded.slice(0, 32), expanded.slice(32)])
        expect(isLeft(core, each)).toBe(false);
    },
  );

  test.each(['thumb.small', 'thumb.full', 'rv32'] as const)(
    'holds no scalar, no digits of one and no key of a session, on %s',
    build => {
      const core = new Core(boardOf(build));
      const isClean = (secrets: readonly Uint8Array[]) =>
        expect(secrets.filter(each => isLeft(core, each))).toEqual([]);
      const [secret, noise, message] = [entropy(32), entropy(32), entropy(40)];
      const [secretAt, noiseAt, messageAt] = [secret, noise, message].map(bytes => core.place(bytes));
      const [keyAt, signatureAt] = [core.place(new Uint8Array(32)), core.place(new Uint8Array(64))];
      const expanded = new Uint8Array(createHash('sha512').update(secret).digest());
      const scalar = reduceScalar(concat(clamped(expanded), new Uint8Array(32)));
      const call = (operation: number, ...block: number[]) =>
        expect(core.call(0, operation, core.place(words(...block)), 0, 1).result).toBe(0);
      call(operations.key, secretAt!, keyAt, 0, 0);
      isClean(formsOf(scalar));
      call(operations.sign, secretAt!, noiseAt!, messageAt!, 40, signatureAt, 0, 0, keyAt);
      const hedged = concat(ascii('mite hedged nonce'), expanded.slice(32), noise, message);
      const hashed = concat(core.read(signatureAt, 32), core.read(keyAt, 32), message);
      const product = mod(scalar * reduceScalar(hash.sha512(hashed)));
      for (const each of [scalar, reduceScalar(hash.sha512(hedged)), product]) isClean(formsOf(each));
      const [session, answer] = [core.place(new Uint8Array(104)), core.place(new Uint8Array(48))];
      const opening = x25519.getPublicKey(entropy(32));
      call(operations.sessionAgree, session, secretAt!, core.place(opening), 32, answer, 48, 0);
      const eighth = numberOf(clamped(secret)) >> 3n;
      const keys = core.read(session + 32, 64).slice();
      isClean([clamped(secret), x25519.getSharedSecret(secret, opening), keys, ...formsOf(eighth)]);
      call(operations.blockSeal, session, messageAt!, 40, 0, core.place(new Uint8Array(1_536)), 0);
      isClean([keys, message]);
    },
  );
});
