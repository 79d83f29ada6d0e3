import { beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { isAbove, linesOf, type Measures, sentenceOf } from '#host/build/budget.ts';
import { countFunctions } from '#host/build/count.ts';
import { AboveBudget, type Draft, draftImage, packImage } from '#host/build/image.ts';

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

describe('a build above its budget', () => {
  let draft: Draft;
  beforeAll(async () => {
    draft = await draftImage({ board: boards.nrf52840dk });
  });

  const above = (bytes: number) => ({
    ...draft,
    lines: linesOf(boards.nrf52840dk, {
      kernelBytes: 0,
      pointsBytes: 0,
      bundleBytes: bytes,
      certificateBytes: 0,
      functions: 0,
    }),
  });

  test('is not put together, and the part and its excess are named', () => {
    expect(() => packImage(above(32_768))).not.toThrow();
    expect(() => packImage(above(32_770))).toThrow(AboveBudget);
    expect(() => packImage(above(32_770))).toThrow(
      'nrf52840dk: boot and bundle: 32,770 bytes, 2 more than its 32,768',
    );
  });
});
