/** Capacity, wear, and the end of life. */
import { expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { liveBytesMax, paymentsMin, turnsMax } from '#device/journal/capacity.ts';
import { type Area, sizeOf } from '#device/journal/page.ts';
import { limits, openChip, runs } from './journal.chip.ts';
import { addItem, formatItems, openItems } from './journal.items.ts';

/** Claim, signed request and position with their fields; a claim that came in; the seal of a book with some sales. */
const [paid, taken, seal] = [sizeOf(550), sizeOf(420), 420];

function areaOf(pages: number, erasesMax: number): Area {
  return { address: 0, pages, pageBytes: 4_096, erasesMax };
}

test('[C10 core] a 40 kB board holds 4 claims out with their requests and 2 in, and pays 20,000 times', () => {
  const { layout, flash } = boards.puckjs;
  const area = areaOf(layout.storage.rawPages, flash.erasesMax);
  expect(liveBytesMax(area, seal, paid)).toBeGreaterThanOrEqual(4 * paid + 2 * taken);
  const load = { live: 3 * paid + 2 * taken, seal, entry: paid };
  expect(paymentsMin(area, load)).toBeGreaterThanOrEqual(20_000);
});

test('an nrf52840dk holds 200 claims out, and its typical payments are counted', () => {
  const { layout, flash } = boards.nrf52840dk;
  const area = areaOf(layout.free!.rawPages, flash.erasesMax);
  expect(liveBytesMax(area, seal, paid)).toBeGreaterThanOrEqual(200 * paid);
  const payments = (held: number) => paymentsMin(area, { live: held * paid, seal, entry: paid });
  console.log(`nrf52840dk: ${payments(199)} payments with 199 claims held, ${payments(50)} with 50`);
  expect(payments(50)).toBeGreaterThan(1_000_000);
});

test.each(Object.entries(limits))(
  '[C10 core] at its end the flash of an %s names a fault, keeps everything, and has served what was promised',
  (_name, wordLimit) => {
    const chip = openChip({ erasesMax: 20, wordLimit });
    formatItems(chip);
    const items = openItems(chip, 3);
    const [bytes, keep] = [200, 3];
    let served = 0;
    while (addItem(items, served + 1, bytes, keep) === null) served += 1;
    const load = { live: keep * sizeOf(bytes), seal: sizeOf(12), entry: sizeOf(bytes) };
    expect(served).toBeGreaterThanOrEqual(paymentsMin(chip.area, load));
    expect(paymentsMin(chip.area, load)).toBeGreaterThanOrEqual(turnsMax(chip.area));
    expect(addItem(items, served + 1, bytes, keep)).toBe('worn');
    const found = openItems(chip, keep).items.map(({ item }) => item);
    expect(found).toEqual([served - 2, served - 1, served]);
    expect(chip.flash.misuse).toEqual([]);
  },
);

test('[C10 core] a log that is full says so without an erase, and keeps everything', () => {
  const chip = openChip();
  formatItems(chip);
  const items = openItems(chip, 99);
  let held = 0;
  while (addItem(items, held + 1, 100, 99) === null) held += 1;
  const { erases } = chip.flash.totals;
  expect(addItem(items, held + 1, 100, 99)).toBe('full');
  expect(chip.flash.totals.erases).toBe(erases);
  expect(openItems(chip, 99).items.length).toBe(held);
});

test('boots without anything new write once, and then nothing', () => {
  const chip = openChip();
  formatItems(chip);
  addItem(openItems(chip, 2), 1, 300, 2);
  openItems(chip, 2);
  const { words } = chip.flash.totals;
  for (let boot = 0; boot < 50; boot++) openItems(chip, 2);
  expect(chip.flash.totals.words).toBe(words);
});

test('[C1 core] a chip that silently does nothing, at any operation, costs a place and no item', () => {
  for (let operation = 0; ; operation++) {
    const chip = openChip({ pageBytes: 512 });
    formatItems(chip);
    let count = 0;
    const faults: (string | null)[] = [];
    runs(chip, [{ operation, kind: 'silent' }], () => {
      const items = openItems(chip, 2);
      for (let item = 1; item <= 12; item++) faults.push(addItem(items, item, 60, 2));
      count = chip.operations.count;
    });
    expect(faults.every(fault => fault === null)).toBe(true);
    expect(openItems(chip, 2).items.map(({ item }) => item)).toEqual([11, 12]);
    expect(chip.flash.misuse).toEqual([]);
    if (operation >= count) break;
  }
});
