import { expect, test } from 'vitest';
import { parseFrame } from '#circuits/link/frame.ts';
import { scan } from '#circuits/link/scan.ts';

test.each([2, 3, 4])('%i bytes with a true checksum are no frame', length => {
  for (let first = 0; first < 256; first++) {
    const body = new Uint8Array(length - 2).fill(first);
    const crc = scan.crc16(body);
    const bytes = Uint8Array.of(...body, crc >> 8, crc);
    expect(parseFrame(scan, bytes, 64)).toBeUndefined();
  }
});
