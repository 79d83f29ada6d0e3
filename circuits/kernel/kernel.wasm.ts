/** The kernel as WebAssembly. */
import { type Kernel, kernelOn } from './kernel.ts';

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
  const entry = functions.kernel!;
  let bytes = new Uint8Array(memory.buffer);
  return kernelOn({
    start: heapBase,
    reserve(end) {
      if (end <= bytes.length) return;
      memory.grow(Math.ceil((end - bytes.length) / pageBytes));
      bytes = new Uint8Array(memory.buffer);
    },
    read: (address, length) => bytes.slice(address, address + length),
    write: (address, data) => bytes.set(data, address),
    enter: (operation, block, scratch) => entry(operation, block, scratch, budgetMax),
  });
}
