/** ESP32-S3: Xtensa LX7, BLE and Wi-Fi. Native code there is an experiment: none is built in. */
import type { Board } from './board.ts';
import { flashEspressif, layoutEspressif, radioEspressif, unverifiedEspressif } from './espressif.ts';

export const esp32s3: Board = {
  name: 'esp32s3',
  title: 'ESP32-S3',
  chip: 'esp32s3',
  processor: 'xtensa',
  clockHz: 240_000_000,
  instructionsPerSecond: 80_000_000,
  // Board file: CRYPTO, SHA256, SHA512, TLS.
  firmware: {
    names: ['ESP32S3_IDF4'],
    least: '2v25',
    modules: ['Storage', 'Flash', 'crypto', 'heatshrink', 'neopixel', 'net', 'Wifi'],
    crypto: ['SHA1', 'SHA256', 'SHA512', 'AES', 'PBKDF2'],
    strings: 'bytes',
  },
  // Board file: at most, by the heap that is free at boot; ESP_STACK_SIZE.
  memory: { variables: 16_383, variableBytes: 14, referencesMax: 255, stackBytes: 25_000 },
  flash: flashEspressif,
  radio: radioEspressif,
  randomness: { source: 'register', address: 0x6003507c },
  leds: [{ name: 'LED1', pin: 'D2' }],
  buttons: [{ name: 'BTN1', pin: 'D0' }],
  console: { device: 'Serial1', baud: 115_200 },
  layout: layoutEspressif,
  budget: { functions: 300, variablesFree: 4000, depth: 12, slots: 0 },
  unverified: [...unverifiedEspressif, 'memory.variables'],
};
