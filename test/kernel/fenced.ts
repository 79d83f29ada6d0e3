/** A kernel on an emulated board where every piece of memory is a page apart from every other, so that no access beside one goes unseen. */
import type { Answer, Kernel } from '#circuits/kernel/kernel.ts';
import { Core, type Setting } from '#host/emulator/core.ts';

const pageBytes = 4_096;
const more = -1;
/** Slices of about a million instructions. */
const budget = 4;

export interface FencedKernel extends Kernel {
  /** The deepest stack of all calls so far. */
  stackBytes(): number;
}

/** `after`: each piece ends where its page does, to the byte; `before`: it begins where its page does. */
export function openFencedKernel(setting: Setting, fence: 'after' | 'before'): FencedKernel {
  const core = new Core(setting);
  const pool = new Map<number, number[]>();
  let taken: { start: number; room: number }[] = [];
  let stackBytes = 0;

  function allocate(length: number): number {
    const room = Math.max(pageBytes, Math.ceil(length / pageBytes) * pageBytes);
    const start = pool.get(room)?.pop() ?? core.place(new Uint8Array(room), { fence: 'before' });
    taken.push({ start, room });
    return fence === 'before' ? start : start + room - length;
  }

  function release(pieces: typeof taken): void {
    for (const { start, room } of pieces) {
      core.write(start, new Uint8Array(room));
      pool.set(room, [...(pool.get(room) ?? []), start]);
    }
  }

  function put(bytes: Uint8Array): number {
    const address = allocate(bytes.length);
    if (bytes.length) core.write(address, bytes);
    return address;
  }

  function scope<Result>(work: () => Result): Result {
    const outer = taken;
    taken = [];
    try {
      return work();
    } finally {
      release(taken);
      taken = outer;
    }
  }

  function run(operation: number, block: number, scratch: number): number {
    for (;;) {
      const { result, stackBytes: depth } = core.call(0, operation, block, scratch, budget);
      stackBytes = Math.max(stackBytes, depth);
      if (result !== more) return result;
    }
  }

  const encode = (block: readonly number[]) => new Uint8Array(Uint32Array.from(block).buffer);
  const read = (address: number, length: number) => (length ? core.read(address, length) : new Uint8Array(0));

  function ask(operation: number, block: readonly number[], scratchBytes = 0): Answer {
    return scope(() => {
      const address = put(encode(block));
      const code = run(operation, address, allocate(scratchBytes));
      const bytes = read(address, 4 * block.length);
      return { code, block: new Uint32Array(bytes.buffer, bytes.byteOffset, block.length).slice() };
    });
  }

  return {
    ...{ scope, allocate, put, read, ask },
    write: (address, bytes) => core.write(address, bytes),
    call: (operation, block, scratch = 0) => scope(() => run(operation, put(encode(block)), scratch)),
    stackBytes: () => stackBytes,
  };
}
