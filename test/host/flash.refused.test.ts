import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { encodeManifest } from '#host/build/manifest.ts';
import { exits, describe as tell } from '#host/cli/failure.ts';
import { checkFirmware } from '#host/flash/firmware.ts';
import { flash } from '#host/flash/flash.ts';
import { farEnd, type Says } from './far.ts';

const storage = new Uint8Array(4096);
const waitsMs = [40, 40, 40];

async function refusal(says: Says, board: Board = boards.puckjs, free?: Uint8Array) {
  const far = farEnd(says);
  const job = { board, storage, open: far.open, waitsMs, ...(free ? { free } : {}) };
  try {
    for await (const _ of flash(job));
  } catch (error) {
    const { code, data } = tell(error);
    return { code, error: String(data.error), next: String(data.next), expressions: far.expressions };
  }
  throw new Error('nothing was refused');
}

/** Nothing that changes a board. */
const harmless = (expressions: readonly string[]) =>
  expressions.every(expression => !/erase|write\(|reset|load/.test(expression));

describe('flash refuses, before it changes anything,', () => {
  test('another board, and names the one that it is', async () => {
    const found = await refusal({ board: 'MDBT42Q' });
    expect(found).toMatchObject({
      code: exits.wrong.code,
      next: 'mite flash --board mdbt42q',
      expressions: [],
    });
    expect(found.error).toBe('this is MDBT42Q, and puckjs is PUCKJS');
  });

  test('another board also where a program keeps it busy: that is stopped first', async () => {
    expect(await refusal({ board: 'MDBT42Q', busy: true })).toMatchObject({ code: exits.wrong.code });
  });

  test('a board that nobody knows', async () => {
    expect(await refusal({ board: 'PIXLJS' })).toMatchObject({
      code: exits.wrong.code,
      next: 'mite boards',
      expressions: [],
    });
  });

  test.each(Object.values(boards))(
    'firmware older than packets on $name, and says how to update it',
    async board => {
      const old = await refusal({ version: '2v24.141', board: board.firmware.names[0]! }, board);
      expect(old).toMatchObject({ code: exits.refused.code, expressions: [] });
      expect(old.error).toContain('2v24.141');
      // An act for each kind of board.
      expect(old.next).toMatch(/nRF Connect|drive|esptool|npm i/);
    },
  );

  test('a board that asks for a password', async () => {
    const found = await refusal({ prompt: '\n  Invalid password\npassword>' });
    expect(found).toMatchObject({ code: exits.refused.code, expressions: [] });
    expect(found.error).toContain('locked');
  });

  test('a board whose manifest says that its owner locked it', async () => {
    const manifest = encodeManifest({
      board: 'puckjs',
      tier: '',
      role: 'purse',
      profile: 'native',
      locked: true,
      protocolVersion: 1,
      tierVersion: 1,
      firmware: '2v25',
      product: '0.1.0',
      parts: [],
    });
    const answer = (expression: string) =>
      expression.startsWith('btoa')
        ? JSON.stringify(Buffer.from(manifest).toString('base64'))
        : // Of the first file: its manifest lies behind the points.
          '36896';
    const found = await refusal({ answer });
    expect(found).toMatchObject({ code: exits.refused.code, error: 'the board is locked' });
    expect(harmless(found.expressions)).toBe(true);
  });

  test('free pages that the firmware does not name as free', async () => {
    const answer = (expression: string) => (expression.includes('getFree') ? '[[589824,4096]]' : '-1');
    const free = new Uint8Array(2 * 4096);
    const found = await refusal({ board: 'NRF52840DK', answer }, boards.nrf52840dk, free);
    expect(found.code).toBe(exits.refused.code);
    expect(found.error).toContain('0x8f000');
    expect(harmless(found.expressions)).toBe(true);
  });

  test('and takes silence for no device', async () => {
    expect(await refusal({ silent: true })).toMatchObject({ code: exits.device.code, expressions: [] });
  });
});

test.each([
  ['2v25', '2v25', true],
  ['2v24.999', '2v25', false],
  ['2v29.277', '2v25', true],
  ['1v99', '2v25', false],
  ['3v00', '2v25', true],
  ['2v25.1', '2v25.2', false],
])('firmware %s where %s is the least is taken: %s', (version, least, taken) => {
  const board = { ...boards.puckjs, firmware: { ...boards.puckjs.firmware, least } };
  const check = () => checkFirmware(board, { version, board: 'PUCKJS', serial: '', console: '' }, [board]);
  if (taken) expect(check).not.toThrow();
  else expect(check).toThrow('packets need');
});
