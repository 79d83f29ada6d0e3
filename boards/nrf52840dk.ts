/** nRF52840 development kit: internal flash for tables and a long journal, no crypto module, no NFC. */
import type { Board } from './board.ts';
import { ble131, flash52840, m4, pool, unverified52 } from './nrf52.ts';

export const nrf52840dk: Board = {
  name: 'nrf52840dk',
  title: 'nRF52840 development kit',
  chip: 'nrf52840',
  ...m4,
  // Board file: no CRYPTO.
  firmware: {
    names: ['NRF52840DK'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'heatshrink', 'neopixel', 'net'],
    crypto: [],
    strings: 'bytes',
  },
  // Board file; 38 kB of free stack by a comment in the board file of its chip's watch.
  memory: { variables: 12_500, variableBytes: 14, referencesMax: 255, stackBytes: 38_000 },
  flash: {
    ...flash52840,
    // Board file: 246 - 10 pages.
    storage: { address: 0xec000, pages: 10, mapped: true },
    // Between the firmware and Storage. Where the firmware ends is a guess: `flash` asks Flash.getFree before it writes.
    free: { address: 0x8f000, pages: 93, mapped: true },
  },
  radio: { ble: ble131, wifi: false },
  randomness: pool,
  leds: [
    { name: 'LED1', pin: 'D13', colour: 'green' },
    { name: 'LED2', pin: 'D14', colour: 'green' },
    { name: 'LED3', pin: 'D15', colour: 'green' },
    { name: 'LED4', pin: 'D16', colour: 'green' },
  ],
  buttons: [
    { name: 'BTN1', pin: 'D11' },
    { name: 'BTN2', pin: 'D12' },
    { name: 'BTN3', pin: 'D24' },
    { name: 'BTN4', pin: 'D25' },
  ],
  console: { device: 'Serial1', baud: 9600 },
  kernel: {
    blob: 'thumb.full',
    runs: 'place',
    tables: { teeth: 5, bits: 32, parties: 1 },
    provesBits: 32,
    scratchBytes: 32_768,
    stackBytesMax: 4096,
  },
  layout: {
    // Storage has ten pages only, so all that is large lies in free pages, at addresses that never move.
    storage: { kernelBytes: 0, pointsBytes: 0, rawPages: 0, bundleBytes: 32_768, certificateBytes: 8192 },
    // 66 combs of 16 entries of 96 bytes; two halves of 28 pages hold 200 Claims with their Requests each.
    free: { kernelBytes: 49_152, pointsBytes: 102_400, rawPages: 56 },
  },
  budget: { functions: 300, variablesFree: 4000, depth: 12, slots: 16 },
  unverified: [...unverified52, 'memory.stackBytes', 'flash.free.address'],
};
