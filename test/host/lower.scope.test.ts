import { describe, expect, test } from 'vitest';
import { Replacement } from '#host/build/replace.ts';
import { Rewriter } from '#host/build/rewrite.ts';
import { analyze } from '#host/build/scope.ts';
import { printedByNode, programs } from './lower.programs.ts';

/** Every variable gets a name that no other has. */
function renameAll(source: string): { code: string; count: number } {
  let count = 0;
  const { code } = new Rewriter(source, program => {
    const replacement = new Replacement();
    for (const { name, declarations, uses } of analyze(program).all)
      replacement.set([...declarations, ...uses.map(({ node }) => node)], `${name}_${count++}`);
    return replacement.rules;
  }).run('program.js');
  return { code, count };
}

describe('with every variable renamed a program prints what it printed', () => {
  test.each(programs)('$title', async ({ source }) => {
    const { code } = renameAll(source);
    expect(await printedByNode(code)).toBe(await printedByNode(source));
  });
});

test('renaming renames: most programs have variables, and their text changes', () => {
  const renamed = programs.filter(({ source }) => renameAll(source).code !== source);
  expect(renamed.length).toBeGreaterThan(programs.length * 0.9);
});

test('a name that nothing declares is free, and a member is no name', () => {
  const { program } = new Rewriter('a.b = { c, d: e }; let c; print(typeof c, f`g`);', () => ({}));
  expect(analyze(program).free.map(({ node }) => node.name)).toEqual(['a', 'e', 'print', 'f']);
});
