/** RAM that an image takes after boot: the image itself is booted in the emulator, which accounts for every value.
 *
 * 1. What is predicted is within 5 % of what the interpreter says of the same image. (test/device/programs.test.ts)
 */
import type { Board } from '#boards/board.ts';
import { createBoard } from '../emulator/board.ts';
import type { Image } from './image.ts';

/** So many times the board's own JsVars, so that one that needs too much is measured too. */
const roomier = 4;

/** JsVars in use when the program has begun and no call is running. */
export function variablesOf({ board, ...image }: Pick<Image, 'board' | 'storage' | 'free'>): number {
  const { memory } = board;
  const measured = { ...board, memory: { ...memory, variables: roomier * memory.variables } };
  const emulated = createBoard({ image: { ...image, board: measured } });
  emulated.powerOn();
  if (emulated.state !== 'running') throw new Error(`${board.name} does not boot: ${emulated.failure}`);
  return emulated.memory().usage;
}

/** Pages of flash that a board is given to measure the RAM of an image for which it has no room. */
const morePages = 16;

/** The board with more Storage before its own; undefined where other things lie there. */
export function widened(board: Board): Board | undefined {
  const { flash, layout } = board;
  if (flash.free) return undefined;
  const more = morePages * flash.pageBytes;
  const { address, pages } = flash.storage;
  const { kernelBytes } = layout.storage;
  return {
    ...board,
    flash: { ...flash, storage: { ...flash.storage, address: address - more, pages: pages + morePages } },
    layout: { storage: { ...layout.storage, kernelBytes: kernelBytes + more } },
  };
}
