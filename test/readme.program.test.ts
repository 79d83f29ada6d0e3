/** The program of the README runs as it stands there. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);

test('the README program, under 30 lines, makes a purse, pays, verifies, double-spends and convicts', () => {
  const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', root), 'utf8'))![1]!;
  expect(program.trim().split('\n').length).toBeLessThan(30);
  // Inside the package, so that `import ... from 'mite'` finds it.
  const folder = new URL('dist/readme/', root);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(new URL('program.ts', folder), program);
    const output = execFileSync('node', ['--import', 'tsx', 'dist/readme/program.ts'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(output).toBe('guilt of kind 1, by 2 claims\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
