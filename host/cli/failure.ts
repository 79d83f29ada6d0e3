/** Exit codes of the command, and the failure that ends it with one of them and names what to type next. */
import { Fault } from '#circuits/fault.ts';

/** Part of the command's interface: a number keeps its meaning. 1 is a defect of mite itself. */
export const exits = {
  ok: { code: 0, meaning: 'done' },
  usage: { code: 2, meaning: 'the command line is wrong' },
  device: { code: 3, meaning: 'no device' },
  wrong: { code: 4, meaning: 'wrong device' },
  verify: { code: 5, meaning: 'something does not verify' },
  refused: { code: 6, meaning: 'refused' },
  lot: { code: 7, meaning: 'only a part of the lot' },
} as const;

type ExitName = keyof typeof exits;

/** Ends the command. `next` is a command, or an act, that mends it. */
export class Failure extends Error {
  readonly exit: ExitName;
  readonly next: string;

  constructor(exit: ExitName, message: string, next: string) {
    super(message);
    this.name = 'Failure';
    this.exit = exit;
    this.next = next;
  }
}

/** A fault of the protocol, as its verb ends with it. */
export function failureOf(fault: Fault, exit: ExitName): Failure {
  return new Failure(exit, fault.message, fault.hint);
}

export function describe(error: unknown): { code: number; data: Record<string, unknown> } {
  if (error instanceof Fault) return describe(failureOf(error, 'refused'));
  if (error instanceof Failure) {
    const { code } = exits[error.exit];
    return { code, data: { error: error.message, exit: error.exit, code, next: error.next } };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 1,
    data: { error: message, exit: 'defect', code: 1, next: 'report this with the line above' },
  };
}
