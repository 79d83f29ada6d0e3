/** Hashes, PRF, transcripts, checksums and chains of the kernel against the reference, around every block boundary. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { ascii, concat, toHex } from '#circuits/bytes.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { tickHash } from '#circuits/proof/channel.ts';
import { derive } from '#circuits/proof/prf.ts';
import { hash, suite1 } from '#circuits/proof/suite.noble.ts';
import { Transcript } from '#circuits/proof/transcript.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { kernel, produced } from './wasm.ts';

const rolls = dice(seedOf('kernel hashes', 'kernel hashes'));
const inputs = process.env.MITE_NIGHTLY ? 1_000_000 : 100_000;

/** Blocks of 64 bytes with 9 of padding, of 128 with 17, of 136 with 1: one more and one less of each, and anything. */
const edges = [
  0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 135, 136, 137, 239, 240, 255, 256, 271, 272,
  273,
];
const lengthOf = () => (rolls.percent(50) ? rolls.pick(edges) : rolls.between(0, 300));

const sha2 = (kind: number, length: number) => (data: Uint8Array) =>
  produced(operations.sha2, length, output => [kind, kernel.put(data), data.length, output]);
const sponge = (domain: number, length: number) => (data: Uint8Array) =>
  produced(operations.sponge, length, output => [domain, kernel.put(data), data.length, output, length]);
const byNode = (name: string) => (data: Uint8Array) => createHash(name).update(data).digest();

/** OpenSSL is the third opinion: it is neither ours nor the reference backend. */
const algorithms: readonly (readonly [
  string,
  (data: Uint8Array) => Uint8Array,
  (data: Uint8Array) => Uint8Array,
])[] = [
  ['SHA-256', sha2(0, 32), byNode('sha256')],
  ['SHA-512', sha2(1, 64), byNode('sha512')],
  ['SHA-512/256', sha2(2, 32), byNode('sha512-256')],
  ['SHA3-256', sponge(6, 32), byNode('sha3-256')],
  ['SHAKE256', sponge(31, 300), data => createHash('shake256', { outputLength: 300 }).update(data).digest()],
];

test.each(algorithms)('%s is that of OpenSSL', (_, ours, theirs) => {
  for (let i = 0; i < inputs / algorithms.length; i++) {
    const data = rolls.bytes(lengthOf());
    if (Buffer.compare(ours(data), theirs(data)) !== 0) throw new Error(`differs for ${toHex(data)}`);
  }
  const one = ours(ascii('a'));
  expect(Buffer.compare(one, theirs(ascii('b')))).not.toBe(0);
});

test('the PRF is that of the core, for every length of context around a block', () => {
  for (let length = 0; length < 300; length++) {
    const [key, context] = [rolls.bytes(32), rolls.bytes(length)];
    const label = rolls.pick(['delta', 'range blindings', 'x'.repeat(80)]);
    const ours = produced(operations.derive, 150, output => [
      ...[kernel.put(key), kernel.put(concat(ascii(label), new Uint8Array(1)))],
      ...[kernel.put(context), context.length, output, 150],
    ]);
    expect(ours).toEqual(derive(hash, key, { label, context }, 150));
  }
});

test('transcripts run on the permutation of the kernel', () => {
  const keccakF = (state: Uint32Array) => {
    const bytes = new Uint8Array(state.buffer);
    kernel.scope(() => {
      const address = kernel.put(bytes);
      kernel.call(operations.keccak, [address]);
      bytes.set(kernel.read(address, 200));
    });
  };
  for (let i = 0; i < 50; i++) {
    const message = rolls.bytes(rolls.between(0, 400));
    const [ours, theirs] = [{ ...hash, keccakF }, hash].map(using => {
      const transcript = new Transcript(using, 'a protocol');
      transcript.append('message', message);
      return transcript.challengeBytes('challenge', 200);
    });
    expect(ours).toEqual(theirs);
  }
});

/** CRC-16/IBM-3740 bit by bit: its check value is in the catalogue of parametrised CRC algorithms. */
function crc16(data: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of data)
    for (let bit = 7; bit >= 0; bit--) {
      const top = (crc >> 15) ^ ((byte >> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (top ? 0x1021 : 0);
    }
  return crc;
}

const checksum = (operation: number, data: Uint8Array, start: number) =>
  kernel.scope(() => kernel.ask(operation, [kernel.put(data), data.length, start]).block[2]!);

test('checksums are the catalogued ones, whole or in pieces', () => {
  const check = ascii('123456789');
  expect(checksum(operations.crc16, check, 0xffff)).toBe(0x29b1);
  expect(checksum(operations.crc32, check, 0)).toBe(0xcbf43926);
  for (let i = 0; i < 500; i++) {
    const data = rolls.bytes(lengthOf());
    const cut = rolls.between(0, data.length);
    const [head, tail] = [data.subarray(0, cut), data.subarray(cut)];
    expect(checksum(operations.crc32, tail, checksum(operations.crc32, head, 0))).toBe(crc32(data));
    expect(checksum(operations.crc16, tail, checksum(operations.crc16, head, 0xffff))).toBe(crc16(data));
  }
});

test('copies and comparisons hold at every offset, and touch nothing beside', () => {
  const data = rolls.bytes(80);
  for (let from = 0; from < 8; from++)
    for (let to = 0; to < 8; to++)
      for (const length of [0, 1, 3, 4, 5, 31, 64]) {
        kernel.scope(() => {
          const [source, target] = [kernel.put(data), kernel.put(new Uint8Array(80))];
          kernel.call(operations.copy, [target + to, source + from, length]);
          const expected = new Uint8Array(80);
          expected.set(data.subarray(from, from + length), to);
          expect(kernel.read(target, 80)).toEqual(expected);
          const same = () => kernel.call(operations.compare, [target + to, source + from, length]);
          expect(same()).toBe(0);
          if (length === 0) return;
          const at = target + to + rolls.between(0, length - 1);
          kernel.write(
            at,
            kernel.read(at, 1).map(byte => byte ^ (1 << rolls.between(0, 7))),
          );
          expect(same()).not.toBe(0);
        });
      }
});

test('steps of a hash channel are those of the core', () => {
  for (const steps of [0, 1, 2, 1_000]) {
    const start = rolls.bytes(32);
    let expected: Uint8Array = start;
    for (let i = 0; i < steps; i++) expected = tickHash(suite1, expected);
    const value = kernel.scope(() => {
      const address = kernel.put(start);
      expect(kernel.call(operations.chain, [address, steps])).toBe(0);
      return kernel.read(address, 32);
    });
    expect(value).toEqual(expected);
  }
});
