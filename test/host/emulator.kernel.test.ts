import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { cyclesOfCall } from '#host/emulator/cost.kernel.ts';
import { createBoard, type EmulatedBoard } from '#host/emulator/entry.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';

const blob = new Uint8Array(
  readFileSync(new URL(`../../circuits/kernel/blobs/${boards.emulated.kernel!.blob}.bin`, import.meta.url)),
);
const program = `
var M = new Uint8Array(20000), S = require("Storage");
function at(o) { return E.getAddressOf(M, true) + o; }
function enter(op, words, scratch, budget) {
  new Uint32Array(M.buffer, 0, 24).set(words);
  var f = E.nativeCall(1 + E.getAddressOf(S.read("kernel"), true), "int(int,int,int,int)");
  return f(op, at(0), scratch ? at(scratch) : 0, budget || -1);
}
`;

function open(kernel: 'wasm' | 'thumb'): EmulatedBoard {
  const board = createBoard({ board: 'emulated', kernel, files: { kernel: blob, '.bootcde': program } });
  board.powerOn();
  return board;
}

const modes = findUnicorn() ? (['wasm', 'thumb'] as const) : (['wasm'] as const);

describe.each(modes)('a kernel call in %s', mode => {
  test('works in the memory of the board, on arrays and on flash', () => {
    const board = open(mode);
    board.run('M.set(E.toUint8Array("hello"), 200); var r = enter(5, [0, at(200), 5, at(300)]);');
    expect(board.evaluate('r')).toBe(0);
    expect(Buffer.from(board.evaluate('M.subarray(300, 332)') as Uint8Array).toString('hex')).toBe(
      '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    );
    board.run('var q = enter(4, [E.getAddressOf(S.read("kernel"), true), 1000, 0]);');
    expect(
      board.evaluate('[q, new Uint32Array(M.buffer)[2] === E.CRC32(S.read("kernel", 0, 1000))]'),
    ).toEqual([0, true]);
    board.close();
  });

  test('that is sliced comes to an end, wherever its scratch has moved in between', () => {
    const board = open(mode);
    // A chain of 400 hashes, whole, and two at once in small slices whose scratch moves.
    board.run('M.fill(7, 200, 232); while (enter(9, [at(200), 400], 1000)) ; var whole = M.slice(200, 232);');
    board.run(`
      var words = [[at(300), 400], [at(400), 400]], from = [2000, 3000], done = 0, turns = 0;
      M.fill(7, 300, 332); M.fill(7, 400, 432); M.fill(0, 2000, 4100);
      while (done < 2) {
        done = 0;
        for (var i = 0; i < 2; i++) {
          if (words[i][1] === 0) { done++; continue; }
          enter(9, words[i], from[i], 1);
          words[i][1] = new Uint32Array(M.buffer)[1];
          M.set(new Uint8Array(M.buffer, from[i], 100), from[i] + 200);
          from[i] += 200;
          turns++;
        }
        if (turns > 200) break;
      }`);
    expect(board.evaluate('turns')).toBeGreaterThan(4);
    expect(board.evaluate('M.slice(300, 332)')).toEqual(board.evaluate('whole'));
    expect(board.evaluate('M.slice(400, 432)')).toEqual(board.evaluate('whole'));
    board.close();
  });

  test.each([
    ['without the Thumb bit', 'E.getAddressOf(S.read("kernel"), true)'],
    ['into its middle', 'E.getAddressOf(S.read("kernel"), true) + 101'],
    ['into other bytes', '1 + E.getAddressOf(M, true)'],
    ['into nothing', '1 + 0x50000'],
  ])('%s is a hard fault', (_how, target) => {
    const board = open(mode);
    board.run(
      `try { E.nativeCall(${target}, "int(int,int,int,int)")(5, 0, 0, 0); } catch (e) { print("caught"); } print("after");`,
    );
    expect(board.state).toBe('crashed');
    expect(board.failure).toContain('hard fault');
    expect(board.output).not.toContain('caught');
    expect(board.output).not.toContain('after');
    board.reset();
    expect(board.evaluate('typeof M')).toBe('object');
    board.close();
  });

  test('after the file has moved goes wrong, as on a board', () => {
    const board = createBoard({
      ...{ board: 'emulated', kernel: mode },
      files: { first: 'x'.repeat(5_000), kernel: blob, '.bootcde': program },
    });
    board.powerOn();
    board.run('var old = E.nativeCall(1 + E.getAddressOf(S.read("kernel"), true), "int(int,int,int,int)");');
    board.run('S.erase("first"); S.compact();');
    board.run('new Uint32Array(M.buffer, 0, 3).set([at(0), 0, 0]);');
    expect(board.evaluate('enter(4, [at(0), 0, 0])')).toBe(0);
    board.run('old(4, at(0), 0, -1);');
    expect(board.state).toBe('crashed');
    board.close();
  });
});

test('signatures of native code are parsed as the interpreter parses them', () => {
  const board = open('wasm');
  const call = (signature: string) => `E.nativeCall(1, "${signature}")`;
  expect(() => board.evaluate(call('int(int,int,int,int,int)'))).toThrow(
    'Error Parsing signature at argument number 6',
  );
  expect(() => board.evaluate(call('int(word)'))).toThrow('argument number 1');
  expect(board.evaluate(`typeof ${call('int(int)')}`)).toBe('function');
});

test('a board without native code has none', () => {
  const board = createBoard({ board: 'esp32c3' });
  board.powerOn();
  board.run('E.nativeCall(0x320021, "int()")()');
  expect(board.state).toBe('crashed');
});

test.skipIf(!findUnicorn())('estimated cycles are within a third of what the blob takes', () => {
  const kernel = openCoreKernel({ processor: 'thumb', code: blob });
  const [a, b, c, t] = [4_096, 4_096, 4_096, 64].map(kernel.allocate) as [number, number, number, number];
  const [secret, key] = [kernel.put(new Uint8Array(32).fill(7)), kernel.allocate(32)];
  const calls: [number, number[]][] = [
    [operations.copy, [a, b, 1_000]],
    [operations.crc32, [a, 1_000, 0]],
    [operations.sha2, [0, a, 500, t]],
    [operations.hmac, [a, b, 300, t]],
    [operations.derive, [a, b, c, 100, t, 32]],
    [operations.seal, [a, b, c, 16, a, 400]],
    [operations.x25519, [t, secret, 0]],
    [operations.key, [secret, key, 0, 0]],
    [operations.sign, [secret, 0, a, 280, t, 0, 0]],
    [operations.verify, [key, a, 280, t]],
  ];
  for (const [operation, block] of calls) {
    kernel.takeCost();
    kernel.call(operation, block);
    const { cycles } = kernel.takeCost();
    const estimate = cyclesOfCall(operation, Uint32Array.from(block));
    expect(Math.abs(estimate / cycles - 1), `operation ${operation}: ${estimate} for ${cycles}`).toBeLessThan(
      1 / 3,
    );
  }
});
