/** One emulated board processor with code in flash: calls into it are counted, timed and fenced in.
 *
 * Flash is read and executed, RAM read and written; between any two pieces of memory lies a page that is not there.
 *
 * 1. Code runs at any address that is a multiple of 4. (test/kernel/unicorn.address.test.ts)
 * 2. An access beside a piece of memory ends the call. (test/kernel/unicorn.fence.test.ts)
 */
import { type Block, measureBlock, refillCycles } from './cycles.ts';
import { type Engine, findUnicorn, permission } from './unicorn.ts';

interface Processor {
  readonly architecture: number;
  readonly mode: number;
  readonly model?: number;
  /** Registers of parameters, the first one of the result too. */
  readonly parameters: readonly number[];
  readonly stackPointer: number;
  readonly returnAddress: number;
  readonly counter: number;
  /** Bit of an address that says Thumb. */
  readonly tag: number;
}

/** Numbers of unicorn's headers. */
const processors: Readonly<Record<'thumb' | 'rv32', Processor>> = {
  thumb: {
    ...{ architecture: 1, mode: 48, model: 9, parameters: [66, 67, 68, 69] },
    ...{ stackPointer: 12, returnAddress: 10, counter: 11, tag: 1 },
  },
  rv32: {
    ...{ architecture: 8, mode: 4, parameters: [11, 12, 13, 14, 15, 16, 17, 18] },
    ...{ stackPointer: 3, returnAddress: 2, counter: 190, tag: 0 },
  },
};

export interface Run {
  readonly result: number;
  readonly instructions: number;
  /** Of the Cortex-M4 model; 0 for another processor. */
  readonly cycles: number;
  /** The same, if filling the pipeline takes one cycle each time, which is the least that Arm names. */
  readonly cyclesLeast: number;
  readonly stackBytes: number;
  /** Digest of all jumps in their order: equal for equal paths through the code. */
  readonly path: string;
  /** Digest of the order of accesses, if they are watched. */
  readonly accesses: string;
}

export interface Shared {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly isWritable: boolean;
}

export interface Setting {
  readonly processor: 'thumb' | 'rv32';
  readonly code: Uint8Array;
  /** Where the code lies in flash. */
  readonly address?: number;
  /** Memory that is not the processor's own, whole pages each; the code may lie in one of them. */
  readonly shared?: readonly Shared[];
  /** Watches every access to memory too: slow. */
  readonly watches?: boolean;
  /** Offsets of functions that see public values only: the path leaves them out, from call to return. */
  readonly publicFunctions?: readonly number[];
}

const pageBytes = 4_096;
const [ram, stackTop, stackBytesMax, returnPage] = [0x2000_0000, 0x3000_0000, 8_192, 0x0800_0000];
const untouched = 0xa5;
const upToPage = (value: number) => Math.ceil(value / pageBytes) * pageBytes;

/** 64 bits, enough to tell paths apart that nobody forges. */
class Digest {
  #low = 0x811c9dc5;
  #high = 0x01000193;

