import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builds, compile, Refused } from '#host/build/compile.ts';
import { canCompile } from './machine.ts';

/** A small kernel with these lines before its entry, and this in it. */
function source(lines: string, body = 'return *block;'): string {
  const directory = mkdtempSync(join(tmpdir(), 'kernel-source-'));
  const entry = `int kernel(unsigned operation, unsigned *block, unsigned char *scratch, unsigned budget)`;
  const unused = '(void)operation, (void)block, (void)scratch, (void)budget;';
  writeFileSync(join(directory, 'kernel.c'), `${lines}\n${entry};\n${entry} { ${unused} ${body} }\n`);
  return directory;
}

const boards = ['thumb.small', 'thumb.full', 'rv32'] as const;

describe.skipIf(!canCompile)('the build', () => {
  test.each(builds)('takes a sound source for %s, and its entry is at offset 0', build => {
    const table = 'static const unsigned table[4] = {1, 2, 3, 4};';
    const product = compile(build, 'closed', source(table, 'return table[operation & 3];'));
    expect(product.bytes.length).toBeGreaterThan(8);
    if (build !== 'wasm') expect(product.symbols.find(({ name }) => name === 'kernel')?.address).toBe(0);
  });

  test.each(builds)('refuses what would have to be written, for %s', build => {
    expect(() => compile(build, 'closed', source('static int count;', 'return count++;'))).toThrow(Refused);
    expect(() => compile(build, 'closed', source('static int count = 7;', 'return count++;'))).toThrow(
      /writable section/,
    );
  });

  test.each(builds)('refuses a symbol that nobody defines, for %s', build => {
    expect(() => compile(build, 'closed', source('int elsewhere(void);', 'return elsewhere();'))).toThrow(
      /undefined symbol/,
    );
  });

  test.each(boards)('refuses an alignment that flash files do not have, for %s', build => {
    const table = 'static const unsigned long long table[2] __attribute__((aligned(8))) = {1, 2};';
    expect(() => compile(build, 'closed', source(table, 'return (int)table[operation & 1];'))).toThrow(
      /alignment of 8/,
    );
  });

  test.each(boards)('refuses an address that holds at one place only, for %s', build => {
    const table =
      'static const char one[] = "1", two[] = "2"; static const char *const texts[] = {one, two};';
    expect(() => compile(build, 'closed', source(table, 'return *texts[operation & 1];'))).toThrow(Refused);
  });

  test('refuses a warning', () => {
    expect(() => compile('thumb.full', 'closed', source('', 'int unused; return 0;'))).toThrow(/unused/);
  });

  test('keeps every function of an open build, with its name', () => {
    const inner = 'static int twice(int value) { return 2 * value; }';
    const names = (variant: 'open' | 'closed') =>
      compile('thumb.full', variant, source(inner, 'return twice(*(int *)block);')).symbols.map(
        ({ name }) => name,
      );
    expect(names('open')).toContain('twice');
    expect(names('closed')).not.toContain('twice');
  });
});
