/** A fast stream of numbers that depends on the seed alone: sfc32 over a hash of the seed. */
import { ascii } from '#circuits/bytes.ts';
import { hash } from '#circuits/proof/suite.noble.ts';

export interface Dice {
  /** A whole number from least to most. */
  between(least: number, most: number): number;
  /** True so many times in a hundred. */
  percent(chance: number): boolean;
  pick<T>(choices: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

export function dice(seed: string): Dice {
  const view = new DataView(hash.sha256(ascii(`mite dice ${seed}`)).buffer);
  let [a, b, c, count] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), 1];
  function next(): number {
    const result = (a + b + count) >>> 0;
    count = (count + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + result) >>> 0;
    return result;
  }
  for (let i = 0; i < 12; i++) next();
  const between = (least: number, most: number) => least + (next() % (most - least + 1));
  return {
    between,
    percent: chance => next() % 100 < chance,
    pick: choices => choices[next() % choices.length]!,
    bytes: length => Uint8Array.from({ length }, () => next() >>> 24),
  };
}