  add(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul(this.#high ^ ((value >>> 7) + this.#low), 0x85ebca6b);
  }

  toString(): string {
    return [this.#high, this.#low].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

interface Counts {
  instructions: number;
  cycles: number;
  refills: number;
  path: Digest;
  accesses: Digest;
  lowest: number;
  /** Where the last block ended. */
  end: number;
  taken: { at: number; cycles: number } | undefined;
}

const freshCounts = (): Counts => ({
  ...{ instructions: 0, cycles: 0, refills: 0, path: new Digest(), accesses: new Digest() },
  ...{ lowest: stackTop, end: 0, taken: undefined },
});

/** Instructions of a block whose time is not modelled: compressed ones have two bytes. */
function countInstructions(code: DataView, from: number, length: number): Block {
  let instructions = 0;
  for (let at = from; at < from + length; instructions++) at += (code.getUint8(at) & 3) === 3 ? 4 : 2;
  return { instructions, cycles: 0, refills: 0, takenCycles: 0, depth: 0 };
}

export class Core {
  readonly code: number;
  readonly #engine: Engine;
  readonly #processor: Processor;
  readonly #isTimed: boolean;
  readonly #image: DataView;
  readonly #blocks = new Map<number, Block>();
  #counts = freshCounts();
  readonly #publicFunctions: ReadonlySet<number>;
  /** Where the public function returns that runs. */
  #returnsTo: number | undefined;
  #nextPiece = ram + pageBytes;

  constructor(setting: Setting) {
    const {
      processor,
      code,
      address = 0x6_c04c,
      watches = false,
      publicFunctions = [],
      shared = [],
    } = setting;
    const unicorn = findUnicorn();
    if (!unicorn) throw new Error('libunicorn or koffi is missing: apt-get install libunicorn-dev');
    this.code = address;
    this.#publicFunctions = new Set(publicFunctions);
    this.#processor = processors[processor];
    this.#isTimed = processor === 'thumb';
    this.#image = new DataView(code.buffer, code.byteOffset, code.length);
    const { architecture, mode, model } = this.#processor;
    this.#engine = unicorn.open(architecture, mode, model);
    this.#mapCode(address, code, shared);
    this.#engine.map(returnPage, pageBytes, permission.read | permission.execute);
    this.#engine.map(stackTop - stackBytesMax, stackBytesMax, permission.read | permission.write);
    this.#engine.onBlock((at, length) => this.#enter(at, length));
    if (watches)
      this.#engine.onAccess((at, length, isWrite) => {
        this.#counts.accesses.add(at);
        this.#counts.accesses.add(length * 2 + (isWrite ? 1 : 0));
      });
  }

  #mapCode(address: number, code: Uint8Array, shared: readonly Shared[]): void {
    const engine = this.#engine;
    for (const { address: start, bytes, isWritable } of shared)
      engine.mapShared(
        start,
        bytes,
        permission.read | permission.execute | (isWritable ? permission.write : 0),
      );
    if (shared.some(({ address: start, bytes }) => address >= start && address < start + bytes.length))
      return;
    const first = address - (address % pageBytes);
    engine.map(first, upToPage(address + code.length - first), permission.read | permission.execute);
    engine.write(address, code);
  }

  #enter(at: number, length: number): void {
    const offset = at - this.code;
    if (offset < 0 || offset >= this.#image.byteLength) return;
    let block = this.#blocks.get(at);
    if (!block) {
      block = (this.#isTimed ? measureBlock : countInstructions)(this.#image, offset, length);
      this.#blocks.set(at, block);
    }
    const counts = this.#counts;
    if (counts.taken && counts.taken.at !== at) this.#take(counts.taken.cycles);
    counts.taken = block.takenCycles ? { at: at + length, cycles: block.takenCycles } : undefined;
    counts.instructions += block.instructions;
    counts.cycles += block.cycles;
    counts.refills += block.refills;
    if (!this.#isPublic(at)) this.#follow(offset, length);
    if (block.depth)
      counts.lowest = Math.min(
        counts.lowest,
        this.#engine.register(this.#processor.stackPointer) - block.depth,
      );
  }

  #isPublic(at: number): boolean {
    if (at === this.#returnsTo) this.#returnsTo = undefined;
    else if (this.#returnsTo === undefined && this.#publicFunctions.has(at - this.code))
      this.#returnsTo = this.#engine.register(this.#processor.returnAddress) & ~1;
    return this.#returnsTo !== undefined;
  }

  /** Only jumps count: where a block is cut that none leaves depends on the page that it lies on. */
  #follow(offset: number, length: number): void {
    const counts = this.#counts;
    if (counts.end !== offset) {
      counts.path.add(counts.end);
      counts.path.add(offset);
    }
    counts.end = offset + length;
  }

  #take(cycles: number): void {
    this.#counts.cycles += cycles;
    this.#counts.refills += 1;
  }

  /** A piece of memory of its own, ending where its last page ends, or beginning where its first page does. */
  place(bytes: Uint8Array, { writable = true, fence = 'after' as 'after' | 'before' } = {}): number {
    const room = Math.max(pageBytes, upToPage(bytes.length));
    const start = this.#nextPiece;
    this.#nextPiece += room + pageBytes;
    this.#engine.map(start, room, permission.read | (writable ? permission.write : 0));
    const address = fence === 'before' ? start : start + room - ((bytes.length + 3) & ~3);
    this.#engine.write(address, bytes);
    return address;
  }

  read(address: number, length: number): Uint8Array {
    return this.#engine.read(address, length);
  }

  write(address: number, bytes: Uint8Array): void {
    this.#engine.write(address, bytes);
  }

  /** Calls code at an offset. The kernel takes four integers; parameters that find no register lie on the stack. */
  call(offset: number, ...parameters: number[]): Run {
    const { tag, returnAddress, stackPointer, counter } = this.#processor;
    this.#counts = freshCounts();
    this.#engine.write(stackTop - stackBytesMax, new Uint8Array(stackBytesMax).fill(untouched));
    const inRegisters = this.#processor.parameters.length;
    parameters.slice(0, inRegisters).forEach((value, i) => {
      this.#engine.setRegister(this.#processor.parameters[i]!, value);
    });
    const rest = Uint32Array.from(parameters.slice(inRegisters));
    const top = stackTop - ((rest.byteLength + 7) & ~7);
    this.#engine.write(top, new Uint8Array(rest.buffer));
    this.#engine.setRegister(stackPointer, top);
    this.#engine.setRegister(returnAddress, returnPage | tag);
    const failure = this.#engine.run((this.code + offset) | tag, returnPage);
    const stopped = this.#engine.register(counter) & ~1;
    if (failure || stopped !== returnPage)
      throw new Error(`${failure ?? 'stopped'} at offset 0x${(stopped - this.code).toString(16)}`);
    return this.#run();
  }

  #run(): Run {
    // The return to the caller is a jump too.
    if (this.#counts.taken) this.#take(this.#counts.taken.cycles);
    const { instructions, cycles, refills, path, accesses, lowest } = this.#counts;
    const stack = this.#engine.read(stackTop - stackBytesMax, stackBytesMax);
    const touched =
      stackBytesMax -
      Math.max(
        0,
        stack.findIndex(byte => byte !== untouched),
      );
    return {
      result: this.#engine.register(this.#processor.parameters[0]!) | 0,
      instructions,
      cycles: this.#isTimed ? cycles : 0,
      cyclesLeast: this.#isTimed ? cycles - (refillCycles - 1) * refills : 0,
      stackBytes: Math.max(stackTop - lowest, stack.some(byte => byte !== untouched) ? touched : 0),
      path: path.toString(),
      accesses: accesses.toString(),
    };
  }

  close(): void {
    this.#engine.close();
  }
}
