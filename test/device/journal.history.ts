/** A history of a journal, played on a chip where power fails, and what is wrong after it. */
import type { Ports } from '#device/journal/page.ts';
import type { Mishap } from '#host/emulator/flash.ts';
import { type Chip, type ChipOptions, limits, openChip, runs } from './journal.chip.ts';
import { addItem, formatItems, openItems } from './journal.items.ts';

export interface History {
  readonly options: ChipOptions;
  readonly items: number;
  readonly keep: number;
  /** A board that does something wrong: the test must find it. */
  readonly spoil?: (ports: Ports) => Ports;
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
  done.durable = last;
  if (last < durable || last > begun) return `${last} is last, ${durable} durable, ${begun} begun`;
  if (found.some((item, i) => item !== last - found.length + 1 + i)) return `${found} are out of order`;
  if (found.length < Math.min(last, history.keep)) return `${found} are not enough`;
  return chip.flash.misuse.map(({ kind, address }) => `${kind} at ${address}`).join();
}

function begin(history: History, seed: string): Chip {
  const whole = openChip({ ...history.options, seed });
  const chip = history.spoil ? { ...whole, ports: history.spoil(whole.ports) } : whole;
  if (!formatItems(chip)) throw new Error('no journal was made');
  chip.operations.plan();
  return chip;
}

export function operationsOf(history: History) {
  const chip = begin(history, 'trace');
  chip.operations.trace = [];
  play(chip, history, { durable: 0, begun: 0 });
  return chip.operations.trace;
}

export function* cutsOf(history: History): Generator<Mishap> {
  const trace = operationsOf(history);
  for (const [operation, { kind, length }] of trace.entries()) {
    for (let byte = 0; byte <= length; byte += 1) yield { operation, kind: 'cut', byte };
    if (kind === 'erase')
      for (let byte = 0; byte <= length; byte += 64) yield { operation, kind: 'cut', byte, scattered: true };
  }
}

const small = { pageBytes: 512 };
/** Of any board: two pages, and a ring of more. */
export const histories = {
  'two pages of an nRF52832': { options: small, items: 18, keep: 2 },
  'two pages of an nRF52840': { options: { ...small, wordLimit: limits.nRF52840! }, items: 18, keep: 2 },
  'five pages': { options: { ...small, pages: 5, wordLimit: limits.nRF52840! }, items: 24, keep: 4 },
} satisfies Readonly<Record<string, History>>;

/** Each list of mishaps meets one run: the first in the history, the others in the boots that follow, one each. */
export function wrongAfter(history: History, mishaps: readonly Mishap[]): string {
  const [first, ...later] = mishaps;
  const chip = begin(history, JSON.stringify(mishaps));
  const done = { durable: 0, begun: 0 };
  try {
    runs(chip, [first!], () => play(chip, history, done));
    for (const mishap of later) runs(chip, [mishap], () => openItems(chip, history.keep));
    const wrong = wrongIn(chip, history, done);
    if (wrong) return wrong;
    play(chip, history, done);
    return wrongIn(chip, history, { durable: history.items, begun: history.items });
  } catch (error) {
    return (error as Error).message;
  }
}

/** The first single cut after which something is wrong. */
export function firstWrong(history: History): { cuts: number; cut?: Mishap; wrong?: string } {
  let cuts = 0;
  for (const cut of cutsOf(history)) {
    const wrong = wrongAfter(history, [cut]);
    if (wrong) return { cuts, cut, wrong };
    cuts += 1;
  }
  return { cuts };
}
