/** The suites of the host: on the kernel as WebAssembly, opened once. */
import { openSuites } from '#circuits/kernel/suite.wasm.ts';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';

export const { suite1, suite2 } = openSuites(Buffer.from(kernelWasm, 'base64'));
