/** The port between the protocol and its arithmetic: every backend offers exactly this. */

/** A scalar, always reduced modulo the group order. */
export type Scalar = bigint;

/** A group element. Only its own group looks inside. */
export interface Point {
  readonly group: 'point';
}

export interface Group {
  readonly base: Point;
  readonly identity: Point;
  /** The one point of a canonical encoding; a fault `point` for any other bytes. Accepts the identity. */
  decode(bytes: Uint8Array): Point;
  encode(point: Point): Uint8Array;
  /** RFC 9496 one-way map of 64 uniform bytes. */
  fromUniform(bytes: Uint8Array): Point;
  add(a: Point, b: Point): Point;
  negate(a: Point): Point;
  equals(a: Point, b: Point): boolean;
  /** For secret scalars. */
  multiply(point: Point, scalar: Scalar): Point;
  /** For public scalars and points: time depends on both. */
  multiScalar(scalars: readonly Scalar[], points: readonly Point[]): Point;
}

export interface Hash {
  sha256(data: Uint8Array): Uint8Array;
  sha512(data: Uint8Array): Uint8Array;
  sha512_256(data: Uint8Array): Uint8Array;
  sha3_256(data: Uint8Array): Uint8Array;
  shake256(data: Uint8Array, length: number): Uint8Array;
  /** Keccak-f[1600] in place, over 50 little-endian words. */
  keccakF(state: Uint32Array): void;
}

export interface Signature {
  /** COSE algorithm id. */
  readonly algorithm: number;
  publicKey(secret: Uint8Array): Uint8Array;
  /** Hedged: the nonce hashes secret, noise and message. Without noise it is deterministic. Verified before it is returned. */
  sign(secret: Uint8Array, message: Uint8Array, noise: Uint8Array): Uint8Array;
  verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** True for a canonical key of prime order: checked once, when it is certified. */
  isCertifiable(key: Uint8Array): boolean;
}

/** One choice of algorithms. Its id stands in every object. */
export interface Suite {
  readonly id: number;
  readonly group: Group;
  readonly hash: Hash;
  readonly signature: Signature;
  /** Id of an object: hash of its payload bytes. */
  digest(data: Uint8Array): Uint8Array;
  /** H of Commit(x, r) = x*H + r*G; G is the base point. */
  readonly valueBase: Point;
}

/** Bytes from a hardware generator or, in tests, from a seed. */
export type Entropy = (length: number) => Uint8Array;
