/** Reproducible chance: one seed drives a whole world, each part draws from a stream of its own name.
 *
 * xoshiro128** (Blackman and Vigna, 2018), seeded through FNV-1a and splitmix32. Not for keys: the emulated random
 * generator of a board is as public as its seed.
 *
 * 1. The same seed and the same names give the same draws, in whatever order streams are made. (test/host/emulator.world.test.ts)
 */
export interface Chance {
  /** 32 bits. */
  word(): number;
  /** A whole number below the limit. */
  below(limit: number): number;
  /** True so many times out of one. */
  happens(share: number): boolean;
  /** A stream that depends on this one's seed and the name alone. */
  stream(name: string): Chance;
}

function digestOf(text: string): number {
  let digest = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) digest = Math.imul(digest ^ text.charCodeAt(i), 0x01000193);
  return digest >>> 0;
}

const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));

function wordsOf(seed: number): [number, number, number, number] {
  let state = seed;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
  return [next(), next(), next(), next() | 1];
}

export function openChance(seed: string): Chance {
  let [a, b, c, d] = wordsOf(digestOf(seed));
  function word(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  }
  const share = () => word() / 2 ** 32;
  return {
    word,
    below: limit => Math.floor(share() * limit),
    happens: wanted => wanted > 0 && share() < wanted,
    stream: name => openChance(`${seed}/${name}`),
  };
}
