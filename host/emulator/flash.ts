/** One NOR flash chip: bits only clear until a page is erased, and nothing says so when that fails.
 *
 * An operation is one write of up to 2,048 bytes or one erased page, as the firmware orders them; power may fail, or the
 * chip may do nothing, at any of them. Words beyond the manufacturer's limit between two erases (181 in a block of 512
 * bytes on the nRF52832, 2 in a word on the nRF52840 and 52833) program badly, and so does a page that is worn out.
 *
 * 1. A write clears bits and sets none. (test/host/emulator.flash.test.ts)
 * 2. A cut leaves what was written before it, a torn byte, and nothing after it. (test/host/emulator.flash.test.ts)
 * 3. No failure is reported to who writes. (test/host/emulator.flash.test.ts)
 */
import type { Chance } from './chance.ts';

/** Ends whatever runs on the board: no code of the board sees it. */
export class PowerCut extends Error {
  constructor() {
    super('power is cut');
    this.name = 'PowerCut';
  }
}

export interface WordLimit {
  readonly blockBytes: number;
  readonly writesMax: number;
}

export interface FlashGeometry {
  readonly address: number;
  readonly bytes: number;
  readonly pageBytes: number;
  /** What is programmed at once: 4 on nRF52, 1 on SPI flash. */
  readonly wordBytes: number;
  readonly wordLimit?: WordLimit;
  /** Erases of a page before it wears out. */
  readonly erasesMax: number;
  /** Microseconds. */
  readonly wordUs: number;
  readonly eraseUs: number;
}

export interface Operation {
  readonly kind: 'write' | 'erase';
  readonly address: number;
  readonly length: number;
}

/** What goes wrong at an operation, counted from 0 since the last plan. */
export interface Mishap {
  readonly operation: number;
  /** `cut`: power fails there. `silent`: the chip does nothing and reports success. */
  readonly kind: 'cut' | 'silent';
  /** Of a cut: at which byte; equal to the length: right after the operation. */
  readonly byte?: number;
  /** Of a cut erase: every bit has come back or not on its own, instead of byte after byte. */
  readonly scattered?: boolean;
}

export interface Misuse {
  readonly kind: 'words' | 'worn' | 'locked' | 'protected';
  readonly address: number;
}

/** The operations of all flash of a board, counted together, and what goes wrong at which. */
export class Operations {
  /** Set to keep every operation. */
  trace: Operation[] | undefined;
  #count = 0;
  #mishaps: readonly Mishap[] = [];

  /** Since the count began. */
  get count(): number {
    return this.#count;
  }

  /** Begins to count at 0 again, with these mishaps ahead. */
  plan(mishaps: readonly Mishap[] = []): void {
    this.#count = 0;
    this.#mishaps = mishaps;
  }

  begin(operation: Operation): Mishap | undefined {
    this.trace?.push(operation);
    const number = this.#count++;
    return this.#mishaps.find(mishap => mishap.operation === number);
  }
}

/** A write of the firmware goes out in pieces of this size. */
const writeBytesMax = 2_048;
const misuseMax = 1_000;

export class Flash {
  readonly geometry: FlashGeometry;
  /** The chip's bytes, where the board sees them. */
  readonly bytes: Uint8Array;
  /** What was done that the manufacturer forbids. */
  readonly misuse: Misuse[] = [];
  readonly erases: Uint16Array;
  /** Since the chip was made: words programmed, pages erased. */
  readonly totals = { words: 0, erases: 0 };
  /** Told how long the chip is busy. */
  onBusy: (us: number) => void = () => {};
  readonly #operations: Operations;
  readonly #chance: Chance;
  readonly #wordWrites: Uint8Array;
  #locks: readonly { readonly from: number; readonly to: number }[] = [];

