/** The suites of the host: on the kernel as WebAssembly, opened once. */
import { instantiate, openKernel } from '#circuits/kernel/kernel.wasm.ts';
import { openSuites } from '#circuits/kernel/suite.kernel.ts';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';

const suites = openSuites(openKernel(instantiate(Buffer.from(kernelWasm, 'base64'))));
export const suite1 = suites.suite1;
export const suite2 = suites.suite2;
