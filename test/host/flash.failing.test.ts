import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { exits, describe as tell } from '#host/cli/failure.ts';
import { createBoard } from '#host/emulator/board.ts';
import { flash } from '#host/flash/flash.ts';
import { dice } from '../circuits/dice.ts';
import { Wire } from './wire.ts';

const board = boards.puckjs;
const { address } = board.flash.storage;
const storage = dice('failing').bytes(6000);
const whole = new Uint8Array(10 * 4096).fill(0xff);
whole.set(storage);

const [erased, other] = [new Uint8Array(10 * 4096).fill(0xff), dice('before').bytes(10 * 4096)];

function fresh(before = other) {
  const emulated = createBoard({ board });
  emulated.powerOn();
  // After power came: firmware erases at once what is no Storage.
  emulated.machine.flashAt(address)!.load(address, before);
  return emulated;
}

const run = async (emulated: ReturnType<typeof fresh>) => {
  for await (const _ of flash({ board, storage, open: new Wire(emulated).open, reconnectMs: 0 }));
};

const holds = (emulated: ReturnType<typeof fresh>) =>
  Buffer.compare(emulated.flash.read(address, whole.length), whole) === 0;

describe('a chip that fails and says nothing', () => {
  test.each([
    { held: 'other bytes', before: other },
    { held: 'nothing', before: erased },
  ])(
    'at any single operation, on flash that held $held, is noticed, and the page is erased and written again',
    async ({ before }) => {
      const counted = fresh(before);
      counted.flash.plan();
      await run(counted);
      const operations = counted.flash.operations();
      expect(holds(counted)).toBe(true);
      counted.close();
      for (let operation = 0; operation < operations; operation++) {
        const emulated = fresh(before);
        emulated.flash.plan([{ operation, kind: 'silent' }]);
        await run(emulated);
        expect(holds(emulated), `operation ${operation}`).toBe(true);
        expect(emulated.flash.misuse(), `operation ${operation}`).toEqual([]);
        emulated.close();
      }
    },
  );

  test('for ever ends with the code for what does not verify, and names the page', async () => {
    const emulated = fresh();
    // Writes of the first page: its erases work.
    const trace = emulated.flash.record();
    const begin = emulated.machine.operations.begin.bind(emulated.machine.operations);
    emulated.machine.operations.begin = operation => {
      const mishap = begin(operation);
      const fails = operation.kind === 'write' && operation.address < address + 4096;
      return fails ? { operation: 0, kind: 'silent' } : mishap;
    };
    const { code, data } = tell(await run(emulated).catch(error => error));
    expect({ code, error: data.error }).toEqual({
      code: exits.verify.code,
      error: expect.stringContaining('0x6c000'),
    });
    expect(trace.filter(({ kind }) => kind === 'erase')).toHaveLength(3);
    emulated.close();
  });

  test('and reads wrong where its digests are right is noticed when every byte is read back', async () => {
    const emulated = fresh();
    const read = emulated.machine.read.bind(emulated.machine);
    // Parts that are read back are of 768 bytes, those of digests are not.
    emulated.machine.read = (from, length) => {
      const bytes = read(from, length);
      if (length === 768 && from === address) bytes[700]! ^= 1;
      return bytes;
    };
    const { code } = tell(await run(emulated).catch(error => error));
    expect(code).toBe(exits.verify.code);
    emulated.close();
  });

  test('because its pages are locked until reset is refused as locked, without a fault of its own', async () => {
    const emulated = fresh();
    emulated.flash.lock(address, address + 4096);
    const { code, data } = tell(await run(emulated).catch(error => error));
    expect({ code, error: data.error }).toEqual({
      code: exits.refused.code,
      error: expect.stringContaining('locked'),
    });
    emulated.close();
  });
});
