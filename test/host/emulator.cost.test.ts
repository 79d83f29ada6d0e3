import { describe, expect, test } from 'vitest';
import { createBoard } from '#host/emulator/entry.ts';

/** Instructions of a statement, over those of an empty one. */
function instructions(statement: string, set = ''): number {
  const rounds = 100;
  const spent = (body: string) => {
    const board = createBoard({ board: 'puckjs' });
    board.powerOn();
    board.evaluate(
      `var a = 1, o = { z: 1 }, u = new Uint8Array(64), u32 = new Uint8Array(32), big = new Uint8Array(1400); ${set}`,
    );
    const before = board.costs().scriptUs;
    board.run(`for (var i = 0; i < ${rounds}; i++) { ${body} }`);
    return board.costs().scriptUs - before;
  };
  return ((spent(statement) - spent('')) * 40) / rounds;
}

describe('a call', () => {
  // Measured on the interpreter's own code, as marginal instructions.
  test.each([
    ['E.hwRand();', 11_500],
    ['E.getAddressOf(u, true);', 14_600],
    ['E.CRC32(u32);', 19_000],
    ['E.CRC32(big);', 251_500],
    ['big.set(big);', 321_000],
    ['big.fill(1);', 796_000],
    ['u.subarray(1, 2);', 15_800],
    ['new Uint8Array(big);', 1_565_000],
    ['peek32(0x6c000);', 11_300],
    ['require("Storage").read("x", 0, 32);', 15_000],
  ])('%s costs about %i instructions', (statement, measured) => {
    const found = instructions(statement);
    expect(Math.abs(found / measured - 1), `${found} instructions`).toBeLessThan(0.1);
  });

  test.each([
    ['a = a + i;', 3_500],
    ['a = u[5];', 4_390],
    ['u[5] = i;', 4_490],
    ['o.z = i;', 2_880],
    ['if (i & 1) a = 1; else a = 2;', 6_210],
  ])('%s costs %i, of which the model has the order', (statement, measured) => {
    const ratio = instructions(statement) / measured;
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

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
