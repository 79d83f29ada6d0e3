/** Where the parts of an image lie on a board: addresses that follow from its data and never change after provisioning.
 *
 * In Storage the first file is header (32) | kernel | points | raw pages. It is never deleted, and the header after it
 * lies on a page boundary, so the firmware never moves it. Where nothing may be wasted it is one page of header (32) |
 * points | manifest | certificates, then raw pages | kernel. In free pages each part begins on a page of its own.
 *
 * 1. Raw pages are page-aligned, no two parts overlap, and all lie inside their area. (test/boards/board.sums.test.ts)
 */
import type { Board } from '#boards/board.ts';

/** Of a file of the firmware's Storage. */
export const headerBytes = 32;

/** A part's place, with the bytes that it may take. */
export interface Place {
  readonly area: 'storage' | 'free';
  readonly address: number;
  readonly bytesMax: number;
}

export interface Places {
  readonly kernel?: Place;
  readonly points?: Place;
  /** Manifest, then certificates, where they are no files of their own. */
  readonly manifest?: Place;
  /** Pages of the journal: no part of the image has bytes there. */
  readonly raw: Place;
  /** First byte of Storage after the first file. */
  readonly files: number;
}

type Sizes = NonNullable<Board['layout']['free']>;

const pagesOf = (bytes: number, pageBytes: number) => Math.ceil(bytes / pageBytes);

/** Kernel, points and raw pages from an address on; `page` is 1 where parts follow each other byte by byte. */
function row(area: Place['area'], address: number, sizes: Sizes, page: number) {
  const kernel = { area, address, bytesMax: sizes.kernelBytes };
  const pointsAddress = address + page * pagesOf(sizes.kernelBytes, page);
  const points = { area, address: pointsAddress, bytesMax: sizes.pointsBytes };
  return { kernel, points, end: pointsAddress + page * pagesOf(sizes.pointsBytes, page) };
}

const storagePlace = (address: number, bytesMax: number): Place => ({ area: 'storage', address, bytesMax });

/** One page of what is small, the journal, then the kernel to its last word. */
function pageFirst({ flash, layout }: Board): Places {
  const { pageBytes } = flash;
  const { kernelBytes, pointsBytes, certificateBytes, rawPages } = layout.storage;
  const start = flash.storage.address;
  const points = storagePlace(start + headerBytes, pointsBytes);
  const manifest = storagePlace(points.address + pointsBytes, certificateBytes);
  const raw = storagePlace(start + pageBytes, rawPages * pageBytes);
  const kernel = storagePlace(raw.address + raw.bytesMax, kernelBytes);
  return { kernel, points, manifest, raw, files: kernel.address + kernelBytes };
}

export function placesOf(board: Board): Places {
  const { flash, layout } = board;
  const { storage, free } = layout;
  if (storage.pageFirst) return pageFirst(board);
  const { pageBytes } = flash;
  const start = flash.storage.address;
  const isFree = free !== undefined && flash.free !== undefined;
  const [area, sizes] = isFree ? (['free', free] as const) : (['storage', storage] as const);
  const address = isFree ? flash.free.address : start + headerBytes;
  const { kernel, points, end } = row(area, address, sizes, isFree ? pageBytes : 1);
  const raw: Place = { area, address: end, bytesMax: sizes.rawPages * pageBytes };
  return {
    ...(sizes.kernelBytes ? { kernel } : {}),
    ...(sizes.pointsBytes ? { points } : {}),
    raw,
    files: isFree ? start : end + raw.bytesMax,
  };
}

/** Where a board's manifest is read: a file of Storage, and where in it. */
export function manifestFile(board: Board): { readonly name: string; readonly offset: number } {
  const { manifest } = placesOf(board);
  if (!manifest) return { name: 'manifest', offset: 0 };
  return { name: 'kernel', offset: manifest.address - board.flash.storage.address - headerBytes };
}
