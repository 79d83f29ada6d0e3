/** What the mutation run and its workers say to each other. */
import type { Mutant } from './sites.ts';

/** A test of one file, by its place in it. */
export interface Surveyed {
  readonly index: number;
  readonly title: string;
  readonly ms: number;
  /** Reached sites, as `file start`. */
  readonly reached: readonly string[];
}

export interface SurveyedFile {
  readonly file: string;
  readonly loadMs: number;
  /** Reached while the file itself was evaluated. */
  readonly reached: readonly string[];
  /** Modules below the file, and it. */
  readonly below: readonly string[];
  readonly tests: readonly Surveyed[];
  /** Tests left out, with the reason: too slow here, waiting, or failing outside of vitest. */
  readonly left: readonly string[];
}

export interface Step {
  readonly file: string;
  readonly loadMs: number;
  readonly tests: readonly { readonly index: number; readonly ms: number }[];
}

/** A change that leaves no program is a defect of the run, not a death. */
export const noMutant = 'does not compile';

export type Task =
  | { readonly task: 'begin'; readonly texts: readonly (readonly [string, string])[] }
  | { readonly task: 'survey'; readonly file: string }
  | {
      readonly task: 'try';
      readonly mutant: Mutant;
      readonly plan: readonly Step[];
      /** What this mutant may cost before it counts as alive. */
      readonly budgetMs: number;
    };

/** `by` is the test that died of the mutant; without one, it lives. */
export type Answer =
  | { readonly task: 'survey'; readonly surveyed: SurveyedFile }
  | { readonly task: 'try'; readonly by: string | null; readonly ms: number };
