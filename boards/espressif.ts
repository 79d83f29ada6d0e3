/** Data that boards with an Espressif chip share. */
import type { Board, Flash, Radio } from './board.ts';

/** Board files: 896 kB of Storage. Of the pages that Flash.getFree names, only these are free on all builds (source). */
export const flashEspressif: Flash = {
  pageBytes: 4096,
  storage: { address: 0x320000, pages: 224, mapped: true },
  free: { address: 0x310000, pages: 16, mapped: false },
  wordBytes: 1,
  // NOR flash behind a cache: no limit is published, bits are ANDed.
  writes: { blockBytes: 1, times: 8 },
  erasesMax: 100_000,
  wordWriteMicros: 10,
  pageEraseMicros: 45_000,
};

/** Source: an MTU of 500 is negotiated, but an event holds 61 bytes of it. */
export const radioEspressif: Radio = {
  ble: { mtuBytes: 500, eventBytes: 61, payloadBytes: 56, centralLinks: 1 },
  wifi: true,
};

export const layoutEspressif: Board['layout'] = {
  storage: {
    kernelBytes: 0,
    pointsBytes: 0,
    rawPages: 0,
    bundleBytes: 131_072,
    certificateBytes: 8192,
  },
  free: { kernelBytes: 0, pointsBytes: 0, rawPages: 16 },
};

export const unverifiedEspressif = [
  'instructionsPerSecond',
  'flash.writes.times',
  'flash.erasesMax',
  'flash.wordWriteMicros',
  'flash.pageEraseMicros',
  'radio.ble.centralLinks',
  'randomness.address',
] as const;
