/** The commands of an ATECC608-class part, and what it keeps: zones, slots, counters, and one scratch key. */
import { createHash, createHmac } from 'node:crypto';
import type { Chance } from './chance.ts';
import { agree, publicKeyOf, secretOf, signDigest, verifyDigest } from './p256.ts';

export interface Command {
  readonly opcode: number;
  readonly first: number;
  readonly second: number;
  readonly data: Uint8Array;
}

/** With the time that it takes. */
export type Reply = ({ readonly status: number } | { readonly data: Uint8Array }) & { readonly us: number };

export interface ElementCore {
  run(command: Command): Reply;
  /** Sleep: the scratch key is gone. */
  forget(): void;
  readonly counters: readonly number[];
}

const codes = { ok: 0x00, mismatch: 0x01, parse: 0x03, execution: 0x0f } as const;
/** Typical milliseconds of the data sheet. */
const ms = {
  ...{ checkMac: 13, counter: 20, ecdh: 58, genKey: 115, info: 1, kdf: 20, lock: 32, mac: 14, nonce: 7 },
  ...{ random: 23, read: 1, sha: 9, sign: 50, verify: 58, write: 26 },
} as const;

const counterMax = 2_097_151;
const [configBytes, otpBytes, slotConfigAt, lockValueAt, lockConfigAt] = [128, 64, 20, 86, 87];
const slotBytes = (slot: number) => (slot === 8 ? 416 : slot < 8 ? 36 : 72);
/** Bits of a slot's configuration. */
const slotBits = { limited: 1 << 5, encrypted: 1 << 6, secret: 1 << 7 } as const;
const unlocked = 0x55;

/** Serial number, revision, and a configuration in which slots 0 to 7 hold secrets. */
function freshConfig(chance: Chance): Uint8Array {
  const config = new Uint8Array(configBytes);
  config.set([0x01, 0x23, chance.word() & 0xff, chance.word() & 0xff, 0x00, 0x00, 0x60, 0x03]);
  config.set([...Array.from({ length: 4 }, () => chance.word() & 0xff), 0xee, 0x01, 0x01, 0x00], 8);
  config[16] = 0xc0;
  for (let slot = 0; slot < 16; slot++) {
    config[slotConfigAt + 2 * slot] = slot < 8 ? slotBits.secret | 0x07 : 0x0f;
    config[slotConfigAt + 2 * slot + 1] = slot < 8 ? 0x20 : 0x0f;
    // Key configuration: P-256 with a public key that may be asked for, or other data.
    config[96 + 2 * slot] = slot < 4 ? 0x33 : 0x3c;
  }
  config.set([unlocked, unlocked], lockValueAt);
  config.fill(0xff, 88, 90);
  return config;
}

const failed = (status: number, time: number): Reply => ({ status, us: time * 1_000 });
const answer = (data: Uint8Array, time: number): Reply => ({ data: new Uint8Array(data), us: time * 1_000 });

