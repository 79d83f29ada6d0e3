/** Each test file has temporary files of its own: it sees no other's emulated boards, and leaves nothing behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const outside = process.env.TMPDIR;
const inside = mkdtempSync(join(tmpdir(), 'mite-test-'));
process.env.TMPDIR = inside;

afterAll(() => {
  if (outside === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outside;
  rmSync(inside, { recursive: true, force: true, maxRetries: 3 });
});
