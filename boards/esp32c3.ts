/** ESP32-C3: RISC-V, the smallest memory of its family. Native code there is an experiment: none is built in. */
import type { Board } from './board.ts';
import { flashEspressif, layoutEspressif, radioEspressif, unverifiedEspressif } from './espressif.ts';

export const esp32c3: Board = {
  name: 'esp32c3',
  title: 'ESP32-C3',
  chip: 'esp32c3',
  processor: 'riscv',
  clockHz: 160_000_000,
  instructionsPerSecond: 60_000_000,
  // Board file: CRYPTO, SHA256, SHA512, TLS.
  firmware: {
    names: ['ESP32C3_IDF4'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'crypto', 'heatshrink', 'neopixel', 'net', 'Wifi'],
    crypto: ['SHA1', 'SHA256', 'SHA512', 'AES', 'PBKDF2'],
    strings: 'bytes',
  },
  // Board file: at most, by the heap that is free at boot; ESP_STACK_SIZE.
  memory: { variables: 4095, variableBytes: 13, referencesMax: 255, stackBytes: 15_000 },
  flash: flashEspressif,
  radio: radioEspressif,
  randomness: { source: 'register', address: 0x600260b0 },
  leds: [{ name: 'LED1', pin: 'D2' }],
  buttons: [{ name: 'BTN1', pin: 'D0' }],
  console: { device: 'Serial1', baud: 115_200 },
  layout: layoutEspressif,
  budget: { functions: 200, variablesFree: 1000, depth: 8, slots: 0 },
  unverified: [...unverifiedEspressif, 'memory.variables'],
};
