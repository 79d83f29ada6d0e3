/** The wallet's book in its journal: entries go in, and a boot gets the same book out.
 *
 * 1. A boot folds what was recorded, and no more. (test/device/journal.ledger.test.ts)
 */
import type { FaultName } from '#circuits/fault.ts';
import { type Book, blank, type Entry } from '../wallet/book.ts';
import { fold } from '../wallet/fold.ts';
import { type Alive, encodeSeal, parseSeal, type Sealed } from './codec.seal.ts';
import { encodeEntry, entryKinds, parseEntry, partsOf } from './codec.ts';
import {
  appendEntry,
  formatJournal,
  type Journal,
  type Keeper,
  makeFirm,
  openJournal,
  visitEntries,
} from './journal.ts';
import type { Area, Place, Ports } from './page.ts';

/** Entries that the book still needs beside the seal, oldest first. */
interface Kept {
  sent: Place[];
  refusals: Place[];
  taken: Place[];
  refused: Place[];
  evidence: Place[];
  close: Place[];
}

export interface Ledger {
  readonly journal: Journal;
  readonly keeper: Keeper;
  readonly kept: Kept;
  /** Why the newest entry could not be made firm: nothing is recorded any more and the newest claim is not sent, while all
   * that is older still settles. */
  readonly fault: FaultName | null;
  book: Book;
}

const firstOf = (places: readonly Place[]): number => (places.length ? places[0]!.number : 0);

function aliveOf({ sent, taken, refused, evidence, close }: Kept): Alive {
  return {
    sent: firstOf(sent),
    taken: firstOf(taken),
    refused: firstOf(refused),
    evidence: firstOf(evidence),
    close: firstOf(close),
  };
}

const isFrom = (first: number, number: number) => first !== 0 && number >= first;

function isAlive(alive: Alive, kind: number, number: number): boolean {
  if (kind === entryKinds.paid || kind === entryKinds.refusal) return isFrom(alive.sent, number);
  if (kind === entryKinds.taken) return isFrom(alive.taken, number);
  if (kind === entryKinds.refused) return isFrom(alive.refused, number);
  if (kind === entryKinds.evidence) return isFrom(alive.evidence, number);
  return kind === entryKinds.closed && isFrom(alive.close, number);
}

/** The newest so many. */
function newest(places: Place[], count: number): Place[] {
  return places.length > count ? places.slice(places.length - count) : places;
}

/** Keeps what the book keeps: each of its lists loses its oldest only. */
function keep(kept: Kept, book: Book, place: Place): void {
  const { kind } = place;
  if (kind === entryKinds.paid) kept.sent.push(place);
  else if (kind === entryKinds.refusal) kept.refusals.push(place);
  else if (kind === entryKinds.taken) kept.taken.push(place);
  else if (kind === entryKinds.refused) kept.refused.push(place);
  else if (kind === entryKinds.evidence) kept.evidence.push(place);
  else if (kind === entryKinds.closed) kept.close.push(place);
  kept.sent = newest(kept.sent, book.sent.length);
  kept.taken = newest(kept.taken, book.taken.length);
  kept.refused = newest(kept.refused, book.refused.length);
  kept.evidence = newest(kept.evidence, book.accused.length);
  kept.close = newest(kept.close, book.isClosed ? 1 : 0);
  const from = firstOf(kept.sent);
  kept.refusals = kept.refusals.filter(({ number }) => isFrom(from, number));
}

function liveBytes(kept: Kept): number {
  let bytes = 0;
  for (const places of [kept.sent, kept.refusals, kept.taken, kept.refused, kept.evidence, kept.close])
    for (const { size } of places) bytes += size;
  return bytes;
}

export const formatLedger = (ports: Ports, area: Area): boolean =>
  formatJournal(ports, area, encodeSeal(blank, { sent: 0, taken: 0, refused: 0, evidence: 0, close: 0 }));

/** At the seal: lists from the entries before it, all else from itself. */
function unseal({ book, states }: Sealed, { sent, taken, refused }: Book): Book {
  const stated = sent.map((each, i) => ({ ...each, state: states[i]! }));
  return { ...book, sent: stated, taken, refused };
}

function readLedger(journal: Journal, kept: Kept): Book {
  const { ports, seal } = journal;
  const sealed = parseSeal(ports.flash.read(seal.size, seal.address));
  const before: Place[] = [];
  let book = blank;
  let isUnsealed = false;
  const open = () => {
    isUnsealed = true;
    book = unseal(sealed, book);
    for (const place of before) keep(kept, book, place);
  };
  visitEntries(journal, (place, bytes) => {
    if (place.number < seal.number) {
      if (!isAlive(sealed.alive, place.kind, place.number)) return;
      book = fold(book, parseEntry(bytes));
      before.push(place);
      return;
    }
    if (!isUnsealed) open();
    book = fold(book, parseEntry(bytes));
    keep(kept, book, place);
  });
  if (!isUnsealed) open();
  return book;
}

/** Null where no journal is. */
export function openLedger(ports: Ports, area: Area): Ledger | null {
  const journal = openJournal(ports, area);
  if (!journal) return null;
  const kept: Kept = { sent: [], refusals: [], taken: [], refused: [], evidence: [], close: [] };
  const book = readLedger(journal, kept);
  const keeper: Keeper = {
    isLive: (kind, number) => isAlive(aliveOf(kept), kind, number),
    liveBytes: () => liveBytes(kept),
    seal: () => encodeSeal(ledger.book, aliveOf(kept)),
  };
  // Its seal is asked for while it is made firm.
  const ledger = { journal, keeper, kept, book, fault: null as FaultName | null };
  ledger.fault = makeFirm(journal, keeper);
  return ledger;
}

/** Durable when it returns null. */
export function recordEntry(ledger: Ledger, entry: Entry): FaultName | null {
  if (ledger.fault) return ledger.fault;
  const place = appendEntry(ledger.journal, ledger.keeper, encodeEntry(entry));
  if (typeof place === 'string') return place;
  ledger.book = fold(ledger.book, entry);
  keep(ledger.kept, ledger.book, place);
  return null;
}

/** Of the claim that was sent as the so-many-th of the book: signed claim, signed request, position after it. */
export function readParts(ledger: Ledger, index: number): readonly Uint8Array[] {
  const wanted = ledger.kept.sent[index]!.number;
  let parts: readonly Uint8Array[] = [];
  visitEntries(ledger.journal, (place, bytes) => {
    if (place.number === wanted) parts = partsOf(parseEntry(bytes));
  });
  return parts;
}
