/** One raw page of flash: its header, and the entries behind it.
 *
 * page  = magic | sequence | salt | CRC(the twelve bytes before, 0) | entries; all words little-endian
 * entry = kind (1), 0x5a (1), length of the payload (2) | number | payload, padded with zeros to whole words | CRC
 * The CRC of an entry is seeded by salt xor its offset in the page, so bytes inside an entry that was torn, a peer's
 * bytes among them, are no entry: who chose them knew neither. It is the last word, as flash is written upwards.
 *
 * 1. Each word is written once between two erases. (test/device/journal.cuts.test.ts)
 * 2. No bytes of a payload are taken for an entry. (test/device/journal.page.test.ts)
 */

/** As the firmware's module: nothing says that a write or an erase failed. */
export interface Flash {
  read(length: number, address: number): Uint8Array;
  write(bytes: Uint8Array, address: number): void;
  erasePage(address: number): void;
}

export interface Ports {
  readonly flash: Flash;
  /** CRC-32 of the bytes, going on from a seed. */
  crc(bytes: Uint8Array, seed: number): number;
  /** A random word. */
  random(): number;
}

/** Pages that nothing else writes. */
export interface Area {
  readonly address: number;
  readonly pages: number;
  readonly pageBytes: number;
  readonly erasesMax: number;
}

export interface Page {
  readonly address: number;
  readonly bytes: number;
  readonly sequence: number;
  readonly salt: number;
}

/** Where a valid entry lies. */
export interface Place {
  readonly kind: number;
  readonly number: number;
  readonly address: number;
  /** Of the whole entry. */
  readonly size: number;
}

export const headerBytes = 16;
/** Kind, length and number before the payload. */
export const payloadAt = 8;
export const entryBytesMin = 12;
const magic = 0x314a4d00;
const check = 0x5a;
const chunkBytes = 64;

export const sizeOf = (payloadBytes: number): number => entryBytesMin + ((payloadBytes + 3) & ~3);

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);

/** An entry without number and CRC, to be filled from `payloadAt` on. */
export function newEntry(kind: number, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeOf(payloadBytes));
  bytes[0] = kind;
  bytes[1] = check;
  bytes[2] = payloadBytes & 0xff;
  bytes[3] = payloadBytes >> 8;
  return bytes;
}

function isBlank({ flash, crc }: Ports, address: number, salt: number): boolean {
  const blank = new Uint8Array(chunkBytes);
  blank.fill(0xff);
  return crc(flash.read(chunkBytes, address), salt) === crc(blank, salt);
}

/** All but the last word has the CRC that the last word is. */
function holds({ crc }: Ports, bytes: Uint8Array, seed: number): boolean {
  const body = bytes.length - 4;
  return crc(bytes.subarray(0, body), seed) >>> 0 === viewOf(bytes).getUint32(body, true);
}

/** Writes and reads back: errors of flash are silent. */
function writeSure(ports: Ports, bytes: Uint8Array, address: number, seed: number): boolean {
  const body = bytes.length - 4;
  const sum = ports.crc(bytes.subarray(0, body), seed) >>> 0;
  viewOf(bytes).setUint32(body, sum, true);
  ports.flash.write(bytes, address);
  const back = ports.flash.read(bytes.length, address);
  return viewOf(back).getUint32(body, true) === sum && holds(ports, back, seed);
}

const addressOf = ({ address, pages, pageBytes }: Area, sequence: number): number =>
  address + (sequence % pages) * pageBytes;

export function openPage(ports: Ports, area: Area, index: number): Page | null {
  const address = area.address + index * area.pageBytes;
  const bytes = ports.flash.read(headerBytes, address);
  const view = viewOf(bytes);
  const sequence = view.getUint32(4, true);
  if (view.getUint32(0, true) !== magic || !holds(ports, bytes, 0)) return null;
  if (addressOf(area, sequence) !== address) return null;
  return { address, bytes: area.pageBytes, sequence, salt: view.getUint32(8, true) };
}

/** Erases always, even what looks blank: an erase that was cut short may look so. */
export function formatPage(ports: Ports, area: Area, sequence: number): Page | null {
  const address = addressOf(area, sequence);
  const salt = ports.random() >>> 0;
  ports.flash.erasePage(address);
  for (let at = 0; at < area.pageBytes; at += chunkBytes)
    if (!isBlank(ports, address + at, salt)) return null;
  const bytes = new Uint8Array(headerBytes);
  const view = viewOf(bytes);
  view.setUint32(0, magic, true);
  view.setUint32(4, sequence, true);
  view.setUint32(8, salt, true);
  return writeSure(ports, bytes, address, 0) ? { address, bytes: area.pageBytes, sequence, salt } : null;
}

/** False where it does not read back: the place is lost until the page is erased. */
export function writeEntry(ports: Ports, page: Page, offset: number, bytes: Uint8Array): boolean {
  return writeSure(ports, bytes, page.address + offset, (page.salt ^ offset) >>> 0);
}

/** Null where it reads no longer as it did. */
export function readEntry(ports: Ports, page: Page, { address, size }: Place): Uint8Array | null {
  const bytes = ports.flash.read(size, address);
  return holds(ports, bytes, (page.salt ^ (address - page.address)) >>> 0) ? bytes : null;
}

/** What a word says if it begins an entry: its size, or 0. */
function sizeIn(head: Uint8Array, room: number): number {
  if (head[1] !== check) return 0;
  const size = sizeOf(head[2]! + head[3]! * 256);
  return size <= room ? size : 0;
}

/** Every valid entry, upwards; and from which offset on no word was ever written. A torn entry has its whole length
 * left alone: words of it may be written that read as blank. */
export function scanPage(ports: Ports, page: Page, visit: (place: Place, bytes: Uint8Array) => void): number {
  const { address, salt } = page;
  let free = headerBytes;
  let offset = headerBytes;
  while (offset + entryBytesMin <= page.bytes) {
    const room = page.bytes - offset;
    const head = ports.flash.read(4, address + offset);
    const size = sizeIn(head, room);
    let step = 4;
    if (size) {
      const bytes = ports.flash.read(size, address + offset);
      free = Math.max(free, offset + size);
      if (holds(ports, bytes, (salt ^ offset) >>> 0)) {
        const number = viewOf(bytes).getUint32(4, true);
        visit({ kind: bytes[0]!, number, address: address + offset, size }, bytes);
        step = size;
      }
    } else if ((head[0]! & head[1]! & head[2]! & head[3]!) !== 0xff) free = Math.max(free, offset + 4);
    else if (room >= chunkBytes && isBlank(ports, address + offset, salt)) step = chunkBytes;
    offset += step;
  }
  return free;
}
