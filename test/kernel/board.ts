/** Stands in for the WebAssembly kernel where MITE_KERNEL names a board's processor: the committed blob, emulated, in slices. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelDirectory } from '#host/build/compile.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';

const processor = process.env.MITE_KERNEL === 'rv32' ? 'rv32' : 'thumb';
const code = new Uint8Array(readFileSync(join(kernelDirectory, `blobs/${processor}.bin`)));

export const kernel = openCoreKernel({ processor, code, budget: 4 });

export function produced(operation: number, length: number, block: (output: number) => number[]): Uint8Array {
  return kernel.scope(() => {
    const output = kernel.allocate(length);
    const code = kernel.call(operation, block(output));
    if (code !== 0) throw new Error(`operation ${operation} returned ${code}`);
    return kernel.read(output, length);
  });
}
