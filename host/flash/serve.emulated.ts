/** An emulated board behind a TCP port, as if it lay on the table: its world's clock goes on with ours.
 *
 * Work that a board has to do for what arrives takes no time of ours: only waiting does.
 *
 * 1. Who knows `flash`, `monitor` or another tool for real boards uses it here. (test/host/flash.board.test.ts)
 */
import type { EmulatedBoard } from '../emulator/board.ts';
import { announceEmulated } from './emulated.ts';
import { type Served, serveConsole } from './serve.tcp.ts';

const tickMs = 10;

/** Until the board has done all that it has to do by now. */
function settle(board: EmulatedBoard): void {
  const { world } = board;
  do world.run({ ms: 1 });
  while (board.clockUs() > world.nowUs);
}

/** The board is on. */
export async function serveEmulated(board: EmulatedBoard, port = 0): Promise<Served> {
  const served = await serveConsole(
    {
      write: bytes => {
        board.console.write(bytes);
        settle(board);
      },
      onData: listener => board.console.onData(listener),
    },
    port,
  );
  let lastMs = Date.now();
  const clock = setInterval(() => {
    const nowMs = Date.now();
    board.world.run({ ms: nowMs - lastMs });
    lastMs = nowMs;
  }, tickMs);
  const conceal = announceEmulated(board.name, served.port);
  return {
    ...served,
    close: async () => {
      clearInterval(clock);
      conceal();
      await served.close();
    },
  };
}
