import { describe, expect, test } from 'vitest';
import { Graph } from './mutate/graph.ts';
import { planFor } from './mutate/plan.ts';
import { applied, instrumented, type Mutant, mutantsOf } from './mutate/sites.ts';
import { runWithin, type Staged, stage } from './mutate/stage.ts';
import { type Fate, verdictOf } from './mutate/verdict.ts';

const file = 'circuits/gate.ts';
const gate = `
const amountMax = 9;
const isWhole = (amount: number) => [1, 3].every(step => amount % step === 0);
function checkSign(amount: number) { if (amount < 0) throw new Error('negative'); }
export function open(amount: number, known: boolean): boolean {
  checkSign(amount);
  if (amount > amountMax || !known) return false;
  return isWhole(Math.min(amount, 6));
}
`;
const strong = `
import { expect, test } from 'vitest';
import { open } from '#${file}';
test('takes what is well', () => { expect([open(0, true), open(7, true), open(9, true)]).toEqual([true, true, true]); });
test.each([[10, true], [9, false], [5, true]])('refuses', (amount, known) => {
  expect(open(amount, known)).toBe(false);
});
test('throws', () => { expect(() => open(-1, true)).toThrow('negative'); });
`;
const weak = `
import { expect, test } from 'vitest';
import { open } from '#${file}';
test('answers', () => { expect(open(8, true)).toBe(true); });
`;

/** Keys of the mutants of the gate that these tests let live. */
async function survivorsOf(tests: string): Promise<string[]> {
  const collected: Staged[] = [];
  const graph = new Graph('/', new Map(Object.entries({ [file]: gate, 'test/gate.test.ts': tests })));
  await graph.prepare('test/gate.test.ts', { vitest: stage(collected) });
  const alive = (mutant: Pick<Mutant, 'start' | 'end' | 'replacement'>) => {
    collected.length = 0;
    try {
      graph.load('test/gate.test.ts', { path: file, module: graph.compile(file, applied(gate, mutant)) });
      for (const { run } of collected) runWithin(1_000, run);
      return true;
    } catch {
      return false;
    }
  };
  expect(alive({ start: 0, end: 0, replacement: '' })).toBe(true);
  return mutantsOf(file, gate)
    .filter(alive)
    .map(({ key }) => key.slice(file.length + 1));
}

describe('mutants of a source', () => {
  const replaced = mutantsOf(file, gate).map(
    mutant => `${gate.slice(mutant.start, mutant.end)} -> ${mutant.replacement}`,
  );

  test.each([
    ['a check is removed', 'amount < 0 -> false'],
    ['a check is inverted', 'amount < 0 -> !(amount < 0)'],
    ['a limit moves up', '9 -> 10'],
    ['a limit moves down', '9 -> (8)'],
    ['a comparison loses its edge', 'amount > amountMax -> (amount >= amountMax)'],
    ['one of two conditions is dropped', 'amount > amountMax || !known -> (!known)'],
    ['a negation is dropped', '!known -> (known)'],
    ['a check is not called', 'checkSign(amount) -> undefined'],
    ['a refusal becomes a pass', 'false -> true'],
    [
      'every becomes some',
      '[1, 3].every(step => amount % step === 0) -> [1, 3].some(step => amount % step === 0)',
    ],
    ['a bound turns around', 'Math.min(amount, 6) -> Math.max(amount, 6)'],
  ])('%s', (_, change) => {
    expect(replaced).toContain(change);
  });

  test('have keys of their own, and leave the rest of the text alone', () => {
    const mutants = mutantsOf(file, gate);
    expect(new Set(mutants.map(({ key }) => key)).size).toBe(mutants.length);
    for (const mutant of mutants)
      expect(applied(gate, mutant).startsWith(gate.slice(0, mutant.start))).toBe(true);
  });

  test('stand at sites that tell when they are reached', () => {
    const reached = new Set<number>();
    Object.assign(globalThis, { __reached: (_: string, start: number) => reached.add(start) });
    const graph = new Graph('/', new Map([[file, instrumented(file, gate)]]));
    const { open } = graph.load(file) as { open: (amount: number, known: boolean) => boolean };
    const negation = gate.indexOf('!known');
    expect(open(10, true)).toBe(false);
    expect(reached.has(negation)).toBe(false);
    expect(open(9, false)).toBe(false);
    expect(reached.has(negation)).toBe(true);
  });
});

describe('a mutation run', () => {
  test('kills with strong tests all but what changes nothing, and shows what weak tests let live', async () => {
    expect(await survivorsOf(strong)).toEqual([]);
    expect((await survivorsOf(weak)).length).toBeGreaterThan(5);
  });

  test('ends an endless loop', () => {
    expect(() =>
      runWithin(50, () => {
        for (;;);
      }),
    ).toThrow('timed out');
  });

  test('tries the tests that reach a mutant, those of its own file first', () => {
    const [mutant] = mutantsOf(file, gate) as [Mutant, ...Mutant[]];
    const site = `${file} ${mutant.site}`;
    const surveyed = (name: string, reached: string[]) => ({
      file: name,
      loadMs: 1,
      reached: [],
      below: [file],
      left: [],
      tests: [{ index: 0, title: 'a', ms: 1, reached }],
    });
    const plan = planFor(
      mutant,
      [
        surveyed('test/b.test.ts', [site]),
        surveyed('test/c.test.ts', []),
        surveyed('test/gate.a.test.ts', [site]),
      ],
      () => 0,
    );
    expect(plan.map(step => step.file)).toEqual(['test/gate.a.test.ts', 'test/b.test.ts']);
  });

  test('holds only if each living mutant has a reason, and each reason a living mutant', () => {
    const [mutant] = mutantsOf(file, gate) as [Mutant, ...Mutant[]];
    const fate = (by: string | null): Fate[] => [{ mutant, by, tests: 1, ms: 1 }];
    const reasons = { [mutant.key]: 'changes nothing that anyone can see' };
    expect(verdictOf(fate('a test'), {}, true).holds).toBe(true);
    expect(verdictOf(fate(null), {}, true).holds).toBe(false);
    expect(verdictOf(fate(null), reasons, true).holds).toBe(true);
    expect(verdictOf(fate('a test'), reasons, true).holds).toBe(false);
    expect(verdictOf([], {}, true).holds).toBe(false);
  });
});
