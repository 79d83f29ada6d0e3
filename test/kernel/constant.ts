/** Whether a call leaves the same trace for different secrets: which jumps it takes, and which addresses it touches. */
import { Core, type Run } from '#host/emulator/core.ts';

export interface Traced {
  readonly path: string;
  readonly accesses: string;
  readonly cycles: number;
}

type Argument = number | Uint8Array;

/** Runs one function on a fresh board for each choice of arguments, so that all of them find the same addresses. */
export function traces(
  code: Uint8Array,
  offset: number,
  choices: readonly (readonly Argument[])[],
): Traced[] {
  return choices.map(choice => {
    const core = new Core({ processor: 'thumb', code, watches: true });
    try {
      const words = choice.map(each => (typeof each === 'number' ? each : core.place(each)));
      const { path, accesses, cycles }: Run = core.call(offset, ...words);
      return { path, accesses, cycles };
    } finally {
      core.close();
    }
  });
}
