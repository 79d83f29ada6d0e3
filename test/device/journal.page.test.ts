/** What a scan takes for an entry, and what not. */
import { expect, test } from 'vitest';
import {
  formatPage,
  headerBytes,
  newEntry,
  type Page,
  type Place,
  payloadAt,
  scanPage,
  writeEntry,
} from '#device/journal/page.ts';
import { type Chip, openChip, runs } from './journal.chip.ts';

const kind = 20;

/** A torn entry whose payload is a whole entry, made by who knows a salt and the offset at which it will lie. */
function tear(chip: Chip, page: Page, salt: number): void {
  const inner = newEntry(kind, 20);
  const known = { ...page, salt };
  const other = openChip();
  writeEntry(
    { ...other.ports, flash: { read: () => inner, write: () => {}, erasePage: () => {} } },
    known,
    60,
    inner,
  );
  const outer = newEntry(kind, 96);
  outer.set(inner, 60 - headerBytes);
  const cut = [{ operation: 0, kind: 'cut', byte: outer.length - 2 }] as const;
  expect(runs(chip, cut, () => writeEntry(chip.ports, page, headerBytes, outer))).toBe(true);
}

function scan(chip: Chip, page: Page): Place[] {
  const places: Place[] = [];
  scanPage(chip.ports, page, place => places.push(place));
  return places;
}

test('[C3 core] bytes inside a torn entry are no entry for who does not know the salt, and would be for who does', () => {
  for (const isKnown of [true, false]) {
    const chip = openChip();
    const page = formatPage(chip.ports, chip.area, 1)!;
    tear(chip, page, isKnown ? page.salt : (page.salt ^ 1) >>> 0);
    expect(scan(chip, page).length).toBe(isKnown ? 1 : 0);
  }
});

test('an entry at another offset, or in a page of another salt, is none', () => {
  const chip = openChip();
  const page = formatPage(chip.ports, chip.area, 1)!;
  expect(writeEntry(chip.ports, page, headerBytes, newEntry(kind, 20))).toBe(true);
  expect(scan(chip, page).length).toBe(1);
  const copy = chip.flash.read(page.address + headerBytes, 32);
  chip.flash.write(page.address + 100, copy);
  expect(scan(chip, page).length).toBe(1);
  expect(scan(chip, { ...page, salt: (page.salt ^ 4) >>> 0 }).length).toBe(0);
});

test('a torn entry leaves its whole length alone, even where its payload reads as blank', () => {
  const chip = openChip();
  const page = formatPage(chip.ports, chip.area, 1)!;
  const entry = newEntry(kind, 200).fill(0xff, payloadAt);
  runs(chip, [{ operation: 0, kind: 'cut', byte: 150 }], () =>
    writeEntry(chip.ports, page, headerBytes, entry),
  );
  expect(scanPage(chip.ports, page, () => {})).toBe(headerBytes + entry.length);
});
