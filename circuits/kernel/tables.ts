/** Table sets: multiples of the generators that a board keeps in flash, in four sizes.
 *
 * A set is a row of generators: blind base, value base, then for each party its points G and its points H.
 * Without teeth an entry is the point itself: x | y, 32 bytes each, little-endian. With teeth t each generator has
 * 2^(t-1) entries y + x | y - x | 2dxy of a signed comb: entry k is
 * (2^((t-1)d) + sum over i < t-1 of (2 * bit i of k - 1) * 2^(id)) times the generator, d = ceil(255 / t).
 *
 * 1. Each entry is that multiple. (test/kernel/build.tables.test.ts)
 */

export interface TableShape {
  /** 0, 4, 5 or 6. */
  readonly teeth: number;
  readonly bits: number;
  readonly parties: number;
  /** Without teeth: G_i and H_i from this i on stand behind all others, as ristretto255 encodings of 32 bytes. */
  readonly plain?: number;
}

/** Named by their kilobytes for one lane of 32 bits. */
export const tableSets = { 0: 0, 50: 4, 99: 5, 198: 6 } as const;

export const combDistance = (teeth: number) => Math.ceil(255 / teeth);
export const entryCount = (teeth: number) => (teeth ? 2 ** (teeth - 1) : 1);
const entryBytes = (teeth: number) => (teeth ? 96 : 64);

const generatorCount = ({ bits, parties }: TableShape) => 2 + 2 * bits * parties;
const encodedCount = ({ bits, parties, plain = bits }: TableShape) => 2 * (bits - plain) * parties;

export const tableBytes = (shape: TableShape) =>
  generatorCount(shape) * entryCount(shape.teeth) * entryBytes(shape.teeth) - 32 * encodedCount(shape);

/** Of boards of 40 kB: proofs of 16 bits pay nothing for it, those of 32 bits a decoding for each of the upper points. */
export const smallPoints: TableShape = { teeth: 0, bits: 32, parties: 1, plain: 16 };

/** As a parameter block holds it. */
export const packShape = ({ teeth, bits, parties, plain = 0 }: TableShape) =>
  teeth | (bits << 8) | (parties << 16) | (plain << 24);
