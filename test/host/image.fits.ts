/** Boards whose kernel has room today: the others are named, and `mite build` refuses them. */
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { placesOf } from '#host/build/layout.ts';
import { nativeOf } from '#host/build/native.ts';

const hasRoom = (board: Board) =>
  (nativeOf(board)?.kernel.length ?? 0) <= (placesOf(board).kernel?.bytesMax ?? 0);

export const fitting: readonly Board[] = Object.values(boards).filter(hasRoom);
const others = Object.values(boards).filter(board => !fitting.includes(board));
if (others.length) console.log(`no room for the kernel on ${others.map(({ name }) => name).join(', ')}`);