  constructor(geometry: FlashGeometry, bytes: Uint8Array, chance: Chance, operations: Operations) {
    if (bytes.length !== geometry.bytes)
      throw new Error(`a chip of ${geometry.bytes} bytes on ${bytes.length}`);
    this.geometry = geometry;
    this.#operations = operations;
    this.bytes = bytes.fill(0xff);
    this.#chance = chance;
    this.erases = new Uint16Array(geometry.bytes / geometry.pageBytes);
    this.#wordWrites = new Uint8Array(
      geometry.wordLimit ? geometry.bytes / geometry.wordLimit.blockBytes : 0,
    );
  }

  get end(): number {
    return this.geometry.address + this.geometry.bytes;
  }

  holds(address: number, length = 1): boolean {
    return address >= this.geometry.address && address + length <= this.end;
  }

  read(address: number, length: number): Uint8Array {
    const offset = address - this.geometry.address;
    return this.bytes.slice(offset, offset + length);
  }

  /** Programs whole words. */
  write(address: number, data: Uint8Array): void {
    const { wordBytes } = this.geometry;
    if (address % wordBytes || data.length % wordBytes) throw new Error('a write covers whole words');
    for (let from = 0; from < data.length; from += writeBytesMax)
      this.#writePiece(address + from, data.subarray(from, from + writeBytesMax));
  }

  #writePiece(address: number, data: Uint8Array): void {
    const mishap = this.#begin({ kind: 'write', address, length: data.length });
    if (mishap?.kind === 'silent' || this.#isLocked(address, data.length)) return;
    const { wordBytes, wordUs } = this.geometry;
    const until = mishap?.byte ?? data.length;
    for (let at = 0; at < Math.min(until, data.length); at += wordBytes)
      this.#program(address + at, data.subarray(at, Math.min(at + wordBytes, until)));
    this.onBusy((Math.min(until, data.length) / wordBytes) * wordUs);
    if (!mishap) return;
    if (until < data.length) this.#tear(address + until, data[until]!);
    throw new PowerCut();
  }

  #program(address: number, word: Uint8Array): void {
    const { wordLimit } = this.geometry;
    const offset = address - this.geometry.address;
    this.totals.words += 1;
    let isWeak = this.#isWorn(offset);
    if (wordLimit) {
      const block = Math.floor(offset / wordLimit.blockBytes);
      const writes = Math.min(255, this.#wordWrites[block]! + 1);
      this.#wordWrites[block] = writes;
      if (writes > wordLimit.writesMax) {
        isWeak = true;
        this.#note({ kind: 'words', address });
      }
    }
    for (let i = 0; i < word.length; i++)
      this.bytes[offset + i]! &= isWeak ? word[i]! | (this.#chance.word() & 0xff) : word[i]!;
  }

  #tear(address: number, byte: number): void {
    this.bytes[address - this.geometry.address]! &= byte | (this.#chance.word() & 0xff);
  }

  /** Erases the page that holds an address. */
  erase(address: number): void {
    const { pageBytes, eraseUs } = this.geometry;
    const offset = address - this.geometry.address;
    const page = Math.floor(offset / pageBytes);
    const start = page * pageBytes;
    const mishap = this.#begin({
      kind: 'erase',
      address: this.geometry.address + start,
      length: pageBytes,
    });
    if (mishap?.kind === 'silent' || this.#isLocked(this.geometry.address + start, pageBytes)) return;
    this.onBusy(eraseUs);
    this.totals.erases += 1;
    this.erases[page] = Math.min(0xffff, this.erases[page]! + 1);
    const until = mishap?.byte ?? pageBytes;
    if (mishap?.scattered) this.#scatter(start, until / pageBytes);
    else this.#clear(start, until);
    if (mishap) throw new PowerCut();
  }

  #clear(start: number, length: number): void {
    const { pageBytes, wordLimit } = this.geometry;
    const isWorn = this.#isWorn(start);
    for (let at = start; at < start + Math.min(length + 1, pageBytes); at++) {
      const isTorn = at === start + length;
      // A worn cell and a torn one come back by chance.
      this.bytes[at]! |= isTorn || isWorn ? this.#chance.word() & this.#chance.word() & 0xff : 0xff;
      if (isWorn && this.#chance.happens(0.99)) this.bytes[at] = 0xff;
    }
    if (isWorn) this.#note({ kind: 'worn', address: this.geometry.address + start });
    if (!wordLimit || length < pageBytes) return;
    this.#wordWrites.fill(0, start / wordLimit.blockBytes, (start + pageBytes) / wordLimit.blockBytes);
  }

  #scatter(start: number, share: number): void {
    const { pageBytes } = this.geometry;
    for (let at = start; at < start + pageBytes; at++)
      for (let bit = 0; bit < 8; bit++) if (this.#chance.happens(share)) this.bytes[at]! |= 1 << bit;
  }

  #begin(operation: Operation): Mishap | undefined {
    if (!this.holds(operation.address, operation.length))
      throw new Error(`no flash at 0x${operation.address.toString(16)}`);
    return this.#operations.begin(operation);
  }

  #isWorn(offset: number): boolean {
    return this.erases[Math.floor(offset / this.geometry.pageBytes)]! > this.geometry.erasesMax;
  }

  #isLocked(address: number, length: number): boolean {
    const isLocked = this.#locks.some(({ from, to }) => address < to && address + length > from);
    if (isLocked) this.#note({ kind: 'locked', address });
    return isLocked;
  }

  #note(misuse: Misuse): void {
    if (this.misuse.length < misuseMax) this.misuse.push(misuse);
  }

  /** Nothing writes or erases these addresses until the next reset. */
  lock(from: number, to: number): void {
    this.#locks = [...this.#locks, { from, to }];
  }

  /** The processor starts anew. */
  reset(): void {
    this.#locks = [];
  }

  /** What an attacker with the chip in hand copies, and writes back later. */
  snapshot(): Uint8Array {
    return this.bytes.slice();
  }

  restore(bytes: Uint8Array): void {
    this.bytes.set(bytes);
    this.#wordWrites.fill(0);
  }

  /** As a programmer writes it from outside, by whole image: no wear, no limit. */
  load(address: number, data: Uint8Array): void {
    this.bytes.set(data, address - this.geometry.address);
  }
}
