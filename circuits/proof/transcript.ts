/** Merlin transcripts over STROBE-128, by their specifications (merlin.cool, strobe.sourceforge.io). */
import { ascii, concat } from '../bytes.ts';
import type { Hash, Scalar } from './port.ts';
import { reduceScalar } from './scalar.ts';

const rate = 166;
const flags = { inbound: 1, application: 2, cipher: 4, meta: 16 };

class Strobe {
  readonly #hash: Hash;
  readonly #state = new Uint8Array(200);
  readonly #words = new Uint32Array(this.#state.buffer);
  #position = 0;
  #begin = 0;

  constructor(hash: Hash, protocol: Uint8Array) {
    this.#hash = hash;
    this.#state.set([1, rate + 2, 1, 0, 1, 96]);
    this.#state.set(ascii('STROBEv1.0.2'), 6);
    hash.keccakF(this.#words);
    this.metaData(protocol, false);
  }

  metaData(data: Uint8Array, more: boolean): void {
    this.#operate(flags.meta | flags.application, more);
    this.#absorb(data);
  }

  data(data: Uint8Array): void {
    this.#operate(flags.application, false);
    this.#absorb(data);
  }

  squeeze(length: number): Uint8Array {
    this.#operate(flags.inbound | flags.application | flags.cipher, false);
    const output = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      output[i] = this.#state[this.#position]!;
      this.#state[this.#position++] = 0;
      if (this.#position === rate) this.#permute();
    }
    return output;
  }

  #operate(kind: number, more: boolean): void {
    if (more) return;
    const previous = this.#begin;
    this.#begin = this.#position + 1;
    this.#absorb(Uint8Array.of(previous, kind));
    if (kind & flags.cipher && this.#position !== 0) this.#permute();
  }

  #absorb(data: Uint8Array): void {
    for (let i = 0; i < data.length; i++) {
      this.#state[this.#position]! ^= data[i]!;
      if (++this.#position === rate) this.#permute();
    }
  }

  #permute(): void {
    this.#state[this.#position]! ^= this.#begin;
    this.#state[this.#position + 1]! ^= 4;
    this.#state[rate + 1]! ^= 0x80;
    this.#hash.keccakF(this.#words);
    this.#position = 0;
    this.#begin = 0;
  }
}

function littleEndian(value: number, bytes: 4 | 8): Uint8Array {
  const encoded = new Uint8Array(bytes);
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) encoded[i] = rest % 256;
  return encoded;
}

export class Transcript {
  readonly #strobe: Strobe;

  constructor(hash: Hash, protocol: string) {
    this.#strobe = new Strobe(hash, ascii('Merlin v1.0'));
    this.append('dom-sep', ascii(protocol));
  }

  append(label: string, message: Uint8Array): void {
    this.#strobe.metaData(ascii(label), false);
    this.#strobe.metaData(littleEndian(message.length, 4), true);
    this.#strobe.data(message);
  }

  appendInteger(label: string, value: number): void {
    this.append(label, littleEndian(value, 8));
  }

  challengeBytes(label: string, length: number): Uint8Array {
    this.#strobe.metaData(concat(ascii(label), littleEndian(length, 4)), false);
    return this.#strobe.squeeze(length);
  }

  /** A uniform scalar: 64 bytes reduced. */
  challenge(label: string): Scalar {
    return reduceScalar(this.challengeBytes(label, 64));
  }
}
