/** The scoreboard: which capabilities the tests of the last whole run have shown. */

import type { Outcome } from './outcomes.ts';
import groups from './rows.json' with { type: 'json' };

interface Row {
  readonly id: string;
  /** Shown: a test shows the whole row. Core: tests show one room's share. */
  readonly state: 'shown' | 'core' | 'missing';
  readonly tests: readonly string[];
}

interface Tag {
  readonly id: string;
  readonly core: boolean;
}

export const rowIds: readonly string[] = groups.flatMap(({ rows }) => rows.map(({ id }) => id));

export function tagsOf(title: string): Tag[] {
  return [...title.matchAll(/\[([A-Z]\d+)( core)?\]/g)].map(([, id, core]) => ({
    id: id!,
    core: core !== undefined,
  }));
}

/** A row counts only if each test that names it has run and passed. */
function rowOf(id: string, outcomes: readonly Outcome[]): Row {
  const naming = outcomes.filter(({ title }) => tagsOf(title).some(tag => tag.id === id));
  const tests = naming.map(({ title }) => title);
  if (naming.length === 0 || naming.some(({ state }) => state !== 'passed'))
    return { id, state: 'missing', tests };
  const whole = tests.some(title => tagsOf(title).some(tag => tag.id === id && !tag.core));
  return { id, state: whole ? 'shown' : 'core', tests };
}

export function boardOf(outcomes: readonly Outcome[]): Row[] {
  return rowIds.map(id => rowOf(id, outcomes));
}

const mark = { shown: 'shown  ', core: 'core   ', missing: '.      ' };

export function tableOf(board: readonly Row[]): string {
  const count = (state: Row['state']) => board.filter(row => row.state === state).length;
  const lines = groups.flatMap(({ group, name, rows }) => [
    `${group}  ${name}`,
    ...rows.map(({ id, capability }) => {
      const row = board.find(each => each.id === id)!;
      const tests = row.tests.length
        ? `  (${row.tests.length} ${row.tests.length > 1 ? 'tests' : 'test'})`
        : '';
      return `  ${id.padEnd(4)}${mark[row.state]}${capability}${tests}`;
    }),
  ]);
  return [...lines, `${count('shown')} shown, ${count('core')} core, ${count('missing')} missing`].join('\n');
}
