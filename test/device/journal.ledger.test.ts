/** Books in journals, against the same entries folded without any flash. */
import { expect, test } from 'vitest';
import { encodeSeal } from '#device/journal/codec.seal.ts';
import { formatLedger, type Ledger, openLedger, readParts, recordEntry } from '#device/journal/ledger.ts';
import { type Book, blank, type Entry } from '#device/wallet/book.ts';
import { fold } from '#device/wallet/fold.ts';
import { type Chip, type ChipOptions, limits, openChip, runs } from './journal.chip.ts';
import { type Entries, openEntries } from './journal.entries.ts';

function open(chip: Chip): Ledger {
  const ledger = openLedger(chip.ports, chip.area);
  if (!ledger || ledger.fault) throw new Error(`no ledger: ${ledger?.fault}`);
  return ledger;
}

/** What a wallet would record next: claims, answers, reports of all that is held, settlements, now and then a purse. */
function nextEntry(entries: Entries, book: Book): Entry {
  const { chance } = entries;
  const sent = book.sent[chance.below(Math.max(1, book.sent.length))];
  if (!book.purse || book.isClosed) return { type: 'opened', purse: entries.purse() };
  const { reported } = book;
  if (reported && chance.happens(0.3)) return { type: 'settled', sequence: reported.sequence };
  const counts = { sent: book.sent.length, taken: book.taken.length, refused: book.refused.length };
  if (!reported && counts.sent + counts.taken + counts.refused > 2 && chance.happens(0.6))
    return { type: 'reported', reported: { sequence: book.sequence + 1, ...counts } };
  if (sent?.state === 'pending' && chance.happens(0.3))
    return chance.happens(0.5)
      ? { type: 'answered', id: sent.id, state: 'receipted' }
      : { type: 'answered', id: sent.id, state: 'refused', parts: [Uint8Array.of(1, 2, 3)] };
  if (counts.sent > 3 || counts.taken > 3 || counts.refused > 3)
    return { type: 'clock', generation: 1, epoch: book.epoch + 1 };
  if (chance.happens(0.03)) return { type: 'evidence', purse: entries.id(), parts: [Uint8Array.of(9)] };
  if (chance.happens(0.1)) return { type: 'sale', number: book.nextNumber, price: 3, units: 4 };
  if (chance.happens(0.05)) return { type: 'closed', tick: book.tick + 1, parts: [Uint8Array.of(7, 7)] };
  return [() => entries.paid(90), () => entries.taken(60), entries.refused][chance.below(3)]!();
}

/** Power fails at random operations, in boots too; the book is the one before the entry that was cut, or the one after. */
function play(entries: Entries, options: ChipOptions, rounds: number): { cuts: number; erases: number } {
  const { chance } = entries;
  const chip = openChip({ ...options, seed: `ledger ${chance.word()}` });
  expect(formatLedger(chip.ports, chip.area)).toBe(true);
  let [book, begun, cuts] = [blank, blank, 0];
  const work = (): void => {
    const ledger = open(chip);
    if (JSON.stringify(ledger.book) !== JSON.stringify(book)) expect(ledger.book).toEqual(begun);
    book = ledger.book;
    for (let i = chance.below(12); i > 0; i--) {
      const entry = nextEntry(entries, book);
      begun = fold(book, entry);
      const fault = recordEntry(ledger, entry);
      if (fault) throw new Error(fault);
      book = ledger.book;
      expect(book).toEqual(begun);
    }
  };
  for (let round = 0; round < rounds; round++) {
    const cut = { operation: chance.below(14), kind: 'cut', byte: chance.below(200) } as const;
    if (runs(chip, chance.happens(0.7) ? [cut] : [], work)) cuts += 1;
  }
  expect(chip.flash.misuse).toEqual([]);
  return { cuts, erases: chip.flash.totals.erases };
}

