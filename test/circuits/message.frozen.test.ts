import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#circuits/bytes.ts';
import { identify, open, sign, verify } from '#circuits/message/cose.ts';
import { encodeList, isListed, listSalt } from '#circuits/message/list.ts';
import { encode, parse } from '#circuits/message/message.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { type Sample, samples } from './sample.message.ts';
import { entropyOf } from './sample.ts';

const path = 'test/vectors/messages.json';
const seed = 'frozen 1';

/** One object as hex: a COSE_Sign1 with what signed it, or the payload of a kind that nobody signs. */
interface Vector {
  readonly name: string;
  readonly id: string;
  readonly bytes: string;
  readonly secret?: string;
  readonly noise?: string;
}
interface ListVector {
  readonly header: { issuer: string; generation: number; epoch: number; time: number; shard: number };
  readonly certificates: readonly string[];
  readonly bytes: string;
}
interface Vectors {
  readonly note: string;
  readonly suites: Record<
    string,
    { readonly messages: readonly Vector[]; readonly lists: readonly ListVector[] }
  >;
}

function freezeMessage(suite: Suite, { name, payload, signed, by }: Sample): Vector {
  const id = toHex(suite.digest(payload));
  if (!signed || !by) return { name, id, bytes: toHex(payload) };
  return { name, id, bytes: toHex(signed.bytes), secret: toHex(by.secret), noise: toHex(by.noise(payload)) };
}

function freezeList(suite: Suite, count: number): ListVector {
  const entropy = entropyOf(`${seed} list ${count}`);
  const header = { issuer: entropy(32), generation: 3, epoch: 100 + count, time: 1_800_000_000, shard: 7 };
  const certificates = Array.from({ length: count }, () => entropy(32));
  return {
    header: { ...header, issuer: toHex(header.issuer) },
    certificates: certificates.map(toHex),
    bytes: toHex(encodeList(suite, listSalt(header), certificates)),
  };
}

function freeze(): Vectors {
  const of = (suite: Suite) => ({
    messages: samples(suite, seed).map(sample => freezeMessage(suite, sample)),
    lists: [0, 1, 2, 40].map(count => freezeList(suite, count)),
  });
  const note =
    'Written by test/circuits/message.frozen.test.ts under MITE_FREEZE=1, which only a new version may do.';
  return { note, suites: { 1: of(suite1), 2: of(suite2) } };
}

if (process.env.MITE_FREEZE) writeFileSync(path, `${JSON.stringify(freeze(), null, 1)}\n`);
const frozen: Vectors = JSON.parse(readFileSync(path, 'utf8'));

describe.each([suite1, suite2].map(suite => [suite.id, suite] as const))('suite %i', (id, suite) => {
  const { messages, lists } = frozen.suites[id]!;
  const shapes = new Map(samples(suite, seed).map(sample => [sample.name, sample.shape]));

  test('every kind of message, certificate and tier is frozen', () => {
    expect(messages.map(({ name }) => name)).toEqual([...shapes.keys()]);
  });

  test('frozen objects are read, verify, have their id, and are made again byte for byte', () => {
    for (const vector of messages) {
      const shape = shapes.get(vector.name)!;
      const bytes = fromHex(vector.bytes);
      if (!vector.secret || !vector.noise) {
        expect(toHex(encode(shape, parse(shape, bytes))), vector.name).toBe(vector.bytes);
        expect(toHex(suite.digest(bytes)), vector.name).toBe(vector.id);
        continue;
      }
      const secret = fromHex(vector.secret);
      const opened = open(suite, shape, bytes);
      verify(suite, suite.signature.publicKey(secret), opened);
      expect(toHex(identify(suite, opened)), vector.name).toBe(vector.id);
      const again = sign(suite, shape, opened.value, { secret, noise: fromHex(vector.noise) });
      expect(toHex(again.bytes), vector.name).toBe(vector.bytes);
    }
  });

  test('a frozen object with another last byte, or under another key, no longer verifies', () => {
    for (const vector of messages) {
      if (!vector.secret) continue;
      const shape = shapes.get(vector.name)!;
      const bytes = fromHex(vector.bytes);
      const key = suite.signature.publicKey(fromHex(vector.secret));
      const other = suite.signature.publicKey(suite.digest(key));
      expect(
        faultOf(() => verify(suite, other, open(suite, shape, bytes))),
        vector.name,
      ).toBe('signature');
      bytes[bytes.length - 1]! ^= 1;
      expect(
        faultOf(() => verify(suite, key, open(suite, shape, bytes))),
        vector.name,
      ).toBe('signature');
    }
  });

  test('frozen revocation lists are made again byte for byte and name their purses', () => {
    expect(lists.length).toBe(4);
    for (const vector of lists) {
      const header = { ...vector.header, issuer: fromHex(vector.header.issuer) };
      const certificates = vector.certificates.map(fromHex);
      const list = encodeList(suite, listSalt(header), certificates);
      expect(toHex(list)).toBe(vector.bytes);
      for (const certificate of certificates)
        expect(isListed(suite, { ...header, list }, certificate)).toBe(true);
      expect(isListed(suite, { ...header, list }, new Uint8Array(32))).toBe(false);
    }
  });

  test('today, the same seed gives the frozen bytes', () => {
    expect(freeze().suites[id]).toEqual(frozen.suites[id]);
  });
});
