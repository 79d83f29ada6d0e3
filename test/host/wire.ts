/** A wire to an emulated board, in its own time: what arrives is worked off at once. It breaks at a byte, or with its power. */
import type { EmulatedBoard } from '#host/emulator/board.ts';
import { type Link, LinkLost } from '#host/flash/link.ts';

/** Longer than a board waits for the rest of a packet. */
const awayMs = 6000;

/** One connection of a wire. */
class Connection implements Link {
  readonly name = 'wire';
  readonly chunkBytes: number;
  readonly #wire: Wire;
  #isOpen = true;
  #tell: (reason: string) => void = () => undefined;
  #end: () => void = () => undefined;

  constructor(wire: Wire, chunkBytes: number) {
    this.#wire = wire;
    this.chunkBytes = chunkBytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isOpen && this.#wire.pass(bytes)) return;
    await this.close();
    this.#tell('the wire is cut');
    throw new LinkLost('the wire is cut');
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#end = this.#wire.board.console.onData(bytes => {
      if (this.#isOpen) listener(bytes);
    });
  }

  onClose(listener: (reason: string) => void): void {
    this.#tell = listener;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#end();
  }
}

export class Wire {
  readonly board: EmulatedBoard;
  readonly #chunkBytes: number;
  /** Bytes that went to the board. */
  sent = 0;
  /** The same as text. */
  log = '';
  #cutAt = Number.POSITIVE_INFINITY;

  constructor(board: EmulatedBoard, chunkBytes = 1024) {
    this.board = board;
    this.#chunkBytes = chunkBytes;
  }

  readonly open = async (): Promise<Link> => {
    if (this.board.state === 'off') throw new LinkLost('nothing is there');
    if (this.sent) this.board.world.run({ ms: awayMs });
    return new Connection(this, this.#chunkBytes);
  };

  /** After this many more bytes the wire breaks, once. */
  cutAfter(bytes: number): void {
    this.#cutAt = this.sent + bytes;
  }

  /** False where it broke. */
  pass(bytes: Uint8Array): boolean {
    const passed = bytes.subarray(0, Math.max(0, this.#cutAt - this.sent));
    this.sent += passed.length;
    this.log += Buffer.from(passed).toString('latin1');
    this.board.console.write(passed);
    do this.board.world.run({ ms: 1 });
    while (this.board.clockUs() > this.board.world.nowUs);
    if (passed.length === bytes.length) return this.board.state !== 'off';
    this.#cutAt = Number.POSITIVE_INFINITY;
    return false;
  }
}
