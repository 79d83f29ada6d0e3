/** The example tiers, frozen: their bytes, and the exposure that each of their classes publishes. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '#circuits/bytes.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { exposureOf } from '#circuits/policy/exposure.ts';
import { presets } from '#circuits/policy/presets.ts';
import { checkTier, tier as tierShape } from '#circuits/policy/tier.ts';

interface Frozen {
  readonly name: string;
  readonly bytes: string;
  readonly exposure: readonly ReturnType<typeof exposureOf>[];
}

const frozen: Frozen[] = JSON.parse(readFileSync(new URL('../vectors/tiers.json', import.meta.url), 'utf8'));

test('every example tier is frozen', () => {
  expect(frozen.map(({ name }) => name)).toEqual(Object.keys(presets));
});

test.each(frozen)('$name keeps its bytes and its exposure', ({ name, bytes, exposure }) => {
  const read = parse(tierShape, fromHex(bytes));
  expect(() => checkTier(read)).not.toThrow();
  expect(read.classes.map((_, index) => exposureOf(read, index))).toEqual(exposure);
  const preset = { suite: 1, issuer: new Uint8Array(32), ...presets[name as keyof typeof presets] };
  expect(toHex(encode(tierShape, preset))).toBe(bytes);
});
