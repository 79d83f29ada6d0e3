/** edwards25519 behind the Group port, as Monero uses it, and Monero's transcript and generators for Bulletproofs+.
 * A wire point stands for eight times itself, so that torsion is gone before any equation. */

import { pippenger } from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { ascii, concat, fromHex, toHex } from '#circuits/bytes.ts';
import { Fault } from '#circuits/fault.ts';
import type { Group, Point } from '#circuits/proof/port.ts';
import type { RangeParameters, RangeTranscript } from '#circuits/proof/range.ts';
import { encodeScalar, invert, mod, reduceScalar } from '#circuits/proof/scalar.ts';

const Edwards = ed25519.Point;
type Element = InstanceType<typeof Edwards>;
interface Wired {
  readonly wire: Uint8Array;
  readonly element: Element;
}
const inside = (point: Point) => point as unknown as Wired;
const wired = (element: Element, wire = element.toBytes()) => ({ wire, element }) as unknown as Point;

function decode(bytes: Uint8Array): Point {
  try {
    return wired(Edwards.fromBytes(bytes).multiplyUnsafe(8n), bytes);
  } catch {
    throw new Fault('point', 'not a point of edwards25519');
  }
}

export const edwards: Group = {
  base: wired(Edwards.BASE),
  identity: wired(Edwards.ZERO),
  decode,
  encode: point => inside(point).wire,
  fromUniform: () => {
    throw new Error('Monero hashes to points in its own way');
  },
  add: (a, b) => wired(inside(a).element.add(inside(b).element)),
  negate: a => wired(inside(a).element.negate()),
  equals: (a, b) => inside(a).element.equals(inside(b).element),
  multiply: (point, scalar) => wired(inside(point).element.multiplyUnsafe(scalar)),
  multiScalar: (scalars, points) =>
    wired(
      pippenger(
        Edwards,
        points.map(point => inside(point).element),
        scalars as bigint[],
      ),
    ),
};

const { Fp } = Edwards;
const curveA = 486662n;

function root(value: bigint): bigint | undefined {
  try {
    return Fp.sqrt(value);
  } catch {
    return undefined;
  }
}

/** Monero's hash to a point: Keccak, its Elligator 2 map, times eight. */
function hashToPoint(data: Uint8Array): Element {
  const hex = toHex(keccak_256(data).reverse());
  const u = Fp.create(BigInt(`0x${hex}`));
  const v = Fp.mul(2n, Fp.sqr(u));
  const w = Fp.add(v, 1n);
  const x = Fp.sub(Fp.sqr(w), Fp.mul(Fp.sqr(curveA), v));
  const quotient = Fp.div(w, x);
  const first = root(Fp.mul(2n * curveA * (curveA + 2n), quotient));
  const square = first !== undefined;
  const start = square ? Fp.mul(first, u) : root(Fp.mul(curveA * (curveA + 2n), quotient))!;
  const z = square ? Fp.neg(Fp.mul(curveA, v)) : Fp.neg(curveA);
  const signed = Fp.isOdd!(start) === square ? Fp.neg(start) : start;
  const [Z, Y] = [Fp.add(z, w), Fp.sub(z, w)];
  return Edwards.fromAffine({ x: signed, y: Fp.div(Y, Z) }).multiplyUnsafe(8n);
}

const valueBase = Edwards.fromHex('8b655970153799af2aeadc9ff1add0ea6c7251d54154cfa92c173a0dd39c1f94');

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

const generator = (index: number) =>
  wired(
    hashToPoint(
      keccak_256(concat(valueBase.toBytes(), ascii('bulletproof_plus'), Uint8Array.from(varint(index)))),
    ),
  );

const hashed = (...parts: Uint8Array[]) => reduceScalar(keccak_256(concat(...parts)));
export const initialTranscript = hashToPoint(keccak_256(ascii('bulletproof_plus_transcript'))).toBytes();

/** A chain of Keccak hashes, each reduced. Bases and shape are not absorbed: Monero fixes them. */
class KeccakTranscript implements RangeTranscript {
  #state: Uint8Array | undefined;
  #commitments: Uint8Array[] = [];
  #pending: Uint8Array[] = [];

  append(label: string, message: Uint8Array): void {
    if (label === 'Ci') this.#commitments.push(message);
    else if (['A', 'L', 'R', 'A1', 'B'].includes(label)) this.#pending.push(message);
  }

  appendInteger(): void {}

  challenge(): bigint {
    this.#state ??= encodeScalar(hashed(initialTranscript, encodeScalar(hashed(...this.#commitments))));
    const value = hashed(this.#state, ...this.#pending);
    this.#state = encodeScalar(value);
    this.#pending = [];
    return value;
  }
}

export function moneroParameters(lanes: number): RangeParameters {
  const count = 64 * lanes;
  const row = (offset: number) => Array.from({ length: count }, (_, i) => generator(2 * i + offset));
  const generators = { G: row(1), H: row(0) };
  return {
    group: edwards,
    valueBase: wired(valueBase),
    blindBase: edwards.base,
    bits: 64,
    lanes,
    generators: () => generators,
    openTranscript: () => new KeccakTranscript(),
  };
}

/** Chain data holds the commitments, their proofs an eighth of them. */
export function eighth(hex: string): Point {
  const element = Edwards.fromBytes(fromHex(hex));
  return wired(element, element.multiplyUnsafe(invert(mod(8n))).toBytes());
}
