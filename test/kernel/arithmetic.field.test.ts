/** Field and scalars of the kernel against the reference library, on every machine that this computer can build and run. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { canCompile, type Machine, openMachines } from './machine.ts';

const { Fp, Fn } = ed25519.Point;
const seed = seedOf('kernel arithmetic', 'kernel arithmetic');

/** On wasm; emulated processors get one in a hundred. */
const cases = process.env.MITE_NIGHTLY ? 1_000_000 : 100_000;
const casesOn = ({ name }: Machine) => (name === 'wasm' ? cases : cases / 100);

function numberOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let value = 0n;
  for (let at = bytes.length - 8; at >= 0; at -= 8) value = (value << 64n) | view.getBigUint64(at, true);
  return value;
}

function bytesOf(value: bigint, length: 32 | 64): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  for (let at = 0; at < length; at += 8)
    view.setBigUint64(at, BigInt.asUintN(64, value >> BigInt(8 * at)), true);
  return new Uint8Array(view.buffer);
}

/** Around every number where a carry or a last subtraction changes. */
function edgesOf(order: bigint): bigint[] {
  const centres = [0n, order, 2n * order, order / 2n, 1n << 32n, 1n << 252n, 1n << 255n, (1n << 256n) - 40n];
  return centres.flatMap(centre =>
    [-39n, -38n, -20n, -19n, -2n, -1n, 0n, 1n, 2n, 19n, 38n].map(by => centre + by),
  );
}

function numbers(order: bigint, limit: bigint, name: string): () => bigint {
  const rolls = dice(`${seed} ${name}`);
  const edges = edgesOf(order).filter(edge => edge >= 0n && edge < limit);
  return () => (rolls.percent(20) ? rolls.pick(edges) : numberOf(rolls.bytes(64)) % limit);
}

/** A function of two operands, as the machine has it and as the library has it. */
interface Pair {
  readonly name: string;
  ours(machine: Machine, a: bigint, b: bigint): bigint;
  theirs(a: bigint, b: bigint): bigint;
}

/** Field elements lie in 40 bytes: ten limbs on wasm, eight elsewhere. */
function throughField(
  machine: Machine,
  a: bigint,
  b: bigint,
  work: (r: Uint8Array, x: Uint8Array, y: Uint8Array) => void,
) {
  const [r, x, y] = [new Uint8Array(40), new Uint8Array(40), new Uint8Array(40)];
  machine.call('fe_decode', x, bytesOf(a, 32));
  machine.call('fe_decode', y, bytesOf(b, 32));
  work(r, x, y);
  const bytes = new Uint8Array(32);
  machine.call('fe_encode', bytes, r);
  return numberOf(bytes);
}

/** Numbers of program.c. */
const programs = { root: 1, invert: 2 };
const registerBytes = (machine: Machine) => (machine.name === 'wasm' ? 40 : 32);

/** Runs a program of the field on these registers, and reads one of them. */
function throughRoom(
  machine: Machine,
  program: number,
  given: Readonly<Record<number, bigint>>,
  asked: number,
) {
  const room = new Uint8Array(40 * 9);
  const each = registerBytes(machine);
  for (const [register, value] of Object.entries(given)) {
    const element = new Uint8Array(40);
    machine.call('fe_decode', element, bytesOf(value, 32));
    room.set(element.subarray(0, each), Number(register) * each);
  }
  const flags = machine.call('field_run', room, 0, program, 0);
  const bytes = new Uint8Array(32);
  machine.call('fe_encode', bytes, room.slice(asked * each, asked * each + each));
  return { result: numberOf(bytes), flags };
}

const fieldPair = (name: string, theirs: Pair['theirs']): Pair => ({
  name,
  theirs,
  ours: (machine, a, b) => throughField(machine, a, b, (r, x, y) => machine.call(name, r, x, y)),
});

const fieldPairs: readonly Pair[] = [
  fieldPair('fe_multiply', (a, b) => Fp.mul(a, b)),
  fieldPair('fe_add', (a, b) => Fp.add(a, b)),
  fieldPair('fe_subtract', (a, b) => Fp.sub(a, b)),
  {
    name: 'fe_squares',
    theirs: a => Fp.sqr(a),
    ours: (machine, a, b) => throughField(machine, a, b, (r, x) => machine.call('fe_squares', r, x, 1)),
  },
  {
    name: 'sums of sums, multiplied',
    theirs: (a, b) => Fp.mul(Fp.sub(a, b), Fp.add(Fp.add(a, b), b)),
    ours: (machine, a, b) =>
      throughField(machine, a, b, (r, x, y) => {
        const difference = new Uint8Array(40);
        machine.call('fe_both', r, difference, x, y);
        machine.call('fe_add', r, r, y);
        machine.call('fe_multiply', r, difference, r);
      }),
  },
];

