/** One suite for every counter, on the parts that it runs on. */
import { describe, expect, test } from 'vitest';
import { openBareCounter } from '#device/counter/bare.ts';
import type { Counter } from '#device/counter/counter.ts';
import { openElementCounter, type Wire } from '#device/counter/element.ts';
import { appendTick } from '#device/journal/journal.ts';
import { openChance } from '#host/emulator/chance.ts';
import { Atecc } from '#host/emulator/i2c.atecc.ts';
import { Bus } from '#host/emulator/i2c.ts';
import { openChip } from './journal.chip.ts';
import { addItem, formatItems, openItems } from './journal.items.ts';

interface Rig {
  /** As after a boot. */
  open(): Counter;
  /** Takes the flash back to where it was. */
  copy(): () => void;
  readonly holdsRollback: boolean;
}

function bareRig(value: number): Rig {
  const chip = openChip();
  formatItems(chip);
  const items = openItems(chip, 2);
  if (value) expect(appendTick(items.journal, items.keeper, value)).toBe(null);
  return {
    open: () => {
      const opened = openItems(chip, 2);
      // Whatever the journal does meanwhile: pages turn between ticks.
      for (let item = 1; item < 4; item++) expect(addItem(opened, item, 200, 2)).toBe(null);
      return openBareCounter(opened.journal, opened.keeper);
    },
    copy: () => {
      const bytes = chip.flash.snapshot();
      return () => chip.flash.restore(bytes);
    },
    holdsRollback: false,
  };
}

function elementRig(value: number): Rig {
  let nowUs = 0;
  const part = new Atecc({
    chance: openChance('counter'),
    clockUs: () => nowUs,
    counters: [7, value + 5],
  });
  const bus = new Bus();
  bus.attach(part);
  const wire: Wire = {
    write: (address, bytes) => bus.write(address, bytes),
    read: (address, length) => bus.read(address, length),
    pauseMs: time => {
      nowUs += 1_000 * time;
    },
  };
  return {
    open: () => {
      bus.power(false);
      return openElementCounter(wire, { address: 0x60, counter: 1, base: 5 });
    },
    copy: () => () => {},
    holdsRollback: true,
  };
}

describe.each([
  ['bare', bareRig],
  ['element', elementRig],
] as const)('%s', (_name, rigOf) => {
  test('[G7 core] counts one by one, and remembers over boots', () => {
    const rig = rigOf(0);
    for (let value = 0; value < 40; value++) {
      expect(rig.open().read()).toBe(value);
      expect(rig.open().tick(value + 1)).toBe(null);
    }
  });

  test('a tick that is there already is no second one; one back and one too far are refused', () => {
    const counter = rigOf(9).open();
    expect(counter.tick(10)).toBe(null);
    expect(counter.tick(10)).toBe(null);
    expect(counter.tick(9)).toBe('counter');
    expect(counter.tick(12)).toBe('counter');
    expect(counter.read()).toBe(10);
  });

  test('[D3 core] it stops at its end with a fault, and still reads', () => {
    const { max } = rigOf(0).open();
    const counter = rigOf(max - 1).open();
    expect(counter.tick(max)).toBe(null);
    expect(counter.tick(max + 1)).toBe('counter');
    expect(counter.read()).toBe(max);
  });

  test('[D1 core] restored flash takes back the count of a bare board, and not of an element', () => {
    const rig = rigOf(0);
    rig.open().tick(1);
    const restore = rig.copy();
    rig.open().tick(2);
    restore();
    expect(rig.open().read()).toBe(rig.holdsRollback ? 2 : 1);
  });
});
