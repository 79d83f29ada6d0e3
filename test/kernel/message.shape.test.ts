/** The kernel reads messages as the TypeScript decoders do: what they take it takes, and refuses the rest with their fault. */
import { expect, test } from 'vitest';
import { Fault, faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { Writer } from '#circuits/message/cbor.ts';
import { open } from '#circuits/message/cose.ts';
import { kinds, type Message, parse } from '#circuits/message/message.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { Dice, mutateBytes, Tree } from '../circuits/fuzz.mutate.ts';
import { type Sample, samples } from '../circuits/sample.message.ts';
import { seedOf } from '../circuits/sample.ts';
import { kernel } from './wasm.ts';

const seed = seedOf('shapes', 'shapes');
const dice = new Dice(seed);
const inputsMin = 100_000;

/** Messages between services, auditors and courts: no device reads them. */
const elsewhere = new Set(['evidence', 'order', 'disclosure', 'opening']);
const all = [suite1, suite2].flatMap(suite => samples(suite, 'shapes'));
const known = all.filter(({ name }) => !elsewhere.has(name.split('.')[0]!));
const scratchBytes = 1_024;

/** In a COSE_Sign1 of suite 1: opening verifies no signature. */
function wrapped(payload: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.raw(Uint8Array.of(0xd2, 0x84, 0x43, 0xa1, 1, 0x32, 0xa0));
  writer.bytes(payload);
  writer.bytes(new Uint8Array(64));
  return writer.done();
}

function faultOf(run: () => unknown): number {
  try {
    run();
    return 0;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

/** Payments stand bare: their parts are signed. */
const stands = ({ shape, payload }: Pick<Sample, 'shape' | 'payload'>) =>
  shape.kind === kinds.payment ? payload : wrapped(payload);

function openBare(shape: Message<unknown>, bytes: Uint8Array): void {
  const { suite } = parse(shape, bytes) as { suite: number };
  if (suite !== suite1.id) throw new Fault('suite', 'of another suite');
}

const reference = (shape: Message<unknown>, bytes: Uint8Array) =>
  faultOf(() => (shape.kind === kinds.payment ? openBare(shape, bytes) : open(suite1, shape, bytes)));

function opened(kind: number, bytes: Uint8Array): number {
  return kernel.scope(() => {
    const scratch = kernel.allocate(scratchBytes);
    const block = [kind, kernel.put(bytes), bytes.length, ...new Array<number>(8).fill(0)];
    return kernel.call(operations.messageOpen, block, scratch);
  });
}

const signed = known.filter(({ shape }) => shape.kind !== kinds.payment);
const grown = known.map(sample => ({ sample, tree: new Tree(sample.payload) }));

function payloadMutant({ sample, tree }: { sample: Sample; tree: Tree }): Uint8Array {
  const other = dice.pick(grown);
  if (dice.below(3) === 0) return mutateBytes(dice, sample.payload, other.sample.payload);
  return tree.mutant(dice, other.tree);
}

test('every sample of every kind that a device reads is read, and in another suite refused alike', () => {
  for (const sample of known) {
    const bytes = stands(sample);
    expect(opened(sample.shape.kind, bytes), sample.name).toBe(reference(sample.shape, bytes));
  }
  const taken = known.filter(sample => opened(sample.shape.kind, stands(sample)) === 0);
  expect(taken.length).toBe(known.length / 2);
});

test('mutated payloads: the same bytes are taken, and all others refused with the same fault', () => {
  const counts = new Map<number, number>();
  for (let i = 0; i < inputsMin; i++) {
    const chosen = dice.pick(grown);
    const { shape, name } = chosen.sample;
    const bytes = stands({ shape, payload: payloadMutant(chosen) });
    const expected = reference(shape, bytes);
    const code = opened(shape.kind, bytes);
    if (code !== expected)
      throw new Error(`${name}: ${code}, not ${expected}: ${Buffer.from(bytes).toString('hex')}`);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  console.log('shapes:', JSON.stringify([...counts]));
  expect(counts.get(0)).toBeGreaterThan(inputsMin / 100);
  for (const name of ['encoding', 'size', 'kind', 'version', 'suite'] as const)
    expect(counts.get(faults[name].code), name).toBeGreaterThan(100);
});

test('mutated wrappers: the same bytes are taken, and all others refused with the same fault', () => {
  for (let i = 0; i < inputsMin / 5; i++) {
    const chosen = dice.pick(signed);
    const whole = wrapped(chosen.payload);
    const bytes =
      dice.below(2) === 0
        ? mutateBytes(dice, whole, wrapped(dice.pick(known).payload))
        : new Tree(whole).mutant(dice, new Tree(wrapped(dice.pick(known).payload)));
    const code = opened(chosen.shape.kind, bytes);
    if (code !== reference(chosen.shape, bytes))
      throw new Error(`${chosen.name}: ${code}: ${Buffer.from(bytes).toString('hex')}`);
  }
});

test('the comparison can fail: bytes of another kind are told apart', () => {
  const claim = known.find(({ name }) => name === 'claim')!;
  const bytes = wrapped(claim.payload);
  expect(opened(claim.shape.kind, bytes)).not.toBe(opened(claim.shape.kind + 1, bytes));
});
