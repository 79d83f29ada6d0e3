import { expect, test } from 'vitest';
import { encodeFrame, parseFrame } from '#circuits/link/frame.ts';
import { scan } from '#circuits/link/scan.ts';
import { Dice, mutateBytes } from './fuzz.mutate.ts';
import { seedOf } from './sample.ts';
import { verdict } from './verdict.ts';

const inputs = 100_000;
const framePayloadMax = 123;
const dice = new Dice(seedOf('fuzz of frames', String(Date.now())));

const seeds = [0, 1, 15, framePayloadMax].map(length => {
  const flags = { number: 5, opening: length === 0, gap: false, ask: length > 0, last: length > 0 };
  const frame = { ...flags, sequence: length, acknowledgement: 9, payload: dice.bytes(length) };
  return encodeFrame(scan, frame);
});

/** Frames are refused in silence, so a refusal is nothing and no fault. */
function outcome(bytes: Uint8Array): string {
  const frame = parseFrame(scan, bytes, framePayloadMax);
  if (!frame) return 'noise';
  return verdict(
    () => frame,
    taken => encodeFrame(scan, taken),
    bytes,
  );
}

/** The input with the checksum that it should have. */
function mended(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  if (copy.length < 2) return copy;
  const crc = scan.crc16(copy.subarray(0, -2));
  copy.set([crc >> 8, crc & 255], copy.length - 2);
  return copy;
}

test('frames under fire: nothing is thrown, and what is taken is written again as it was', () => {
  const counts: Record<string, number> = {};
  for (let i = 0; i < inputs; i++) {
    const bytes = dice.below(10)
      ? mutateBytes(dice, dice.pick(seeds), dice.pick(seeds))
      : dice.bytes(dice.below(framePayloadMax + 10));
    for (const each of [bytes, mended(bytes)]) {
      const found = outcome(each);
      counts[found] = (counts[found] ?? 0) + 1;
    }
  }
  console.log(`fuzz of frames: ${JSON.stringify(counts)}`);
  expect(counts.accepted).toBeGreaterThan(inputs / 4);
  expect(counts.noise).toBeGreaterThan(inputs / 4);
});
