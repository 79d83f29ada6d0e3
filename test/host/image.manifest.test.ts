import { describe, expect, test } from 'vitest';
import { encodeManifest, type Manifest, openManifest } from '#host/build/manifest.ts';

const manifest: Manifest = {
  board: 'puckjs',
  tier: 'pocket',
  role: 'both',
  profile: 'native',
  locked: true,
  protocolVersion: 1,
  tierVersion: 1,
  firmware: '2v25',
  product: '0.1.0',
  parts: [
    { name: 'kernel', area: 'free', address: 0x8f000, bytes: 33_691, sha256: new Uint8Array(32).fill(1) },
    {
      name: 'bundle',
      area: 'storage',
      address: 0xffffffff,
      bytes: 0xffffff,
      sha256: new Uint8Array(32).fill(255),
    },
  ],
};
const bytes = encodeManifest(manifest);

describe('a manifest', () => {
  test('is read back as it was', () => {
    expect(openManifest(bytes)).toEqual(manifest);
    expect(openManifest(encodeManifest({ ...manifest, parts: [] }))).toEqual({ ...manifest, parts: [] });
  });

  test('has its fields at the offsets that its header names', () => {
    expect(String.fromCharCode(...bytes.subarray(0, 4))).toBe('MITE');
    expect([...bytes.subarray(4, 16)]).toEqual([1, 1, 1, 1, 2, 1, 2, 25, 0, 1, 0, 2]);
    expect(bytes.length).toBe(44 + 2 * 44);
  });

  test('of other bytes is none, whichever single byte of the head differs in kind', () => {
    const changed = (offset: number, value: number) => {
      const copy = bytes.slice();
      copy[offset] = value;
      return openManifest(copy);
    };
    // Magic, format, flags, role, profile, number of parts; a part's kind, area and padding.
    for (const offset of [0, 3, 4, 7, 8, 9, 15, 44, 45, 46, 47]) expect(changed(offset, 200)).toBeUndefined();
  });

  test('cut is none, and what follows it does not matter', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(openManifest(bytes.subarray(0, length))).toBeUndefined();
    expect(openManifest(Uint8Array.of(...bytes, 0, 255))).toEqual(manifest);
  });

  test.each([
    { what: 'a name that does not fit', wrong: { board: 'a board of thirteen' } },
    { what: 'a version that is none', wrong: { firmware: '2v' } },
    { what: 'a product that is none', wrong: { product: '0.1' } },
    { what: 'a number above a byte', wrong: { product: '0.1.256' } },
  ])('is not made of $what', ({ wrong }) => {
    expect(() => encodeManifest({ ...manifest, ...wrong })).toThrow();
  });
});
