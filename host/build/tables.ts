/** Makes table sets for boards, from the generator chain alone: the curve arithmetic here is its own, so that it also checks the others'. */
import { concat } from '#circuits/bytes.ts';
import { combDistance, entryCount, type TableShape } from '#circuits/kernel/tables.ts';
import { generatorChain, label } from '#circuits/proof/label.ts';
import type { Hash } from '#circuits/proof/port.ts';

const p = 2n ** 255n - 19n;
const mod = (value: bigint) => ((value % p) + p) % p;

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let left = exponent; left; left >>= 1n) {
    if (left & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

const invert = (value: bigint) => power(value, p - 2n);
const d = mod(-121665n * invert(121666n));
const rootOfMinusOne = power(2n, (p - 1n) / 4n);
const isOdd = (value: bigint) => (value & 1n) === 1n;
const even = (value: bigint) => (isOdd(value) ? p - value : value);

/** RFC 9496, 4.2: the even root of u/v, or of i*u/v. */
function rootOfRatio(u: bigint, v: bigint): { isSquare: boolean; root: bigint } {
  const root = mod(u * v ** 3n * power(u * v ** 7n, (p - 5n) / 8n));
  const check = mod(v * root ** 2n);
  const isSquare = check === mod(u) || check === mod(-u);
  const isTurned = check === mod(-u) || check === mod(-u * rootOfMinusOne);
  return { isSquare, root: even(isTurned ? mod(root * rootOfMinusOne) : root) };
}

const rootOfAdMinusOne = (() => {
  const { root } = rootOfRatio(mod(-d - 1n), 1n);
  // RFC 9496 names the odd root.
  return p - root;
})();

/** X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z. */
type Extended = readonly [bigint, bigint, bigint, bigint];

function add(a: Extended, b: Extended): Extended {
  const [A, B] = [(a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])];
  const [C, D] = [2n * a[3] * b[3] * d, 2n * a[2] * b[2]];
  const [E, F, G, H] = [mod(B - A), mod(D - C), mod(D + C), mod(B + A)];
  return [mod(E * F), mod(G * H), mod(F * G), mod(E * H)];
}

const negate = ([X, Y, Z, T]: Extended): Extended => [p - X, Y, Z, p - T];

function double(point: Extended, times: number): Extended {
  let result = point;
  for (let i = 0; i < times; i++) result = add(result, result);
  return result;
}

const readField = (bytes: Uint8Array) =>
  mod(bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) & (2n ** 255n - 1n));

/** RFC 9496, 4.3.4, for one half of the uniform bytes. */
function mapHalf(bytes: Uint8Array): Extended {
  const t = readField(bytes);
  const r = mod(rootOfMinusOne * t * t);
  const [u, v] = [mod((r + 1n) * (1n - d * d)), mod((-1n - r * d) * (r + d))];
  const { isSquare, root } = rootOfRatio(u, v);
  const s = isSquare ? root : mod(-even(mod(root * t)));
  const N = mod((isSquare ? -1n : r) * (r - 1n) * (d - 1n) ** 2n - v);
  const w = [2n * s * v, N * rootOfAdMinusOne, 1n - s * s, 1n + s * s] as const;
  return [mod(w[0] * w[3]), mod(w[2] * w[1]), mod(w[1] * w[3]), mod(w[0] * w[2])];
}

const map = (bytes: Uint8Array) => add(mapHalf(bytes.subarray(0, 32)), mapHalf(bytes.subarray(32)));

/** The generator of RFC 8032: y = 4/5, x even. */
const base: Extended = (() => {
  const y = mod(4n * invert(5n));
  const { root: x } = rootOfRatio(mod(y * y - 1n), mod(d * y * y + 1n));
  return [x, y, 1n, mod(x * y)];
})();

export interface TableSource {
  readonly hash: Hash;
  readonly suite: 1 | 2;
}

function valueBase({ hash, suite }: TableSource): Extended {
  return map(suite === 1 ? hash.sha512(label.valueBase) : hash.shake256(label.valueBaseKeccak, 64));
}

function generators(source: TableSource, { bits, parties }: TableShape): Extended[] {
  const row = [base, valueBase(source)];
  for (let party = 0; party < parties; party++)
    for (const letter of 'GH') {
      const seed = concat(generatorChain, Uint8Array.of(letter.charCodeAt(0), party, 0, 0, 0));
      const stream = source.hash.shake256(seed, 64 * bits);
      for (let i = 0; i < bits; i++) row.push(map(stream.subarray(64 * i, 64 * i + 64)));
    }
  return row;
}

/** All entries of one generator, in the order of their index. */
function comb(generator: Extended, teeth: number): Extended[] {
  if (teeth === 0) return [generator];
  const tooth: Extended[] = [generator];
  for (let i = 1; i < teeth; i++) tooth.push(double(tooth[i - 1]!, combDistance(teeth)));
  const lowest = tooth.slice(0, -1).reduce((sum, point) => add(sum, negate(point)), tooth[teeth - 1]!);
  const entries = [lowest];
  for (let k = 1; k < entryCount(teeth); k++) {
    const bit = Math.log2(k & -k);
    entries.push(add(entries[k & (k - 1)]!, double(tooth[bit]!, 1)));
  }
  return entries;
}

/** One inversion for all. */
function affine(points: readonly Extended[]): { x: bigint; y: bigint }[] {
  const products = [1n];
  for (const [, , Z] of points) products.push(mod(products.at(-1)! * Z));
  let inverse = invert(products.at(-1)!);
  const result: { x: bigint; y: bigint }[] = [];
  for (let i = points.length - 1; i >= 0; i--) {
    const [X, Y, Z] = points[i]!;
    const each = mod(inverse * products[i]!);
    inverse = mod(inverse * Z);
    result.push({ x: mod(X * each), y: mod(Y * each) });
  }
  return result.reverse();
}

function encodeField(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** RFC 9496, 4.3.2. */
function encodePoint([X, Y, Z, T]: Extended): Uint8Array {
  const [u1, u2] = [mod((Z + Y) * (Z - Y)), mod(X * Y)];
  const { root } = rootOfRatio(1n, mod(u1 * u2 * u2));
  const [left, right] = [mod(root * u1), mod(root * u2)];
  const inverse = mod(left * right * T);
  const isRotated = isOdd(mod(T * inverse));
  const x = isRotated ? mod(Y * rootOfMinusOne) : X;
  const y = isRotated ? mod(X * rootOfMinusOne) : Y;
  const factor = isRotated ? mod(left * invert(rootOfRatio(mod(-d - 1n), 1n).root)) : right;
  return encodeField(even(mod(factor * (Z - (isOdd(mod(x * inverse)) ? mod(-y) : y)))));
}

/** Whether a generator stands behind the others: bases never do. */
const isEncoded = (generator: number, { bits, plain = bits }: TableShape) =>
  generator >= 2 && (generator - 2) % bits >= plain;

export function makeTable(source: TableSource, shape: TableShape): Uint8Array {
  const row = generators(source, shape);
  const plain = row.filter((_, i) => !isEncoded(i, shape));
  const points = plain.flatMap(generator => comb(generator, shape.teeth));
  const fields = affine(points).flatMap(({ x, y }) =>
    shape.teeth ? [mod(y + x), mod(y - x), mod(2n * d * x * y)] : [x, y],
  );
  const encoded = row.filter((_, i) => isEncoded(i, shape));
  return concat(...fields.map(encodeField), ...encoded.map(encodePoint));
}
