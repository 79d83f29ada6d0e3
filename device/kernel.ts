/** Calls into the native kernel: one arena for parameter block, data and scratch, allocated once and for ever.
 *
 * arena = parameter block (128) | data (896) | scratch
 * Addresses are asked for at each call: the firmware may move an array.
 */
export const arena = new Uint8Array(board.native ? board.scratchBytes : 0);

/** Where data begins in the arena, and scratch. */
export const dataOffset = 128;
const scratchOffset = 1024;

/** Thousands of field multiplications in one call, under a second. */
const budget = 1000;
/** What a call returns that has not finished. */
const more = -1;

const words = new Uint32Array(arena.buffer, 0, board.native ? dataOffset / 4 : 0);
const copied = board.kernelCopied
  ? E.toUint8Array(require('Storage').read('kernel', 0, board.kernelBytes + board.pointsBytes)!)
  : undefined;

export const addressOf = (offset: number): number => E.getAddressOf(arena, true) + offset;

const codeAddress = (): number => (copied ? E.getAddressOf(copied, true) : board.kernelAddress);

/** Points or tables of generators, beside the code. */
export const pointsAddress = (): number => (copied ? codeAddress() + board.kernelBytes : board.pointsAddress);

/** Runs an operation on its parameter block: 0, or the code of a fault. */
export function callKernel(code: number, block: readonly number[]): number {
  // The lowest bit says that the code is Thumb.
  const enter = E.nativeCall(codeAddress() + 1, 'int(int,int,int,int)');
  words.set(block);
  let result = more;
  while (result === more) result = enter(code, addressOf(0), addressOf(scratchOffset), budget);
  return result;
}

/** A number that the operation left in its block. */
export const answerAt = (word: number): number => words[word]!;
