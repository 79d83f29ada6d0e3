/** Data that boards with a Nordic nRF52 share. */
import type { Board, Flash, Randomness } from './board.ts';

/** Nordic's product specifications: endurance and writes; times are from memory and to be measured. */
const cells = {
  pageBytes: 4096,
  wordBytes: 4,
  erasesMax: 10_000,
  // 40 to 340 microseconds by chip.
  pageEraseMicros: 85_000,
} as const;

const unverifiedCells = ['flash.wordWriteMicros', 'flash.pageEraseMicros'] as const;

/** 118 pages before the bonds of the peer manager, ten of them (board files; the address as seen in a linker map). */
const tenPages = { address: 0x6c000, pages: 10, mapped: true } as const;

export const flash52832 = {
  ...cells,
  storage: tenPages,
  // Product specification of the nRF52832, nWRITE: 181 words in 512 bytes.
  writes: { blockBytes: 512, times: 181 },
  wordWriteMicros: 340,
  // S132 3.1, nrf_soc.h: sd_flash_protect.
  lock: { by: 'protect', svc: 0x2a },
} as const satisfies Flash;

/** Product specifications of nRF52833 and nRF52840: the same word twice. */
const wordTwice = { writes: { blockBytes: 4, times: 2 }, wordWriteMicros: 41 } as const;

export const flash52833 = { ...cells, ...wordTwice, storage: tenPages } as const satisfies Flash;

/** S140 6.1, nrf_soc.h: sd_protected_register_write, which takes the ACL. */
export const flash52840 = {
  ...cells,
  ...wordTwice,
  lock: { by: 'register', svc: 43 },
} as const satisfies Omit<Flash, 'storage'>;

/** Source, targets/nrf5x/jshardware.c: the pool of the SoftDevice. */
export const pool: Randomness = { source: 'pool' };

/** Board files: MTU; source, jsdevices.h: 64 bytes an event, 3 of them its head. */
export const ble53 = { mtuBytes: 53, eventBytes: 61, payloadBytes: 45, centralLinks: 2 } as const;
export const ble131 = { mtuBytes: 131, eventBytes: 131, payloadBytes: 123, centralLinks: 2 } as const;

/** Source, hal_nfc_t2t.c: FRAMEDELAYMAX is 0xffff periods of 13.56 MHz. */
export const nfcTag = { kind: 'tag', replyMicros: 4833 } as const;

/**
 * 40,960 bytes: a page of points, manifest and first certificates, two pages of the journal, then kernel, boot file and program to
 * the last word. The kernel holds all whole-message calls, for payers and payees, and leaves the program what the first one
 * needs: a wallet needs more, so one kernel for those who pay and one for those who are paid.
 */
export const fortyKilobytes: Pick<Board, 'layout' | 'kernel'> = {
  layout: {
    storage: {
      pageFirst: true,
      pointsBytes: 3200,
      certificateBytes: 864,
      rawPages: 2,
      kernelBytes: 26_240,
      bundleBytes: 2432,
    },
  },
  kernel: {
    blob: 'thumb.small',
    runs: 'place',
    // 34 points of 64 bytes, two bases and 16 bits; the upper 16 bits as encodings of 32.
    tables: { teeth: 0, bits: 32, parties: 1, plain: 16 },
    provesBits: 16,
    // Measured: 13,312 of scratch and three buffers of 1,024 fit beside a module of 120 functions.
    scratchBytes: 13_312,
    stackBytesMax: 1536,
  },
};

/** Datasheet; 40 million instructions a second are inferred from wait states without a cache. */
export const m4 = {
  processor: 'cortex-m4',
  clockHz: 64_000_000,
  instructionsPerSecond: 40_000_000,
} as const;

export const unverified52 = [...unverifiedCells, 'instructionsPerSecond'] as const;
