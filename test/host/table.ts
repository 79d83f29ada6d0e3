/** An emulated board on the table: switched on, its console on a TCP port. */
import type { BoardName } from '#boards/board.ts';
import { createBoard } from '#host/emulator/board.ts';
import { serveEmulated } from '#host/flash/serve.emulated.ts';

export async function lay(name: BoardName) {
  const board = createBoard({ board: name });
  board.powerOn();
  const { port, close } = await serveEmulated(board);
  return {
    board,
    port,
    address: `tcp://127.0.0.1:${port}`,
    end: async () => {
      await close();
      board.close();
    },
  };
}
