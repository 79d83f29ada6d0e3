/** The pages that an image puts on a board, and where they lie: in Storage and in free pages, nowhere else.
 *
 * 1. No page of any board's image lies outside of its Storage and its free pages. (test/host/flash.plan.test.ts)
 */
import { crc32 } from 'node:zlib';
import type { Area, Board } from '#boards/board.ts';
import { Failure } from '../cli/failure.ts';

export interface Page {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly area: 'storage' | 'free';
}

/** Digests are of pieces: a board need not find 4 kB of RAM in one place to take one. */
export const pieceBytes = 1024;

/** Erased flash. */
const erasedByte = 0xff;

export const isErased = (bytes: Uint8Array) => bytes.every(byte => byte === erasedByte);

/** As `E.CRC32` of each piece. */
export function digestsOf(bytes: Uint8Array): number[] {
  const pieces = Math.ceil(bytes.length / pieceBytes);
  return Array.from({ length: pieces }, (_, piece) =>
    crc32(bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes)),
  );
}

export const sameDigests = (a: readonly number[], b: readonly number[]) => a.join() === b.join();

/** What is to lie in one area from its start; the rest of it is erased. */
export interface Part {
  readonly area: Page['area'];
  readonly bytes: Uint8Array;
  /** Where the area begins on this very board, if not where its data say. */
  readonly address?: number;
}

function areaOf(board: Board, part: Part): Area {
  const area = part.area === 'storage' ? board.flash.storage : board.flash.free;
  if (!area) throw new Failure('refused', `${board.name} has no free pages`, 'mite boards');
  const bytesMax = area.pages * board.flash.pageBytes;
  if (part.bytes.length > bytesMax)
    throw new Failure(
      'refused',
      `the image has ${part.bytes.length} bytes for ${bytesMax} of ${part.area}`,
      `mite size --board ${board.name}`,
    );
  return area;
}

/** Storage whole: a file left behind its end would be found. Of the free pages only those that are used. */
export function pagesOf(board: Board, part: Part): Page[] {
  const area = areaOf(board, part);
  const { pageBytes } = board.flash;
  const pages = part.area === 'storage' ? area.pages : Math.ceil(part.bytes.length / pageBytes);
  return Array.from({ length: pages }, (_, page) => {
    const bytes = new Uint8Array(pageBytes).fill(erasedByte);
    bytes.set(part.bytes.subarray(page * pageBytes, (page + 1) * pageBytes));
    return { address: (part.address ?? area.address) + page * pageBytes, bytes, area: part.area };
  });
}
