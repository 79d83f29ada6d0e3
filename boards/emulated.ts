/** A board that exists in the emulator alone, with everything built in: what runs on it says nothing of a real one. */
import type { Board } from './board.ts';
import { ble131, flash52840, m4, nfcTag, pool } from './nrf52.ts';

export const emulated: Board = {
  name: 'emulated',
  title: 'Emulated board',
  chip: 'nrf52840',
  ...m4,
  firmware: {
    names: ['EMULATED'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'crypto', 'heatshrink', 'neopixel'],
    crypto: ['SHA1', 'SHA256', 'SHA512', 'AES', 'AES_CCM'],
    strings: 'bytes',
  },
  memory: { variables: 12_500, variableBytes: 14, referencesMax: 255, stackBytes: 38_000 },
  flash: { ...flash52840, storage: { address: 0x60000, pages: 150, mapped: true } },
  radio: { ble: ble131, nfc: nfcTag, wifi: false },
  randomness: pool,
  leds: [
    { name: 'LED1', pin: 'D1', colour: 'red' },
    { name: 'LED2', pin: 'D2', colour: 'green' },
    { name: 'LED3', pin: 'D3', colour: 'blue' },
  ],
  buttons: [{ name: 'BTN1', pin: 'D0' }],
  console: { device: 'Serial1', baud: 115_200 },
  kernel: {
    blob: 'thumb.full',
    runs: 'place',
    tables: { teeth: 6, bits: 32, parties: 1 },
    provesBits: 32,
    scratchBytes: 32_768,
    stackBytesMax: 4096,
  },
  layout: {
    // Header, kernel and 66 combs of 32 entries of 96 bytes are 61 pages.
    storage: {
      kernelBytes: 47_072,
      pointsBytes: 202_752,
      rawPages: 56,
      bundleBytes: 98_304,
      certificateBytes: 8192,
    },
  },
  budget: { functions: 300, variablesFree: 4000, depth: 12, slots: 16 },
  unverified: [],
};
