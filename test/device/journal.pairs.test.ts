/** Power that fails again in the boots that follow; and boards that do something wrong, which these tests must find. */
import { expect, test } from 'vitest';
import { openJournal } from '#device/journal/journal.ts';
import { openChance } from '#host/emulator/chance.ts';
import type { Mishap } from '#host/emulator/flash.ts';
import { openChip, runs } from './journal.chip.ts';
import { cutsOf, firstWrong, type History, histories, operationsOf, wrongAfter } from './journal.history.ts';
import { formatItems, openItems } from './journal.items.ts';

test.each(Object.entries<History>(histories))(
  '[C1 core] nothing is lost where power fails again in the next two boots: %s',
  (name, history) => {
    const seed = process.env.MITE_SEED ?? `pairs ${name}`;
    console.log(`MITE_SEED=${seed}`);
    const chance = openChance(seed);
    const cuts = [...cutsOf(history)];
    const again = (): Mishap => ({ operation: chance.below(4), kind: 'cut', byte: chance.below(150) });
    for (let i = 0; i < 600; i++) {
      const mishaps = [cuts[chance.below(cuts.length)]!, again(), again()];
      const wrong = wrongAfter(history, mishaps);
      if (wrong) expect({ mishaps, wrong }).toEqual({ mishaps, wrong: '' });
    }
  },
);

test('a CRC that is blind is found', () => {
  const history: History = histories['two pages of an nRF52832'];
  const blind: History = { ...history, spoil: ports => ({ ...ports, crc: () => 0 }) };
  expect(firstWrong(blind).wrong).toBeDefined();
});

test('flash that is believed without being read back is found', () => {
  const history: History = histories['two pages of an nRF52832'];
  const believing: History = {
    ...history,
    spoil: ports => {
      let [last, at] = [new Uint8Array(0), 0];
      const write = (bytes: Uint8Array, address: number) => {
        [last, at] = [bytes.slice(), address];
        ports.flash.write(bytes, address);
      };
      const read = (length: number, address: number) =>
        address === at && length === last.length ? last.slice() : ports.flash.read(length, address);
      return { ...ports, flash: { ...ports.flash, write, read } };
    },
  };
  const operations = operationsOf(history).map((_, operation) => operation);
  const finds = (board: History) =>
    operations.some(operation => wrongAfter(board, [{ operation, kind: 'silent' }]));
  expect(finds(history)).toBe(false);
  expect(finds(believing)).toBe(true);
});

test('a provisioning that power cuts leaves no journal, or an empty one', () => {
  for (let operation = 0; operation < 3; operation++)
    for (let byte = 0; byte <= 40; byte++) {
      const chip = openChip({ pageBytes: 512 });
      const isCut = runs(chip, [{ operation, kind: 'cut', byte }], () => formatItems(chip));
      if (!isCut) continue;
      if (!openJournal(chip.ports, chip.area)) expect(formatItems(chip)).toBe(true);
      expect(openItems(chip, 2).items).toEqual([]);
    }
});
