/** Stands in for the reference backend where MITE_BACKEND=wasm: the same names, on the kernel. */
import { suite1, suite2 } from '#host/suite.ts';

export { suite1, suite2 };
export const group = suite1.group;
export const hash = suite1.hash;
