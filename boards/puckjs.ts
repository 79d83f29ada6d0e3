/** Puck.js: nRF52832, one button, three lights, NFC tag. */
import type { Board } from './board.ts';
import { ble53, flash52832, fortyKilobytes, m4, nfcTag, pool, unverified52 } from './nrf52.ts';

export const puckjs: Board = {
  name: 'puckjs',
  title: 'Puck.js',
  chip: 'nrf52832',
  ...m4,
  ...fortyKilobytes,
  // Board file: CRYPTO, SHA256, AES.
  firmware: {
    names: ['PUCKJS'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'crypto', 'heatshrink', 'neopixel'],
    crypto: ['SHA1', 'SHA256', 'AES'],
    strings: 'bytes',
  },
  // Board file; linker map of a build with gcc 12.2.
  memory: { variables: 2630, variableBytes: 13, referencesMax: 255, stackBytes: 12_320 },
  flash: flash52832,
  radio: { ble: ble53, nfc: nfcTag, wifi: false },
  randomness: pool,
  leds: [
    { name: 'LED1', pin: 'D5', colour: 'red' },
    { name: 'LED2', pin: 'D4', colour: 'green' },
    { name: 'LED3', pin: 'D3', colour: 'blue' },
  ],
  buttons: [{ name: 'BTN1', pin: 'D0' }],
  console: { device: 'Serial1', baud: 9600 },
  // Measured: with scratch, buffers and 120 functions 415 JsVars are free, of which BLE objects take 30 to 80 (inferred).
  budget: { functions: 120, variablesFree: 415, depth: 6, slots: 4 },
  unverified: unverified52,
};
