import { describe, expect, test } from 'vitest';
import type { Fault } from '#circuits/fault.ts';
import * as certificates from '#circuits/message/certificate.ts';
import { kinds, type Message, parse } from '#circuits/message/message.ts';
import * as payments from '#circuits/message/payment.ts';
import * as syncs from '#circuits/message/sync.ts';
import { tier } from '#circuits/policy/tier.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { array, encodeItem, type Item, parseItem, places, string, unsigned } from './item.ts';
import { judge, ruleOf } from './oracle.ts';
import { type Sample, samples } from './sample.message.ts';

const all = samples(suite1, 'limits 1');
const shapes = { ...certificates, ...payments, ...syncs, tier } as unknown as Record<
  string,
  Message<unknown>
>;

/** Longer than any field but those that only the greatest length of their message bounds. */
const sizeMax = 2_400;

/** The fault for which bytes are refused; nothing where they are taken. */
function refusal(sample: Sample, bytes: Uint8Array): string | undefined {
  try {
    parse(sample.shape, bytes);
    return undefined;
  } catch (error) {
    return (error as Fault).fault;
  }
}

/** The item at this size: a string of so many bytes, a list of so many items, the number itself. */
function sized(item: Item, size: number): Item | undefined {
  if (item.major === 0) return unsigned(size);
  if (item.content) return string(new Uint8Array(size).fill(0x61), item.major);
  const [child] = item.children ?? [];
  return item.major === 4 && child ? array(Array.from({ length: size }, () => child)) : undefined;
}

function sizeOf(item: Item): number {
  return item.content?.length ?? item.children?.length ?? item.argument;
}

/** The last size, from the sample's own in this direction, that is taken: sizes between two limits are all taken. */
function edge(item: Item, step: 1 | -1, taken: (size: number) => boolean): number {
  let inside = sizeOf(item);
  let outside = step > 0 ? sizeMax : -1;
  while (Math.abs(outside - inside) > 1) {
    const middle = (inside + outside) >> 1;
    if (taken(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

describe('every limit of every field is where mite.cddl says', () => {
  test.each(all.map(sample => [sample.name, sample] as const))('%s', (_, sample) => {
    let limits = 0;
    for (const { item, replace } of places(parseItem(sample.payload))) {
      if (sized(item, sizeOf(item)) === undefined) continue;
      const at = (size: number) => encodeItem(replace(sized(item, size)!));
      // The fields of a record are no list.
      if (refusal(sample, at(sizeOf(item)))) continue;
      for (const step of [1, -1] as const) {
        const last = edge(item, step, size => !refusal(sample, at(size)));
        const beyond = last + step;
        expect(judge(ruleOf(sample.name), at(last)), `${last}`).toBeUndefined();
        if (beyond < 0 || beyond >= sizeMax || at(beyond).length > sample.shape.bytesMax) continue;
        // The suite of a certificate is bound to its curve, which CDDL cannot say.
        if (refusal(sample, at(beyond)) === 'suite') continue;
        expect(
          judge(ruleOf(sample.name), at(beyond)),
          `${sizeOf(item)} to ${beyond} of ${item.major}`,
        ).toBeDefined();
        limits += 1;
      }
    }
    expect(limits).toBeGreaterThan(0);
  });
});

/** Wire format: what a device reserves for a message before it reads one. */
const bytesMax: Record<keyof typeof kinds, number> = {
  claim: 280,
  request: 256,
  payment: 4096,
  receipt: 96,
  refusal: 64,
  report: 131072,
  statement: 16384,
  close: 384,
  beacon: 1280,
  voucher: 128,
  evidence: 16384,
  order: 320,
  tier: 2048,
  purseRequest: 1200,
  gap: 64,
  disclosure: 4096,
  root: 256,
  dayKey: 256,
  intermediary: 256,
  factory: 320,
  purse: 1200,
  hop: 320,
  auditors: 800,
  acceptance: 64,
  attestation: 96,
  opening: 2048,
};

test('the greatest length of each kind is frozen', () => {
  const found = Object.fromEntries(Object.keys(kinds).map(kind => [kind, shapes[kind]!.bytesMax]));
  expect(found).toEqual(bytesMax);
});
