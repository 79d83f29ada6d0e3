import { describe, expect, test } from 'vitest';
import { readU32 } from '#circuits/bytes.ts';
import { encodeList, isListed, listBytesMax, listSalt, parseList } from '#circuits/message/list.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('list bounds', 'bounds 1');
const entropy = entropyOf(seed);
const ids = (count: number) => Array.from({ length: count }, () => entropy(32));
const header = {
  issuer: entropy(32),
  generation: 3,
  epoch: 100,
  time: 1_800_000_000,
  shard: 7,
};

/** A suite whose digest is chosen by the test: the id itself, so that handles can be laid where they cost most. */
const chosen: Suite = { ...suite1, digest: data => data.slice(-32) };
const idOf = (handle: number) =>
  Uint8Array.of(handle >>> 21, handle >>> 13, handle >>> 5, handle << 3, ...new Uint8Array(28));

describe.each([suite1, suite2].map(suite => [suite.id, suite] as const))('suite %i', (_, suite) => {
  const salt = listSalt(header);

  test('every listed purse is found, in whatever order and however often it was given', () => {
    for (const count of [0, 1, 2, 50, 355]) {
      const revoked = ids(count);
      const list = encodeList(suite, salt, revoked);
      for (const id of revoked) expect(isListed(suite, { ...header, list }, id)).toBe(true);
      expect(encodeList(suite, salt, [...revoked].reverse())).toEqual(list);
      expect(encodeList(suite, salt, [...revoked, ...revoked])).toEqual(list);
    }
  });

  test('no purse at all is no byte at all', () => {
    expect(encodeList(suite, salt, [])).toHaveLength(0);
    expect(isListed(suite, { ...header, list: new Uint8Array(0) }, entropy(32))).toBe(false);
  });

  test('a shard of 1,024 bytes holds 355 purses and one of 256 bytes 80', () => {
    for (let round = 0; round < 20; round++) {
      expect(encodeList(suite, salt, ids(355)).length).toBeLessThanOrEqual(listBytesMax);
      expect(encodeList(suite, salt, ids(80)).length).toBeLessThanOrEqual(256);
      expect(encodeList(suite, salt, ids(200)).length).toBeLessThanOrEqual(600);
    }
    expect(faultOf(() => encodeList(suite, salt, ids(420)))).toBe('size');
    expect(faultOf(() => encodeList(suite, salt, ids(2_100)))).toBe('size');
  });

  test('a false positive does not persist: handles under two beacons have nothing in common', () => {
    const purses = ids(300);
    const handlesUnder = (part: Partial<typeof header>) =>
      new Set(parseList(encodeList(suite, listSalt({ ...header, ...part }), purses)));
    const here = handlesUnder({});
    for (const part of [
      { epoch: 101 },
      { generation: 4 },
      { time: header.time + 1 },
      { shard: 8 },
      { issuer: entropy(32) },
    ]) {
      const there = handlesUnder(part);
      expect([...there].filter(handle => here.has(handle)).length).toBeLessThanOrEqual(1);
    }
  });

  test('a list under another header finds none of its purses', () => {
    const purses = ids(100);
    const list = encodeList(suite, salt, purses);
    const found = purses.filter(id => isListed(suite, { ...header, epoch: 101, list }, id));
    expect(found.length).toBeLessThanOrEqual(1);
  });
});

describe('bounds that do not depend on luck', () => {
  test('whatever the handles are, each takes at most k + 3 bits: spread, packed at both ends, and random', () => {
    for (const count of [1, 2, 3, 4, 7, 8, 80, 127, 128, 200, 255, 256, 300, 355]) {
      const low = 28 - Math.floor(Math.log2(count));
      const most = 2 + Math.ceil((count * (low + 3)) / 8);
      const step = Math.floor(2 ** 29 / count);
      const layouts = [
        Array.from({ length: count }, (_, i) => i),
        Array.from({ length: count }, (_, i) => 2 ** 29 - count + i),
        Array.from({ length: count }, (_, i) => i * step),
        Array.from({ length: count }, (_, i) => (i + 1) * step - 1),
        Array.from({ length: count }, () => readU32(entropy(4)) >>> 3),
      ];
      for (const layout of layouts) {
        const list = encodeList(chosen, new Uint8Array(0), layout.map(idOf));
        expect(list.length, `${count}`).toBeLessThanOrEqual(most);
        expect(parseList(list)).toEqual([...new Set(layout)].sort((a, b) => a - b));
      }
      if (count <= 355) expect(most).toBeLessThanOrEqual(1_024);
      if (count <= 80) expect(most).toBeLessThanOrEqual(256);
    }
  });

  test('a shard has at most 1,024 bytes: one of exactly that many is written and read, one of more is not', () => {
    // 379 handles in a row and one far away, whose distance is one-bits: 21 bits each, and 190 or 198 more.
    const layout = (ones: number) => [...Array.from({ length: 379 }, (_, i) => i), 379 + ones * 2 ** 20];
    const most = encodeList(chosen, new Uint8Array(0), layout(190).map(idOf));
    expect(most).toHaveLength(1_024);
    expect(parseList(most)).toEqual(layout(190));
    expect(faultOf(() => encodeList(chosen, new Uint8Array(0), layout(198).map(idOf)))).toBe('size');
  });

  test('false positives: as many as there are handles in 2^29, measured where they can be counted', () => {
    // A list of 355 cannot be seen to fail at 2^-20; the density of what it names can be counted exactly.
    const list = encodeList(suite1, listSalt(header), ids(355));
    expect(parseList(list).length / 2 ** 29).toBeLessThanOrEqual(2 ** -20);
    // The same rule with 2^16 times the density, where a hit is seen: handles spread evenly over 29 bits.
    const trials = 20_000;
    let low = 0;
    for (let i = 0; i < trials; i++) {
      const one = encodeList(suite1, listSalt({ ...header, time: i }), [header.issuer]);
      if (parseList(one)[0]! < 2 ** 29 / 16) low += 1;
    }
    expect(Math.abs(low / trials - 1 / 16)).toBeLessThan(0.01);
  });
});
