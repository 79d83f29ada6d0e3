/** Keeps what a whole run has shown, for the scoreboard, and names at its end what was not exercised.
 *
 * 1. A run of some files only is not kept. (test/scoreboard.test.ts)
 * 2. With MITE_REAL=required a skipped test fails the run, unless it needs the real interpreter. (test/scoreboard.test.ts)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Reporter as VitestReporter } from 'vitest/reporters';
import { type Outcome, outcomesFile, repository, testFiles } from './outcomes.ts';

type Modules = Parameters<NonNullable<VitestReporter['onTestRunEnd']>>[0];

function outcomesOf(modules: Modules): Outcome[] {
  return modules.flatMap(module =>
    [...module.children.allTests()].map(test => ({
      file: relative(repository, module.moduleId),
      title: test.fullName,
      state: test.result().state,
      ms: test.diagnostic()?.duration ?? 0,
    })),
  );
}

/** No package has the interpreter, a Linux build of Espruino: what it answered is recorded in test/device/golden. */
const needsInterpreter = (file: string) => file.startsWith('test/device/interpreter.');

export class Reporter implements VitestReporter {
  onTestRunEnd(modules: Modules, errors: readonly unknown[]): void {
    const outcomes = outcomesOf(modules);
    const count = (state: string) => outcomes.filter(outcome => outcome.state === state).length;
    const skipped = outcomes.filter(({ state }) => state === 'skipped');
    for (const { file, title } of skipped) console.log(`not exercised here: ${file} > ${title}`);
    const missing = skipped.filter(({ file }) => !needsInterpreter(file));
    if (missing.length && process.env.MITE_REAL === 'required') process.exitCode = 1;
    const failedFiles = modules.filter(module => module.errors().length).length;
    console.log(`${count('passed')} passed, ${count('failed') + failedFiles + errors.length} failed`);
    const ran = modules.map(module => relative(repository, module.moduleId)).sort();
    if (skipped.length === outcomes.length || ran.join() !== testFiles().join()) return;
    const path = resolve(repository, outcomesFile);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(outcomes));
  }
}