test.each([
  ['two pages, nRF52832', { pageBytes: 4_096 }],
  ['two pages, nRF52840', { pageBytes: 4_096, wordLimit: limits.nRF52840! }],
  ['seven pages', { pages: 7, pageBytes: 4_096, wordLimit: limits.nRF52840! }],
])(
  '[C1 core] [C3 core] %s: journal, entries and fold give the same book, over random cuts',
  (name, options) => {
    const entries = openEntries(`ledger ${name}`);
    let [cuts, erases] = [0, 0];
    for (let i = 0; i < 12; i++) {
      const done = play(entries, options, 120);
      cuts += done.cuts;
      erases += done.erases;
    }
    console.log(`${name}: ${cuts} cuts, ${erases} erases`);
    expect(cuts).toBeGreaterThan(100);
    expect(erases).toBeGreaterThan(30);
  },
);

test('[C10 core] worn out, a ledger opens with its book and its fault, and records no more', () => {
  const entries = openEntries('worn');
  const chip = openChip({ pageBytes: 2_048, erasesMax: 3 });
  formatLedger(chip.ports, chip.area);
  const ledger = open(chip);
  let entry: Entry = { type: 'opened', purse: entries.purse() };
  for (let tick = 1; recordEntry(ledger, entry) === null; tick++) entry = { type: 'frozen', tick };
  expect(recordEntry(ledger, entry)).toBe('worn');
  for (let boot = 0; boot < 3; boot++) {
    const worn = openLedger(chip.ports, chip.area)!;
    expect(worn.book).toEqual(ledger.book);
    expect(recordEntry(worn, entry)).toBe('worn');
  }
  expect(chip.flash.misuse).toEqual([]);
});

test('the parts of a claim are found after page turns, byte for byte', () => {
  const entries = openEntries('parts');
  const chip = openChip({ pageBytes: 2_048 });
  formatLedger(chip.ports, chip.area);
  const ledger = open(chip);
  recordEntry(ledger, { type: 'opened', purse: entries.purse() });
  const first = entries.paid(200) as Entry & { type: 'paid' };
  const second = entries.paid(200) as Entry & { type: 'paid' };
  for (const entry of [first, second]) expect(recordEntry(ledger, entry)).toBe(null);
  for (let epoch = 1; epoch < 300; epoch++)
    expect(recordEntry(ledger, { type: 'clock', generation: 1, epoch })).toBe(null);
  expect(chip.flash.totals.erases).toBeGreaterThan(4);
  expect(readParts(open(chip), 0)).toEqual(first.parts);
  expect(readParts(open(chip), 1)).toEqual(second.parts);
});

test('[C1 core] a settlement whose claims are gone with their page takes no later claim with it', () => {
  const entries = openEntries('gone');
  const chip = openChip({ pages: 4, pageBytes: 4_096 });
  formatLedger(chip.ports, chip.area);
  const ledger = open(chip);
  const sure = (entry: Entry) => expect(recordEntry(ledger, entry)).toBe(null);
  const turn = () => {
    const { sequence } = ledger.journal.head.page;
    for (let epoch = 1; ledger.journal.head.page.sequence === sequence; epoch++)
      sure({ type: 'clock', generation: sequence, epoch });
  };
  sure({ type: 'opened', purse: entries.purse() });
  for (let i = 0; i < 2; i++) sure(entries.paid(90));
  turn();
  sure({ type: 'reported', reported: { sequence: 1, sent: 2, taken: 0, refused: 0 } });
  sure(entries.paid(90));
  sure({ type: 'settled', sequence: 1 });
  for (let pages = 0; pages < 9; pages++) {
    turn();
    expect(ledger.book.sent.length).toBe(1);
    expect(open(chip).book).toEqual(ledger.book);
  }
});

test('a seal has room for the largest book that it is asked to hold', () => {
  const entries = openEntries('seal');
  let book = fold(blank, { type: 'opened', purse: entries.purse() });
  for (let number = 1; number < 40; number++) book = fold(book, { type: 'sale', number, price: 1, units: 1 });
  for (let i = 0; i < 9; i++) book = fold(book, { type: 'evidence', purse: entries.id(), parts: [] });
  const none = { sent: 0, taken: 0, refused: 0, evidence: 0, close: 0 };
  expect(encodeSeal(book, none).length).toBeLessThan(1_600);
});
