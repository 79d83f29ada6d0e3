import { describe, expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { openSuites } from '#circuits/kernel/suite.kernel.ts';
import type { Group, Scalar, Suite } from '#circuits/proof/port.ts';
import { order } from '#circuits/proof/scalar.ts';
import { suite1 as reference1, suite2 as reference2 } from '#circuits/proof/suite.noble.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { entropyOf, seedOf } from '../circuits/sample.ts';
import { type BoardBuild, boardOf } from './board.ts';
import { group, hash, suite1, suite2 } from './suite.ts';

const entropy = entropyOf(seedOf('suite.agrees', 'suites'));
const nightly = process.env.MITE_NIGHTLY ? 10 : 1;

interface Backend {
  readonly name: string;
  /** How many rounds of each comparison it gets. */
  readonly rounds: number;
  open(): { suite1: Suite; suite2: Suite };
}

const emulated = (build: BoardBuild): Backend => ({
  name: build,
  rounds: 2 * nightly,
  open: () => openSuites(openCoreKernel(boardOf(build))),
});

const backends: Backend[] = [
  { name: 'wasm', rounds: 60 * nightly, open: () => ({ suite1, suite2 }) },
  emulated('thumb.full'),
  emulated('rv32'),
];

/** What a call gives, or the name of its fault. */
function outcome(run: () => Uint8Array | boolean): Uint8Array | boolean | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

const edgeScalars: Scalar[] = [0n, 1n, 2n, order - 1n, order - 2n, 1n << 252n, (1n << 128n) - 1n];
const randomScalar = () => entropy(40).reduce((sum, byte) => (sum * 256n + BigInt(byte)) % order, 0n);

/** Encodings next to canonical ones, and any bytes. */
function* encodings(group: Group): Generator<Uint8Array> {
  const sound = group.encode(group.fromUniform(entropy(64)));
  yield sound;
  yield new Uint8Array(32);
  yield new Uint8Array(32).fill(255);
  yield new Uint8Array(31);
  yield entropy(32);
  for (const bit of [0, 1, 254, 255]) {
    const flipped = sound.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    yield flipped;
  }
}

function compareGroup(ours: Group, reference: Group): void {
  for (const bytes of encodings(reference))
    expect(outcome(() => ours.encode(ours.decode(bytes)))).toEqual(
      outcome(() => reference.encode(reference.decode(bytes))),
    );
  const uniform = [entropy(64), entropy(64), new Uint8Array(64), new Uint8Array(64).fill(255)];
  const both = [ours, reference].map(group => {
    const [a, b, c, d] = uniform.map(group.fromUniform) as [never, never, never, never];
    const scalar = randomScalar.bind(undefined);
    return { group, a, b, c, d, scalar };
  });
  const k = randomScalar();
  const edge = edgeScalars[Number(k % BigInt(edgeScalars.length))]!;
  const terms = Array.from({ length: Number(k % 9n) }, randomScalar);
  const results = both.map(({ group, a, b, c, d }) => {
    const points = terms.map((_, i) => [a, b, c, d, group.identity][i % 5]!);
    return [
      ...[a, b, c, d, group.base, group.identity].map(group.encode),
      ...[group.add(a, b), group.add(a, a), group.add(a, group.negate(a)), group.negate(b)].map(group.encode),
      ...[group.multiply(a, k), group.multiply(group.base, k), group.multiply(b, edge)].map(group.encode),
      group.encode(group.multiScalar(terms, points)),
      group.encode(group.multiScalar([edge, order - 1n, 0n], [a, b, c])),
      [group.equals(a, b), group.equals(group.add(a, b), group.add(b, a)), group.equals(a, group.identity)],
    ];
  });
  expect(results[0]).toEqual(results[1]);
}

function compareHash(ours: Suite['hash'], reference: Suite['hash'], length: number): void {
  const data = entropy(length);
  for (const name of ['sha256', 'sha512', 'sha512_256', 'sha3_256'] as const)
    expect(ours[name](data)).toEqual(reference[name](data));
  expect(ours.shake256(data, length + 1)).toEqual(reference.shake256(data, length + 1));
  const state = new Uint32Array(entropy(200).slice().buffer);
  const [one, two] = [state.slice(), state.slice()];
  ours.keccakF(one);
  reference.keccakF(two);
  expect(one).toEqual(two);
}

function compareSignature({ signature: ours }: Suite, { signature: reference }: Suite): void {
  const [secret, noise, message] = [entropy(32), entropy(32), entropy(97)];
  const key = reference.publicKey(secret);
  const signed = reference.sign(secret, message, noise);
  expect(ours.publicKey(secret)).toEqual(key);
  expect(ours.sign(secret, message, noise)).toEqual(signed);
  expect(ours.sign(secret, message, new Uint8Array(0))).toEqual(
    reference.sign(secret, message, new Uint8Array(0)),
  );
  for (const at of [0, 31, 32, 63]) {
    const spoilt = signed.slice();
    spoilt[at]! ^= 0x10;
    expect(ours.verify(key, message, spoilt)).toBe(reference.verify(key, message, spoilt));
  }
  expect(ours.verify(key, message, signed)).toBe(true);
  expect(ours.verify(key, message.subarray(1), signed)).toBe(false);
  for (const bytes of [key, entropy(32), new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))])
    expect(ours.isCertifiable(bytes)).toBe(reference.isCertifiable(bytes));
}

test('the stand-in for the reference backend has its names', () => {
  expect([group, hash]).toEqual([suite1.group, suite1.hash]);
});

describe.each(backends)('the suites of the kernel on $name', ({ name, rounds, open }) => {
  describe.skipIf(name !== 'wasm' && !findUnicorn())('agree with the reference backend', () => {
    const opened = name === 'wasm' || findUnicorn() ? open() : { suite1, suite2 };
    const pairs = [
      [opened.suite1, reference1],
      [opened.suite2, reference2],
    ] as const;

    test('on every hash, of every length around a block', () => {
      const lengths = [0, 1, 55, 56, 63, 64, 111, 112, 127, 128, 135, 136, 137, 300];
      for (const length of rounds > 10 ? Array.from({ length: 300 }, (_, i) => i) : lengths)
        compareHash(opened.suite1.hash, reference1.hash, length);
    });

    test('in the group: codec, edge cases, sums', () => {
      for (let i = 0; i < rounds; i++) compareGroup(opened.suite1.group, reference1.group);
    });

    test('on signatures of both suites', () => {
      for (let i = 0; i < Math.ceil(rounds / 4); i++)
        for (const [ours, reference] of pairs) compareSignature(ours, reference);
    });

    test('on bases and digests', () => {
      for (const [ours, reference] of pairs) {
        expect(ours.group.encode(ours.valueBase)).toEqual(reference.group.encode(reference.valueBase));
        expect(ours.group.encode(ours.group.base)).toEqual(reference.group.encode(reference.group.base));
        const data = entropy(100);
        expect(ours.digest(data)).toEqual(reference.digest(data));
        expect(ours.signature.algorithm).toBe(reference.signature.algorithm);
      }
    });
  });
});
