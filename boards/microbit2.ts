/** BBC micro:bit 2: nRF52833, a matrix of 25 lights, no crypto module, no NFC; its reference counts have 4 bits. */
import type { Board } from './board.ts';
import { ble53, flash52833, fortyKilobytes, m4, pool, unverified52 } from './nrf52.ts';

export const microbit2: Board = {
  name: 'microbit2',
  title: 'BBC micro:bit 2',
  chip: 'nrf52833',
  ...m4,
  ...fortyKilobytes,
  // Board file: neither CRYPTO nor NFC.
  firmware: {
    names: ['MICROBIT2'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'heatshrink', 'neopixel', 'tensorflow'],
    crypto: [],
    strings: 'bytes',
  },
  // Board file; source, jsutils.h: 4096 to 8191 variables leave 4 bits for references. The stack is a guess from the RAM.
  memory: { variables: 6000, variableBytes: 13, referencesMax: 15, stackBytes: 16_384 },
  flash: flash52833,
  radio: { ble: ble53, wifi: false },
  randomness: pool,
  leds: [{ name: 'LED1', pin: 'V0', colour: 'matrix' }],
  buttons: [
    { name: 'BTN1', pin: 'D5' },
    { name: 'BTN2', pin: 'D11' },
  ],
  console: { device: 'Serial1', baud: 9600 },
  budget: { functions: 150, variablesFree: 1000, depth: 6, slots: 4 },
  unverified: [...unverified52, 'memory.stackBytes'],
};
