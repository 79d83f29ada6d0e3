/** Every build of the kernel with its inner functions, behind one way of calling them. */

import { spawnSync } from 'node:child_process';
import { instantiate } from '#circuits/kernel/kernel.wasm.ts';
import { compile } from '#host/build/compile.ts';
import { Core } from '#host/emulator/core.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { type BoardBuild, processorOf } from './board.ts';

export interface Machine {
  readonly name: string;
  /** Arrays are copied in before the call and out after it. The result is a signed 32-bit number. */
  call(name: string, ...parameters: readonly (number | Uint8Array | Uint32Array)[]): number;
}

interface Memory {
  readonly start: number;
  write(address: number, bytes: Uint8Array): void;
  read(address: number, length: number): Uint8Array;
  run(name: string, parameters: readonly number[]): number;
}

const bytesOf = (array: Uint8Array | Uint32Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function machineOf(name: string, { start, write, read, run }: Memory): Machine {
  return {
    name,
    call(name, ...parameters) {
      let top = start;
      const places = new Map<Uint8Array | Uint32Array, number>();
      const words = parameters.map(parameter => {
        if (typeof parameter === 'number') return parameter;
        const known = places.get(parameter);
        if (known !== undefined) return known;
        const address = top;
        places.set(parameter, address);
        write(address, bytesOf(parameter));
        top += (parameter.byteLength + 15) & ~15;
        return address;
      });
      const result = run(name, words);
      for (const [array, address] of places) bytesOf(array).set(read(address, array.byteLength));
      return result | 0;
    },
  };
}

function openWasm(): Machine {
  const { memory, heapBase, functions } = instantiate(compile('wasm', 'open').bytes);
  memory.grow(4);
  const bytes = new Uint8Array(memory.buffer);
  return machineOf('wasm', {
    start: (heapBase + 15) & ~15,
    write: (address, data) => bytes.set(data, address),
    read: (address, length) => bytes.slice(address, address + length),
    run(name, parameters) {
      const inner = functions[name];
      if (!inner) throw new Error(`no function ${name}`);
      return inner(...parameters);
    },
  });
}

const arenaBytes = 1 << 18;

/** A board's processor with every function of the kernel. */
function openCore(build: BoardBuild, setting: { address?: number; watches?: boolean } = {}) {
  const { bytes, symbols } = compile(build, 'open');
  const offsets = new Map(symbols.map(({ name, address }) => [name, address]));
  const processor = processorOf(build);
  const core = new Core({ processor, code: bytes, ...setting });
  const offsetOf = (name: string) => {
    const offset = offsets.get(name);
    if (offset === undefined) throw new Error(`no function ${name}`);
    return offset;
  };
  return { core, offsetOf, symbols };
}

function openEmulated(build: BoardBuild): Machine {
  const { core, offsetOf } = openCore(build);
  return machineOf(build, {
    start: core.place(new Uint8Array(arenaBytes), { fence: 'before' }),
    write: (address, data) => core.write(address, data),
    read: (address, length) => core.read(address, length),
    run: (name, parameters) => core.call(offsetOf(name), ...parameters).result,
  });
}

export const canCompile = spawnSync('clang-19', ['--version']).status === 0;
export const canEmulate = canCompile && findUnicorn() !== undefined;

/** Stands for all of them where nothing can be built: its tests are skipped by name. */
const absent: Machine = {
  name: 'every machine',
  call() {
    throw new Error('no compiler: apt-get install clang-19 lld-19 llvm-19');
  },
};

/** Machines that this computer can build and run. */
export function openMachines(): Machine[] {
  if (!canCompile) return [absent];
  return [
    openWasm(),
    ...(canEmulate ? [openEmulated('thumb.small'), openEmulated('thumb.full'), openEmulated('rv32')] : []),
  ];
}
