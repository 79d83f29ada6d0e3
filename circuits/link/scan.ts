/** Loops over bytes in plain JavaScript, for hosts and tests. */
import type { Scan } from './port.ts';

const polynomial = 0x1021;

export const scan: Scan = {
  crc16(bytes) {
    let crc = 0xffff;
    for (const byte of bytes) {
      crc ^= byte << 8;
      for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? polynomial : 0)) & 0xffff;
    }
    return crc;
  },
  isZero: bytes => bytes.every(byte => byte === 0),
};
