/** Arithmetic modulo the prime order l of ristretto255 and of edwards25519's base point. */
import { Fault } from '../fault.ts';
import type { Scalar } from './port.ts';

export const order = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;

export function mod(value: bigint): Scalar {
  const rest = value % order;
  return rest < 0n ? rest + order : rest;
}

export function power(base: Scalar, exponent: number): Scalar {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2) result = (result * square) % order;
    square = (square * square) % order;
  }
  return result;
}

/** Inverse by the extended Euclidean algorithm: variable time, for public values only. */
export function invert(value: Scalar): Scalar {
  if (value === 0n) throw new Error('zero has no inverse');
  let [a, b, u, w] = [value, order, 1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b, u, w] = [b, a - quotient * b, w, u - quotient * w];
  }
  return mod(u);
}

/** All inverses for the price of one. Public values only. */
export function invertAll(values: readonly Scalar[]): Scalar[] {
  const prefix: Scalar[] = [];
  let product = 1n;
  for (const value of values) {
    prefix.push(product);
    product = (product * value) % order;
  }
  let inverse = invert(product);
  const inverses = new Array<Scalar>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (inverse * prefix[i]!) % order;
    inverse = (inverse * values[i]!) % order;
  }
  return inverses;
}

function littleEndian(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (let i = bytes.length - 1; i >= 0; i--) hex += (bytes[i]! < 16 ? '0' : '') + bytes[i]!.toString(16);
  return BigInt(hex);
}

/** 64 uniform bytes, or any other number of them, reduced. */
export function reduceScalar(bytes: Uint8Array): Scalar {
  return littleEndian(bytes) % order;
}

/** 32 bytes that are already reduced; any others are refused. */
export function parseScalar(bytes: Uint8Array): Scalar {
  if (bytes.length !== 32) throw new Fault('scalar', 'not 32 bytes');
  const value = littleEndian(bytes);
  if (value >= order) throw new Fault('scalar', 'not reduced');
  return value;
}

export function encodeScalar(value: Scalar): Uint8Array {
  const bytes = new Uint8Array(32);
  let rest = value;
  for (const i of bytes.keys()) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}
