/** The kernel's blob on an emulated board processor, called as any other kernel is; what its calls cost is summed up. */
import { type Kernel, kernelOn } from '#circuits/kernel/kernel.ts';
import { Core, type Run, type Setting } from './core.ts';

export interface Cost {
  readonly instructions: number;
  readonly cycles: number;
  readonly cyclesLeast: number;
  readonly stackBytes: number;
  readonly slices: number;
  readonly sliceInstructionsMax: number;
  /** Digests of the slices' paths, in their order. */
  readonly path: string;
}

export interface CoreKernel extends Kernel {
  /** What the calls since the last time have cost. */
  takeCost(): Cost;
}

export interface CoreSetting extends Setting {
  /** Thousands of field multiplications in a slice. */
  readonly budget?: number;
}

const arenaBytes = 1 << 20;

export function openCoreKernel({ budget = 0xffffffff, ...setting }: CoreSetting): CoreKernel {
  const core = new Core(setting);
  const start = core.place(new Uint8Array(arenaBytes), { fence: 'before' });
  let runs: Run[] = [];
  const kernel = kernelOn({
    start,
    reserve(end) {
      if (end > start + arenaBytes) throw new Error(`more than ${arenaBytes} bytes for a board`);
    },
    read: (address, length) => core.read(address, length),
    write: (address, bytes) => core.write(address, bytes),
    enter(operation, block, scratch) {
      const run = core.call(0, operation, block, scratch, budget);
      runs.push(run);
      return run.result;
    },
  });
  const sum = (count: (run: Run) => number) => runs.reduce((total, run) => total + count(run), 0);
  const most = (count: (run: Run) => number) => Math.max(0, ...runs.map(count));
  return {
    ...kernel,
    takeCost() {
      const cost = {
        instructions: sum(run => run.instructions),
        cycles: sum(run => run.cycles),
        cyclesLeast: sum(run => run.cyclesLeast),
        stackBytes: most(run => run.stackBytes),
        slices: runs.length,
        sliceInstructionsMax: most(run => run.instructions),
        path: runs.map(run => run.path).join(),
      };
      runs = [];
      return cost;
    },
  };
}
