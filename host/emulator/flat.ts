/** JsVars of a board, as far as flat arrays and strings need them in one piece: first fit, four-byte aligned.
 *
 * A flat string takes one JsVar for its head and consecutive ones for its bytes.
 *
 * 1. Pieces in use never overlap and always lie in RAM. (test/host/emulator.board.test.ts)
 */
interface Piece {
  readonly at: number;
  readonly variables: number;
}

export interface FlatArea {
  readonly memory: Uint8Array;
  readonly address: number;
  readonly variables: number;
  readonly variableBytes: number;
}

export class Flat {
  readonly #area: FlatArea;
  /** In use, by address: bytes begin in the JsVar after the head. */
  #pieces: { readonly piece: Piece; readonly address: number }[] = [];

  constructor(area: FlatArea) {
    this.#area = area;
  }

  allocate(bytes: number): { memory: Uint8Array; address: number } | undefined {
    const { memory, address: start, variables: total, variableBytes } = this.#area;
    const variables = 1 + Math.ceil((bytes + 3) / variableBytes);
    let at = 0;
    let index = 0;
    for (; index < this.#pieces.length; index++) {
      const { piece } = this.#pieces[index]!;
      if (piece.at - at >= variables) break;
      at = piece.at + piece.variables;
    }
    if (at + variables > total) return undefined;
    const address = (start + (at + 1) * variableBytes + 3) & ~3;
    this.#pieces.splice(index, 0, { piece: { at, variables }, address });
    return { memory: memory.subarray(address, address + bytes), address };
  }

  release(address: number): void {
    const index = this.#pieces.findIndex(piece => piece.address === address);
    if (index >= 0) this.#pieces.splice(index, 1);
  }
}
