/** The journal: entries in pages that take turns, so that whatever the power fails at, each is there or was never done.
 *
 * Pages form a ring: page number `sequence` lies at `sequence` modulo the number of pages. In play are those from `first`
 * to the newest; one more is spare, and erased right before its turn. A turn writes header, then what still lives of the
 * oldest page (of the only one, where there are two pages), then the seal; by the seal the new page counts and the oldest
 * does not. Before the seal nothing has changed.
 *
 * seal = first | tick | the owner's bytes: what entries that are gone have left behind
 * tick = value: the counter of boards that have no other
 * mark = nothing: the entry before it was read back under power, so no bit of it is half programmed
 *
 * 1. Boot finds every entry that was durable and none that was not begun. (test/device/journal.cuts.test.ts)
 * 2. No write limit is ever passed. (test/device/journal.cuts.test.ts)
 * 3. At its end it names a fault, and loses nothing. (test/device/journal.wear.test.ts)
 */
import type { FaultName } from '#circuits/fault.ts';
import { hasRoom, reserveBytes, turnsMax } from './capacity.ts';
import {
  type Area,
  entryBytesMin,
  formatPage,
  headerBytes,
  newEntry,
  openPage,
  type Page,
  type Place,
  type Ports,
  payloadAt,
  readEntry,
  scanPage,
  viewOf,
  writeEntry,
} from './page.ts';

/** Kinds of the journal itself; those of its owner begin above. */
const kinds = { seal: 1, mark: 2, tick: 3 } as const;
export const kindMin = 16;
/** Where the owner's bytes of a seal begin. */
export const sealAt = payloadAt + 8;

/** Who owns the entries. */
export interface Keeper {
  /** Whether an entry is needed beside the seal. */
  isLive(kind: number, number: number): boolean;
  /** Of all those. */
  liveBytes(): number;
  /** From `newSeal`. */
  seal(): Uint8Array;
}

interface Cursor {
  readonly page: Page;
  free: number;
}

export interface Journal {
  readonly ports: Ports;
  readonly area: Area;
  head: Cursor;
  first: number;
  /** The newest seal. */
  seal: Place;
  /** Of the next entry. */
  next: number;
  /** Of the boards without another counter. */
  tick: number;
  /** The newest entry, of any kind. */
  last: Place;
}

type Visit = (place: Place, bytes: Uint8Array) => void;

export const newSeal = (bytes: number): Uint8Array => newEntry(kinds.seal, 8 + bytes);

/** Writes an entry, further on where it does not read back. */
function put(ports: Ports, cursor: Cursor, bytes: Uint8Array, room: number): Place | null {
  const { page } = cursor;
  const size = bytes.length;
  while (cursor.free + size + room <= page.bytes) {
    const offset = cursor.free;
    cursor.free += size;
    if (writeEntry(ports, page, offset, bytes)) {
      const number = viewOf(bytes).getUint32(4, true);
      return { kind: bytes[0]!, number, address: page.address + offset, size };
    }
  }
  return null;
}

function numbered(bytes: Uint8Array, number: number): Uint8Array {
  viewOf(bytes).setUint32(4, number, true);
  return bytes;
}

function sealed(bytes: Uint8Array, number: number, first: number, tick: number): Uint8Array {
  const view = viewOf(numbered(bytes, number));
  view.setUint32(payloadAt, first, true);
  view.setUint32(payloadAt + 4, tick, true);
  return bytes;
}

/** Once, when the board is provisioned: a journal is never made anew where one is missing. */
export function formatJournal(ports: Ports, area: Area, seal: Uint8Array): boolean {
  for (let index = 0; index < area.pages; index++)
    if (index !== 1 && openPage(ports, area, index))
      ports.flash.erasePage(area.address + index * area.pageBytes);
  const page = formatPage(ports, area, 1);
  return page !== null && put(ports, { page, free: headerBytes }, sealed(seal, 1, 1, 0), 0) !== null;
}

interface Look {
  readonly page: Page;
  readonly free: number;
  readonly seal: Place | null;
  readonly sealBytes: Uint8Array | null;
  readonly last: Place | null;
  readonly tick: number;
  /** The highest number in it. */
  readonly highest: number;
}

function lookAt(ports: Ports, page: Page): Look {
  let seal: Place | null = null;
  let sealBytes: Uint8Array | null = null;
  let last: Place | null = null;
  let tick = 0;
  let highest = 0;
  const free = scanPage(ports, page, (place, bytes) => {
    last = place;
    highest = Math.max(highest, place.number);
    if (place.kind === kinds.seal) {
      seal = place;
      sealBytes = bytes;
      tick = Math.max(tick, viewOf(bytes).getUint32(payloadAt + 4, true));
    } else if (place.kind === kinds.tick) tick = Math.max(tick, viewOf(bytes).getUint32(payloadAt, true));
  });
  return { page, free, seal, sealBytes, last, tick, highest };
}

function newestPage(ports: Ports, area: Area, below: number): Page | null {
  let newest: Page | null = null;
  for (let index = 0; index < area.pages; index++) {
    const page = openPage(ports, area, index);
    if (page && page.sequence < below && (!newest || page.sequence > newest.sequence)) newest = page;
  }
  return newest;
}

function hasPages(ports: Ports, area: Area, first: number, newest: number): boolean {
  for (let sequence = first; sequence <= newest; sequence++)
    if (openPage(ports, area, sequence % area.pages)?.sequence !== sequence) return false;
  return newest - first < area.pages;
}

