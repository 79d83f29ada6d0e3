import { describe, expect, test } from 'vitest';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import {
  array,
  encodeItem,
  head,
  type Item,
  join,
  parseItem,
  places,
  raw,
  string,
  unsigned,
} from './item.ts';
import { decodeIndependently, judge, ruleOf } from './oracle.ts';
import { fullest, type Sample, samples } from './sample.message.ts';
import { seedOf } from './sample.ts';
import { verdictOf } from './verdict.ts';

const seed = seedOf('strict', 'strict 1');
const all = [...samples(suite1, seed), ...fullest(samples(suite2, seed))];

/** Each broken form of one item, written where it stood: all of them outside deterministic CBOR as messages use it. */
function brokenForms(item: Item): Uint8Array[] {
  const whole = encodeItem(item);
  const own = head(item.major, item.argument);
  const rest = whole.subarray(own.length);
  const longer = [1, 2, 4, 8]
    .filter(width => width > own.length - 1 && item.major !== 7)
    .map(width => join([head(item.major, item.argument, width), rest]));
  const forms = [
    ...longer,
    join([Uint8Array.of(0xc1), whole]),
    join([Uint8Array.of(0xd9, 0xd9, 0xf7), whole]),
  ];
  // Reserved additional information, a lone break, undefined, a two-byte simple value, and every float width.
  for (const short of [28, 29, 30]) forms.push(join([Uint8Array.of((item.major << 5) | short), rest]));
  forms.push(Uint8Array.of(0xff), Uint8Array.of(0xf7), Uint8Array.of(0xf8, 0x20), Uint8Array.of(0xf8, 0x14));
  forms.push(Uint8Array.of(0xf9, 0x3c, 0), Uint8Array.of(0xfa, 0x3f, 0x80, 0, 0));
  forms.push(Uint8Array.of(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0));
  const indefinite = Uint8Array.of((item.major << 5) | 31);
  if (item.major === 4 || item.major === 5) forms.push(join([indefinite, rest, Uint8Array.of(0xff)]));
  if (item.major === 2 || item.major === 3) forms.push(join([indefinite, whole, Uint8Array.of(0xff)]));
  return forms;
}

/** Well-formed items that belong elsewhere: where none fits the field, each must be refused. */
function strangers(item: Item): Item[] {
  const content = item.content ?? new Uint8Array(4);
  const children = item.children ?? [];
  const resized = [0, 1, 3, 5, 16, 31, 33, 65, 577, 1_301].map(length =>
    string(new Uint8Array(length), item.major),
  );
  const lists = [0, 1, 2, 5, 17, 65, 129].map(length =>
    array(Array.from({ length }, (_, i) => children[i % Math.max(1, children.length)] ?? unsigned(1))),
  );
  return [
    raw(0xf6),
    raw(0xf4),
    raw(0xf5),
    ...[0, 1, 2, 3, 7, 15, 16, 17, 23, 24, 255, 65_536].map(unsigned),
    { major: 1, argument: 0 },
    ...(item.content ? resized : []),
    string(content, 2),
    string(content.map(byte => byte % 0x5f) as Uint8Array, 3),
    string(new Uint8Array(2).fill(0x41), 3),
    ...lists,
    { major: 5, argument: 0, children: [] },
  ];
}

function refuses(sample: Sample, bytes: Uint8Array, what: string): void {
  expect(
    verdictOf(sample.shape, bytes),
    `${sample.name} ${what}: ${Buffer.from(bytes).toString('hex')}`,
  ).not.toBe('accepted');
}

