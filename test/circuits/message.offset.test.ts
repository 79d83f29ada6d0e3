import { describe, expect, test } from 'vitest';
import { readU32 } from '#circuits/bytes.ts';
import { encode, kinds, type Message, version } from '#circuits/message/message.ts';
import { claim, receipt, refusal, request } from '#circuits/message/payment.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { exchange } from './sample.message.ts';
import { draw, seedOf, world } from './sample.ts';

/** Offset and length of every field that a board reads in place. The same table stands in SPEC.md. */
const offsets = {
  claim: {
    certificate: [6, 32],
    ordinal: [39, 4],
    slots: [44, 4],
    amount: [49, 4],
    payee: [55, 32],
    request: [89, 32],
    previous: [123, 32],
    before: [157, 32],
    delta: [191, 32],
    theta: [224, 4],
    proof: [230, 32],
  },
  request: { payee: [6, 32], number: [39, 4], price: [44, 4], units: [49, 4], amount: [54, 4] },
  receipt: { claim: [6, 32], credited: [40, 32] },
  refusal: { claim: [6, 32], reason: [39, 4] },
} as const;
const claimBytes = 262;

const seed = seedOf('offsets', 'offsets 1');
const shapes = { claim, request, receipt, refusal } as unknown as Record<
  string,
  Message<Record<string, unknown>>
>;

describe.each([suite1, suite2].map(suite => [suite.id, suite] as const))('suite %i', (id, suite) => {
  const some = draw(suite, seed);
  const w = world(suite, seed);
  const x = exchange(w);

  test.each(Object.entries(offsets))(
    'the hot fields of a %s lie at fixed offsets, whatever they hold',
    (name, table) => {
      const value = x[name as keyof typeof x].value as unknown as Record<string, unknown>;
      for (let round = 0; round < 50; round++) {
        const other = Object.entries(table).map(([field, [, length]]) => {
          const content = some.bytes(length);
          return [field, length === 4 ? readU32(content) : content] as const;
        });
        const payload = encode(shapes[name]!, { ...value, ...Object.fromEntries(other) });
        expect([...payload.subarray(1, 4)]).toEqual([kinds[name as keyof typeof kinds], version, id]);
        for (const [field, content] of other) {
          const [offset, length] = (table as Record<string, readonly [number, number]>)[field]!;
          const found = payload.slice(offset, offset + length);
          expect(length === 4 ? readU32(found) : found, field).toEqual(content);
        }
      }
    },
  );

  test('the table leaves no byte of a claim unnamed but its heads', () => {
    const named = Object.values(offsets.claim).reduce((sum, [, length]) => sum + length, 0);
    const fields = Object.values(offsets.claim);
    const heads =
      4 + fields.filter(([, length]) => length === 4).length + 2 * fields.filter(([, n]) => n === 32).length;
    expect(named + heads).toBe(claimBytes);
  });

  test('a claim has 262 bytes, at most 280; with its signature at most 350', () => {
    expect(x.claim.payload.length).toBe(claimBytes);
    expect(claim.bytesMax).toBe(280);
    expect(x.claim.bytes.length).toBe(id === 1 ? 338 : 342);
    expect(x.claim.bytes.length).toBeLessThanOrEqual(350);
  });
});
