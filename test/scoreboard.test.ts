import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boardOf, rowIds, tagsOf } from './board.ts';
import { type Outcome, repository } from './outcomes.ts';
import { Reporter } from './reporter.ts';

const outcome = (title: string, state = 'passed'): Outcome => ({
  file: 'test/x.test.ts',
  title,
  state,
  ms: 1,
});
const stateOf = (id: string, ...outcomes: Outcome[]) => boardOf(outcomes).find(row => row.id === id)?.state;
const [first, second] = rowIds as [string, string];

describe('a row of the scoreboard', () => {
  test('is shown by a passing test with its tag', () => {
    expect(stateOf(first, outcome(`[${first}] holds`))).toBe('shown');
    expect(stateOf(second, outcome(`[${first}] holds`))).toBe('missing');
  });

  test('is core where only a share of it is shown', () => {
    expect(stateOf(first, outcome(`[${first} core] holds`))).toBe('core');
    expect(stateOf(first, outcome(`[${first} core] holds`), outcome(`[${first}] holds`))).toBe('shown');
  });

  test('is missing if any test that names it failed or was skipped', () => {
    for (const state of ['failed', 'skipped', 'pending'])
      expect(stateOf(first, outcome(`[${first}] holds`), outcome(`[${first} core] too`, state))).toBe(
        'missing',
      );
  });

  test('may share a test with another row', () => {
    expect(tagsOf(`[${first}] [${second} core] both`)).toEqual([
      { id: first, core: false },
      { id: second, core: true },
    ]);
  });
});

describe('the reporter', () => {
  const moduleOf = (state: string, file: string) => ({
    moduleId: resolve(repository, file),
    errors: () => [],
    children: {
      allTests: () => [
        { fullName: 'a promise', result: () => ({ state }), diagnostic: () => ({ duration: 1 }) },
      ],
    },
  });

  /** Exit code and printed lines of a run in which one test of one file ended so. */
  function report(state: string, real: string | undefined, file = 'test/absent.test.ts') {
    const before = { real: process.env.MITE_REAL, exitCode: process.exitCode, log: console.log };
    const printed: string[] = [];
    if (real === undefined) delete process.env.MITE_REAL;
    else process.env.MITE_REAL = real;
    console.log = line => printed.push(line);
    process.exitCode = 0;
    new Reporter().onTestRunEnd([moduleOf(state, file)] as never, []);
    const { exitCode } = process;
    process.exitCode = before.exitCode;
    console.log = before.log;
    if (before.real === undefined) delete process.env.MITE_REAL;
    else process.env.MITE_REAL = before.real;
    return { exitCode, printed };
  }

  test('counts what passed and failed in its last line', () => {
    expect(report('passed', 'required')).toEqual({ exitCode: 0, printed: ['1 passed, 0 failed'] });
    expect(report('failed', undefined).printed).toEqual(['0 passed, 1 failed']);
  });

  test('names a skipped test, and fails the run for it where all real parts are required', () => {
    expect(report('skipped', undefined).exitCode).toBe(0);
    expect(report('skipped', 'required').exitCode).toBe(1);
    expect(report('skipped', undefined).printed[0]).toContain('not exercised here');
  });

  test('does not ask for the real interpreter, which no package has', () => {
    const file = 'test/device/interpreter.recordings.test.ts';
    expect(report('skipped', 'required', file).exitCode).toBe(0);
    expect(report('skipped', 'required', file).printed[0]).toContain('not exercised here');
  });
});