/** Null where no journal is, or one with a page missing. `makeFirm` comes next, before anybody acts on what it says. */
export function openJournal(ports: Ports, area: Area): Journal | null {
  let begun = 0;
  let below = 0xffff_ffff;
  for (;;) {
    const page = newestPage(ports, area, below);
    if (!page) return null;
    const { free, seal, sealBytes, last, tick, highest } = lookAt(ports, page);
    if (seal && sealBytes && last) {
      const first = viewOf(sealBytes).getUint32(payloadAt, true);
      // A page that was cut before its seal holds nothing but older entries. With newer ones its seal has rotted.
      if (begun > highest || !hasPages(ports, area, first, page.sequence)) return null;
      return { ports, area, head: { page, free }, first, seal, next: highest + 1, tick, last };
    }
    begun = Math.max(begun, highest);
    below = page.sequence;
  }
}

function pageOf({ ports, area, head }: Journal, sequence: number): Page {
  return sequence === head.page.sequence ? head.page : openPage(ports, area, sequence % area.pages)!;
}

/** Each entry of a page once: copies of one have its number. */
function visitPage(journal: Journal, sequence: number, visit: Visit): void {
  let before = 0;
  scanPage(journal.ports, pageOf(journal, sequence), (place, bytes) => {
    if (place.kind < kindMin || place.number <= before) return;
    before = place.number;
    visit(place, bytes);
  });
}

/** The owner's entries, oldest first. Those before the seal may be dead: their owner asks the seal. */
export function visitEntries(journal: Journal, visit: Visit): void {
  const { first, head } = journal;
  if (first === head.page.sequence) {
    visitPage(journal, first, visit);
    return;
  }
  const places: Place[] = [];
  for (let sequence = first; sequence <= head.page.sequence; sequence++)
    visitPage(journal, sequence, place => places.push(place));
  places.sort((a, b) => a.number - b.number);
  for (const place of places) visit(place, journal.ports.flash.read(place.size, place.address));
}

/** True where all that lives of the oldest page is in the new one. */
function moveOldest(journal: Journal, keeper: Keeper, cursor: Cursor): boolean {
  let isMoved = true;
  visitPage(journal, journal.first, ({ kind, number }, bytes) => {
    if (isMoved && keeper.isLive(kind, number))
      isMoved = put(journal.ports, cursor, bytes, reserveBytes) !== null;
  });
  return isMoved;
}

function beginTurn(journal: Journal, keeper: Keeper, sequence: number): boolean {
  const { ports, area, first, tick, next } = journal;
  const page = formatPage(ports, area, sequence);
  if (!page) return false;
  const cursor = { page, free: headerBytes };
  const isRound = sequence - first + 1 >= area.pages;
  if (isRound && !moveOldest(journal, keeper, cursor)) return false;
  const kept = isRound ? first + 1 : first;
  const seal = put(ports, cursor, sealed(keeper.seal(), next, kept, tick), reserveBytes);
  if (!seal) return false;
  journal.head = cursor;
  journal.first = kept;
  journal.seal = seal;
  journal.last = seal;
  journal.next = next + 1;
  return true;
}

/** Twice, since a write or an erase may fail once. */
function turnPage(journal: Journal, keeper: Keeper): FaultName | null {
  const sequence = journal.head.page.sequence + 1;
  if (sequence > turnsMax(journal.area)) return 'worn';
  const isTurned = beginTurn(journal, keeper, sequence) || beginTurn(journal, keeper, sequence);
  return isTurned ? null : 'worn';
}

/** Bytes that an entry leaves free behind it: the mark of a boot, the tick of a payment, and in a ring of pages what the
 * seal of the page that it moves to may need more than that of its own. */
function roomAfter({ area, seal }: Journal, kind: number): number {
  if (kind === kinds.mark) return 0;
  if (kind === kinds.tick) return entryBytesMin;
  return reserveBytes + (area.pages > 2 ? Math.max(0, area.pageBytes / 4 - seal.size) : 0);
}

/** An entry made by `newEntry`: where it is for good, or why it is nowhere. */
export function appendEntry(journal: Journal, keeper: Keeper, bytes: Uint8Array): Place | FaultName {
  const { ports, area } = journal;
  for (let turns = 0; turns < area.pages; turns++) {
    const entry = numbered(bytes, journal.next);
    const place = put(ports, journal.head, entry, roomAfter(journal, bytes[0]!));
    if (place) {
      journal.next += 1;
      journal.last = place;
      return place;
    }
    const load = { live: keeper.liveBytes(), seal: keeper.seal().length, entry: bytes.length };
    if (turns === 0 && !hasRoom(area, load)) return 'full';
    const fault = turnPage(journal, keeper);
    if (fault) return fault;
  }
  return 'full';
}

/** Counts on, in words of its own. */
export function appendTick(journal: Journal, keeper: Keeper, tick: number): FaultName | null {
  const bytes = newEntry(kinds.tick, 4);
  viewOf(bytes).setUint32(payloadAt, tick, true);
  const place = appendEntry(journal, keeper, bytes);
  if (typeof place === 'string') return place;
  journal.tick = tick;
  return null;
}

/** The newest entry may have been cut in its last word, and read well today and not tomorrow: it is written once more,
 * elsewhere, and marked, so that the next boots leave it alone. */
export function makeFirm(journal: Journal, keeper: Keeper): FaultName | null {
  const { ports, last } = journal;
  if (last.kind === kinds.mark) return null;
  const bytes = readEntry(ports, journal.head.page, last);
  if (!bytes) return 'worn';
  const copy = put(ports, journal.head, bytes, entryBytesMin);
  if (copy && copy.kind === kinds.seal) journal.seal = copy;
  const fault = copy ? null : turnPage(journal, keeper);
  if (fault) return fault;
  const mark = numbered(newEntry(kinds.mark, 0), last.number);
  const place = put(ports, journal.head, mark, 0);
  if (place) journal.last = place;
  return null;
}
