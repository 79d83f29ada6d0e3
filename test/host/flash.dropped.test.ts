import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { createBoard } from '#host/emulator/board.ts';
import { flash } from '#host/flash/flash.ts';
import { LinkLost } from '#host/flash/link.ts';
import { dice } from '../circuits/dice.ts';
import { Wire } from './wire.ts';

const seed = process.env.MITE_SEED ?? 'flash-dropped';
const board = boards.puckjs;
/** Two pages and a half: every kind of step, few bytes. */
const storage = new Uint8Array(10 * 4096).fill(0xff);
storage.set(dice('image').bytes(10_000));
const quick = { waitsMs: [100, 100, 100], reconnectMs: 0 };

function fresh() {
  const emulated = createBoard({ board, files: { '.bootcde': 'setInterval(()=>{global.n=1},50)' } });
  emulated.powerOn();
  return { emulated, wire: new Wire(emulated, 512) };
}

async function run({ wire }: ReturnType<typeof fresh>) {
  const events = [];
  for await (const { data } of flash({ board, storage, open: wire.open, ...quick })) events.push(data);
  return events;
}

const holds = ({ emulated }: ReturnType<typeof fresh>) =>
  Buffer.compare(emulated.flash.read(board.flash.storage.address, storage.length), storage) === 0;

describe('a flash', () => {
  test('of which the link drops at any byte is finished by itself, with every byte of the image and no cell misused', async () => {
    console.log(`MITE_SEED=${seed}`);
    const roll = dice(seed);
    const whole = fresh();
    await run(whole);
    const total = whole.wire.sent;
    whole.emulated.close();
    // Cuts are spread over all of the run: one in each stretch of it.
    const stretches = 40;
    for (let stretch = 0; stretch < stretches; stretch++) {
      const from = Math.floor((total * stretch) / stretches);
      const at = roll.between(from, Math.floor((total * (stretch + 1)) / stretches) - 1);
      const target = fresh();
      target.wire.cutAfter(at);
      const events = await run(target);
      expect(
        events.some(event => 'lost' in event),
        `cut after ${at} bytes`,
      ).toBe(true);
      expect(holds(target), `cut after ${at} bytes`).toBe(true);
      expect(events.at(-1)).toEqual({ done: true });
      expect(target.emulated.flash.misuse(), `cut after ${at} bytes`).toEqual([]);
      target.emulated.close();
    }
  });

  test('that may not connect again is not finished, which shows that the cuts hurt', async () => {
    const target = fresh();
    target.wire.cutAfter(3000);
    let opened = 0;
    const open = async () => {
      if (opened++) throw new LinkLost('no second connection');
      return target.wire.open();
    };
    const ended = (async () => {
      for await (const _ of flash({ board, storage, open, ...quick }));
    })();
    await expect(ended).rejects.toMatchObject({ exit: 'device' });
    expect(holds(target)).toBe(false);
    target.emulated.close();
  });

  test('whose boot ends the link, as a change of services does, meets the board again and boots it once', async () => {
    const target = fresh();
    await run(target);
    const before = target.wire.sent;
    await run(target);
    const again = target.wire.sent - before;
    // In the last line that goes out: the board is asked who it is after its boot.
    for (const early of [2, 40, 80]) {
      target.wire.log = '';
      target.wire.cutAfter(again - early);
      const events = await run(target);
      expect(events.some(event => 'lost' in event)).toBe(true);
      expect(events.at(-1)).toEqual({ done: true });
      expect(target.wire.log.split('load()')).toHaveLength(2);
    }
    target.emulated.close();
  });

  test('whose link drops more often than it may in a row is finished, for it writes a page each time', async () => {
    const target = fresh();
    const large = new Uint8Array(10 * 4096).fill(0xff);
    large.set(dice('large').bytes(9 * 4096));
    const open = async () => {
      // A page takes some 6 kB on the wire, and looking takes 1 kB.
      target.wire.cutAfter(9000);
      return target.wire.open();
    };
    const lost = [];
    for await (const { data } of flash({ board, storage: large, open, ...quick }))
      if (data.lost) lost.push(data.lost);
    expect(lost.length).toBeGreaterThan(5);
    expect(target.emulated.flash.read(board.flash.storage.address, large.length)).toEqual(large);
    target.emulated.close();
  });

  test('that is begun again writes only what is missing', async () => {
    const target = fresh();
    await run(target);
    const all = target.emulated.flash.words();
    const { address, pages } = board.flash.storage;
    const before = target.emulated.flash.snapshot();
    // Its last page that holds bytes is lost.
    target.emulated.machine.erase(address + 2 * 4096);
    const events = await run(target);
    expect(holds(target)).toBe(true);
    expect(events.filter(event => (event.step as { step?: string })?.step === 'page')).toHaveLength(1);
    expect(target.emulated.flash.words() - all).toBeLessThan(all);
    expect(target.emulated.flash.snapshot()).toEqual(before);
    expect(pages).toBe(10);
    target.emulated.close();
  });

  test('whose link drops for ever ends with no device', async () => {
    const target = fresh();
    const open = async () => {
      target.wire.cutAfter(40);
      return target.wire.open();
    };
    const job = { board, storage, open, ...quick };
    const ended = (async () => {
      for await (const _ of flash(job));
    })();
    await expect(ended).rejects.toMatchObject({ exit: 'device' });
    target.emulated.close();
  });

  test('in which power fails at any operation of the flash is finished by the next', async () => {
    const counted = fresh();
    counted.emulated.flash.plan();
    await run(counted);
    const operations = counted.emulated.flash.operations();
    counted.emulated.close();
    expect(operations).toBeGreaterThan(10);
    const roll = dice(`${seed} power`);
    for (let operation = 0; operation < operations; operation++) {
      const target = fresh();
      const { emulated } = target;
      emulated.flash.plan([
        { operation, kind: 'cut', byte: roll.between(0, 512), scattered: roll.percent(50) },
      ]);
      await expect(run(target)).rejects.toMatchObject({ exit: 'device' });
      expect(emulated.state, `operation ${operation}`).toBe('off');
      emulated.flash.plan();
      emulated.powerOn();
      emulated.world.run({ ms: 500 });
      await run(target);
      expect(holds(target), `operation ${operation}`).toBe(true);
      emulated.close();
    }
  });
});
