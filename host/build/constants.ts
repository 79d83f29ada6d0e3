/** What device code knows of its board and build: the globals `board` and `operation` of device/board.d.ts, which the bundler replaces
 * leaf by leaf, so that branches for other boards are not in the image.
 *
 * 1. Each leaf that the device declares is defined here, and no other. (test/host/image.constants.test.ts)
 */
import { crc32 } from 'node:zlib';
import type { Board } from '#boards/board.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape, tableBytes } from '#circuits/kernel/tables.ts';
import { placesOf } from './layout.ts';
import type { Role } from './manifest.ts';

type Leaf = string | number | boolean;

/** What a build decides, beside its board. */
export interface Choice {
  readonly role: Role;
  readonly product: string;
  /** Empty where there is none. */
  readonly kernel: Uint8Array;
}

function leavesOf(board: Board, { role, product, kernel: blob }: Choice): Readonly<Record<string, Leaf>> {
  const { kernel, flash, radio, randomness } = board;
  const { kernel: code, points, raw } = placesOf(board);
  return {
    name: board.name,
    product,
    role,
    native: kernel !== undefined,
    kernelCopied: kernel?.runs === 'copy',
    kernelAddress: code?.address ?? 0,
    kernelBytes: code?.bytesMax ?? 0,
    kernelLength: blob.length,
    kernelCheck: crc32(blob),
    pointsAddress: points?.address ?? 0,
    pointsBytes: kernel ? tableBytes(kernel.tables) : 0,
    pointsShape: kernel ? packShape(kernel.tables) : 0,
    scratchBytes: kernel?.scratchBytes ?? 0,
    rawAddress: raw.address,
    rawPages: raw.bytesMax / flash.pageBytes,
    pageBytes: flash.pageBytes,
    storageMapped: flash.storage.mapped,
    payloadBytes: radio.ble.payloadBytes,
    // 0: E.hwRand is the hardware's.
    randomAddress: randomness.address ?? 0,
    buttons: board.buttons.length,
    leds: board.leds.length,
  };
}

/** By the names that the bundler replaces. */
export const constantsOf = (board: Board, choice: Choice): Record<string, Leaf> =>
  Object.fromEntries([
    ...Object.entries(leavesOf(board, choice)).map(([name, leaf]) => [`board.${name}`, leaf]),
    ...Object.entries(operations).map(([name, number]) => [`operation.${name}`, number]),
  ]);
