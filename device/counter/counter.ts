/** The counter that says how many entries decreased value: one port, whatever counts.
 *
 * 1. It rises by one, never falls, and stops at its end, whatever backend. (test/device/counter.suite.test.ts)
 */
import type { FaultName } from '#circuits/fault.ts';

export interface Counter {
  /** The last value that it can have. */
  readonly max: number;
  /** A fault where it cannot be read: then nothing may be paid. */
  read(): number | FaultName;
  /** To its value, which does nothing, or one more. Null once it is there, read back. */
  tick(to: number): FaultName | null;
}
