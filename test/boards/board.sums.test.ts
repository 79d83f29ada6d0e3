import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { smallPoints, tableBytes } from '#circuits/kernel/tables.ts';
import { payloadBytesOf } from '#circuits/link/frame.ts';
import { headerBytes, placesOf } from '#host/build/layout.ts';
import { costsOf } from '#host/build/memory.ts';

const all = Object.values(boards);
const withKernel = all.filter(board => board.kernel);
const fortyKilobytes = all.filter(({ flash }) => flash.storage.pages === 10 && !flash.free);

/** All of Storage that the parts may take. */
function storageBytes({ layout, flash }: Board): number {
  const { pageFirst, kernelBytes, pointsBytes, rawPages, bundleBytes, certificateBytes } = layout.storage;
  if (pageFirst) return (1 + rawPages) * flash.pageBytes + kernelBytes + bundleBytes;
  const file = rawPages ? headerBytes + kernelBytes + pointsBytes + rawPages * flash.pageBytes : 0;
  return file + bundleBytes + certificateBytes;
}

/** Every leaf of the data, by its path. */
function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path ? `${path}.${key}` : key));
}

describe('boards', () => {
  test('are nine, each under its own name', () => {
    expect(Object.entries(boards).filter(([name, board]) => name === board.name)).toHaveLength(9);
  });

  test('of 40 kB share exactly 40,960 bytes, and what is small fills the first page', () => {
    expect(fortyKilobytes.map(({ name }) => name)).toEqual(['puckjs', 'mdbt42q', 'microbit2']);
    for (const board of fortyKilobytes) {
      const { pointsBytes, certificateBytes } = board.layout.storage;
      expect(headerBytes + pointsBytes + certificateBytes).toBe(4096);
      expect(storageBytes(board)).toBe(40_960);
      expect(board.flash.storage.pages * board.flash.pageBytes).toBe(40_960);
      expect(board.kernel!.tables).toEqual(smallPoints);
    }
  });

  test.each(all)('$name: what may be in Storage fits into it', board => {
    expect(storageBytes(board)).toBeLessThanOrEqual(board.flash.storage.pages * board.flash.pageBytes);
  });

  test.each(all)('$name: raw pages are page-aligned, and two at least', board => {
    const { raw, files } = placesOf(board);
    expect(raw.address % board.flash.pageBytes).toBe(0);
    expect(raw.bytesMax / board.flash.pageBytes).toBeGreaterThanOrEqual(2);
    // A header on a page boundary after them: the firmware never moves their file.
    expect(files % (board.layout.storage.pageFirst ? 4 : board.flash.pageBytes)).toBe(0);
  });

  test.each(all)('$name: parts lie one after the other, inside their area', board => {
    const { kernel, points, manifest, raw } = placesOf(board);
    const row = [kernel, points, manifest, raw]
      .filter(place => place !== undefined)
      .sort((a, b) => a.address - b.address);
    const area = raw.area === 'free' ? board.flash.free! : board.flash.storage;
    let last = area.address;
    for (const { address, bytesMax } of row) {
      expect(address).toBeGreaterThanOrEqual(last);
      expect(address % 4).toBe(0);
      last = address + bytesMax;
    }
    expect(last).toBeLessThanOrEqual(area.address + area.pages * board.flash.pageBytes);
  });

  test.each(all)('$name: its areas do not overlap', ({ flash }) => {
    if (!flash.free) return;
    const [free, storage] = [flash.free, flash.storage];
    expect(free.address + free.pages * flash.pageBytes).toBeLessThanOrEqual(storage.address);
  });

  test.each(withKernel)('$name: its points are of the shape that it names', ({ kernel, layout }) => {
    const room = (layout.free ?? layout.storage).pointsBytes;
    expect(tableBytes(kernel!.tables)).toBeLessThanOrEqual(room);
    expect(room - tableBytes(kernel!.tables)).toBeLessThan(4096);
  });

  test.each(withKernel)('$name: a kernel runs where its flash is mapped, or from a copy', board => {
    const area = board.layout.free ? board.flash.free! : board.flash.storage;
    expect(board.kernel!.runs).toBe(area.mapped ? 'place' : 'copy');
  });

  test.each(withKernel)('$name: scratch, and a copy of the kernel, leave RAM for the program', board => {
    const { memory, kernel, layout, budget } = board;
    const { flat } = costsOf(memory.variableBytes);
    const copied =
      kernel!.runs === 'copy' ? flat(layout.storage.kernelBytes + layout.storage.pointsBytes) : 0;
    const used = flat(kernel!.scratchBytes) + copied + 3 * flat(1024);
    expect(memory.variables - used - budget.variablesFree).toBeGreaterThan(500);
    expect(kernel!.stackBytesMax).toBeLessThan(memory.stackBytes / 2);
  });

  test.each(all)('$name: a JsVar has the size that so many of them have', ({ memory }) => {
    const { variables, variableBytes, referencesMax } = memory;
    // Espruino, jsutils.h.
    expect(variableBytes).toBe(variables > 8191 ? 14 : 13);
    expect(referencesMax).toBe(variables > 4095 && variables <= 8191 ? 15 : 255);
  });

  test.each(all)('$name: a frame carries what its radio delivers', ({ radio }) => {
    const { mtuBytes, eventBytes, payloadBytes } = radio.ble;
    expect(payloadBytesOf(mtuBytes, eventBytes)).toBe(payloadBytes);
  });

  test.each(all)('$name: random words come from the hardware', ({ randomness, chip }) => {
    expect(randomness.source).toBe(chip.startsWith('esp') ? 'register' : 'pool');
    expect(randomness.address !== undefined).toBe(randomness.source === 'register');
  });

  test.each(all)('$name: what nobody has seen on a board is a figure that it has', board => {
    const paths = leaves(board);
    for (const path of board.unverified) expect(paths).toContain(path);
    if (board.name !== 'emulated') expect(board.unverified.length).toBeGreaterThan(0);
  });

  test('are told apart by what their firmware says', () => {
    const names = all.flatMap(({ firmware }) => firmware.names);
    expect(new Set(names).size).toBe(names.length);
  });
});
