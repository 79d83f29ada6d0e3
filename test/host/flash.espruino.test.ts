import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dice } from '../circuits/dice.ts';
import { espruinoBeside, folder } from './espruino.ts';
import { lay } from './table.ts';

test('the espruino command line runs an expression and writes a file of Storage on an emulated board', async () => {
  const { board, port, end } = await lay('puckjs');
  const text = Buffer.from(dice('espruino').bytes(900)).toString('base64');
  writeFileSync(join(folder, 'data.txt'), text);
  const out = await espruinoBeside(port, '--storage', 'data:data.txt', '-e', 'print("sum",6*7)');
  expect(out).toContain('sum 42');
  expect(board.evaluate('require("Storage").read("data")')).toBe(text);
  await end();
});
