/** The programs on an emulated board that is as the Linux build of the interpreter is. */
import { createBoard } from '#host/emulator/entry.ts';
import { type Firmware, withoutNoise } from './interpreter.ts';
import { linuxBoard } from './linux.board.ts';

/** Of the board's own time: no snippet needs more. */
const timeLimitMs = 60_000;

/** Runs a program until no timer is left, and gives what it printed. */
export function runOnBoard(build: Firmware['build'], program: string): string {
  const board = createBoard({ board: linuxBoard(build) });
  try {
    board.powerOn();
    board.evaluate('echo(0)');
    board.clearOutput();
    board.run(Buffer.from(program, 'utf8').toString('latin1'));
    board.world.run({ ms: timeLimitMs });
    return withoutNoise(board.state === 'crashed' ? `${board.output}crashed\n` : board.output);
  } finally {
    board.close();
  }
}
