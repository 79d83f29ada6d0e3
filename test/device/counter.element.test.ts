/** An element whose wires fail. */
import { expect, test } from 'vitest';
import { openElementCounter } from '#device/counter/element.ts';
import { openChance } from '#host/emulator/chance.ts';
import { Atecc } from '#host/emulator/i2c.atecc.ts';
import { Bus } from '#host/emulator/i2c.ts';

/** Transfers from this one on, so many of them, are lost or garbled. */
function openWire(kind: 'lost' | 'garbled' | 'whole', from: number, count: number) {
  let nowUs = 0;
  let transfer = 0;
  const part = new Atecc({ chance: openChance('wire'), clockUs: () => nowUs });
  const bus = new Bus();
  bus.attach(part);
  const fails = () => {
    transfer += 1;
    return kind !== 'whole' && transfer > from && transfer <= from + count;
  };
  const wire = {
    write: (address: number, bytes: Uint8Array) => {
      if (!fails()) return bus.write(address, bytes);
      return (
        kind === 'garbled' &&
        bus.write(
          address,
          bytes.map(byte => byte ^ 0x10),
        )
      );
    },
    read: (address: number, length: number) => {
      const isBad = fails();
      const answer = bus.read(address, length);
      return isBad ? (kind === 'garbled' ? answer?.map(byte => byte ^ 1) : undefined) : answer;
    },
    pauseMs: (time: number) => {
      nowUs += 1_000 * time;
    },
  };
  return {
    counter: openElementCounter(wire, { address: 0x60, counter: 0, base: 0 }),
    part,
    transfers: () => transfer,
  };
}

test('[G7 core] whatever transfer is lost or garbled, a tick counts once, or says that it is not known', () => {
  const whole = openWire('whole', 0, 0);
  expect(whole.counter.tick(1)).toBe(null);
  let counted = 0;
  for (const kind of ['lost', 'garbled'] as const)
    for (let from = 0; from < whole.transfers(); from++)
      for (const count of [1, 2, 5]) {
        const { counter, part } = openWire(kind, from, count);
        const fault = counter.tick(1);
        expect(part.counters[0]).toBeLessThanOrEqual(1);
        if (fault === null) counted += part.counters[0]!;
        else expect(fault).toBe('element');
        expect(counter.tick(1)).toBe(null);
        expect(part.counters[0]).toBe(1);
      }
  expect(counted).toBeGreaterThan(0);
});

test('an element that is not there is a fault, not a number', () => {
  const { counter } = openWire('lost', 0, Number.POSITIVE_INFINITY);
  expect(counter.read()).toBe('element');
  expect(counter.tick(1)).toBe('element');
});
