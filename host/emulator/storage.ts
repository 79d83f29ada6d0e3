/** Espruino's Storage: a log of files in flash, as jsflash.c of the firmware keeps it, with its weak points.
 *
 * A file: size (3 bytes) | flags (1) | name (28, zeros behind) | data, padded to 4 bytes. A replaced or erased file has
 * its first four bytes of name cleared and stays until compaction. Nothing is checked, nothing is atomic: a new content
 * drops the old file first, compaction moves files in place through a buffer of one page.
 *
 * 1. It reads and leaves the same bytes as the interpreter's own. (test/device/interpreter.storage.test.ts)
 * 2. A broken chain of headers at power-on costs every file. (test/device/interpreter.storage.test.ts)
 */
import { crc32 } from 'node:zlib';

/** What it needs of the flash that it lies in. */
export interface Ground {
  read(address: number, length: number): Uint8Array;
  /** Whole words. */
  write(address: number, data: Uint8Array): void;
  erase(address: number): void;
}

export interface StorageArea {
  readonly address: number;
  readonly bytes: number;
  readonly pageBytes: number;
  /** Files begin at multiples of this. */
  readonly alignment: number;
}

/** Where a file's content lies. */
export interface Place {
  readonly address: number;
  readonly length: number;
}

interface Header {
  /** Of the header itself. */
  readonly at: number;
  readonly size: number;
  readonly flags: number;
  readonly name: string;
  /** Not replaced, not erased. */
  readonly isLive: boolean;
}

export interface Statistics {
  fileBytes: number;
  fileCount: number;
  trashBytes: number;
  trashCount: number;
  freeBytes: number;
  totalBytes: number;
}

/** An exception that the interpreter throws. */
export class StorageRefusal extends Error {}

const headerBytes = 32;
const nameBytes = 28;
const storageFileFlag = 64;
/** Flags of files that list shows and compaction keeps: none, StorageFile, compressed. */
const realFlags: ReadonlySet<number> = new Set([0, storageFileFlag, 128]);
const isErasedByte = (byte: number) => byte === 0xff;

function encodeName(given: string): Uint8Array {
  const bytes = new Uint8Array(nameBytes);
  const name = given[1] === ':' ? given.slice(2) : given;
  // The interpreter copies a C string: it ends at the first zero.
  for (let i = 0; i < nameBytes && i < name.length && name.charCodeAt(i); i++) bytes[i] = name.charCodeAt(i);
  return bytes;
}

function decodeName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end));
}

export class Storage {
  /** Told when content has moved, or gone (`to` is 0), so that strings on it can follow. */
  onMove: (from: number, length: number, to: number) => void = () => {};
  readonly #ground: Ground;
  readonly #area: StorageArea;

  constructor(ground: Ground, area: StorageArea) {
    this.#ground = ground;
    this.#area = area;
  }

