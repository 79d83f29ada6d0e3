/** Journal and counters as a board gets them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { bundleDevice } from '#host/build/bundle.ts';
import { repository } from '#host/build/compile.ts';
import { constantsOf } from '#host/build/constants.ts';

const constants = constantsOf(boards.puckjs, { role: 'test', product: 'x', kernel: new Uint8Array(4) });
let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mite-journal-'));
  mkdirSync(join(root, 'device'));
  for (const path of ['circuits', 'node_modules', 'device/journal', 'device/counter', 'device/wallet'])
    symlinkSync(join(repository, path), join(root, path));
  for (const path of ['device/board.d.ts', 'device/espruino.d.ts'])
    symlinkSync(join(repository, path), join(root, path));
  const { imports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    imports: unknown;
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', imports }));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program that leaves nothing of these out. */
async function bytesOf(names: Readonly<Record<string, string>>): Promise<number> {
  const lines = Object.entries(names).map(([name, path]) => `import { ${name} } from './${path}';`);
  const all = Object.keys(names).join(', ');
  writeFileSync(join(root, 'device/app.ts'), `${lines.join('\n')}\nprint([${all}].length + '');\n`);
  const { code } = await bundleDevice('device/app.ts', { root, constants });
  return code.length;
}

test('the dialect check refuses nothing in the journal and its ledger, which are in the program', async () => {
  const bytes = await bytesOf({
    'formatLedger, openLedger, recordEntry, readParts': 'journal/ledger.ts',
    openBareCounter: 'counter/bare.ts',
  });
  console.log(`ledger and bare counter: ${bytes} bytes`);
  expect(bytes).toBeGreaterThan(5_000);
});

test('nor in the counter of an element', async () => {
  const bytes = await bytesOf({ openElementCounter: 'counter/element.ts' });
  console.log(`element counter: ${bytes} bytes`);
  expect(bytes).toBeGreaterThan(500);
});
