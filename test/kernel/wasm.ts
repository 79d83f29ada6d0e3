/** The kernel as hosts run it: the committed WebAssembly. */
import { instantiate, openKernel } from '#circuits/kernel/kernel.wasm.ts';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';

export const kernel = openKernel(instantiate(new Uint8Array(Buffer.from(kernelWasm, 'base64'))));

/** The bytes that a call writes where `block` puts its output; an error where the call refuses. */
export function produced(operation: number, length: number, block: (output: number) => number[]): Uint8Array {
  return kernel.scope(() => {
    const output = kernel.allocate(length);
    const code = kernel.call(operation, block(output));
    if (code !== 0) throw new Error(`operation ${operation} returned ${code}`);
    return kernel.read(output, length);
  });
}
