/** The board that a Linux build of the interpreter is: flash is a file, its Storage all of it, and nothing is mapped. */
import type { Board } from '#boards/board.ts';
import { emulated } from '#boards/emulated.ts';
import type { Firmware } from './interpreter.ts';

/** Flash of the Linux target: 256 kB from this address on. */
const flash = { address: 0x10000000, pages: 64, mapped: false } as const;

/** No limits that its file of flash does not have either. */
const unlimited = 1_000_000_000;

export const linuxBoard = (build: Firmware['build']): Board => ({
  ...emulated,
  title: 'Linux',
  firmware: {
    ...emulated.firmware,
    names: ['LINUX'],
    strings: build === 'unicode' ? 'unicode' : 'bytes',
  },
  // Its variables grow in blocks of 4,096 as they are needed; the stack is 1 MB.
  memory: { variables: 40_000, variableBytes: 27, referencesMax: 255, stackBytes: 1_000_000 },
  flash: {
    ...emulated.flash,
    storage: flash,
    wordBytes: 1,
    writes: { blockBytes: 1, times: unlimited },
    erasesMax: unlimited,
  },
  kernel: {
    ...emulated.kernel!,
    runs: 'copy',
    tables: { teeth: 0, bits: 32, parties: 1 },
    scratchBytes: 32_768,
  },
  layout: {
    storage: {
      kernelBytes: 44_896,
      pointsBytes: 4224,
      rawPages: 4,
      bundleBytes: 98_304,
      certificateBytes: 8192,
    },
  },
});
