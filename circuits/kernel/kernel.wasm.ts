/** The kernel as WebAssembly: its memory, an arena in it, and its one entry. */

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

const pageBytes = 65_536;
/** Thousands of field multiplications that a call may take before it returns: on a host it need not. */
const budgetMax = 0xffffffff;

// The part of the WebAssembly interface that is used here: TypeScript knows it only together with a browser.
declare global {
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Instance {
      constructor(module: Module);
      readonly exports: Readonly<Record<string, unknown>>;
    }
    interface Memory {
      readonly buffer: ArrayBuffer;
      grow(pages: number): number;
    }
  }
}

/** What an instance of a kernel module offers. An open build offers its inner functions too. */
export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly heapBase: number;
  readonly functions: Readonly<Record<string, (...parameters: number[]) => number>>;
}

const encodeWords = (words: readonly number[]) => new Uint8Array(Uint32Array.from(words).buffer);

export function instantiate(bytes: Uint8Array): Instance {
  const module = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(module);
  return {
    memory: exports.memory as WebAssembly.Memory,
    heapBase: (exports.__heap_base as { value: number }).value,
    functions: exports as Instance['functions'],
  };
}

export function openKernel({ memory, heapBase, functions }: Instance): Kernel {
  const start = (heapBase + 15) & ~15;
  const entry = functions.kernel!;
  let top = start;
  let bytes = new Uint8Array(memory.buffer);

  function allocate(length: number): number {
    const address = top;
    top += (length + 7) & ~7;
    if (top > bytes.length) {
      memory.grow(Math.ceil((top - bytes.length) / pageBytes));
      bytes = new Uint8Array(memory.buffer);
    }
    return address;
  }

  function run(operation: number, block: number, scratch: number): number {
    for (;;) {
      const code = entry(operation, block, scratch, budgetMax);
      if (code !== more) return code;
    }
  }

  function write(address: number, data: Uint8Array): void {
    bytes.set(data, address);
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
      bytes.fill(0, mark, top);
      top = mark;
    }
  }

  function call(operation: number, block: readonly number[], scratch = 0): number {
    return scope(() => run(operation, put(encodeWords(block)), scratch));
  }

  function ask(operation: number, block: readonly number[], scratchBytes = 0): Answer {
    return scope(() => {
      const address = put(encodeWords(block));
      const code = run(operation, address, allocate(scratchBytes));
      return { code, block: new Uint32Array(memory.buffer, address, block.length).slice() };
    });
  }

  return {
    ...{ scope, allocate, put, write, call, ask },
    read: (address, length) => bytes.slice(address, address + length),
  };
}
