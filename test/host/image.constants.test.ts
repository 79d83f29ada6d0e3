import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { constantsOf } from '#host/build/constants.ts';
import { repository } from '../outcomes.ts';

/** Names that `declare const board: {...}` lists. */
function declared(): string[] {
  const path = 'device/board.d.ts';
  const source = ts.createSourceFile(
    path,
    readFileSync(join(repository, path), 'utf8'),
    ts.ScriptTarget.ES2022,
  );
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) names.push((node.name as ts.Identifier).text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

test.each(Object.values(boards))(
  '$name: each constant that device code may name is defined, and no other',
  board => {
    const constants = constantsOf(board, { role: 'test', product: '0.1.0', kernel: new Uint8Array(4) });
    const names = [
      ...declared().map(name => `board.${name}`),
      ...Object.keys(operations).map(name => `operation.${name}`),
    ];
    expect(Object.keys(constants).sort()).toEqual(names.sort());
  },
);

test('a constant is data that a program can hold', () => {
  const { kernelAddress, kernelCheck } = Object.fromEntries(
    Object.entries(
      constantsOf(boards.puckjs, { role: 'till', product: '0.1.0', kernel: Buffer.from('123456789') }),
    ).map(([name, value]) => [name.replace('board.', ''), value]),
  );
  // Storage begins at 0x6c000, the kernel after three pages; CRC-32 of the digits is its well-known check value.
  expect({ kernelAddress, kernelCheck }).toEqual({ kernelAddress: 0x6f000, kernelCheck: 0xcbf43926 });
});
