/** P-256 with big integers: what an emulated secure element needs to make keys and to sign a digest.
 *
 * FIPS 186-5 and SEC 1. Not constant-time: its secrets are those of an emulated part, as public as the world's seed.
 *
 * 1. What it signs, another implementation verifies; what another signs, it verifies. (test/host/emulator.i2c.test.ts)
 */

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const baseX = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n;
const baseY = 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n;

/** Jacobian: x / z^2, y / z^3; z is 0 at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

const infinity: Point = { x: 1n, y: 1n, z: 0n };
const base: Point = { x: baseX, y: baseY, z: 1n };

const modulo = (value: bigint, by = p) => {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
};

function invert(value: bigint, by: bigint): bigint {
  let [a, c, u, v] = [modulo(value, by), by, 1n, 0n];
  while (a > 1n) {
    const quotient = a / c;
    [a, c] = [c, a % c];
    [u, v] = [v, u - quotient * v];
  }
  return modulo(u, by);
}

function double({ x, y, z }: Point): Point {
  if (z === 0n || y === 0n) return infinity;
  const ySquared = modulo(y * y);
  const s = modulo(4n * x * ySquared);
  const zSquared = modulo(z * z);
  const m = modulo(3n * (x - zSquared) * (x + zSquared));
  const nextX = modulo(m * m - 2n * s);
  return {
    x: nextX,
    y: modulo(m * (s - nextX) - 8n * ySquared * ySquared),
    z: modulo(2n * y * z),
  };
}

function add(a: Point, c: Point): Point {
  if (a.z === 0n) return c;
  if (c.z === 0n) return a;
  const [az, cz] = [modulo(a.z * a.z), modulo(c.z * c.z)];
  const [u1, u2] = [modulo(a.x * cz), modulo(c.x * az)];
  const [s1, s2] = [modulo(a.y * cz * c.z), modulo(c.y * az * a.z)];
  if (u1 === u2) return s1 === s2 ? double(a) : infinity;
  const [h, r] = [modulo(u2 - u1), modulo(s2 - s1)];
  const hSquared = modulo(h * h);
  const hCubed = modulo(h * hSquared);
  const v = modulo(u1 * hSquared);
  const x = modulo(r * r - hCubed - 2n * v);
  return { x, y: modulo(r * (v - x) - s1 * hCubed), z: modulo(h * a.z * c.z) };
}

function multiply(point: Point, scalar: bigint): Point {
  let result = infinity;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = double(result);
    if ((scalar >> bit) & 1n) result = add(result, point);
  }
  return result;
}

function affine({ x, y, z }: Point): { x: bigint; y: bigint } {
  const inverse = invert(z, p);
  const square = modulo(inverse * inverse);
  return { x: modulo(x * square), y: modulo(y * square * inverse) };
}

const decode = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const encode = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** A secret from 32 random bytes, or nothing where they are out of range. */
export function secretOf(bytes: Uint8Array): Uint8Array | undefined {
  const value = decode(bytes);
  return value > 0n && value < n ? bytes : undefined;
}

/** x | y. */
export function publicKeyOf(secret: Uint8Array): Uint8Array {
  const { x, y } = affine(multiply(base, decode(secret)));
  return join(encode(x), encode(y));
}

function pointOf(key: Uint8Array): Point | undefined {
  const [x, y] = [decode(key.subarray(0, 32)), decode(key.subarray(32, 64))];
  if (x >= p || y >= p || modulo(y * y - x * x * x + 3n * x - b) !== 0n) return undefined;
  return { x, y, z: 1n };
}

/** r | s of a digest of 32 bytes; nothing where this noise does not serve. */
export function signDigest(
  secret: Uint8Array,
  digest: Uint8Array,
  noise: Uint8Array,
): Uint8Array | undefined {
  const k = decode(noise);
  if (k <= 0n || k >= n) return undefined;
  const r = modulo(affine(multiply(base, k)).x, n);
  const s = modulo(invert(k, n) * (decode(digest) + r * decode(secret)), n);
  return r && s ? join(encode(r), encode(s)) : undefined;
}

export function verifyDigest(key: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [decode(signature.subarray(0, 32)), decode(signature.subarray(32, 64))];
  const point = pointOf(key);
  if (!point || r <= 0n || r >= n || s <= 0n || s >= n) return false;
  const inverse = invert(s, n);
  const sum = add(
    multiply(base, modulo(decode(digest) * inverse, n)),
    multiply(point, modulo(r * inverse, n)),
  );
  return sum.z !== 0n && modulo(affine(sum).x, n) === r;
}

/** x of the shared point. */
export function agree(secret: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const point = pointOf(key);
  return point && new Uint8Array(encode(affine(multiply(point, decode(secret))).x));
}
