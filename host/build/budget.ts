/** What a part may take on its board, and by how much it takes more.
 *
 * 1. Whatever is above its budget fails the build, by name and excess. (test/host/image.budget.test.ts)
 */
import type { Board } from '#boards/board.ts';

export interface Line {
  readonly part: string;
  readonly unit: 'bytes' | 'functions' | 'JsVars' | 'calls';
  readonly used: number;
  readonly most: number;
}

export interface Measures {
  readonly kernelBytes: number;
  readonly pointsBytes: number;
  /** As Storage holds them: with headers, padded. */
  readonly bundleBytes: number;
  readonly certificateBytes: number;
  readonly functions: number;
}

export function linesOf({ layout, budget }: Board, measures: Measures): Line[] {
  const { storage } = layout;
  const large = layout.free ?? storage;
  return [
    { part: 'kernel', unit: 'bytes', used: measures.kernelBytes, most: large.kernelBytes },
    { part: 'points', unit: 'bytes', used: measures.pointsBytes, most: large.pointsBytes },
    { part: 'boot and bundle', unit: 'bytes', used: measures.bundleBytes, most: storage.bundleBytes },
    {
      part: 'certificates and manifest',
      unit: 'bytes',
      used: measures.certificateBytes,
      most: storage.certificateBytes,
    },
    { part: 'functions', unit: 'functions', used: measures.functions, most: budget.functions },
  ];
}

export const memoryLine = ({ memory, budget }: Board, variables: number): Line => ({
  part: 'RAM after boot',
  unit: 'JsVars',
  used: variables,
  most: memory.variables - budget.variablesFree,
});

export const isAbove = ({ used, most }: Line) => used > most;

/** As a person reads it. */
export function sentenceOf({ part, unit, used, most }: Line): string {
  const number = (value: number) => value.toLocaleString('en');
  return `${part}: ${number(used)} ${unit}, ${number(used - most)} more than its ${number(most)}`;
}
