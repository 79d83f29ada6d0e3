/** Random words of the hardware, and their health.
 *
 * On ESP32 the interpreter's own source repeats the same words at each boot, so its register is read.
 */
export const randomWord = (): number =>
  (board.randomAddress ? peek32(board.randomAddress) : E.hwRand()) >>> 0;

const words = 16;
/** Six standard deviations of 512 fair bits: one false alarm in a billion. */
const spreadMax = 68;

function ones(word: number): number {
  let count = 0;
  let rest = word;
  while (rest) {
    rest &= rest - 1;
    count++;
  }
  return count;
}

/** Is a source stuck, or far from fair? Says what is wrong, or nothing. */
export function checkRandom(next: () => number): string {
  let last = next();
  let sum = ones(last);
  for (let i = 1; i < words; i++) {
    const word = next();
    if (word === last) return 'stuck';
    last = word;
    sum += ones(word);
  }
  return Math.abs(sum - words * 16) > spreadMax ? 'unfair' : '';
}
