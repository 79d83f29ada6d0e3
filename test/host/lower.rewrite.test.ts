import { describe, expect, test } from 'vitest';
import { lower } from '#host/build/lower.ts';
import { Rewriter } from '#host/build/rewrite.ts';
import { openMap } from '#host/build/sourcemap.ts';
import { programs } from './lower.programs.ts';

test.each(programs)('without rules $title comes back as it was', ({ source }) => {
  expect(new Rewriter(source, () => ({})).run('program.js').code).toBe(copied(source));
});

/** An arrow's expression comes back in brackets. */
function copied(source: string): string {
  const again = new Rewriter(source, () => ({})).run('program.js').code;
  expect(again.replaceAll(/[()\s]/g, '')).toBe(source.replaceAll(/[()\s]/g, ''));
  return again;
}

/** Line and column of every match, from 1. */
function placesOf(text: string, pattern: RegExp): { name: string; line: number; column: number }[] {
  return text
    .split('\n')
    .flatMap((each, line) =>
      [...each.matchAll(pattern)].map(match => ({ name: match[0], line: line + 1, column: match.index + 1 })),
    );
}

const marked = `
const { here1: a = here2 } = here3?.here4(...here5);
class Here extends Error {
  constructor() { super(\`\${here6}\`); this.here7 = a ?? here8; }
}
for (const { here9 } of here10) later(() => here9 + here11);
switch (here12) { default: here13(); break; case here14: here15({ [here16]: here17, ...here18 }); }
  function later(f = here19, ...rest) { if (f) { return here20(rest); } }
`;

describe('a name in lowered code leads to the line and column that it had', () => {
  const { code, map } = lower(marked, { file: 'marked.js' });
  const placeOf = openMap(map);
  const before = new Map(placesOf(marked, /\bhere\d+\b/g).map(place => [place.name, place]));
  const after = placesOf(code, /\bhere\d+\b/g).filter(({ name }) => name !== 'here9');

  test('every one is still there', () => {
    const names = new Set(after.map(({ name }) => name));
    expect([...before.keys()].filter(name => !names.has(name))).toEqual(['here9']);
  });

  test.each(after)('$name', ({ name, line, column }) => {
    const { line: wanted, column: at } = before.get(name)!;
    const found = placeOf(line, column)!;
    expect({ file: found.file, line: found.line }).toEqual({ file: 'marked.js', line: wanted });
    // A member's name that lowering writes anew leads to the pattern that it is in.
    if (!['here1', 'here7'].includes(name)) expect(found.column).toBe(at);
  });
});
