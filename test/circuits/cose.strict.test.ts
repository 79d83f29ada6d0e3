import { createPublicKey, verify as verifyByNode } from 'node:crypto';
import { Tag } from 'cbor2';
import { describe, expect, test } from 'vitest';
import { concat, fromHex } from '#circuits/bytes.ts';
import { assemble, contentToSign, identify, open, sign, verify } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { receipt } from '#circuits/message/payment.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { encodeItem, join, parseItem, places, raw, string, unsigned } from './item.ts';
import { decodeIndependently, encodeIndependently } from './oracle.ts';
import { faultOf } from './refusal.ts';
import { fullest, samples } from './sample.message.ts';
import { seedOf } from './sample.ts';
import { verdict } from './verdict.ts';

const seed = seedOf('cose', 'cose 1');
const sets = [suite1, suite2].map(suite => ({
  suite,
  signed: samples(suite, seed).filter(sample => sample.signed),
}));
const all = sets.flatMap(({ suite, signed }) =>
  signed.map(sample => ({ suite, ...sample, bytes: sample.signed!.bytes, key: sample.key! })),
);
type Entry = (typeof all)[number];

/** The wrapper as four items; each test puts something else into one of them. */
type Items = [Uint8Array, Map<unknown, unknown>, Uint8Array | null, Uint8Array];
function rewrapped(entry: Entry, change: (items: Items) => void, tag = 18): Uint8Array {
  const { contents } = decodeIndependently(entry.bytes) as { contents: Items };
  change(contents);
  return new Uint8Array(encodeIndependently(new Tag(tag, contents)));
}
const opening = (entry: Entry, bytes: Uint8Array) =>
  verdict(
    data => open(entry.suite, entry.shape, data),
    signed => signed.bytes,
    bytes,
  );

