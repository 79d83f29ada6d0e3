/** A wire to an emulated board, in its own time: what arrives is worked off at once, and the wire can be cut at a byte. */
import type { EmulatedBoard } from '#host/emulator/board.ts';
import { type Link, LinkLost } from '#host/flash/link.ts';

export interface Wire {
  open(): Promise<Link>;
  /** Bytes that went to the board. */
  readonly sent: number;
  /** After this many more bytes the wire breaks, once. */
  cutAfter(bytes: number): void;
}

/** Longer than a board waits for the rest of a packet. */
const awayMs = 6000;

export function wireTo(board: EmulatedBoard, chunkBytes = 1024): Wire {
  let sent = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  const work = (bytes: Uint8Array) => {
    board.console.write(bytes);
    do board.world.run({ ms: 1 });
    while (board.clockUs() > board.world.nowUs);
  };
  const open = async (): Promise<Link> => {
    if (sent) board.world.run({ ms: awayMs });
    let isOpen = true;
    let tell: (reason: string) => void = () => undefined;
    let end: () => void = () => undefined;
    const close = async () => {
      isOpen = false;
      end();
    };
    return {
      name: 'wire',
      chunkBytes,
      write: async bytes => {
        if (!isOpen) throw new LinkLost('the wire is cut');
        const passed = bytes.subarray(0, Math.max(0, cutAt - sent));
        sent += passed.length;
        work(passed);
        if (passed.length === bytes.length) return;
        cutAt = Number.POSITIVE_INFINITY;
        await close();
        tell('the wire is cut');
        throw new LinkLost('the wire is cut');
      },
      onData: listener => {
        end = board.console.onData(bytes => {
          if (isOpen) listener(bytes);
        });
      },
      onClose: listener => {
        tell = listener;
      },
      close,
    };
  };
  return {
    open,
    get sent() {
      return sent;
    },
    cutAfter: bytes => {
      cutAt = sent + bytes;
    },
  };
}
