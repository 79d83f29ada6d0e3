import { describe, expect, test } from 'vitest';
import { ascii } from '#circuits/bytes.ts';
import { packArea, type StoredFile, storedBytes } from '#host/build/area.ts';

/** Reads files as the firmware does: header after header, from the first byte on. */
function readArea(area: Uint8Array): StoredFile[] {
  const view = new DataView(area.buffer, area.byteOffset);
  const files: StoredFile[] = [];
  for (let at = 0; at + 32 <= area.length; ) {
    const size = view.getUint32(at, true);
    if (size === 0xffffffff) break;
    const name = String.fromCharCode(...area.subarray(at + 4, at + 32)).replace(/\0+$/, '');
    files.push({ name, bytes: area.slice(at + 32, at + 32 + size) });
    at += (32 + size + 3) & ~3;
  }
  return files;
}

const sample: StoredFile[] = [
  { name: '.boot0', bytes: ascii('print(1)') },
  { name: 'n'.repeat(28), bytes: Uint8Array.of(0, 255, 0) },
  { name: 'manifest', bytes: new Uint8Array(1000).fill(7) },
];

describe('Storage', () => {
  test('holds files that are read back as they were', () => {
    expect(readArea(packArea(sample, 4096))).toEqual(sample);
  });

  test('is erased after the last file, and between files', () => {
    const area = packArea(sample, 4096);
    const used = sample.reduce((sum, { bytes }) => sum + storedBytes(bytes.length), 0);
    expect(area.subarray(used).every(byte => byte === 0xff)).toBe(true);
    expect([...packArea([sample[1]!], 64).subarray(35, 40)]).toEqual([0xff, 0xff, 0xff, 0xff, 0xff]);
  });

  test('begins each file at a multiple of 4', () => {
    for (let length = 1; length < 9; length++) {
      const file = { name: 'a', bytes: new Uint8Array(length) };
      const second = packArea([file, file], 128).subarray(storedBytes(length));
      expect(storedBytes(length) % 4).toBe(0);
      expect(second[0]).toBe(length);
    }
  });

  test.each([
    { what: 'a name that the firmware would cut', file: { name: 'n'.repeat(29), bytes: ascii('a') } },
    { what: 'a file without a name', file: { name: '', bytes: ascii('a') } },
    { what: 'an empty file, at which the firmware throws', file: { name: 'a', bytes: new Uint8Array(0) } },
  ])('refuses $what', ({ file }) => {
    expect(() => packArea([file], 4096)).toThrow('1 to');
  });

  test('refuses more than the area holds', () => {
    expect(() => packArea(sample, 1024)).toThrow('1024');
  });
});
