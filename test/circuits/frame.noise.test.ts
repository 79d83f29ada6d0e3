/** Flipped bits on the radio: what the checksum promises, tried in full for the frames that are used. */
import { describe, expect, test } from 'vitest';
import { encodeFrame, parseFrame } from '#circuits/link/frame.ts';
import { scan } from '#circuits/link/scan.ts';
import { dice } from './dice.ts';

const sizes = [0, 1, 15, 45];

function sample(payloadBytes: number): Uint8Array {
  return encodeFrame(scan, {
    number: 5,
    opening: false,
    gap: false,
    ask: true,
    last: true,
    sequence: 77,
    acknowledgement: 200,
    payload: dice(`noise ${payloadBytes}`).bytes(payloadBytes),
  });
}

function flip(bytes: Uint8Array, bits: readonly number[]): Uint8Array {
  const noisy = bytes.slice();
  for (const bit of bits) noisy[bit >> 3]! ^= 128 >> (bit & 7);
  return noisy;
}

describe.each(sizes)('a frame of %i bytes of payload', payloadBytes => {
  const bytes = sample(payloadBytes);
  const bitCount = bytes.length * 8;
  const isRead = (bits: readonly number[]) => parseFrame(scan, flip(bytes, bits), 123) !== undefined;

  test('is not read with any one or two bits flipped', () => {
    expect(isRead([])).toBe(true);
    for (let a = 0; a < bitCount; a++) {
      expect(isRead([a])).toBe(false);
      for (let b = a + 1; b < bitCount; b++) if (isRead([a, b])) throw new Error(`bits ${a} and ${b} pass`);
    }
  });

  test('is not read with any burst of up to 16 bits', () => {
    const roll = dice(`burst ${payloadBytes}`);
    for (let first = 0; first < bitCount; first++)
      for (let length = 2; length <= Math.min(16, bitCount - first); length++)
        for (let attempt = 0; attempt < 4; attempt++) {
          const bits = [first, first + length - 1];
          for (let bit = first + 1; bit < first + length - 1; bit++) if (roll.percent(50)) bits.push(bit);
          if (isRead(bits)) throw new Error(`burst of ${length} at ${first} passes`);
        }
  });

  test('and some pattern of 17 bits passes: the search is able to find one', () => {
    // The generator polynomial itself, x^16 + x^12 + x^5 + 1, leaves the checksum as it is.
    expect(isRead([0, 4, 11, 16])).toBe(true);
  });
});