  get #end(): number {
    return this.#area.address + this.#area.bytes;
  }

  #align(address: number): number {
    const { alignment } = this.#area;
    return Math.ceil(address / alignment) * alignment;
  }

  #pageAfter(address: number): number | undefined {
    const { pageBytes } = this.#area;
    const next = Math.floor(address / pageBytes) * pageBytes + pageBytes;
    return next < this.#end ? next : undefined;
  }

  /** The header at an address, if that can be one: a size that is neither 0 nor all ones and fits. */
  #header(at: number): Header | undefined {
    if (at + headerBytes > this.#end) return undefined;
    const bytes = this.#ground.read(at, headerBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const word = view.getUint32(0, true);
    const size = word & 0xffffff;
    if (word === 0 || word === 0xffffffff || at + headerBytes + size > this.#end) return undefined;
    return {
      ...{ at, size, flags: word >>> 24, name: decodeName(bytes.subarray(4)) },
      isLive: view.getUint32(4, true) !== 0,
    };
  }

  #follower({ at, size }: Header): number | undefined {
    const next = this.#align(at + headerBytes + size);
    return next + headerBytes > this.#end ? undefined : next;
  }

  /** Headers in their order. Where a chain ends before its page does, the next page may begin another. */
  *#headers({ acrossPages = true, from = this.#area.address } = {}): Generator<Header> {
    let header = this.#header(from);
    while (header) {
      yield header;
      const next = this.#follower(header);
      if (next === undefined) return;
      header = this.#header(next);
      if (header || !acrossPages) continue;
      const page = this.#pageAfter(next);
      header = page === undefined ? undefined : this.#header(page);
    }
  }

  #isErased(address: number, length: number): boolean {
    return this.#ground.read(address, length).every(isErasedByte);
  }

  #find(name: string): Header | undefined {
    const wanted = decodeName(encodeName(name));
    for (const header of this.#headers()) if (header.isLive && header.name === wanted) return header;
    return undefined;
  }

  /** Where so many bytes of a file lie; all of it where the length is 0. */
  read(name: string, offset = 0, length = 0): Place | undefined {
    const header = this.#find(name);
    if (!header) return undefined;
    const from = Math.min(Math.max(0, offset), header.size);
    const wanted = length > 0 ? length : header.size;
    return {
      address: header.at + headerBytes + from,
      length: Math.max(0, Math.min(wanted, header.size - from)),
    };
  }

  /** False where there is no such file. */
  erase(name: string): boolean {
    const header = this.#find(name);
    if (header) this.#drop(header);
    return header !== undefined;
  }

  #drop({ at, size }: Header): void {
    this.onMove(at + headerBytes, size, 0);
    this.#ground.write(at + 4, new Uint8Array(4));
  }

  eraseAll(): void {
    this.onMove(this.#area.address, this.#area.bytes, 0);
    for (let page = this.#area.address; page < this.#end; page += this.#area.pageBytes)
      this.#ground.erase(page);
  }

  /** Names in their order. `storageFiles`: only those that `open` made, or all others. */
  list(storageFiles?: boolean): string[] {
    const names: string[] = [];
    for (const { isLive, flags, name } of this.#headers()) {
      if (!isLive || !realFlags.has(flags)) continue;
      const isStorageFile = flags === storageFileFlag;
      if (storageFiles !== undefined && storageFiles !== isStorageFile) continue;
      if (isStorageFile && !name.endsWith('\x01')) continue;
      names.push(isStorageFile && storageFiles ? name.slice(0, -1) : name);
    }
    return names;
  }

  /** Of names and places of all files that are no logs. */
  hash(): number {
    let hash = 0xabcddcba;
    for (const { at, isLive, flags, name } of this.#headers()) {
      if (!isLive || !realFlags.has(flags) || flags === storageFileFlag) continue;
      hash = ((hash << 1) | (hash >>> 31)) ^ (at + headerBytes) ^ crc32(Buffer.from(name, 'latin1'));
    }
    return hash | 0;
  }

  /** Creates a file of `size` bytes, or fills one that is erased there. The size is that of the data where it is 0. */
  write(name: string, data: Uint8Array, offset = 0, size = 0): void {
    const wanted = size || data.length;
    if (!wanted) throw new StorageRefusal("Can't create zero length file");
    let header = this.#find(name);
    if (offset === 0 && header) {
      const fits = header.flags === 0 && header.size === wanted;
      const content = header.at + headerBytes;
      if (fits && data.length === wanted && this.#isEqual(content, data)) return;
      if (!fits || !this.#isErased(content, wanted)) {
        this.#drop(header);
        header = undefined;
      }
    }
    if (!header && offset === 0) header = this.#create(name, wanted);
    if (!header) throw new StorageRefusal('Unable to find or create file');
    if (offset + data.length > header.size) throw new StorageRefusal('Too much data for file size');
    const content = header.at + headerBytes + offset;
    if (!this.#isErased(content, data.length))
      throw new StorageRefusal('File already written with different data');
    writeUnaligned(this.#ground, content, data, this.#area.alignment);
  }

  #isEqual(address: number, data: Uint8Array): boolean {
    return this.#ground.read(address, data.length).every((byte, i) => byte === data[i]);
  }

  /** Creates a part of a log, which begins with this data. */
  beginPart(name: string, data: Uint8Array, size: number): void {
    const header = this.#create(name, size, storageFileFlag);
    if (!header) throw new StorageRefusal('Unable to find or create file');
    if (data.length > size) throw new StorageRefusal('Too much data for file size');
    writeUnaligned(this.#ground, header.at + headerBytes, data, this.#area.alignment);
  }

  #create(name: string, size: number, flags = 0): Header | undefined {
    const needed = this.#align(size) + headerBytes;
    let hole = this.#hole(needed);
    if (hole.at === undefined && needed < hole.freeBytes + hole.trashBytes && this.compact())
      hole = this.#hole(needed);
    if (hole.at === undefined) return undefined;
    const header = new Uint8Array(headerBytes);
    new DataView(header.buffer).setUint32(0, (size & 0xffffff) | (flags << 24), true);
    header.set(encodeName(name), 4);
    this.#ground.write(hole.at, header);
    return { at: hole.at, size, flags, name, isLive: true };
  }

  /** The first place that is free and long enough, and what compaction could win. */
  #hole(needed: number): { at?: number; freeBytes: number; trashBytes: number } {
    let [freeBytes, trashBytes] = [0, 0];
    for (let page: number | undefined = this.#area.address; page !== undefined; ) {
      let at: number | undefined = page;
      for (const header of this.#headers({ acrossPages: false, from: page })) {
        if (!header.isLive) trashBytes += header.size;
        at = this.#follower(header);
      }
      if (at === undefined) break;
      const next = this.#pageAfter(at);
      const until = next !== undefined && this.#header(next) ? next : this.#end;
      freeBytes += until - at;
      if (until - at >= needed) return { at, freeBytes, trashBytes };
      page = next;
    }
    return { freeBytes, trashBytes };
  }

  statistics(): Statistics {
    const all = { fileBytes: 0, fileCount: 0, trashBytes: 0, trashCount: 0 };
    let last = this.#area.address;
    for (const { at, size, isLive } of this.#headers()) {
      const bytes = this.#align(size) + headerBytes;
      all[isLive ? 'fileBytes' : 'trashBytes'] += bytes;
      all[isLive ? 'fileCount' : 'trashCount'] += 1;
      last = at + bytes;
    }
    return { ...all, freeBytes: this.#end - last, totalBytes: this.#area.bytes };
  }

  /** The page from which files may move: the last one before the first erased file that begins with a header. */
  #firstMovable(): number | undefined {
    const { address, pageBytes } = this.#area;
    let unbroken = address;
    for (const { at, isLive } of this.#headers()) {
      if (at % pageBytes === 0) unbroken = at;
      if (!isLive) return unbroken;
    }
    return undefined;
  }

  /** Moves files together, in place. False where there is nothing to win. */
  compact(): boolean {
    const start = this.#firstMovable();
    if (start === undefined) return false;
    const { pageBytes } = this.#area;
    const buffered = Math.min(this.statistics().fileBytes, pageBytes + headerBytes);
    return new Compaction(this.#ground, { ...this.#area, start, bufferBytes: buffered }).run(
      [...this.#headers({ from: start })],
      (from, length, to) => this.onMove(from, length, to),
    );
  }

  /** What the firmware asks at power-on: does the chain of headers end in erased flash, or at the end? */
  isValid(): boolean {
    let last: Header | undefined;
    for (const header of this.#headers()) last = header;
    if (!last) return this.#isErased(this.#area.address, this.#area.bytes);
    const next = this.#align(last.at + headerBytes + last.size);
    if (next + headerBytes > this.#end) return next <= this.#end;
    // Past an end in the middle of a page, the firmware has looked at the beginning of the next page.
    return this.#isErased(this.#pageAfter(next) ?? next, headerBytes);
  }
}

interface Compacted extends StorageArea {
  readonly start: number;
  readonly bufferBytes: number;
}

/** One run of compaction: live files pass through a ring of one page, pages are erased as the writer enters them. */
class Compaction {
  readonly #ground: Ground;
  readonly #area: Compacted;
  #waiting: number[] = [];
  #writesAt: number;

  constructor(ground: Ground, area: Compacted) {
    this.#ground = ground;
    this.#area = area;
    this.#writesAt = area.start;
  }

  get #end(): number {
    return this.#area.address + this.#area.bytes;
  }

  #pageEnd(address: number): number {
    const { pageBytes } = this.#area;
    return Math.min(this.#end, (Math.floor(address / pageBytes) + 1) * pageBytes);
  }

  run(headers: readonly Header[], onMove: Storage['onMove']): boolean {
    const { alignment, bufferBytes } = this.#area;
    for (const { at, size, flags, isLive } of headers) {
      const readEnd = at + headerBytes + Math.ceil(size / alignment) * alignment;
      if (!isLive || !realFlags.has(flags)) continue;
      const to = this.#writesAt + this.#waiting.length;
      if (to !== at) onMove(at, headerBytes + size, to);
      for (let from = at; from < readEnd; ) {
        const length =
          from === at ? headerBytes : Math.min(readEnd - from, bufferBytes - this.#waiting.length);
        if (length <= 0) return false;
        this.#waiting.push(...this.#ground.read(from, length));
        from += length;
        this.#flush(from);
      }
    }
    this.#flush(this.#end);
    this.#eraseRest(headers);
    return true;
  }

  /** Writes what waits, as long as nothing unread lies on the page. */
  #flush(readAt: number): void {
    while (this.#waiting.length) {
      const pageEnd = this.#pageEnd(this.#writesAt);
      if (readAt < pageEnd) return;
      const length = Math.min(this.#waiting.length, pageEnd - this.#writesAt);
      if (this.#writesAt % this.#area.pageBytes === 0) this.#ground.erase(this.#writesAt);
      this.#ground.write(this.#writesAt, Uint8Array.from(this.#waiting.slice(0, length)));
      this.#waiting = this.#waiting.slice(length);
      this.#writesAt += length;
    }
  }

  /** Up to the page after the one in which the chain ended. */
  #eraseRest(headers: readonly Header[]): void {
    const { start, pageBytes, alignment } = this.#area;
    const last = headers.at(-1);
    const ended = last ? Math.ceil((last.at + headerBytes + last.size) / alignment) * alignment : start;
    const first = this.#writesAt === start ? start : this.#pageEnd(this.#writesAt - 1);
    for (let page = first; page < this.#pageEnd(ended); page += pageBytes) this.#ground.erase(page);
  }
}

/** As the firmware does it: edge words are read, changed and programmed again. */
export function writeUnaligned(ground: Ground, address: number, data: Uint8Array, alignment: number): void {
  const start = address - (address % alignment);
  const end = Math.ceil((address + data.length) / alignment) * alignment;
  const head = Math.min(start === address ? address : start + alignment, end);
  const tail = Math.max(head, end === address + data.length ? end : end - alignment);
  for (const [from, to] of [
    [start, head],
    [head, tail],
    [tail, end],
  ] as const) {
    if (from >= to) continue;
    const words = ground.read(from, to - from);
    const first = Math.max(from, address);
    words.set(data.subarray(first - address, Math.min(to, address + data.length) - address), first - from);
    ground.write(from, words);
  }
}