/** CRC-16 of packets and of zones: polynomial 0x8005, bits from the lowest, from 0. */
export function crc16(...parts: readonly Uint8Array[]): number {
  let crc = 0;
  for (const byte of parts.flatMap(part => [...part]))
    for (let bit = 0; bit < 8; bit++) {
      const differs = ((byte >> bit) & 1) !== crc >> 15;
      crc = ((crc << 1) ^ (differs ? 0x8005 : 0)) & 0xffff;
    }
  return crc;
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const u16 = (value: number) => Uint8Array.of(value & 0xff, value >> 8);

type Task = (command: Command) => Reply;

class Element implements ElementCore {
  readonly counters: [number, number];
  readonly #chance: Chance;
  readonly #config: Uint8Array;
  readonly #otp = new Uint8Array(otpBytes).fill(0xff);
  readonly #slots = Array.from({ length: 16 }, (_, slot) => new Uint8Array(slotBytes(slot)).fill(0xff));
  #scratch: Uint8Array | undefined;
  #hash = createHash('sha256');

  readonly #tasks: Readonly<Record<number, Task>> = {
    2: command => this.#read(command),
    8: command => this.#mac(command),
    18: command => this.#write(command),
    22: command => this.#nonce(command),
    23: command => this.#lock(command),
    27: () => answer(this.#random(32), ms.random),
    36: command => this.#count(command),
    40: command => this.#checkMac(command),
    48: ({ first }) => (first ? failed(codes.parse, ms.info) : answer(Uint8Array.of(0, 0, 0x60, 3), ms.info)),
    64: command => this.#makeKey(command),
    65: command => this.#sign(command),
    67: command => this.#agree(command),
    69: command => this.#verify(command),
    71: command => this.#sha(command),
    86: command => this.#derive(command),
  };

  constructor(chance: Chance, [first, second]: readonly [number, number]) {
    this.#chance = chance;
    this.#config = freshConfig(chance);
    this.counters = [first, second];
  }

  run(command: Command): Reply {
    return this.#tasks[command.opcode]?.(command) ?? failed(codes.parse, 1);
  }

  forget(): void {
    this.#scratch = undefined;
  }

  get #isConfigLocked(): boolean {
    return this.#config[lockConfigAt] === 0;
  }

  get #isDataLocked(): boolean {
    return this.#config[lockValueAt] === 0;
  }

  #slotConfig(slot: number): number {
    return this.#config[slotConfigAt + 2 * slot]! | (this.#config[slotConfigAt + 2 * slot + 1]! << 8);
  }

  #isSlotLocked(slot: number): boolean {
    return ((this.#config[88 + (slot >> 3)]! >> (slot & 7)) & 1) === 0;
  }

  #random(length: number): Uint8Array {
    // Before its configuration is locked the part gives a fixed pattern.
    if (!this.#isConfigLocked) return Uint8Array.from({ length }, (_, i) => (i & 2 ? 0x00 : 0xff));
    return Uint8Array.from({ length }, () => this.#chance.word() & 0xff);
  }

  /** Counts a use of a key whose uses are limited; false where they are used up. */
  #spend(slot: number): boolean {
    if (!(this.#slotConfig(slot) & slotBits.limited)) return true;
    if (this.counters[0] >= counterMax) return false;
    this.counters[0] += 1;
    return true;
  }

  /** Zone and address of Read and Write: block in bits 3 to 7, word in bits 0 to 2; of data the slot in bits 3 to 6. */
  #place({
    first,
    second,
  }: Command): { bytes: Uint8Array; at: number; length: number; slot?: number } | undefined {
    const length = first & 0x80 ? 32 : 4;
    const word = 4 * (second & 7);
    const zone = first & 3;
    if (zone === 2) {
      const slot = (second >> 3) & 15;
      const at = 32 * (second >> 8) + word;
      const bytes = this.#slots[slot]!;
      return at + 4 <= bytes.length ? { bytes, at, length, slot } : undefined;
    }
    const bytes = [this.#config, this.#otp][zone];
    const at = 32 * ((second >> 3) & 3) + word;
    return bytes && at + length <= bytes.length ? { bytes, at, length } : undefined;
  }

  #read(command: Command): Reply {
    const place = this.#place(command);
    if (!place) return failed(codes.parse, ms.read);
    const { bytes, at, length, slot } = place;
    const isHidden =
      slot !== undefined &&
      (!this.#isDataLocked || this.#slotConfig(slot) & (slotBits.secret | slotBits.encrypted));
    if (isHidden) return failed(codes.execution, ms.read);
    const data = new Uint8Array(length);
    data.set(bytes.subarray(at, at + length));
    return answer(data, ms.read);
  }

  #write(command: Command): Reply {
    const place = this.#place(command);
    if (!place || command.data.length !== place.length) return failed(codes.parse, ms.write);
    const { bytes, at, slot } = place;
    const isConfig = bytes === this.#config;
    // Serial number, locks and counters of the configuration are not written.
    const isFixed = isConfig && (at < 16 || (at < 88 && at + command.data.length > 84));
    const isLocked = isConfig
      ? this.#isConfigLocked
      : !this.#isConfigLocked ||
        (this.#isDataLocked &&
          (slot === undefined || this.#isSlotLocked(slot) || this.#slotConfig(slot) >> 12 !== 0));
    if (isFixed || isLocked) return failed(codes.execution, ms.write);
    bytes.set(command.data.subarray(0, bytes.length - at), at);
    return failed(codes.ok, ms.write);
  }

  #lock({ first, second }: Command): Reply {
    const zone = first & 3;
    if (zone === 2) {
      const slot = (first >> 2) & 15;
      if (!this.#isConfigLocked || this.#isSlotLocked(slot)) return failed(codes.execution, ms.lock);
      this.#config[88 + (slot >> 3)]! &= ~(1 << (slot & 7));
      return failed(codes.ok, ms.lock);
    }
    const at = zone === 0 ? lockConfigAt : lockValueAt;
    if (zone > 1 || (zone === 1 && !this.#isConfigLocked) || this.#config[at] === 0)
      return failed(codes.execution, ms.lock);
    const content = zone === 0 ? [this.#config] : [...this.#slots, this.#otp];
    const isChecked = (first & 0x80) === 0;
    if (isChecked && crc16(...content) !== second) return failed(codes.execution, ms.lock);
    this.#config[at] = 0;
    return failed(codes.ok, ms.lock);
  }

  /** Mode 3 takes 32 bytes as they are; modes 0 and 1 mix 20 bytes with the part's own, which it answers. */
  #nonce({ first, second, data }: Command): Reply {
    if ((first & 3) === 3) {
      if (data.length !== 32) return failed(codes.parse, ms.nonce);
      this.#scratch = data;
      return failed(codes.ok, ms.nonce);
    }
    if (data.length !== 20 || (first & 3) > 1) return failed(codes.parse, ms.nonce);
    const own = this.#random(32);
    this.#scratch = sha256(own, data, Uint8Array.of(22, first, second & 0xff));
    return answer(own, ms.nonce);
  }

  #count({ first, second }: Command): Reply {
    if (second > 1 || first > 1) return failed(codes.parse, ms.counter);
    const index = second as 0 | 1;
    if (first === 1) {
      if (this.counters[index] >= counterMax) return failed(codes.execution, ms.counter);
      this.counters[index] += 1;
    }
    const data = new Uint8Array(4);
    new DataView(data.buffer).setUint32(0, this.counters[index], true);
    return answer(data, ms.counter);
  }

  #secret(slot: number): Uint8Array {
    return this.#slots[slot]!.subarray(0, 32);
  }

  /** Mode bit 2 makes a new key; without it only the public one is told. */
  #makeKey({ first, second }: Command): Reply {
    const slot = second & 15;
    if (!this.#isConfigLocked || slot > 7) return failed(codes.execution, ms.genKey);
    if (first & 4) {
      if (this.#isSlotLocked(slot)) return failed(codes.execution, ms.genKey);
      let secret: Uint8Array | undefined;
      while (!secret) secret = secretOf(this.#random(32));
      this.#slots[slot]!.set(secret);
    }
    const secret = secretOf(this.#secret(slot));
    return secret ? answer(publicKeyOf(secret), ms.genKey) : failed(codes.execution, ms.genKey);
  }

  #sign({ second }: Command): Reply {
    const secret = secretOf(this.#secret(second & 7));
    const digest = this.#scratch;
    if (!secret || !digest || !this.#isConfigLocked || !this.#spend(second & 7))
      return failed(codes.execution, ms.sign);
    this.#scratch = undefined;
    for (;;) {
      const signature = signDigest(secret, digest, this.#random(32));
      if (signature) return answer(signature, ms.sign);
    }
  }

  /** With a key that is given: signature | key; the digest was loaded by nonce. */
  #verify({ first, data }: Command): Reply {
    if (first !== 2 || data.length !== 128) return failed(codes.parse, ms.verify);
    const digest = this.#scratch;
    if (!digest) return failed(codes.execution, ms.verify);
    const holds = verifyDigest(data.subarray(64), digest, data.subarray(0, 64));
    return failed(holds ? codes.ok : codes.mismatch, ms.verify);
  }

  #agree({ second, data }: Command): Reply {
    const secret = secretOf(this.#secret(second & 7));
    const shared = secret && data.length === 64 ? agree(secret, data) : undefined;
    return shared && this.#spend(second & 7) ? answer(shared, ms.ecdh) : failed(codes.execution, ms.ecdh);
  }

  /** SHA-256 of key | challenge | opcode, mode, slot | 11 zeros | fixed bytes of the serial number. */
  #macOf(slot: number, challenge: Uint8Array, mode: number): Uint8Array {
    const tail = Uint8Array.of(8, mode, ...u16(slot), ...new Uint8Array(11), this.#config[12]!);
    const serial = Uint8Array.of(...new Uint8Array(4), ...this.#config.subarray(0, 2), ...new Uint8Array(2));
    return sha256(this.#secret(slot), challenge, tail, serial);
  }

  #mac({ first, second, data }: Command): Reply {
    const challenge = first & 1 ? this.#scratch : data;
    const isReady = challenge?.length === 32 && this.#isDataLocked && this.#spend(second & 15);
    return isReady
      ? answer(this.#macOf(second & 15, challenge, first), ms.mac)
      : failed(codes.execution, ms.mac);
  }

  /** Challenge | response. */
  #checkMac({ first, second, data }: Command): Reply {
    if (data.length < 64) return failed(codes.parse, ms.checkMac);
    const expected = this.#macOf(second & 15, data.subarray(0, 32), first);
    const holds = expected.every((byte, i) => byte === data[32 + i]);
    return failed(holds ? codes.ok : codes.mismatch, ms.checkMac);
  }

  /** Mode 0 begins, 1 takes 64 bytes, 2 ends with the rest. */
  #sha({ first, data }: Command): Reply {
    if (first === 0) this.#hash = createHash('sha256');
    else if (first === 1 && data.length === 64) this.#hash.update(data);
    else if (first === 2) {
      const digest = this.#hash.update(data).digest();
      this.#hash = createHash('sha256');
      return answer(digest, ms.sha);
    } else return failed(codes.parse, ms.sha);
    return failed(codes.ok, ms.sha);
  }

  /** HMAC of the input under a slot's key, told to the host: the wrapping key of what lies in the board's flash. */
  #derive({ second, data }: Command): Reply {
    const slot = second & 15;
    if (!this.#isDataLocked || !this.#spend(slot)) return failed(codes.execution, ms.kdf);
    return answer(createHmac('sha256', this.#secret(slot)).update(data).digest(), ms.kdf);
  }
}

export const openElement = (chance: Chance, counters: readonly [number, number] = [0, 0]): ElementCore =>
  new Element(chance, counters);
