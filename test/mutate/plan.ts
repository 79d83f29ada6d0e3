/** Which tests a mutant meets, and in which order: those that reach its site, the cheapest of its own file first. */
import { basename } from 'node:path';
import type { Step, SurveyedFile } from './protocol.ts';
import type { Mutant } from './sites.ts';

/** Limits of shapes are evaluated with their modules, reached by no test alone: these files are there for them. */
const ofShapes = ['test/circuits/message.limits.test.ts', 'test/circuits/tier.rules.test.ts'];

/** `range.verify` and `range.verify.test` share both words, `range.prove.test` one. */
function kinship(mutant: Mutant, test: string): number {
  const words = basename(mutant.file).split('.').slice(0, -1);
  const others = basename(test).split('.');
  let shared = 0;
  while (shared < words.length && words[shared] === others[shared]) shared += 1;
  return shared;
}

const siteOf = ({ file, site }: Mutant) => `${file} ${site}`;

interface Candidate extends Step {
  readonly kin: number;
  readonly kills: number;
  readonly cost: number;
}

/** How many mutants of a source a test file has killed so far: what kills goes on killing. */
export type Kills = (source: string, test: string) => number;

/** Those that reach the site: kin first, then what kills, then what is cheap. */
function reaching(mutant: Mutant, surveyed: readonly SurveyedFile[], killsOf: Kills): Candidate[] {
  const site = siteOf(mutant);
  return surveyed
    .flatMap(({ file, loadMs, ...of }) => {
      const tests = cheapest(of.tests.filter(({ reached }) => reached.includes(site)));
      if (tests.length === 0 && !of.reached.includes(site)) return [];
      const cost = loadMs + (tests[0]?.ms ?? 0);
      return [{ file, loadMs, tests, kin: kinship(mutant, file), kills: killsOf(mutant.file, file), cost }];
    })
    .sort((a, b) => b.kin - a.kin || b.kills - a.kills || a.cost - b.cost);
}

function cheapest(tests: SurveyedFile['tests']): Step['tests'] {
  return tests.map(({ index, ms }) => ({ index, ms })).sort((a, b) => a.ms - b.ms);
}

/** Evaluated with its module, once for all files: any test above it may notice. */
function above(mutant: Mutant, surveyed: readonly SurveyedFile[]): Step[] {
  const kin = (file: string) => kinship(mutant, file);
  const late = (file: string) => (ofShapes.includes(file) ? 0 : 1);
  return surveyed
    .filter(({ below }) => below.includes(mutant.file))
    .sort((a, b) => kin(b.file) - kin(a.file) || late(a.file) - late(b.file) || a.loadMs - b.loadMs)
    .map(({ file, loadMs, tests }) => ({ file, loadMs, tests: cheapest(tests) }));
}

/** Many cheap tests see more than one dear one: those of all files come first. */
const cheapMsMax = 50;

function cheapFirst(steps: readonly Step[]): Step[] {
  const split = (keep: (ms: number) => boolean) =>
    steps
      .map(step => ({ ...step, tests: step.tests.filter(({ ms }) => keep(ms)) }))
      .filter(({ tests }) => tests.length);
  return [...split(ms => ms <= cheapMsMax), ...split(ms => ms > cheapMsMax)];
}

/** Everything that may notice it: how much of it is tried is a matter of budget. */
export function planFor(mutant: Mutant, surveyed: readonly SurveyedFile[], killsOf: Kills): Step[] {
  const site = siteOf(mutant);
  const reached = reaching(mutant, surveyed, killsOf);
  const isTested = reached.some(({ tests }) => tests.length);
  const isLoaded = !isTested || surveyed.some(file => file.reached.includes(site));
  const steps = reached.map(({ file, loadMs, tests }) => ({ file, loadMs, tests }));
  return isLoaded ? [...cheapFirst(steps), ...above(mutant, surveyed)] : cheapFirst(steps);
}
