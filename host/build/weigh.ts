/** RAM that an image takes after boot: the image itself is booted in the emulator, which accounts for every value.
 *
 * 1. What is predicted is within 5 % of what the interpreter says of the same image. (test/device/programs.test.ts)
 */
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
