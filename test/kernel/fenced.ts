/** A kernel on an emulated board where every piece of memory is a page apart from every other, so that no access beside one goes unseen. */
import type { Answer, Kernel } from '#circuits/kernel/kernel.ts';
import { Core, type Setting } from '#host/emulator/core.ts';

const pageBytes = 4_096;
const more = -1;
/** Slices of about a million instructions. */
const budget = 4;

const encode = (block: readonly number[]) => new Uint8Array(Uint32Array.from(block).buffer);

/** `after`: each piece ends where its page does, to the byte; `before`: it begins where its page does. */
export class Fenced implements Kernel {
  stackBytes = 0;
  readonly #core: Core;
  readonly #fence: 'after' | 'before';
  readonly #pool = new Map<number, number[]>();
  #taken: { start: number; room: number }[] = [];

  constructor(setting: Setting, fence: 'after' | 'before') {
    this.#core = new Core(setting);
    this.#fence = fence;
  }

  allocate(length: number): number {
    const room = Math.max(pageBytes, Math.ceil(length / pageBytes) * pageBytes);
    const start = this.#pool.get(room)?.pop() ?? this.#core.place(new Uint8Array(room), { fence: 'before' });
    this.#taken.push({ start, room });
    return this.#fence === 'before' ? start : start + room - length;
  }

  put(bytes: Uint8Array): number {
    const address = this.allocate(bytes.length);
    if (bytes.length) this.write(address, bytes);
    return address;
  }

  read(address: number, length: number): Uint8Array {
    return length ? this.#core.read(address, length) : new Uint8Array(0);
  }

  write(address: number, bytes: Uint8Array): void {
    this.#core.write(address, bytes);
  }

  scope<Result>(work: () => Result): Result {
    const outer = this.#taken;
    this.#taken = [];
    try {
      return work();
    } finally {
      for (const { start, room } of this.#taken) {
        this.write(start, new Uint8Array(room));
        this.#pool.set(room, [...(this.#pool.get(room) ?? []), start]);
      }
      this.#taken = outer;
    }
  }

  #run(operation: number, block: number, scratch: number): number {
    for (;;) {
      const { result, stackBytes } = this.#core.call(0, operation, block, scratch, budget);
      this.stackBytes = Math.max(this.stackBytes, stackBytes);
      if (result !== more) return result;
    }
  }

  call(operation: number, block: readonly number[], scratch = 0): number {
    return this.scope(() => this.#run(operation, this.put(encode(block)), scratch));
  }

  ask(operation: number, block: readonly number[], scratchBytes = 0): Answer {
    return this.scope(() => {
      const address = this.put(encode(block));
      const code = this.#run(operation, address, this.allocate(scratchBytes));
      const words = this.read(address, 4 * block.length).slice();
      return { code, block: new Uint32Array(words.buffer) };
    });
  }
}
