/** Calls into the kernel that lies in a board's memory: as WebAssembly on that memory, or as the very bytes there, as Thumb-2.
 *
 * Only where the bytes at an address are a blob of ours is there something to enter: a jump anywhere else is the hard
 * fault that it would be on the board.
 *
 * 1. A jump to other bytes, or without the Thumb bit, is a hard fault. (test/host/emulator.kernel.test.ts)
 * 2. Both ways give the same results in the same memory. (test/host/emulator.kernel.test.ts)
 * 3. In WebAssembly, scratch of a call that has not finished may move and may lie beside others. (test/host/emulator.kernel.test.ts)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AddressSpace, shadows } from './address.ts';
import { Core } from './core.ts';
import { cyclesOfCall, cyclesOfUnit, isSliced } from './cost.kernel.ts';

/** The processor has run into something that it cannot do: the board is dead until it is reset. */
export class HardFault extends Error {
  constructor(detail: string) {
    super(`hard fault: ${detail}`);
    this.name = 'HardFault';
  }
}

export type KernelMode = 'wasm' | 'thumb';

export interface KernelCall {
  readonly result: number;
  readonly cycles: number;
  /** Of the cycles: exact by the processor's model, or estimated from measured ones. */
  readonly isExact: boolean;
}

const more = -1;
const directory = fileURLToPath(new URL('../../circuits/kernel/blobs/', import.meta.url));
let known: readonly Buffer[] | undefined;

/** Our blobs for Cortex-M, the longest first. */
function blobs(): readonly Buffer[] {
  known ??= readdirSync(directory)
    .filter(name => /^thumb[\w.]*\.bin$/.test(name))
    .map(name => readFileSync(directory + name))
    .sort((a, b) => b.length - a.length);
  return known;
}

/** The blob whose bytes lie at an address of memory. */
function blobAt(memory: Uint8Array, address: number): Uint8Array | undefined {
  return blobs().find(blob => Buffer.compare(blob, memory.subarray(address, address + blob.length)) === 0);
}

interface Shadow {
  token: number;
  usedAt: number;
}

export class BoardKernel {
  readonly mode: KernelMode;
  readonly #space: AddressSpace;
  readonly #shadows: Shadow[] = Array.from({ length: shadows.count }, () => ({ token: 0, usedAt: 0 }));
  #calls = 0;
  #core: { readonly core: Core; readonly address: number; readonly code: Uint8Array } | undefined;

  constructor(space: AddressSpace, mode: KernelMode) {
    this.#space = space;
    this.mode = mode;
  }

  /** Jumps to an address, its lowest bit the Thumb bit. */
  enter(target: number, parameters: readonly [number, number, number, number]): KernelCall {
    if (!(target & 1)) throw new HardFault(`jump to 0x${target.toString(16)} without the Thumb bit`);
    const address = target - 1;
    const blob = blobAt(this.#space.memory, address);
    if (!blob) throw new HardFault(`jump to 0x${address.toString(16)}, where no kernel lies`);
    return this.mode === 'thumb' ? this.#enterThumb(address, blob, parameters) : this.#enterWasm(parameters);
  }

  #enterThumb(address: number, code: Uint8Array, parameters: readonly number[]): KernelCall {
    if (this.#core?.address !== address || this.#core.code !== code) {
      this.#core?.core.close();
      this.#core = { core: this.#openCore(address, code), address, code };
    }
    try {
      const { result, cycles } = this.#core.core.call(0, ...parameters);
      return { result, cycles, isExact: true };
    } catch (error) {
      throw new HardFault((error as Error).message);
    }
  }

  #openCore(address: number, code: Uint8Array): Core {
    const { memory, ram, flash } = this.#space;
    const mapped = flash.filter(({ bytes }) => bytes.buffer === memory.buffer);
    const shared = [
      ...mapped.map(({ geometry, bytes }) => ({ address: geometry.address, bytes, isWritable: false })),
      {
        address: ram.address,
        bytes: memory.subarray(ram.address, ram.address + ram.bytes),
        isWritable: true,
      },
    ];
    return new Core({ processor: 'thumb', code, address, shared });
  }

  #enterWasm([operation, block, scratch, budget]: readonly [number, number, number, number]): KernelCall {
    const entry = this.#space.instance!.functions.kernel!;
    const shadow = scratch ? this.#shadowOf(scratch) : undefined;
    const at = shadow?.address ?? 0;
    try {
      if (!isSliced(operation)) {
        const result = entry(operation, block, at, budget) | 0;
        this.#leave(scratch, shadow, result);
        return { result, cycles: cyclesOfCall(operation, this.#words(block)), isExact: false };
      }
      // Unit by unit, so that it is known how many of the budget were used.
      let units = 0;
      let result = more;
      while (result === more && units < budget >>> 0) {
        result = entry(operation, block, at, 1) | 0;
        units += 1;
      }
      this.#leave(scratch, shadow, result);
      return { result, cycles: units * cyclesOfUnit, isExact: false };
    } catch (error) {
      throw new HardFault((error as Error).message);
    }
  }

  #words(block: number): Uint32Array {
    const { memory } = this.#space;
    const bytes = memory.slice(block, block + 4 * 24);
    return new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
  }

  /** The board's scratch begins with a word: 0 before the first call, then the number of our own scratch. */
  #shadowOf(scratch: number): { readonly shadow: Shadow; readonly address: number } {
    const { memory, shadow: start } = this.#space;
    const view = new DataView(memory.buffer);
    const token = view.getUint32(scratch, true);
    const now = ++this.#calls;
    let index = token ? this.#shadows.findIndex(shadow => shadow.token === token) : -1;
    if (index < 0) {
      index = this.#shadows.reduce(
        (oldest, { usedAt }, i) => (usedAt < this.#shadows[oldest]!.usedAt ? i : oldest),
        0,
      );
      memory.fill(0, start + index * shadows.bytes, start + index * shadows.bytes + 4);
    }
    const shadow = this.#shadows[index]!;
    shadow.usedAt = now;
    return { shadow, address: start + index * shadows.bytes };
  }

  #leave(
    scratch: number,
    used: { readonly shadow: Shadow; readonly address: number } | undefined,
    result: number,
  ): void {
    if (!used) return;
    used.shadow.token = result === more ? this.#calls : 0;
    if (result !== more) used.shadow.usedAt = 0;
    new DataView(this.#space.memory.buffer).setUint32(scratch, used.shadow.token, true);
  }

  close(): void {
    this.#core?.core.close();
    this.#core = undefined;
  }
}