function throughScalar(machine: Machine, name: string, operands: readonly Uint8Array[]): bigint {
  const r = new Uint8Array(32);
  machine.call(name, r, ...operands);
  return numberOf(r);
}

const scalarPair = (name: string, theirs: Pair['theirs']): Pair => ({
  name,
  theirs: (a, b) => theirs(a % Fn.ORDER, b % Fn.ORDER),
  ours: (machine, a, b) =>
    throughScalar(machine, name, [bytesOf(a % Fn.ORDER, 32), bytesOf(b % Fn.ORDER, 32)]),
});

const scalarPairs: readonly Pair[] = [
  scalarPair('sc_multiply', (a, b) => Fn.mul(a, b)),
  scalarPair('sc_add', (a, b) => Fn.add(a, b)),
  scalarPair('sc_subtract', (a, b) => Fn.sub(a, b)),
  {
    name: 'sc_reduce',
    theirs: (a, b) => (a + (b << 256n)) % Fn.ORDER,
    ours: (machine, a, b) => throughScalar(machine, 'sc_reduce', [bytesOf(a + (b << 256n), 64)]),
  },
];

/** The operands of the first case that differs, or nothing. */
function differing(machine: Machine, { ours, theirs }: Pair, next: () => bigint, count: number): bigint[] {
  for (let i = 0; i < count; i++) {
    const [a, b] = [next(), next()];
    if (ours(machine, a, b) !== theirs(a, b)) return [a, b];
  }
  return [];
}

const machines = openMachines();

describe.skipIf(!canCompile).each(machines)('on $name', machine => {
  const compare = (pairs: readonly Pair[], next: () => bigint, prepared: (value: bigint) => bigint) => {
    for (const pair of pairs) {
      const start = performance.now();
      const count = Math.ceil(casesOn(machine) / pairs.length);
      expect(
        differing(machine, pair, () => prepared(next()), count),
        pair.name,
      ).toEqual([]);
      console.log(
        `${machine.name} ${pair.name}: ${count} cases, ${Math.round(performance.now() - start)} ms`,
      );
    }
  };

  test('the field is that of the library', () => {
    // The top bit of an encoding is ignored, what lies from p to 2^255 is reduced.
    compare(fieldPairs, numbers(Fp.ORDER, 1n << 256n, 'field'), value => value % (1n << 255n));
  });

  test('scalars are those of the library', () => {
    compare(scalarPairs, numbers(Fn.ORDER, 1n << 256n, 'scalar'), value => value);
  });

  test('a wrong result is found', () => {
    const wrong: Pair = { ...fieldPairs[0]!, theirs: (a, b) => Fp.mul(a, b) ^ (a % 97n === 0n ? 1n : 0n) };
    expect(differing(machine, wrong, numbers(Fp.ORDER, 1n << 255n, 'control'), 1_000)).not.toEqual([]);
  });

  test('inverses and roots are those of the library', () => {
    const next = numbers(Fp.ORDER, Fp.ORDER, 'inverse');
    for (let i = 0; i < casesOn(machine) / 1_000; i++) {
      const [a, b] = [next() || 1n, next() || 1n];
      expect(throughRoom(machine, programs.invert, { 3: a }, 3).result).toBe(Fp.inv(a));
      const entered = new Uint8Array(32);
      machine.call('sc_enter', entered, bytesOf(a % Fn.ORDER || 1n, 32));
      machine.call('sc_invert', entered, entered);
      expect(throughScalar(machine, 'sc_leave', [entered])).toBe(Fn.inv(a % Fn.ORDER || 1n));
      const { result: root, flags: isSquare } = throughRoom(machine, programs.root, { 0: a, 1: b }, 2);
      const ratio = Fp.div(a, b);
      expect(isSquare === 1).toBe(Fp.is0(ratio) || Fp.pow(ratio, (Fp.ORDER - 1n) / 2n) === 1n);
      const turn = isSquare ? 1n : Fp.pow(2n, (Fp.ORDER - 1n) / 4n);
      expect(Fp.mul(Fp.sqr(root), b)).toBe(Fp.mul(a, turn));
      expect(root % 2n).toBe(0n);
    }
  });
});
