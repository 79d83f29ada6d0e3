import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { isAbove, linesOf, type Measures, sentenceOf } from '#host/build/budget.ts';
import { countFunctions } from '#host/build/count.ts';
import { AboveBudget, buildImage } from '#host/build/image.ts';

const board = boards.puckjs;
const { storage } = board.layout;

/** Each part at its very limit. */
const full: Measures = {
  kernelBytes: storage.kernelBytes,
  pointsBytes: storage.pointsBytes,
  bundleBytes: storage.bundleBytes,
  certificateBytes: storage.certificateBytes,
  functions: board.budget.functions,
};

describe('a budget', () => {
  test('is met by parts at their limits, and by none that has one more', () => {
    expect(linesOf(board, full).filter(isAbove)).toEqual([]);
    for (const part of Object.keys(full) as (keyof Measures)[]) {
      const [line, ...more] = linesOf(board, { ...full, [part]: full[part] + 1 }).filter(isAbove);
      expect(more).toEqual([]);
      expect(line!.used - line!.most).toBe(1);
      expect(sentenceOf(line!)).toContain(' 1 more than its ');
    }
  });

  test('counts every function of a bundle once', () => {
    expect(countFunctions('')).toBe(0);
    expect(
      countFunctions(
        'function a(){return ()=>1}var b=function(){};class C{m(){}static s(){}get g(){return 1}}',
      ),
    ).toBe(6);
  });
});

describe('a build', () => {
  const root = mkdtempSync(join(tmpdir(), 'mite-budget-'));
  mkdirSync(join(root, 'device'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const dk = boards.nrf52840dk;
  const most = dk.layout.storage.bundleBytes;

  /** A program whose text is so long. */
  function build(length: number) {
    writeFileSync(join(root, 'device/app.ts'), `print('${'x'.repeat(length)}');`);
    return buildImage({ board: dk, entry: 'device/app.ts', root });
  }
  const bundleOf = async (length: number) =>
    (await build(length)).lines.find(({ part }) => part === 'boot and bundle')!.used;

  test('at its budget to the byte is made; with one more word the part and its excess are named', async () => {
    const length = 1000 + most - (await bundleOf(1000));
    expect(await bundleOf(length)).toBe(most);
    await expect(build(length + 4)).rejects.toThrow(AboveBudget);
    await expect(build(length + 4)).rejects.toThrow(
      'nrf52840dk: boot and bundle: 32,772 bytes, 4 more than its 32,768',
    );
  });
});
