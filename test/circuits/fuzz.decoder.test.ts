import { describe, expect, test } from 'vitest';
import { open } from '#circuits/message/cose.ts';
import { parseList } from '#circuits/message/list.ts';
import { encode } from '#circuits/message/message.ts';
import { receipt } from '#circuits/message/payment.ts';
import { encodeScalar, order, parseScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { Dice, mutateBytes, Tree } from './fuzz.mutate.ts';
import { head, join } from './item.ts';
import { encodePlainly } from './list.plain.ts';
import { samples } from './sample.message.ts';
import { seedOf } from './sample.ts';
import { verdict, verdictOf } from './verdict.ts';

const inputsMin = 1_000_000;
/** A hang, not slowness: on a busy machine a call may wait this long. */
const slowestMsMax = 3_000;
const seed = seedOf('fuzz', String(Date.now()));
const dice = new Dice(seed);

/** One decoder with the inputs from which its mutants are made. */
interface Target {
  readonly name: string;
  readonly seeds: readonly { readonly bytes: Uint8Array; readonly tree?: Tree }[];
  decode(bytes: Uint8Array): string;
}

/** Decoders of bytes that are no CBOR. */
function plainTargets(lists: readonly Uint8Array[]): Target[] {
  const full = encodePlainly(Array.from({ length: 300 }, (_, i) => 1_789_000 * i));
  const { group } = suite1;
  const elements = [group.encode(group.base), group.encode(suite1.valueBase), new Uint8Array(32)];
  const scalars = [encodeScalar(order - 1n), encodeScalar(1n), new Uint8Array(32)];
  const of = <T>(
    name: string,
    seeds: readonly Uint8Array[],
    read: (bytes: Uint8Array) => T,
    write: (value: T) => Uint8Array,
  ): Target => ({
    name,
    seeds: seeds.map(bytes => ({ bytes })),
    decode: bytes => verdict(read, write, bytes),
  });
  return [
    of('list', [...lists, full], parseList, encodePlainly),
    of('scalar', scalars, parseScalar, encodeScalar),
    of('point', elements, group.decode, group.encode),
  ];
}

function targets(): Target[] {
  const all = [suite1, suite2].flatMap(suite => samples(suite, 'fuzz').map(sample => ({ suite, ...sample })));
  const names = [...new Set(all.map(({ name }) => name.split('.')[0]!))];
  const grow = (bytes: Uint8Array) => ({ bytes, tree: new Tree(bytes) });
  const messages = names.map(name => {
    const own = all.filter(sample => sample.name.split('.')[0] === name);
    const { shape } = own[0]!;
    return {
      name,
      seeds: own.map(({ payload }) => grow(payload)),
      decode: (bytes: Uint8Array) => verdictOf(shape, bytes),
    };
  });
  const signed = all.filter(sample => sample.signed);
  const wrappers = signed.map(({ name, suite, shape, signed: object }) => ({
    name: `cose ${suite.id} ${name}`,
    seeds: [grow(object!.bytes)],
    decode: (bytes: Uint8Array) =>
      verdict(
        data => open(suite, shape, data),
        opened => opened.bytes,
        bytes,
      ),
  }));
  const lists = all
    .filter(({ name }) => name === 'beacon')
    .map(({ value }) => (value as { list: Uint8Array }).list);
  return [...messages, ...wrappers, ...plainTargets(lists)];
}

const everything = targets();

function input(target: Target): Uint8Array {
  const { bytes, tree } = dice.pick(target.seeds);
  const other = dice.pick(dice.pick(everything).seeds);
  const kind = dice.below(10);
  if (kind === 0) return dice.bytes(dice.below(200));
  if (kind < 5 || !tree || !other.tree) return mutateBytes(dice, bytes, other.bytes);
  return tree.mutant(dice, other.tree);
}

describe('decoders under fire', () => {
  test('a million inputs: no exception but a fault, no hang, and what is taken encodes to the same bytes', () => {
    const counts: Record<string, number> = {};
    let slowestMs = 0;
    let inputs = 0;
    const perTarget = Math.ceil(inputsMin / everything.length);
    for (const target of everything)
      for (let i = 0; i < perTarget; i++) {
        const bytes = input(target);
        const start = performance.now();
        try {
          const outcome = target.decode(bytes);
          counts[outcome] = (counts[outcome] ?? 0) + 1;
        } catch (error) {
          const hex = Buffer.from(bytes).toString('hex');
          throw new Error(`${target.name}: ${(error as Error).stack}\ninput ${hex}, MITE_SEED=${seed}`);
        }
        slowestMs = Math.max(slowestMs, performance.now() - start);
        inputs += 1;
      }
    console.log(`fuzz: ${inputs} inputs, ${JSON.stringify(counts)}, slowest ${slowestMs.toFixed(1)} ms`);
    expect(inputs).toBeGreaterThanOrEqual(inputsMin);
    // The inputs reach both sides of every decoder: enough is taken, and refused for many reasons.
    expect(counts.accepted).toBeGreaterThan(inputsMin / 20);
    for (const fault of ['encoding', 'size', 'kind', 'version', 'suite'])
      expect(counts[fault], fault).toBeGreaterThan(1_000);
    expect(slowestMs).toBeLessThan(slowestMsMax);
  }, 120_000);

  test('the harness can fail: a decoder that throws another error, or that takes a second encoding, is caught', () => {
    const one = Uint8Array.of(1);
    const same = (bytes: Uint8Array) => bytes;
    expect(() => verdict(() => (undefined as unknown as Uint8Array[])[0]!, same, one)).toThrow(TypeError);
    expect(() => verdict(() => Uint8Array.of(2), same, one)).toThrow(/encoded differently/);
    const unwritable = () => encode(receipt, {} as never);
    expect(() => verdict(same, unwritable, one)).toThrow();
    expect(verdict(same, same, one)).toBe('accepted');
  });
});

/** Bytes that one call takes from the heap and from array buffers: the largest of several calls. */
function allocatedBy(action: () => unknown): number {
  let most = 0;
  for (let i = 0; i < 5; i++) {
    const before = process.memoryUsage();
    action();
    const after = process.memoryUsage();
    most = Math.max(most, after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers);
  }
  return most;
}

describe('memory', () => {
  const boundBytes = 256 * 1_024;

  test('a decoder takes no memory for a length that only a head claims: at every item of every message', () => {
    let tried = 0;
    for (const target of everything) {
      for (const { bytes } of target.seeds)
        for (let at = 0; at < Math.min(bytes.length, 60); at++)
          for (const major of [2, 3, 4, 5])
            for (const claimed of [0xffff, 0x7fffffff, 0xffffffff]) {
              const hostile = join([bytes.subarray(0, at), head(major, claimed)]);
              if (tried % 997 === 0)
                expect(allocatedBy(() => target.decode(hostile))).toBeLessThan(boundBytes);
              else target.decode(hostile);
              tried += 1;
            }
    }
    expect(tried).toBeGreaterThan(50_000);
  });

  test('the measure sees an allocation of the bound', () => {
    const held: unknown[] = [];
    expect(allocatedBy(() => held.push(new Uint8Array(boundBytes)))).toBeGreaterThanOrEqual(boundBytes);
    expect(allocatedBy(() => held.push(new Array(boundBytes).fill(0.5)))).toBeGreaterThanOrEqual(boundBytes);
  });
});
