/** The smallest owner of a journal: numbered items of any length, of which the newest few live. */
import {
  appendEntry,
  formatJournal,
  type Journal,
  type Keeper,
  kindMin,
  makeFirm,
  newSeal,
  openJournal,
  sealAt,
  visitEntries,
} from '#device/journal/journal.ts';
import { newEntry, payloadAt } from '#device/journal/page.ts';
import type { Chip } from './journal.chip.ts';

/** An item is its number, repeated. */
function encodeItem(item: number, bytes: number): Uint8Array {
  const entry = newEntry(kindMin, bytes);
  for (let i = 0; i < bytes; i++) entry[payloadAt + i] = i < 2 ? item >> (8 * i) : item * 7 + i;
  return entry;
}

function readItem(bytes: Uint8Array): number {
  const item = bytes[payloadAt]! | (bytes[payloadAt + 1]! << 8);
  const wanted = encodeItem(item, bytes[2]! | (bytes[3]! << 8));
  if (!wanted.subarray(payloadAt, -4).every((byte, i) => byte === bytes[payloadAt + i]))
    throw new Error(`item ${item} is not what was written`);
  return item;
}

export interface Items {
  readonly journal: Journal;
  readonly items: { item: number; number: number; size: number }[];
  readonly keeper: Keeper;
  /** Why the newest could not be made firm. */
  readonly fault: string | null;
}

/** Items before the oldest live one are gone: that number is all that the seal says. */
function sealOf(number: number): Uint8Array {
  const seal = newSeal(4);
  new DataView(seal.buffer).setUint32(sealAt, number, true);
  return seal;
}

export const formatItems = ({ ports, area }: Chip) => formatJournal(ports, area, sealOf(0));

export function openItems({ ports, area }: Chip, keep: number): Items {
  const journal = openJournal(ports, area);
  if (!journal) throw new Error('no journal');
  const { seal } = journal;
  const from = new DataView(ports.flash.read(seal.size, seal.address).buffer).getUint32(sealAt, true);
  const items: Items['items'] = [];
  visitEntries(journal, ({ number, size }, bytes) => {
    if (number > seal.number || number >= from) items.push({ item: readItem(bytes), number, size });
  });
  items.splice(0, Math.max(0, items.length - keep));
  const keeper: Keeper = {
    isLive: (_kind, number) => items.some(each => each.number === number),
    liveBytes: () => items.reduce((sum, { size }) => sum + size, 0),
    seal: () => sealOf(items[0]?.number ?? journal.next),
  };
  return { journal, items, keeper, fault: makeFirm(journal, keeper) };
}

/** The fault, or null: then it is durable, and only the newest so many live on. */
export function addItem(into: Items, item: number, bytes: number, keep: number): string | null {
  const place = appendEntry(into.journal, into.keeper, encodeItem(item, bytes));
  if (typeof place === 'string') return place;
  into.items.push({ item, number: place.number, size: place.size });
  into.items.splice(0, Math.max(0, into.items.length - keep));
  return null;
}
