/** `mite/emulator`: emulated boards for tests of your own applications. docs/emulator.md shows how. */
export type { BoardImage, BoardOptions, EmulatedBoard, State } from './board.ts';
export { createBoard } from './board.ts';
export { World } from './world.ts';
