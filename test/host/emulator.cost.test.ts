import { describe, expect, test } from 'vitest';
import { createBoard } from '#host/emulator/entry.ts';

describe('costs', () => {
  test('parts add up to the whole, and say that they are a model', () => {
    const board = createBoard({
      board: 'puckjs',
      files: {
        '.bootcde': 'for (var i = 0; i < 100; i++); require("Flash").write(new Uint8Array(64), 0x75000);',
      },
    });
    board.powerOn();
    const costs = board.costs();
    expect(costs.scriptUs + costs.kernelUs + costs.flashUs + costs.busUs).toBeCloseTo(costs.busyUs);
    expect(costs.statements).toBeGreaterThan(100);
    // Sixteen words at 340 us each.
    expect(costs.flashUs).toBe(16 * 340);
    expect(costs.microjoules.processor).toBeCloseTo((costs.busyUs * 3.7 * 3) / 1_000);
    expect(costs.model).toBe(true);
  });

  test('a look from outside costs nothing', () => {
    const board = createBoard({ board: 'puckjs' });
    board.powerOn();
    const before = board.costs();
    expect(board.evaluate('var s = 0; for (var i = 0; i < 100; i++) s += i; s')).toBe(4_950);
    expect(board.costs()).toEqual(before);
  });

  test('go on through a reset', () => {
    const board = createBoard({ board: 'puckjs', files: { '.bootcde': 'for (var i = 0; i < 100; i++);' } });
    board.powerOn();
    const first = board.costs().statements;
    board.reset();
    expect(board.costs().statements).toBe(2 * first);
  });

  test('a radio that scans costs more than one that advertises', () => {
    const energy = (program: string) => {
      const board = createBoard({ board: 'puckjs', files: { '.bootcde': program } });
      board.powerOn();
      board.world.run({ ms: 10_000 });
      board.run('NRF.setScan();');
      return board.costs().microjoules.radio;
    };
    expect(energy('NRF.setScan(function() {});')).toBeGreaterThan(20 * energy('1;'));
  });
});
