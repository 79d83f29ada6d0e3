/** Deterministic CBOR (RFC 8949 4.2.1), only as much as the messages use: no floats, no indefinite lengths.
 *
 * 1. Every head is the shortest one; anything else is refused. (test/circuits/cbor.strict.test.ts)
 * 2. A length is checked against what is left before anything is copied. (test/circuits/cbor.strict.test.ts)
 */
import { concat } from '../bytes.ts';
import { Fault } from '../fault.ts';

export const major = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

export class Writer {
  readonly #parts: Uint8Array[] = [];

  head(kind: number, argument: number): void {
    const top = kind << 5;
    if (argument < 24) this.raw(Uint8Array.of(top | argument));
    else if (argument < 0x100) this.raw(Uint8Array.of(top | 24, argument));
    else if (argument < 0x10000) this.raw(Uint8Array.of(top | 25, argument >>> 8, argument));
    else this.raw(Uint8Array.of(top | 26, argument >>> 24, argument >>> 16, argument >>> 8, argument));
  }

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  bytes(value: Uint8Array): void {
    this.head(major.bytes, value.length);
    this.raw(value);
  }

  integer(value: number): void {
    if (value < 0) this.head(major.negative, -1 - value);
    else this.head(major.unsigned, value);
  }

  done(): Uint8Array {
    return concat(...this.#parts);
  }
}

export class Reader {
  readonly #data: Uint8Array;
  #offset = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get offset(): number {
    return this.#offset;
  }

  /** The major type of the next item, or -1 at the end. */
  peek(): number {
    return this.#offset < this.#data.length ? this.#data[this.#offset]! >> 5 : -1;
  }

  peekByte(): number {
    return this.#offset < this.#data.length ? this.#data[this.#offset]! : -1;
  }

  /** The argument of a head of this major type, at most u32, in its shortest form. */
  head(kind: number): number {
    const first = this.take(1)[0]!;
    if (first >> 5 !== kind) throw new Fault('encoding', `major type ${first >> 5} where ${kind} belongs`);
    const short = first & 31;
    if (short < 24) return short;
    if (short > 26) throw new Fault('encoding', 'indefinite, reserved or 64-bit head');
    let argument = 0;
    for (const byte of this.take(1 << (short - 24))) argument = argument * 256 + byte;
    const least = short === 24 ? 24 : short === 25 ? 0x100 : 0x10000;
    if (argument < least) throw new Fault('encoding', 'head longer than needed');
    return argument;
  }

  /** A view of the next bytes. */
  take(length: number): Uint8Array {
    if (length > this.#data.length - this.#offset) throw new Fault('encoding', 'ends too early');
    this.#offset += length;
    return this.#data.subarray(this.#offset - length, this.#offset);
  }

  bytes(): Uint8Array {
    return this.take(this.head(major.bytes));
  }

  integer(): number {
    return this.peek() === major.negative ? -1 - this.head(major.negative) : this.head(major.unsigned);
  }

  end(): void {
    if (this.#offset !== this.#data.length) throw new Fault('encoding', 'bytes after the end');
  }
}
