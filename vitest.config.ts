import { defineConfig } from 'vitest/config';
import { Reporter } from './test/reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Two slow cores are the machine that CI has.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Seeds and cut points are printed by passing tests too: a failure must be repeatable.
    reporters: ['default', new Reporter()],
  },
});
