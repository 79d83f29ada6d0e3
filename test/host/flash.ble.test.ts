import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { createBoard, type EmulatedBoard } from '#host/emulator/board.ts';
import { flash } from '#host/flash/flash.ts';
import { openBle } from '#host/flash/link.ble.ts';
import { LinkLost } from '#host/flash/link.ts';
import { radioOver } from '#host/flash/radio.ts';
import type { Console } from '#host/flash/serve.tcp.ts';
import { peripheral, type Shape } from './peripheral.ts';

/** Answers with what it gets. */
function echo(): Console {
  let say: (bytes: Uint8Array) => void = () => undefined;
  return {
    write: bytes => say(bytes),
    onData: listener => {
      say = listener;
      return () => undefined;
    },
  };
}

/** A board that works off at once what arrives. */
const settled = (board: EmulatedBoard): Console => ({
  write: bytes => {
    board.console.write(bytes);
    do board.world.run({ ms: 1 });
    while (board.clockUs() > board.world.nowUs);
  },
  onData: listener => board.console.onData(listener),
});

const puck = (shape: Partial<Shape> = {}) => peripheral(echo(), { name: 'Puck.js 0001', ...shape });

describe('a link over BLE, the radio replaced by memory', () => {
  test.each([
    { mtu: 23, longest: 20 },
    { mtu: 53, longest: 50 },
    { mtu: 131, longest: 128 },
  ])('carries all values in frames of at most $longest bytes at an MTU of $mtu', async ({ mtu, longest }) => {
    const { noble, frames } = puck({ mtu });
    const link = await openBle(radioOver(noble), 'Puck.js 0001');
    const heard: number[] = [];
    link.onData(bytes => heard.push(...bytes));
    const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at);
    await link.write(bytes);
    expect(Uint8Array.from(heard)).toEqual(bytes);
    expect(Math.max(...frames)).toBe(longest);
    expect(frames).toHaveLength(Math.ceil(1000 / longest));
  });

  test('carries a whole image onto an emulated board', async () => {
    const board = createBoard({ board: 'puckjs' });
    board.powerOn();
    const { noble, frames } = peripheral(settled(board), { name: 'Puck.js 0001', mtu: 53 });
    const storage = Uint8Array.from({ length: 6000 }, (_, at) => at * 7);
    const open = () => openBle(radioOver(noble), 'Puck.js 0001');
    for await (const _ of flash({ board: boards.puckjs, storage, open }));
    expect(board.flash.read(boards.puckjs.flash.storage.address, storage.length)).toEqual(storage);
    expect(Math.max(...frames)).toBe(50);
    board.close();
  });

  test('is found by its address too', async () => {
    const link = await openBle(radioOver(puck().noble), 'C0:FF:EE:00:00:01');
    expect(link.name).toBe('ble://C0:FF:EE:00:00:01');
  });

  test('tells when the board is out of reach', async () => {
    const { noble, leave } = puck();
    const link = await openBle(radioOver(noble), 'Puck.js 0001');
    const closed = new Promise<string>(resolve => link.onClose(resolve));
    leave();
    expect(await closed).toBe('Puck.js 0001 is gone');
  });

  test('to a board without a console on BLE is refused as locked', async () => {
    const radio = radioOver(puck({ services: [] }).noble);
    await expect(openBle(radio, 'Puck.js 0001')).rejects.toMatchObject({
      exit: 'refused',
      message: expect.stringContaining('locked'),
    });
  });

  test('that fails while it writes is a lost link', async () => {
    const { noble } = puck({ mtu: 23 });
    const radio = radioOver(noble);
    const lying = {
      requestDevice: async (options: Parameters<typeof radio.requestDevice>[0]) => {
        const device = await radio.requestDevice(options);
        // It says more than the connection has.
        return Object.create(device, { mtuBytes: { value: 500 } });
      },
    };
    const link = await openBle(lying, 'Puck.js 0001');
    await expect(link.write(new Uint8Array(300))).rejects.toThrow(LinkLost);
  });

  test('to a board that nobody hears ends, and so does one without a radio', async () => {
    await expect(openBle(radioOver(puck().noble, 50), 'Puck.js 0002')).rejects.toMatchObject({
      exit: 'device',
      next: 'mite devices --ble',
    });
    await expect(
      openBle(radioOver(puck({ state: 'unsupported' }).noble), 'Puck.js 0001'),
    ).rejects.toMatchObject({
      exit: 'device',
      message: expect.stringContaining('unsupported'),
    });
  });

  test('lists who advertises, with its signal', async () => {
    expect(await radioOver(puck().noble).listen(50)).toEqual([
      { name: 'Puck.js 0001', address: 'c0:ff:ee:00:00:01', signalDbm: -60 },
    ]);
  });
});
