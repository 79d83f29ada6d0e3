import { describe, expect, test } from 'vitest';
import { type Chance, openChance } from '#host/emulator/chance.ts';
import { Flash, type FlashGeometry, Operations, PowerCut } from '#host/emulator/flash.ts';
import { randomSource } from './emulator.seed.ts';

const nrf52832: FlashGeometry = {
  ...{ address: 0x6c000, bytes: 8_192, pageBytes: 4_096, wordBytes: 4, erasesMax: 3 },
  ...{ wordLimit: { blockBytes: 512, writesMax: 181 }, wordUs: 41, eraseUs: 85_000 },
};
const nrf52840: FlashGeometry = { ...nrf52832, wordLimit: { blockBytes: 4, writesMax: 2 } };

function chip(geometry = nrf52832, chance: Chance = openChance('flash')) {
  const operations = new Operations();
  return {
    operations,
    flash: new Flash(geometry, new Uint8Array(geometry.bytes), chance, operations),
  };
}

const words = (count: number, byte: number) => new Uint8Array(4 * count).fill(byte);

describe('a NOR chip', () => {
  test('clears bits and sets none, until its page is erased', () => {
    const next = randomSource('nor bits');
    const { flash } = chip({ ...nrf52832, wordLimit: { blockBytes: 4_096, writesMax: 255 } });
    const model = new Uint8Array(8_192).fill(0xff);
    for (let i = 0; i < 200; i++) {
      const at = 4 * Math.floor(next() * 2_040);
      const data = Uint8Array.from({ length: 8 }, () => Math.floor(next() * 256));
      flash.write(0x6c000 + at, data);
      data.forEach((byte, k) => {
        model[at + k]! &= byte;
      });
    }
    expect(flash.bytes).toEqual(model);
    flash.erase(0x6c000 + 5_000);
    expect(flash.bytes).toEqual(model.fill(0xff, 4_096));
  });

  test('a write that power cuts at any byte leaves what came before, and nothing after', () => {
    const data = Uint8Array.from({ length: 64 }, (_, i) => i * 3);
    for (let byte = 0; byte <= data.length; byte++) {
      const { flash, operations } = chip();
      operations.plan([{ operation: 1, kind: 'cut', byte }]);
      flash.write(0x6c000, words(1, 0));
      expect(() => flash.write(0x6c100, data)).toThrow(PowerCut);
      const left = flash.read(0x6c100, data.length);
      expect(left.subarray(0, byte)).toEqual(data.subarray(0, byte));
      expect(left.subarray(byte + 1).every(each => each === 0xff)).toBe(true);
      if (byte < data.length) expect(left[byte]! & data[byte]!).toBe(data[byte]);
    }
  });

  test('an erase that power cuts leaves the rest of the page, or bits here and there', () => {
    for (const scattered of [false, true]) {
      const { flash, operations } = chip();
      flash.write(0x6c000, new Uint8Array(4_096));
      operations.plan([{ operation: 0, kind: 'cut', byte: 1_000, scattered }]);
      expect(() => flash.erase(0x6c000)).toThrow(PowerCut);
      const bits = flash.bytes
        .subarray(0, 4_096)
        .reduce((sum, byte) => sum + byte.toString(2).split('1').length - 1, 0);
      expect(bits / (8 * 4_096)).toBeGreaterThan(0.2);
      expect(bits / (8 * 4_096)).toBeLessThan(0.3);
      expect(flash.bytes.subarray(0, 1_000).every(byte => byte === 0xff)).toBe(!scattered);
      expect(flash.bytes.subarray(1_001, 4_096).some(byte => byte !== 0)).toBe(scattered);
    }
  });

  test('what fails says nothing: a silent mishap, a locked page', () => {
    const { flash, operations } = chip();
    operations.plan([{ operation: 0, kind: 'silent' }]);
    flash.write(0x6c000, words(1, 0));
    flash.lock(0x6c000, 0x6d000);
    flash.write(0x6cffc, words(2, 0));
    flash.erase(0x6c000);
    expect(flash.bytes.every(byte => byte === 0xff)).toBe(true);
    expect(flash.misuse.map(({ kind }) => kind)).toEqual(['locked', 'locked']);
    flash.reset();
    flash.write(0x6c000, words(1, 0));
    expect(flash.bytes[0]).toBe(0);
  });
});

describe('limits of a chip', () => {
  test('the 182nd word of a block of 512 bytes programs badly, and an erase begins the count anew', () => {
    const { flash } = chip();
    // A hundred words hold two writes each: 200 in all.
    for (let i = 0; i < 181; i++) flash.write(0x6c000 + 4 * (i % 100), words(1, 0));
    expect(flash.misuse).toEqual([]);
    for (let i = 100; i < 119; i++) flash.write(0x6c000 + 4 * i, words(1, 0));
    expect(flash.misuse).toHaveLength(19);
    expect(flash.bytes.subarray(400, 476).some(byte => byte !== 0)).toBe(true);
    flash.write(0x6c200, words(100, 0));
    flash.erase(0x6c000);
    flash.write(0x6c000, words(128, 0));
    expect(flash.misuse).toHaveLength(19);
  });

  test('on an nRF52840 a word takes two writes, and a third programs badly', () => {
    const { flash } = chip(nrf52840);
    for (const byte of [0xfe, 0xfc, 0x00]) flash.write(0x6c010, words(1, byte));
    expect(flash.misuse).toEqual([{ kind: 'words', address: 0x6c010 }]);
    flash.write(0x6c000, words(4, 0));
    expect(flash.misuse).toHaveLength(1);
  });

  test('erases are counted, and a page that is worn out says nothing but keeps wrong bits', () => {
    const { flash } = chip();
    for (let i = 0; i < 6; i++) {
      flash.write(0x6d000, words(128, 0));
      flash.erase(0x6d000);
    }
    expect([...flash.erases]).toEqual([0, 6]);
    expect(flash.totals).toEqual({ words: 768, erases: 6 });
    expect(flash.misuse.map(({ kind }) => kind)).toContain('worn');
    expect(flash.bytes.subarray(4_096).some(byte => byte !== 0xff)).toBe(true);
  });

  test('an attacker puts an old content back, byte for byte', () => {
    const { flash } = chip();
    flash.write(0x6c000, words(3, 0x55));
    const old = flash.snapshot();
    flash.write(0x6c000, words(3, 0));
    flash.restore(old);
    expect(flash.snapshot()).toEqual(old);
  });
});
