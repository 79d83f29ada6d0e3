/** MDBT42Q, a bare nRF52832 module or its breakout: more JsVars than a Puck.js and less stack. */
import type { Board } from './board.ts';
import { ble53, flash52832, fortyKilobytes, m4, nfcTag, pool, unverified52 } from './nrf52.ts';

export const mdbt42q: Board = {
  name: 'mdbt42q',
  title: 'MDBT42Q module',
  chip: 'nrf52832',
  ...m4,
  ...fortyKilobytes,
  // Board file: CRYPTO, SHA256.
  firmware: {
    names: ['MDBT42Q'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'crypto', 'heatshrink', 'neopixel', 'net', 'fs'],
    crypto: ['SHA1', 'SHA256'],
    strings: 'bytes',
  },
  // Board file; linker map: end of bss 0x2000e1f8, top of stack 0x2000fff0.
  memory: { variables: 2950, variableBytes: 13, referencesMax: 255, stackBytes: 7672 },
  flash: flash52832,
  radio: { ble: ble53, nfc: nfcTag, wifi: false },
  randomness: pool,
  leds: [
    { name: 'LED1', pin: 'D1' },
    { name: 'LED2', pin: 'D2' },
  ],
  buttons: [{ name: 'BTN1', pin: 'D0' }],
  console: { device: 'Serial1', baud: 9600 },
  // As on a Puck.js. The stack holds 8 to 10 calls; 6 leave room for a kernel call and interrupts.
  budget: { functions: 120, variablesFree: 415, depth: 6, slots: 4 },
  unverified: unverified52,
};
