/** What runs on the other end: its firmware, whether it is the board that was meant, and how to update it. */
import type { Board, BoardName } from '#boards/board.ts';
import { Failure } from '../cli/failure.ts';
import type { BoardClient } from './client.ts';

export interface Firmware {
  /** `process.env` of the board: VERSION, BOARD, SERIAL, CONSOLE. */
  readonly version: string;
  readonly board: string;
  readonly serial: string;
  readonly console: string;
}

/** The interpreter on a computer, which stands in for any board: 256 kB of Storage from here. */
export const interpreter = { board: 'LINUX', storageAddress: 0x10000000, storagePages: 64 } as const;

/** Its first attempt waits this long; a board in the midst of a packet forgets it after five seconds. */
const patienceMs = [1500, 1500, 6000];

/** Works on all firmware: ESC [ 2 H drops what was typed (Ctrl-U does nothing, seen on 2v29), DLE keeps the echo off; the
 * mark in two halves is no echo. */
const ask =
  '\x1b[2H\x10(e=>print("mi"+"te:"+JSON.stringify([e.VERSION,e.BOARD,e.SERIAL,e.CONSOLE])))(process.env)\n';

const unlock = 'mite monitor and type the password, or hold its button while it starts and flash again';

/** Undefined where nothing answers. Ctrl-C, which stops what runs, is sent only after a silence. */
export async function readFirmware(
  client: BoardClient,
  waitsMs: readonly number[] = patienceMs,
): Promise<Firmware | undefined> {
  for (const [attempt, waitMs] of waitsMs.entries()) {
    const printed = await client.type(attempt === 1 ? `\x03${ask}` : ask, /mite:\[.*\]|password>/, waitMs);
    if (printed.includes('password>'))
      throw new Failure('refused', 'the board asks for a password: it is locked', unlock);
    const answer = /mite:(\[.*\])/.exec(printed)?.[1];
    if (!answer) continue;
    const [version, board, serial, console] = JSON.parse(answer) as [string, string, string, string];
    return { version, board, serial, console };
  }
  return undefined;
}

/** "2v29.277" as [2, 29, 277]. */
const numbersOf = (version: string) => version.split(/[v.]/).map(Number);

function isOlder(version: string, least: string): boolean {
  const [have, want] = [numbersOf(version), numbersOf(least)];
  const at = want.findIndex((number, index) => number !== (have[index] ?? 0));
  return at >= 0 && !((have[at] ?? 0) > want[at]!);
}

const overTheAir =
  'put it into its boot mode (hold the button while the battery goes in) and send the ZIP of its firmware with nRF Connect or the Device Firmware Update app';
const byEsptool = (flash: string) => `esptool.py --baud 460800 write_flash ${flash} (from espruino.com)`;

/** The act that brings the newest firmware onto each board. Mite does none of them: it never touches a bootloader. */
const updates: Readonly<Record<BoardName, string>> = {
  puckjs: overTheAir,
  mdbt42q: overTheAir,
  nrf52840dk:
    'copy the HEX of its firmware onto the drive of its debugger, or write it with nrfjprog --program',
  xiaoble: 'press reset twice and copy the UF2 of its firmware onto the drive that appears',
  microbit2: 'copy the HEX of its firmware onto the drive MICROBIT',
  esp32: byEsptool('0x1000 bootloader.bin 0x8000 partitions_espruino.bin 0x10000 espruino_esp32.bin'),
  esp32c3: byEsptool('0x0 espruino_esp32c3.bin'),
  esp32s3: byEsptool('0x0 espruino_esp32s3.bin'),
  emulated: 'npm i mite@latest: its emulator is its firmware',
};

/** Refuses a board that is not the one that was meant, and firmware that speaks no packets. */
export function checkFirmware(board: Board, found: Firmware, boards: readonly Board[]): void {
  const standsIn = found.board === interpreter.board;
  if (!standsIn && !board.firmware.names.includes(found.board)) {
    const right = boards.filter(({ firmware }) => firmware.names.includes(found.board));
    const names = right.map(({ name }) => name);
    throw new Failure(
      'wrong',
      `this is ${found.board}, and ${board.name} is ${board.firmware.names.join(' or ')}`,
      names.length ? `mite flash --board ${names.join(' or ')}` : 'mite boards',
    );
  }
  if (isOlder(found.version, board.firmware.least))
    throw new Failure(
      'refused',
      `its firmware is ${found.version}, and packets need ${board.firmware.least}`,
      updates[board.name],
    );
}
