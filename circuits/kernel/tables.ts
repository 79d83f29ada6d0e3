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
}

/** Named by their kilobytes for one lane of 32 bits. */
export const tableSets = { 0: 0, 50: 4, 99: 5, 198: 6 } as const;

export const combDistance = (teeth: number) => Math.ceil(255 / teeth);
export const entryCount = (teeth: number) => (teeth ? 2 ** (teeth - 1) : 1);
const entryBytes = (teeth: number) => (teeth ? 96 : 64);

const generatorCount = ({ bits, parties }: TableShape) => 2 + 2 * bits * parties;

export const tableBytes = (shape: TableShape) =>
  generatorCount(shape) * entryCount(shape.teeth) * entryBytes(shape.teeth);

/** As a parameter block holds it. */
export const packShape = ({ teeth, bits, parties }: TableShape) => teeth | (bits << 8) | (parties << 16);
