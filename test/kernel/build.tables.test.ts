import { createHash } from 'node:crypto';
import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import {
  combDistance,
  entryCount,
  packShape,
  smallPoints,
  tableBytes,
  tableSets,
} from '#circuits/kernel/tables.ts';
import { rangeGenerators } from '#circuits/proof/generators.ts';
import type { Point } from '#circuits/proof/port.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';

const { Fp } = ed25519.Point as unknown as { Fp: typeof ed25519.Point.Fp };
const order = ed25519.Point.Fn.ORDER;
const shape = (teeth: number) => ({ teeth, bits: 32, parties: 1 });
const field = (table: Uint8Array, i: number) => Fp.fromBytes(table.slice(32 * i, 32 * i + 32));
const sourceOf = (suite: 1 | 2) => ({ hash: suite1.hash, suite });

/** The generators of a set in their order, by the reference backend. */
function row(suite: typeof suite1, bits: number, parties: number): Point[] {
  const { G, H } = rangeGenerators(suite, bits, parties);
  const lanes = Array.from({ length: parties }, (_, lane) => [
    ...G.slice(lane * bits, lane * bits + bits),
    ...H.slice(lane * bits, lane * bits + bits),
  ]);
  return [suite.group.base, suite.valueBase, ...lanes.flat()];
}

const encodeAffine = (x: bigint, y: bigint) =>
  new (ristretto255.Point as unknown as new (point: unknown) => InstanceType<typeof ristretto255.Point>)(
    ed25519.Point.fromAffine({ x, y }),
  ).toBytes();

/** Of the sets of 0, 50, 99 and 198 kB. */
const digests = [
  '9466d10286ebf93291dbe049c496ee7ca2743bff6c5886897a46afaaec8048c8',
  'b2e879b2ae015bd7a724df5eb65bd82b4bde412a64496ac2f5edda0471ffb533',
  '36d52e804bfd426bbf6bc56f2ef5105c8844b7970397e4efc96dd9bfa4089ad1',
  'cb90a5cad37f665d46f9b1052f0df194ba90d199ab81d561188972e397ef20ff',
];

describe('table sets', () => {
  test.each([
    [1, suite1, 32, 1],
    [1, suite1, 16, 2],
    [2, suite2, 32, 1],
  ] as const)('of suite %i without teeth are the generators themselves', (id, suite, bits, parties) => {
    const table = makeTable(sourceOf(id), { teeth: 0, bits, parties });
    const points = row(suite, bits, parties);
    expect(table.length).toBe(64 * points.length);
    points.forEach((point, i) => {
      expect(encodeAffine(field(table, 2 * i), field(table, 2 * i + 1))).toEqual(suite.group.encode(point));
    });
  });

  test('of small boards keep the upper points as their encodings, behind all others', () => {
    const table = makeTable(sourceOf(1), smallPoints);
    const points = row(suite1, 32, 1);
    expect(table.length).toBe(tableBytes(smallPoints));
    const isUpper = (i: number) => i >= 2 && (i - 2) % 32 >= 16;
    const order = [...points.keys()].sort((a, b) => Number(isUpper(a)) - Number(isUpper(b)) || a - b);
    let at = 0;
    for (const i of order) {
      const bytes = isUpper(i) ? 32 : 64;
      const entry = table.slice(at, at + bytes);
      at += bytes;
      expect(isUpper(i) ? entry : encodeAffine(field(entry, 0), field(entry, 1)), `${i}`).toEqual(
        suite1.group.encode(points[i]!),
      );
    }
    expect(at).toBe(table.length);
  });

  test.each([4, 5, 6])('with %i teeth hold the multiples that the comb asks for', teeth => {
    const [table, plain] = [teeth, 0].map(each => makeTable(sourceOf(1), shape(each))) as [
      Uint8Array,
      Uint8Array,
    ];
    expect(table.length).toBe(tableBytes(shape(teeth)));
    const half = Fp.inv(2n);
    // Every generator, and of each the entries in turn.
    for (let g = 0; g < 66; g++) {
      const k = (7 * g) % entryCount(teeth);
      const at = 3 * (g * entryCount(teeth) + k);
      const [plus, minus] = [field(table, at), field(table, at + 1)];
      const [x, y] = [Fp.mul(Fp.sub(plus, minus), half), Fp.mul(Fp.add(plus, minus), half)];
      const signs = Array.from({ length: teeth }, (_, i) => (i === teeth - 1 || (k >> i) & 1 ? 1n : -1n));
      const factor = signs.reduce((sum, sign, i) => sum + sign * 2n ** BigInt(i * combDistance(teeth)), 0n);
      const generator = ed25519.Point.fromAffine({ x: field(plain, 2 * g), y: field(plain, 2 * g + 1) });
      const multiple = generator.multiplyUnsafe(((factor % order) + order) % order);
      // A generator may carry a part of small order: its multiples are compared as group elements.
      expect(encodeAffine(x, y)).toEqual(encodeAffine(multiple.x, multiple.y));
      expect(field(table, at + 2)).toBe(Fp.mul(Fp.mul(2n, ed25519.Point.CURVE().d), Fp.mul(x, y)));
    }
  });

  test('are the same bytes on every machine', () => {
    const digest = (teeth: number) =>
      createHash('sha256')
        .update(makeTable(sourceOf(1), shape(teeth)))
        .digest('hex');
    expect(Object.values(tableSets).map(digest)).toEqual(digests);
  });

  test('have the sizes that their names say, and shapes that fit one word', () => {
    for (const [name, teeth] of Object.entries(tableSets).slice(1))
      expect(Math.floor(tableBytes(shape(teeth)) / 1_024)).toBeLessThanOrEqual(Number(name));
    expect(tableBytes(shape(0))).toBe(4_224);
    expect(tableBytes(smallPoints)).toBe(3_200);
    expect(packShape(smallPoints)).toBe(0x10012000);
    expect(packShape({ teeth: 5, bits: 32, parties: 1 })).toBe(0x012005);
  });
});
