/** ESP32: BLE and Wi-Fi, no way to run native code, and an E.hwRand that repeats itself. */
import type { Board } from './board.ts';
import { flashEspressif, layoutEspressif, radioEspressif, unverifiedEspressif } from './espressif.ts';

export const esp32: Board = {
  name: 'esp32',
  title: 'ESP32',
  chip: 'esp32',
  processor: 'xtensa',
  // Board file; the build on IDF 4 runs at 160 MHz.
  clockHz: 160_000_000,
  instructionsPerSecond: 60_000_000,
  // Board file. The build on IDF 4 has no crypto module, so nothing may rely on it.
  firmware: {
    names: ['ESP32', 'ESP32_IDF4'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'heatshrink', 'neopixel', 'net', 'Wifi'],
    crypto: [],
    strings: 'bytes',
  },
  // Board file: at most, by the heap that is free at boot; ESP_STACK_SIZE.
  memory: { variables: 16_383, variableBytes: 14, referencesMax: 255, stackBytes: 25_000 },
  flash: flashEspressif,
  radio: radioEspressif,
  randomness: { source: 'register', address: 0x3ff75144 },
  leds: [{ name: 'LED1', pin: 'D2' }],
  buttons: [{ name: 'BTN1', pin: 'D0' }],
  console: { device: 'Serial1', baud: 115_200 },
  layout: layoutEspressif,
  budget: { functions: 300, variablesFree: 4000, depth: 12, slots: 0 },
  unverified: [...unverifiedEspressif, 'memory.variables'],
};
