/** Histories with page turns, cut at every operation and every byte. */
import { describe, expect, test } from 'vitest';
import type { Mishap } from '#host/emulator/flash.ts';
import { type Chip, type ChipOptions, limits, openChip, runs } from './journal.chip.ts';
import { addItem, formatItems, openItems } from './journal.items.ts';

interface History {
  readonly options: ChipOptions;
  readonly items: number;
  readonly keep: number;
}

const bytesOf = (item: number) => 1 + ((item * 37) % 120);

/** Items 1 to n; the highest that was durable, the highest that was begun. */
interface Done {
  durable: number;
  begun: number;
}

function play(chip: Chip, history: History, done: Done): void {
  const { items, keep } = history;
  const opened = openItems(chip, history.keep);
  if (opened.fault) throw new Error(opened.fault);
  for (let item = done.begun + 1; item <= items; item++) {
    done.begun = item;
    const fault = addItem(opened, item, bytesOf(item), keep);
    if (fault) throw new Error(`${fault} at item ${item}`);
    done.durable = item;
  }
}

/** What is wrong: items are found in their order, from the last durable ones to the last that was begun at most. */
function wrongIn(chip: Chip, history: History, done: Done): string {
  const found = openItems(chip, history.keep).items.map(({ item }) => item);
  const last = found.at(-1) ?? 0;
  const { durable, begun } = done;
  done.begun = last;
  if (last < durable || last > begun) return `${last} is last, ${durable} durable, ${begun} begun`;
  if (found.some((item, i) => item !== last - found.length + 1 + i)) return `${found} are out of order`;
  if (found.length < Math.min(last, history.keep)) return `${found} are not enough`;
  return chip.flash.misuse.map(({ kind, address }) => `${kind} at ${address}`).join();
}

function begin(history: History, seed: string): Chip {
  const chip = openChip({ ...history.options, seed });
  expect(formatItems(chip)).toBe(true);
  chip.operations.plan();
  return chip;
}

function operationsOf(history: History) {
  const chip = begin(history, 'trace');
  chip.operations.trace = [];
  play(chip, history, { durable: 0, begun: 0 });
  return chip.operations.trace;
}

function* cutsOf(history: History): Generator<Mishap> {
  const trace = operationsOf(history);
  for (const [operation, { kind, length }] of trace.entries()) {
    const step = kind === 'erase' ? 8 : 1;
    for (let byte = 0; byte <= length; byte += step) yield { operation, kind: 'cut', byte };
    if (kind === 'erase')
      for (let byte = 0; byte <= length; byte += 64) yield { operation, kind: 'cut', byte, scattered: true };
    yield { operation, kind: 'cut', byte: length };
  }
}

const small = { pageBytes: 512 };
const histories: readonly (readonly [string, History])[] = [
  ['two pages of an nRF52832', { options: small, items: 18, keep: 2 }],
  ['two pages of an nRF52840', { options: { ...small, wordLimit: limits.nRF52840! }, items: 18, keep: 2 }],
  [
    'five pages of an nRF52840',
    { options: { ...small, pages: 5, wordLimit: limits.nRF52840! }, items: 26, keep: 4 },
  ],
];

describe.each(histories)('%s', (_name, history) => {
  test('turn several times in the history', () => {
    const erases = operationsOf(history).filter(({ kind }) => kind === 'erase').length;
    expect(erases).toBeGreaterThan(3);
  });

  test('[C1 core] [C3 core] wherever power fails, what was durable is there, and nothing that was not begun', () => {
    let cuts = 0;
    for (const cut of cutsOf(history)) {
      const chip = begin(history, `${cut.operation} ${cut.byte}`);
      const done = { durable: 0, begun: 0 };
      const isCut = runs(chip, [cut], () => play(chip, history, done));
      let wrong = isCut ? wrongIn(chip, history, done) : 'not cut';
      play(chip, history, done);
      wrong += wrongIn(chip, history, { durable: history.items, begun: history.items });
      if (wrong) expect({ cut, wrong }).toEqual({ cut, wrong: '' });
      cuts += 1;
    }
    console.log(`${cuts} cuts`);
  });
});
