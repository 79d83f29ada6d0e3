/** Seeed XIAO BLE: nRF52840 with its Storage in external flash, which cannot be run: the kernel is copied to RAM. */
import type { Board } from './board.ts';
import { ble131, flash52840, m4, pool, unverified52 } from './nrf52.ts';

export const xiaoble: Board = {
  name: 'xiaoble',
  title: 'Seeed XIAO BLE',
  chip: 'nrf52840',
  ...m4,
  // Board file: CRYPTO, SHA256, SHA512, AES_CCM, Unicode strings.
  firmware: {
    names: ['XIAOBLE'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'crypto', 'heatshrink', 'neopixel'],
    crypto: ['SHA1', 'SHA256', 'SHA512', 'AES_CCM'],
    strings: 'unicode',
  },
  // Board file; stack as on the other nRF52840.
  memory: { variables: 14_000, variableBytes: 14, referencesMax: 255, stackBytes: 38_000 },
  flash: {
    ...flash52840,
    // Board file: 2 MB of external flash, mapped in software alone.
    storage: { address: 0x60000000, pages: 512, mapped: false },
    // Datasheets of its parts (P25Q16H class): 256-byte pages programmed by bytes; no limit of writes is published.
    wordBytes: 1,
    writes: { blockBytes: 1, times: 8 },
    erasesMax: 100_000,
  },
  // Board file: one central link; its build has no NFC although the chip has.
  radio: { ble: { ...ble131, centralLinks: 1 }, wifi: false },
  randomness: pool,
  leds: [
    { name: 'LED1', pin: 'D11', colour: 'red' },
    { name: 'LED2', pin: 'D13', colour: 'green' },
    { name: 'LED3', pin: 'D12', colour: 'blue' },
  ],
  // A pad: the board has only its reset button.
  buttons: [{ name: 'BTN1', pin: 'D1' }],
  console: { device: 'USB', baud: 115_200 },
  kernel: {
    blob: 'thumb.full',
    runs: 'copy',
    tables: { teeth: 0, bits: 32, parties: 1 },
    provesBits: 32,
    scratchBytes: 32_768,
    stackBytesMax: 4096,
  },
  layout: {
    // Header, kernel and points are twelve pages; two halves of 28 pages hold 200 Claims with their Requests each.
    storage: {
      kernelBytes: 44_896,
      pointsBytes: 4224,
      rawPages: 56,
      bundleBytes: 131_072,
      certificateBytes: 8192,
    },
  },
  budget: { functions: 300, variablesFree: 4000, depth: 12, slots: 16 },
  unverified: [...unverified52, 'memory.stackBytes', 'flash.writes.times', 'flash.erasesMax'],
};
