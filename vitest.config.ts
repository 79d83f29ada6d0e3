import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { Reporter } from './test/reporter.ts';

/** With MITE_BACKEND=wasm the tests of the core take their suites from the kernel. */
const kernelSuites = {
  find: '#circuits/proof/suite.noble.ts',
  replacement: fileURLToPath(new URL('./test/kernel/suite.ts', import.meta.url)),
};

export default defineConfig({
  resolve: { alias: process.env.MITE_BACKEND === 'wasm' ? [kernelSuites] : [] },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    // Two slow cores are the machine that CI has.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Seeds and cut points are printed by passing tests too: a failure must be repeatable.
    reporters: ['default', new Reporter()],
  },
});
