/** One message has one padded form, and nothing else is read. */
import { describe, expect, test } from 'vitest';
import { Joiner, pad } from '#circuits/link/pad.ts';
import { scan } from '#circuits/link/scan.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

const bytesMax = 6_000;

function join(blocks: readonly Uint8Array[], joiner = new Joiner(scan, bytesMax)): Uint8Array | undefined {
  let message: Uint8Array | undefined;
  for (const [i, block] of blocks.entries()) {
    message = joiner.take(block);
    if (message && i < blocks.length - 1) throw new Error('complete too early');
  }
  return message;
}

const edges = [0, 1, 237, 238, 239, 240, 877, 878, 879, 1_517, 1_518, 1_519, 3_036, 3_037, 5_000, 6_000];

test('a message of every length near an edge reads back, and its joiner is ready for the next', () => {
  const joiner = new Joiner(scan, bytesMax);
  const roll = dice(seedOf('pad', 'strict'));
  for (const length of [
    ...edges,
    ...edges,
    ...Array.from({ length: 200 }, () => roll.between(0, bytesMax)),
  ]) {
    const message = roll.bytes(length);
    expect(join(pad(message), joiner)).toEqual(message);
  }
});

test('a message of the limit is joined, and the block that passes it is refused', () => {
  expect(join(pad(new Uint8Array(bytesMax)))).toHaveLength(bytesMax);
  expect(() => join(pad(new Uint8Array(bytesMax + 1)))).toThrow('size');
  const endless = pad(new Uint8Array(1_519))[0]!;
  expect(() => join(new Array<Uint8Array>(4).fill(endless))).toThrow('size');
});

const filled = (length: number, ...head: readonly number[]) =>
  Uint8Array.from({ length }, (_, i) => head[i] ?? 0);
const full = pad(new Uint8Array(1_519))[0]!;

describe('other forms are refused', () => {
  test.each<[string, readonly Uint8Array[]]>([
    ['no bytes', [new Uint8Array(0)]],
    ['one byte', [new Uint8Array(1)]],
    ['a fourth size', [filled(241, 0, 5)]],
    ['a size with the tag counted twice', [filled(256, 0, 5)]],
    ['a size larger than needed', [filled(880, 0, 238)]],
    ['the largest where the middle one does', [filled(1_520, 878 >> 8, 878 & 255)]],
    ['a length beyond its block', [filled(240, 0, 239)]],
    ['a length beyond every block', [filled(1_520, 1_519 >> 8, 1_519 & 255)]],
    ['more to come after a block that is not full', [filled(240, 0x80, 238)]],
    ['more to come after an empty block', [filled(240, 0x80, 0)]],
    ['more to come after all but one byte', [filled(1_520, 0x80 | (1_517 >> 8), 1_517 & 255)]],
    ['nothing after a full block', [full, filled(240)]],
  ])('%s', (_, blocks) => {
    expect(() => join(blocks)).toThrow('encoding');
  });

  test('any byte of the padding that is not zero', () => {
    for (const length of [1, 200, 238, 500, 900]) {
      const block = pad(new Uint8Array(length).fill(7))[0]!;
      for (let at = 2 + length; at < block.length; at++) {
        const changed = block.slice();
        changed[at] = 1;
        expect(() => join([changed]), `${length} ${at}`).toThrow('encoding');
      }
    }
  });

  test('every head but the right one, for each size', () => {
    for (const [size, least, most] of [
      [240, 0, 238],
      [880, 239, 878],
      [1_520, 879, 1_518],
    ] as const)
      for (let head = 0; head < 0x10000; head += head % 0x8000 < 1_600 ? 1 : 97) {
        const block = filled(size, head >> 8, head & 255);
        const isRead = head >= least && head <= most;
        const isFullOfMore = size === 1_520 && head === 0x8000 + 1_518;
        const take = () => new Joiner(scan, bytesMax).take(block);
        if (isRead) expect(take()).toHaveLength(head);
        else if (isFullOfMore) expect(take()).toBeUndefined();
        else expect(take, `${size} ${head}`).toThrow('encoding');
      }
  });
});
