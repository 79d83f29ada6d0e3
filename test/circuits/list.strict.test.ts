import { describe, expect, test } from 'vitest';
import { parseList } from '#circuits/message/list.ts';
import { encodePlainly } from './list.plain.ts';
import { faultOf } from './refusal.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('list', 'list 1');
const entropy = entropyOf(seed);
const last = 2 ** 29 - 1;

function handles(count: number): number[] {
  const view = new DataView(entropy(4 * count).buffer);
  const all = Array.from({ length: count }, (_, i) => view.getUint32(4 * i) >>> 3);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The handles, if they are the ones that this very shard encodes. */
function read(shard: Uint8Array): string {
  let found: number[] = [];
  const fault = faultOf(() => {
    found = parseList(shard);
  });
  if (fault !== 'none') return fault;
  const again = encodePlainly(found);
  expect(Buffer.from(again).toString('hex')).toBe(Buffer.from(shard).toString('hex'));
  return 'accepted';
}

describe('a shard has one encoding', () => {
  test('what an independent encoder writes is read: edges, neighbours, and every count to 60', () => {
    for (const set of [[0], [last], [0, 1], [0, last], [last - 1, last], [5, 6, 7, 8], [0, 1, 2, last]])
      expect(parseList(encodePlainly(set))).toEqual(set);
    for (let count = 1; count <= 60; count++) {
      const set = handles(count);
      expect(parseList(encodePlainly(set))).toEqual(set);
    }
    expect(parseList(new Uint8Array(0))).toEqual([]);
  });

  test('every truncation and every appended byte is refused', () => {
    for (const count of [1, 2, 7, 200]) {
      const shard = encodePlainly(handles(count));
      for (let length = 1; length < shard.length; length++)
        expect(read(shard.subarray(0, length)), `cut to ${length}`).toBe('encoding');
      for (let byte = 0; byte < 256; byte++)
        expect(read(Uint8Array.from([...shard, byte])), `followed by ${byte}`).toBe('encoding');
    }
  });

  test('padding is zero: every bit after the last codeword', () => {
    let tried = 0;
    for (let count = 1; count <= 40; count++) {
      const set = handles(count);
      const shard = encodePlainly(set);
      const low = 28 - Math.floor(Math.log2(set.length));
      const gaps = set.map((handle, i) => handle - (i ? set[i - 1]! : -1) - 1);
      const used = gaps.reduce((sum, gap) => sum + Math.floor(gap / 2 ** low) + 1 + low, 0);
      for (let bit = used; bit < 8 * (shard.length - 2); bit++) {
        const broken = shard.slice();
        broken[2 + (bit >> 3)]! |= 128 >> (bit & 7);
        expect(read(broken)).toBe('encoding');
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(50);
  });

  test('counts of zero, of more than can be, and of one more or less than stand there', () => {
    const shard = encodePlainly(handles(9));
    for (const count of [0, 8, 10, 2_047, 2_048, 65_535]) {
      const broken = shard.slice();
      broken.set([count >> 8, count & 255]);
      expect(read(broken), `count ${count}`).toBe('encoding');
    }
    expect(read(Uint8Array.of(0))).toBe('encoding');
    expect(read(Uint8Array.of(0, 0))).toBe('encoding');
    expect(read(Uint8Array.of(0, 1))).toBe('encoding');
  });

  test('a handle beyond 29 bits is refused, a shard of more than 1,024 bytes unread', () => {
    expect(read(encodePlainly([last]))).toBe('accepted');
    expect(read(encodePlainly([last + 1]))).toBe('encoding');
    expect(read(encodePlainly([0, last + 1]))).toBe('encoding');
    expect(read(new Uint8Array(1_024).fill(255))).toBe('encoding');
    expect(read(new Uint8Array(1_025))).toBe('size');
  });

  test('another width of the binary part is another list or none', () => {
    const set = handles(100);
    for (const low of [20, 21, 23, 24]) expect(read(encodePlainly(set, low))).toBe('encoding');
  });

  test('every bit flipped is refused or is another set in its one encoding', () => {
    const counts: Record<string, number> = {};
    for (const count of [1, 3, 30]) {
      const shard = encodePlainly(handles(count));
      for (let bit = 0; bit < 8 * shard.length; bit++) {
        const flipped = shard.slice();
        flipped[bit >> 3]! ^= 128 >> (bit & 7);
        const verdict = read(flipped);
        counts[verdict] = (counts[verdict] ?? 0) + 1;
      }
    }
    expect(counts.accepted).toBeGreaterThan(100);
    expect(counts.encoding).toBeGreaterThan(10);
  });
});
