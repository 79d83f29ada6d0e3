/** What a board's processor sees: one flat memory with its mapped flash at its true address, and RAM for flat arrays.
 *
 *   0x000000  the kernel's own stack and constants, where it runs as WebAssembly; firmware is not modelled
 *   flash     where the board has it: 0x6c000, 0x8f000, 0xec000, 0x310000
 *   0x100000  JsVars: flat strings and arrays have their bytes here (on a board at 0x20000000; ESP32 0x500000)
 *   behind    scratch of kernel calls in WebAssembly, whose field elements are larger than the board's
 *
 * On native boards this is the linear memory of a WebAssembly instance of the kernel: a call into it copies nothing.
 *
 * 1. Flash that is not mapped has no address here; all other flash is read where it lies. (test/host/emulator.board.test.ts)
 */
import type { Area, Board } from '#boards/board.ts';
import type { Instance } from '#circuits/kernel/kernel.wasm.ts';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';
import type { Chance } from './chance.ts';
import { Flash, type Operations } from './flash.ts';

const pageBytes = 4_096;
const wasmPageBytes = 65_536;
/** Up to here an address is one of the flat memory. */
const mappedEnd = 0x600000;
const [ramOfNative, ramOfOthers] = [0x100000, 0x500000];

/** One for each kernel call that is under way. */
export const shadows = { bytes: 65_536, count: 2 } as const;

const upTo = (value: number, unit: number) => Math.ceil(value / unit) * unit;

export interface AddressSpace {
  readonly memory: Uint8Array;
  readonly ram: Area & { readonly bytes: number };
  /** Where scratch of kernel calls lies, in WebAssembly. */
  readonly shadow: number;
  readonly flash: readonly Flash[];
  /** The kernel as WebAssembly, on native boards. */
  readonly instance?: Instance;
}

function geometryOf({ flash }: Board, area: Area) {
  return {
    ...{ address: area.address, bytes: area.pages * pageBytes, pageBytes: flash.pageBytes },
    ...{ wordBytes: flash.wordBytes, erasesMax: flash.erasesMax },
    ...{ wordUs: flash.wordWriteMicros, eraseUs: flash.pageEraseMicros },
    wordLimit: { blockBytes: flash.writes.blockBytes, writesMax: flash.writes.times },
  };
}

/** Compiled once; every board has an instance of its own. */
let compiled: WebAssembly.Module | undefined;

function openInstance(): Instance {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelWasm, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled);
  return {
    memory: exports.memory as WebAssembly.Memory,
    heapBase: (exports.__heap_base as { value: number }).value,
    functions: exports as Instance['functions'],
  };
}

/** `flash.wordLimit.writesMax` is 8 where nothing is published: no limit is modelled there. */
const unlimited = 8;

export function openAddressSpace(board: Board, chance: Chance, operations: Operations): AddressSpace {
  const { variables, variableBytes } = board.memory;
  const isNative = board.kernel !== undefined;
  const address = isNative ? ramOfNative : ramOfOthers;
  const bytes = upTo(variables * variableBytes, pageBytes);
  const ram = { address, bytes, pages: bytes / pageBytes };
  const shadow = upTo(address + bytes, wasmPageBytes);
  const end = shadow + (isNative ? shadows.bytes * shadows.count : 0);
  let instance: Instance | undefined;
  let memory: Uint8Array;
  if (isNative) {
    instance = openInstance();
    const missing = end - instance.memory.buffer.byteLength;
    instance.memory.grow(Math.ceil(missing / wasmPageBytes));
    memory = new Uint8Array(instance.memory.buffer);
  } else memory = new Uint8Array(end);
  const areas = [board.flash.storage, ...(board.flash.free ? [board.flash.free] : [])];
  const flash = areas.map(area => {
    const geometry = geometryOf(board, area);
    const isMapped = area.address + geometry.bytes <= mappedEnd;
    const cells = isMapped
      ? memory.subarray(area.address, area.address + geometry.bytes)
      : new Uint8Array(geometry.bytes);
    const { wordLimit, ...others } = geometry;
    const isLimited = wordLimit.writesMax !== unlimited || wordLimit.blockBytes !== 1;
    return new Flash(
      isLimited ? geometry : others,
      cells,
      chance.stream(`flash ${area.address}`),
      operations,
    );
  });
  return { memory, ram, shadow, flash, ...(instance ? { instance } : {}) };
}
