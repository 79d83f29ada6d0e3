/** How a program leaves its normal course: thrown values, and stops that neither catch nor finally sees. */
import type { Value } from './value.ts';

/** A value thrown by a program or by a built-in; try/catch of the program sees it. */
export class Thrown {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

export type StopReason = 'stack' | 'memory' | 'interrupt';

/** Stack overflow, out of memory, Ctrl-C: the whole call chain unwinds to the event loop. */
export class Stopped {
  readonly reason: StopReason;
  readonly message: string;
  constructor(reason: StopReason, message: string) {
    this.reason = reason;
    this.message = message;
  }
}