describe('a decoder takes one encoding of each value and refuses all others with a fault', () => {
  test('samples themselves are taken', () => {
    for (const sample of all) expect(verdictOf(sample.shape, sample.payload), sample.name).toBe('accepted');
  });

  test('every truncation', () => {
    for (const sample of all)
      for (let length = 0; length < sample.payload.length; length++)
        refuses(sample, sample.payload.subarray(0, length), `cut to ${length}`);
  });

  test('every appended byte', () => {
    for (const sample of all)
      for (let byte = 0; byte < 256; byte++)
        refuses(sample, join([sample.payload, Uint8Array.of(byte)]), `followed by ${byte}`);
  });

  test('longer heads, 64-bit heads, indefinite lengths, tags, floats, reserved and undefined values, at every item', () => {
    let tried = 0;
    for (const sample of all)
      for (const { item, replace } of places(parseItem(sample.payload)))
        for (const form of brokenForms(item)) {
          refuses(sample, encodeItem(replace({ ...item, raw: form })), 'broken');
          tried += 1;
        }
    expect(tried).toBeGreaterThan(10_000);
  });

  test('every byte replaced by every other value is refused, or is another value in its one encoding', () => {
    const hot = ['claim', 'request', 'receipt', 'refusal', 'voucher', 'gap', 'dayKey'];
    let accepted = 0;
    for (const sample of fullest(samples(suite1, seed)).filter(each => hot.includes(each.name)))
      for (let i = 0; i < sample.payload.length; i++)
        for (let byte = 0; byte < 256; byte++) {
          const bytes = sample.payload.slice();
          bytes[i] = byte;
          if (verdictOf(sample.shape, bytes) === 'accepted') accepted += 1;
        }
    expect(accepted).toBeGreaterThan(100_000);
  }, 30_000);

  test('duplicate, exchanged, missing and further entries of a map', () => {
    let maps = 0;
    for (const sample of all)
      for (const { item, replace } of places(parseItem(sample.payload))) {
        if (item.major !== 5) continue;
        maps += 1;
        const children = item.children!;
        const written = (entries: readonly Item[]) =>
          encodeItem(replace({ major: 5, argument: entries.length / 2, children: entries }));
        for (let at = 0; at < children.length; at += 2) {
          const entry = children.slice(at, at + 2);
          refuses(sample, written([...children, ...entry]), 'duplicate');
          refuses(sample, written([...children.slice(0, at), ...entry, ...children.slice(at)]), 'duplicate');
          refuses(sample, written([...children.slice(0, at), ...children.slice(at + 2)]), 'missing');
          refuses(sample, written([...children, unsigned(9), unsigned(1)]), 'further');
          const rest = [...children.slice(0, at), ...children.slice(at + 2)];
          if (at > 0) refuses(sample, written([...entry, ...rest]), 'order');
        }
      }
    expect(maps).toBeGreaterThan(20);
  });
});

/** What CDDL cannot say: printable text, the span of a certificate, the curve of its suite, greatest lengths. */
function isBeyondCddl(sample: Sample, bytes: Uint8Array): boolean {
  if (bytes.length > sample.shape.bytesMax) return true;
  const value = decodeIndependently(bytes);
  const hasStrangeText = (part: unknown): boolean =>
    typeof part === 'string' ? !/^[ -~]*$/.test(part) : Array.isArray(part) && part.some(hasStrangeText);
  if (!(value instanceof Map)) return hasStrangeText(value);
  const body = value.get(-65537) as [number, number, number, Uint8Array, Uint8Array, Uint8Array];
  const curve = (value.get(8) as Map<number, Map<number, number>>).get(1)!.get(-1)!;
  const isOfSuite = (body[2] === 1 && curve === 6) || (body[2] === 2 && curve === -65601);
  return !isOfSuite || hasStrangeText(body) || Buffer.compare(body[4], body[5]) > 0;
}

describe('our decoders and the independent ones agree', () => {
  test('on every item replaced by every stranger: null for required, wrong kinds, lengths and numbers, over-long lists', () => {
    const counts = { accepted: 0, refused: 0 };
    for (const sample of samples(suite1, seed))
      for (const { item, replace } of places(parseItem(sample.payload)))
        for (const stranger of strangers(item)) {
          const bytes = encodeItem(replace(stranger));
          const ours = verdictOf(sample.shape, bytes);
          const theirs =
            judge(ruleOf(sample.name), bytes) ?? (isBeyondCddl(sample, bytes) ? 'beyond' : 'accepted');
          const what = `${sample.name}: ours ${ours}, theirs ${theirs}: ${Buffer.from(bytes).toString('hex')}`;
          expect(ours === 'accepted', what).toBe(theirs === 'accepted');
          counts[ours === 'accepted' ? 'accepted' : 'refused'] += 1;
        }
    console.log(`differential: ${counts.accepted} accepted by both, ${counts.refused} refused by both`);
    expect(counts.accepted).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(10_000);
  }, 30_000);
});
