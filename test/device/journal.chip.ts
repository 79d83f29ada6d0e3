/** A journal on the emulated chip, with power that fails as a test says. */
import { crc32 } from 'node:zlib';
import type { Area, Ports } from '#device/journal/page.ts';
import { openChance } from '#host/emulator/chance.ts';
import { Flash, type FlashGeometry, type Mishap, Operations, PowerCut } from '#host/emulator/flash.ts';

type WordLimit = NonNullable<FlashGeometry['wordLimit']>;

/** The two limits that boards have. */
export const limits: Readonly<Record<string, WordLimit>> = {
  nRF52832: { blockBytes: 512, writesMax: 181 },
  nRF52840: { blockBytes: 4, writesMax: 2 },
};

export interface ChipOptions {
  readonly pages?: number;
  readonly pageBytes?: number;
  readonly erasesMax?: number;
  readonly wordLimit?: WordLimit;
  readonly seed?: string;
}

const address = 0x6c000;

/** Ports, area and flash. `keepsSalt` makes the next salts those of before. */
export function openChip(options: ChipOptions = {}) {
  const { pages = 2, pageBytes = 1_024, erasesMax = 10_000, seed = 'journal' } = options;
  const area: Area = { address, pages, pageBytes, erasesMax };
  const operations = new Operations();
  const chance = openChance(seed);
  const geometry: FlashGeometry = {
    ...{ address, bytes: pages * pageBytes, pageBytes, wordBytes: 4, erasesMax },
    ...{ wordLimit: options.wordLimit ?? limits.nRF52832!, wordUs: 41, eraseUs: 85_000 },
  };
  const flash = new Flash(geometry, new Uint8Array(geometry.bytes), chance.stream('chip'), operations);
  const salts = chance.stream('salts');
  const ports: Ports = {
    flash: {
      read: (length, at) => flash.read(at, length),
      write: (bytes, at) => flash.write(at, bytes),
      erasePage: at => flash.erase(at),
    },
    crc: (bytes, from) => crc32(bytes, from),
    random: () => salts.word(),
  };
  return { area, ports, flash, operations };
}

export type Chip = ReturnType<typeof openChip>;

/** True where the power failed in it. */
export function runs(chip: Chip, mishaps: readonly Mishap[], work: () => void): boolean {
  chip.operations.plan(mishaps);
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  } finally {
    chip.operations.plan();
  }
}
