import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { buildImage } from '#host/build/image.ts';
import { createBoard } from '#host/emulator/board.ts';
import { flash } from '#host/flash/flash.ts';
import { openSerial } from '#host/flash/link.serial.ts';
import { openTcp } from '#host/flash/link.tcp.ts';
import { dice } from '../circuits/dice.ts';
import { lay } from './table.ts';
import { hasTerminals, plug } from './terminals.ts';
import { Wire } from './wire.ts';

const seed = process.env.MITE_SEED ?? 'flash-board';

const held = (board: ReturnType<typeof createBoard>, bytes: number) =>
  board.flash.read(board.board.flash.storage.address, bytes);

describe('flash', () => {
  test.each(Object.values(boards))(
    'leaves every byte of an image on an emulated $name, and misuses no cell',
    async data => {
      console.log(`MITE_SEED=${seed}`);
      const board = createBoard({ board: data });
      board.powerOn();
      const roll = dice(`${seed} ${data.name}`);
      const storage = new Uint8Array(5 * 4096).fill(0xff);
      storage.set(roll.bytes(roll.between(9000, storage.length)));
      const free = data.flash.free && roll.bytes(roll.between(1, 2 * 4096));
      const job = { board: data, storage, ...(free ? { free } : {}), open: new Wire(board).open };
      for await (const _ of flash(job));
      expect(Buffer.compare(held(board, storage.length), storage)).toBe(0);
      if (free) expect(board.flash.read(data.flash.free!.address, free.length)).toEqual(free);
      expect(board.flash.misuse()).toEqual([]);
      board.close();
    },
  );

  test.each(['nrf52840dk', 'xiaoble', 'esp32c3'] as const)(
    '[G3 core] boots the image that was built for an emulated %s, and tells what its self-test says',
    async name => {
      const board = createBoard({ board: name });
      board.powerOn();
      const { storage, free, files } = await buildImage({ board: boards[name] });
      const said = [];
      const job = { board: boards[name], storage, ...(free ? { free } : {}), open: new Wire(board).open };
      for await (const { data } of flash(job)) if (data.said) said.push(data.said);
      expect(board.evaluate('require("Storage").list()')).toEqual(files.map(file => file.name));
      expect(said.at(-1)).toBe('self-test passed');
      // Its self-test wrote a raw page: that one goes, and the boot files, which were silenced meanwhile.
      const again = [];
      for await (const { data } of flash(job)) again.push(data);
      expect(again).toContainEqual(expect.objectContaining({ verified: true }));
      expect(again.at(-1)).toEqual({ done: true });
      expect(board.flash.misuse()).toEqual([]);
      board.close();
    },
  );

  test('replaces what was there, file left behind its end included, and a second time touches nothing', async () => {
    const board = createBoard({ board: 'mdbt42q', files: { '.bootcde': 'setInterval(()=>{},10)' } });
    board.powerOn();
    board.run('require("Storage").write("old",E.toString(new Uint8Array(30000)))');
    const storage = dice(seed).bytes(6000);
    const job = { board: boards.mdbt42q, storage, open: new Wire(board).open };
    for await (const _ of flash(job));
    const whole = new Uint8Array(40_960).fill(0xff);
    whole.set(storage);
    expect(Buffer.compare(held(board, 40_960), whole)).toBe(0);
    const before = board.flash.words();
    for await (const _ of flash(job));
    expect(board.flash.words()).toBe(before);
    board.close();
  });

  test('works over a serial port', { skip: !hasTerminals }, async () => {
    const { board, port, end } = await lay('puckjs');
    const { near, unplug } = await plug(port);
    const storage = dice(seed).bytes(5000);
    for await (const _ of flash({ board: boards.puckjs, storage, open: () => openSerial(near, 9600) }));
    expect(held(board, storage.length)).toEqual(storage);
    unplug();
    await end();
  });

  test('is reached over TCP by the link that the command uses', async () => {
    const { board, port, end } = await lay('puckjs');
    const storage = dice(seed).bytes(3000);
    for await (const _ of flash({ board: boards.puckjs, storage, open: () => openTcp('127.0.0.1', port) }));
    expect(held(board, storage.length)).toEqual(storage);
    await end();
  });
});
