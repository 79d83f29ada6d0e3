/** What fits a journal, and how long its flash lasts. */
import { type Area, headerBytes, sizeOf } from './page.ts';

/** A tick and a mark must still fit behind any entry: a payment turns at most one page. */
export const reserveBytes = sizeOf(4) + sizeOf(0);

interface Load {
  /** Entries that live. */
  readonly live: number;
  readonly seal: number;
  /** The new one. */
  readonly entry: number;
}

/** Bytes of entries that a journal holds, whatever lay in it before. Of two pages one is spare. Of more, each page may
 * end in a gap that the next entry did not fit, and leaves a quarter to the growth of its seal. */
export function liveBytesMax({ pages, pageBytes }: Area, seal: number, entry: number): number {
  if (pages === 2) return pageBytes - headerBytes - seal - reserveBytes;
  const sealMax = Math.max(seal, pageBytes / 4);
  return (pages - 1) * (pageBytes - headerBytes - sealMax - reserveBytes - (entry - 4));
}

export function hasRoom(area: Area, { live, seal, entry }: Load): boolean {
  const isSealLarge = area.pages > 2 && seal > area.pageBytes / 4;
  return !isSealLarge && live + entry <= liveBytesMax(area, seal, entry);
}

/** Each page is erased once in a round of the ring. */
export const turnsMax = ({ pages, erasesMax }: Area): number => pages * erasesMax;

/** Payments in the life of the flash, with the log always so full. Each turn of two pages serves at least one; a round of
 * more pages serves what fits beside the live entries. A boot right after a payment costs its bytes once more. */
export function paymentsMin(area: Area, { live, seal, entry }: Load): number {
  const room = liveBytesMax(area, seal, entry) - live;
  const each = entry + sizeOf(4);
  const fit = Math.floor((room - entry) / each) + 1;
  if (room < entry) return 0;
  return (area.pages === 2 ? turnsMax(area) : area.erasesMax) * fit;
}
