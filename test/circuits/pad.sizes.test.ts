/** What the sizes of sealed blocks say. */
import { expect, test } from 'vitest';
import { pad } from '#circuits/link/pad.ts';

const tagBytes = 16;
const sizesOf = (length: number) => pad(new Uint8Array(length)).map(block => block.length + tagBytes);

test('every message up to 5,000 bytes is sent in blocks of 256, 896 and 1,536 bytes', () => {
  const seen = new Set<number>();
  for (let length = 0; length <= 5_000; length++) {
    const sizes = sizesOf(length);
    for (const size of sizes) seen.add(size);
    // All but the last are full, so that the number of blocks says as little as it can.
    expect(sizes.slice(0, -1).every(size => size === 1_536)).toBe(true);
  }
  expect([...seen].sort((a, b) => a - b)).toEqual([256, 896, 1_536]);
});

test('messages of one tap that differ in length have one size', () => {
  // Request, receipt and refusal; claim with signature; payment with and without certificate.
  for (const lengths of [
    [60, 160, 220, 238],
    [239, 350, 860, 878],
    [879, 1_100, 1_518],
  ])
    expect(new Set(lengths.map(length => sizesOf(length).join())).size).toBe(1);
});
