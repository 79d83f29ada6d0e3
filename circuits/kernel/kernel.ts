/** Calls into a kernel, wherever it runs: an arena in its memory, and its one entry. */

/** What a call returns that has not finished. */
const more = -1;

export interface Answer {
  readonly code: number;
  readonly block: Uint32Array;
}

export interface Kernel {
  /** Runs work; what it allocated is wiped and given back when it ends. */
  scope<Result>(work: () => Result): Result;
  /** An address of so many zero bytes, a multiple of 8. */
  allocate(length: number): number;
  /** Copies into the arena. */
  put(bytes: Uint8Array): number;
  /** Copies out of memory. */
  read(address: number, length: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
  /** One call, until it is done. Its result is 0 or the code of a fault. */
  call(operation: number, block: readonly number[], scratch?: number): number;
  /** The same, with scratch of its own, and with the block as the call left it. */
  ask(operation: number, block: readonly number[], scratchBytes?: number): Answer;
}

/** The memory that a kernel sees, and the entry into it. */
export interface Ground {
  /** First address that is free. */
  readonly start: number;
  /** Makes sure that there is memory up to an address. */
  reserve(end: number): void;
  read(address: number, length: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
  enter(operation: number, block: number, scratch: number): number;
}

const encodeWords = (words: readonly number[]) => new Uint8Array(Uint32Array.from(words).buffer);

function decodeWords(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

export function kernelOn({ start, reserve, read, write, enter }: Ground): Kernel {
  let top = (start + 15) & ~15;

  function allocate(length: number): number {
    const address = top;
    top += (length + 7) & ~7;
    reserve(top);
    return address;
  }

  function put(data: Uint8Array): number {
    const address = allocate(data.length);
    write(address, data);
    return address;
  }

  function scope<Result>(work: () => Result): Result {
    const mark = top;
    try {
      return work();
    } finally {
      if (top > mark) write(mark, new Uint8Array(top - mark));
      top = mark;
    }
  }

  function run(operation: number, block: number, scratch: number): number {
    for (;;) {
      const code = enter(operation, block, scratch);
      if (code !== more) return code;
    }
  }

  function call(operation: number, block: readonly number[], scratch = 0): number {
    return scope(() => run(operation, put(encodeWords(block)), scratch));
  }

  function ask(operation: number, block: readonly number[], scratchBytes = 0): Answer {
    return scope(() => {
      const address = put(encodeWords(block));
      const code = run(operation, address, allocate(scratchBytes));
      return { code, block: decodeWords(read(address, 4 * block.length)) };
    });
  }

  return { scope, allocate, put, read, write, call, ask };
}
