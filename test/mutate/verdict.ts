/** What a mutation run says at its end. */
import { noMutant } from './protocol.ts';
import type { Mutant } from './sites.ts';

export interface Fate {
  readonly mutant: Mutant;
  /** The test that died of it; null where it lives. */
  readonly by: string | null;
  readonly tests: number;
  readonly ms: number;
}

/** A mutant that may live: key and reason. */
export type Survivors = Readonly<Record<string, string>>;

/** Whole: all mutants were tried, so that a listed one that did not live is stale. */
export function verdictOf(
  fates: readonly Fate[],
  survivors: Survivors,
  whole: boolean,
): { readonly holds: boolean; readonly lines: string[] } {
  const broken = fates.filter(({ by }) => by === noMutant);
  const alive = fates.filter(({ by }) => by === null);
  const unexplained = alive.filter(({ mutant }) => !survivors[mutant.key]);
  const living = new Set(alive.map(({ mutant }) => mutant.key));
  const stale = whole ? Object.keys(survivors).filter(key => !living.has(key)) : [];
  const lines = [
    ...unexplained.map(
      ({ mutant, tests }) => `LIVES ${mutant.file}:${mutant.line} (${tests} tests) ${mutant.key}`,
    ),
    ...broken.map(({ mutant }) => `no program: ${mutant.key}`),
    ...stale.map(key => `listed as a survivor, but dies or is gone: ${key}`),
    `${fates.length - alive.length} killed, ${alive.length - unexplained.length} live with a reason, ${unexplained.length} live without one`,
  ];
  return { holds: fates.length > 0 && unexplained.length + stale.length + broken.length === 0, lines };
}
