/** A stage for test files outside of vitest: collects their tests, and runs one within a time limit. */

import vm from 'node:vm';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

export interface Staged {
  readonly title: string;
  readonly run: () => unknown;
}

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const expect = ((value: unknown, message?: string) => chai.expect(value, message)) as unknown as Record<
  string,
  unknown
>;
Object.assign(expect, chai.expect);

type Body = (...args: never[]) => unknown;

/** What a test file imports as `vitest`. Collected tests go to the list. */
export function stage(collected: Staged[]): Record<string, unknown> {
  let prefix = '';
  const spread = (row: unknown, body: Body) =>
    Array.isArray(row) ? body(...(row as never[])) : body(row as never);
  const test = (title: string, body: Body) => {
    collected.push({ title: prefix + title, run: () => body() });
  };
  const describe = (title: string, body: Body) => {
    const before = prefix;
    prefix += `${title} > `;
    try {
      body();
    } finally {
      prefix = before;
    }
  };
  const eachOf = (declare: typeof test) => (rows: readonly unknown[]) => (title: string, body: Body) => {
    for (const [i, row] of rows.entries()) declare(`${title} (${i})`, () => spread(row, body));
  };
  // Kept in the list, so that places in it are those that vitest knows.
  const skip = (title: string) => {
    collected.push({
      title,
      run: () => {
        throw new Error('skipped');
      },
    });
  };
  const ifOf = (wanted: boolean) => (condition: unknown) => (Boolean(condition) === wanted ? test : skip);
  return {
    expect,
    describe: Object.assign(describe, { each: eachOf(describe) }),
    test: Object.assign(test, { each: eachOf(test), skipIf: ifOf(false), runIf: ifOf(true) }),
  };
}

const current: { work: () => unknown } = { work: () => undefined };
Object.assign(globalThis, { __current: current });
const script = new vm.Script('__current.work()');

/** Ends endless loops too. */
export function runWithin(timeoutMs: number, work: () => unknown): unknown {
  current.work = work;
  return script.runInThisContext({ timeout: timeoutMs });
}