describe('COSE_Sign1', () => {
  test('every sample opens, verifies under its key, and has its payload as id', () => {
    for (const entry of all) {
      const opened = open(entry.suite, entry.shape, entry.bytes);
      expect(opened.value).toEqual(entry.value);
      expect(faultOf(() => verify(entry.suite, entry.key, opened))).toBe('none');
      expect(identify(entry.suite, opened)).toEqual(entry.suite.digest(entry.payload));
      expect(opened.bytes.length - opened.payload.length).toBeLessThanOrEqual(80);
      expect(rewrapped(entry, () => undefined)).toEqual(entry.bytes);
    }
  });

  test('signatures of suite 1 verify in node:crypto over a Sig_structure that `cbor2` wrote', () => {
    for (const entry of all.filter(({ suite }) => suite === suite1)) {
      const structure = ['Signature1', fromHex('a10132'), new Uint8Array(0), entry.payload];
      const der = concat(fromHex('302a300506032b6570032100'), entry.key);
      const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
      const data = encodeIndependently(structure);
      expect(verifyByNode(null, data, key, entry.signed!.signature), entry.name).toBe(true);
      expect(verifyByNode(null, data.slice(1), key, entry.signed!.signature)).toBe(false);
    }
  });

  test('[G8 core] a message of one suite is refused under the other, by algorithm id and by payload', () => {
    const other = (entry: Entry) => (entry.suite === suite1 ? suite2 : suite1);
    for (const entry of all) {
      const { value } = entry as { value: { suite: number } };
      expect(value.suite).toBe(entry.suite.id);
      expect(entry.payload.includes(entry.suite.id)).toBe(true);
      expect(
        faultOf(() => open(other(entry), entry.shape, entry.bytes)),
        entry.name,
      ).toBe('suite');
      const algorithm = entry.suite === suite1 ? fromHex('a1013a00010040') : fromHex('a10132');
      const relabelled = rewrapped(entry, items => {
        items[0] = algorithm;
      });
      expect(
        faultOf(() => open(other(entry), entry.shape, relabelled)),
        entry.name,
      ).toBe('suite');
      const signer = { secret: new Uint8Array(32).fill(7), noise: new Uint8Array(32) };
      expect(faultOf(() => sign(other(entry), entry.shape, entry.value, signer))).toBe('suite');
    }
  });

  test('the wrapper has one form: tag, algorithm, empty unprotected header, lengths', () => {
    for (const entry of all) {
      const refused = (change: (items: Items) => void, tag?: number) =>
        expect(opening(entry, rewrapped(entry, change, tag)), entry.name).not.toBe('accepted');
      for (const tag of [17, 19, 61, 98]) refused(() => undefined, tag);
      for (const hex of ['', 'a0', 'a10126', 'a10127', 'a1013800', 'a201320405', 'a1190001132', 'a1011332'])
        if (hex.length % 2 === 0)
          refused(items => {
            items[0] = fromHex(hex);
          });
      refused(items => items[1].set(4, new Uint8Array(1)));
      refused(items => {
        items[2] = null;
      });
      for (const length of [0, 63, 65, 128])
        refused(items => {
          items[3] = new Uint8Array(length);
        });
      refused(items => items.push(new Uint8Array(0) as never));
      refused(items => items.pop());
    }
  });

  test('every truncation, appended byte, longer head and stranger in the wrapper', () => {
    const entries = all.filter(entry => ['receipt', 'claim', 'purse.oneShow'].includes(entry.name));
    for (const entry of entries) {
      for (let length = 0; length < entry.bytes.length; length++)
        expect(opening(entry, entry.bytes.subarray(0, length))).not.toBe('accepted');
      for (let byte = 0; byte < 256; byte++)
        expect(opening(entry, join([entry.bytes, Uint8Array.of(byte)]))).not.toBe('accepted');
      for (const { item, replace } of places(parseItem(entry.bytes)))
        for (const stranger of [
          raw(0xf6),
          raw(0xff),
          unsigned(0),
          string(new Uint8Array(1)),
          raw(0x5f, 0x40, 0xff),
        ])
          expect(opening(entry, encodeItem(replace(stranger))), `${item.major}`).not.toBe('accepted');
    }
  });

  test('what is longer than its kind allows is refused unread', () => {
    for (const { suite, shape } of all)
      expect(faultOf(() => open(suite, shape, new Uint8Array(shape.bytesMax + 84)))).toBe('size');
    const value = { suite: 1, claim: new Uint8Array(32), credited: new Uint8Array(32), mode: 0 as const };
    const tight = { ...receipt, bytesMax: encode(receipt, value).length };
    expect(faultOf(() => encode(tight, value))).toBe('none');
    const bytes = encode(receipt, value);
    expect(faultOf(() => parse(tight, bytes))).toBe('none');
    expect(faultOf(() => parse({ ...tight, bytesMax: bytes.length - 1 }, bytes))).toBe('size');
    expect(faultOf(() => encode({ ...tight, bytesMax: tight.bytesMax - 1 }, value))).toBe('size');
  });

  test('no signature verifies for another message, another key or another bit', () => {
    for (const { suite, signed } of sets) {
      const chosen = fullest(signed).slice(0, 8);
      for (const sample of chosen)
        for (const other of chosen) {
          const spliced = { ...sample.signed!, signature: other.signed!.signature };
          const same = sample === other ? 'none' : 'signature';
          expect(faultOf(() => verify(suite, sample.key!, spliced))).toBe(same);
        }
      const [first] = chosen;
      expect(faultOf(() => verify(suite, new Uint8Array(32).fill(3), first!.signed!))).toBe('signature');
    }
  });

  test('a signature made elsewhere is joined only where it holds, and gives the same object', () => {
    for (const { suite, signed } of sets)
      for (const { shape, value, signed: made, key, name } of fullest(signed)) {
        const { signature } = made!;
        expect(assemble(suite, shape, value, { key: key!, signature }), name).toEqual(made);
        const content = contentToSign(suite, shape, value);
        expect(suite.signature.verify(key!, content, signature), name).toBe(true);
        const broken = signature.slice();
        broken[63]! ^= 1;
        const joining = (part: object, other: object = {}) =>
          faultOf(() =>
            assemble(suite, shape, { ...(value as object), ...other }, { key: key!, signature, ...part }),
          );
        expect(joining({ signature: broken }), name).toBe('signature');
        expect(joining({ key: suite.signature.publicKey(new Uint8Array(32)) }), name).toBe('signature');
        expect(joining({}, { suite: 3 - suite.id }), name).toBe('suite');
        expect(
          faultOf(() => contentToSign(suite, shape, { ...(value as object), suite: 3 - suite.id })),
        ).toBe('suite');
      }
  });
});
