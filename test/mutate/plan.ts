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

/** Everything that may notice it: how much of it is tried is a matter of budget. */
export function planFor(mutant: Mutant, surveyed: readonly SurveyedFile[]): Step[] {
  const site = `${mutant.file} ${mutant.site}`;
  const reaching = (only: boolean) =>
    surveyed.flatMap(file => {
      if (!file.below.includes(mutant.file)) return [];
      const tests = file.tests
        .filter(({ reached }) => !only || reached.includes(site))
        .map(({ index, ms }) => ({ index, ms }))
        .sort((a, b) => a.ms - b.ms);
      const atLoad = file.reached.includes(site);
      if (tests.length === 0 && !atLoad) return [];
      const cost = file.loadMs + (tests[0]?.ms ?? 0);
      return [{ file: file.file, loadMs: file.loadMs, tests, kin: kinship(mutant, file.file), cost }];
    });
  // Reached by no test alone: it is evaluated with its module, so that any test above it may notice.
  const some = reaching(true);
  const isReached = some.some(({ tests }) => tests.length);
  const late = (file: string) => (!isReached && ofShapes.includes(file) ? 0 : 1);
  return (isReached ? some : reaching(false))
    .sort((a, b) => late(a.file) - late(b.file) || b.kin - a.kin || a.cost - b.cost)
    .map(({ file, loadMs, tests }) => ({ file, loadMs, tests }));
}
