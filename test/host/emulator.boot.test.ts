import { beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import type { BoardName } from '#boards/board.ts';
import { buildImage, type Image } from '#host/build/image.ts';
import { createBoard, World } from '#host/emulator/entry.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';

const trace = (name: string) => `(global.ran = global.ran || []).push("${name}");`;
const files = {
  '.boot0': trace('0'),
  '.boot3': trace('3'),
  '.bootcde': trace('code'),
};

describe('a boot', () => {
  test('runs .boot0 to .boot3, then the program', () => {
    const board = createBoard({ board: 'puckjs', files });
    board.powerOn();
    expect(board.evaluate('ran')).toEqual(['0', '3', 'code']);
  });

  test('with the button held leaves the program out, and nothing else', () => {
    const board = createBoard({ board: 'puckjs', files });
    board.press();
    board.powerOn();
    expect(board.evaluate('ran')).toEqual(['0', '3']);
    board.release();
    board.reset();
    expect(board.evaluate('ran')).toEqual(['0', '3', 'code']);
  });

  test('runs .bootrst in place of the program, with the button held too', () => {
    const board = createBoard({ board: 'puckjs', files: { ...files, '.bootrst': trace('rst') } });
    board.press();
    board.powerOn();
    expect(board.evaluate('ran')).toEqual(['0', '3', 'rst']);
  });

  test.each([
    ['reset()', ['0', '3']],
    ['load()', ['0', '3', 'code']],
    ['E.reboot()', ['0', '3', 'code']],
  ])('%s from a program runs %j', (source, ran) => {
    const board = createBoard({ board: 'puckjs', files });
    board.powerOn();
    board.run(`var left = 1; ${source}`);
    expect(board.evaluate('[ran, typeof left]')).toEqual([ran, 'undefined']);
  });

  test('on a broken chain of headers costs every file, and says so', () => {
    const board = createBoard({ board: 'puckjs', files });
    const { address } = boards.puckjs.flash.storage;
    const snapshot = board.flash.snapshot();
    // The rest of a file that a cut compaction has left behind the last one, on a page of its own.
    snapshot[0]!.fill(0, 4_096, 4_200);
    board.flash.restore(snapshot);
    board.powerOn();
    expect(board.output).toContain('Storage is corrupt.');
    expect(board.flash.read(address, 4_096).every(byte => byte === 0xff)).toBe(true);
  });
});

describe('power', () => {
  const program = `var F = require("Flash"), n = 0;
    try { try { for (;;) { n++; F.write(new Uint8Array(32).fill(n), 0x75000 + 32 * n); } } finally { n = 1000; } } catch (e) { n = 2000; }`;

  test.each([0, 3, 7])('that is cut at operation %i is seen by no code of the board', operation => {
    const board = createBoard({ board: 'puckjs', files: { '.bootcde': program } });
    board.flash.plan([{ operation, kind: 'cut', byte: 13 }]);
    board.powerOn();
    expect(board.state).toBe('off');
    const cut = 0x75000 + 32 * (operation + 1);
    expect([...board.flash.read(cut, 13)]).toEqual(Array.from({ length: 13 }, () => operation + 1));
    expect(board.flash.read(cut + 14, 18).every(byte => byte === 0xff)).toBe(true);
    expect(board.flash.operations()).toBe(operation + 1);
  });

  test('that comes and goes leaves flash, and nothing of RAM', () => {
    const board = createBoard({
      board: 'puckjs',
      files: { '.bootcde': 'var u = new Uint8Array(100); global.was = u[5]; u[5] = 9;' },
    });
    board.powerOn();
    const before = board.flash.snapshot();
    board.powerOff();
    expect(() => board.evaluate('1')).toThrow('is off');
    board.powerOn();
    expect(board.evaluate('was')).toBe(0);
    expect(board.flash.snapshot()).toEqual(before);
  });
});

describe('time', () => {
  test('passes while a program works, and its timers wait for it', () => {
    const board = createBoard({
      board: 'puckjs',
      files: {
        '.bootcde':
          'var at = []; setInterval(function() { at.push(getTime()); }, 100); for (var i = 0; i < 10000; i++);',
      },
    });
    board.powerOn();
    board.world.run({ ms: 3_000 });
    const [first, second] = board.evaluate('at') as number[];
    // Ten thousand rounds of a loop at 3,500 instructions, 40 million a second.
    expect(first).toBeGreaterThan(0.8);
    expect(second! - first!).toBeLessThan(0.11);
  });

  test('and chance are those of the seed', () => {
    const program = 'var r = [E.hwRand(), Math.random(), getTime(), NRF.getAddress(), getSerial()];';
    const run = (seed: string) => {
      const board = createBoard({
        board: 'puckjs',
        world: new World({ seed }),
        files: { '.bootcde': program },
      });
      board.powerOn();
      return board.evaluate('r');
    };
    expect(run('a')).toEqual(run('a'));
    expect(run('a')).not.toEqual(run('b'));
  });

  test('boards share nothing but their world', () => {
    const world = new World();
    const [one, two] = ['one', 'two'].map(name => createBoard({ board: 'puckjs', world, name }));
    one!.powerOn();
    two!.powerOn();
    one!.run('global.x = 1; Object.prototype.y = 2; require("Storage").write("a", "b");');
    expect(two!.evaluate('[typeof x, ({}).y, require("Storage").read("a")]')).toEqual([
      'undefined',
      undefined,
      undefined,
    ]);
  });
});

test('whatever byte of its self-test the power fails at, a board boots again and passes', async () => {
  const image = await buildImage({ board: boards.puckjs });
  const whole = createBoard({ image });
  const operations = whole.flash.record();
  whole.powerOn();
  whole.world.run({ ms: 5_000 });
  expect(operations.length).toBeGreaterThan(1);
  for (const [operation, { length }] of operations.entries())
    for (const byte of [0, 1, length >> 1, length - 1, length]) {
      const board = createBoard({ image });
      board.flash.plan([{ operation, kind: 'cut', byte, scattered: byte % 2 === 1 }]);
      board.powerOn();
      board.world.run({ ms: 5_000 });
      expect(board.state).toBe('off');
      board.powerOn();
      board.world.run({ ms: 5_000 });
      expect(board.output, `cut at byte ${byte} of operation ${operation}`).toContain('self-test passed');
      expect(board.output).not.toContain('Storage is corrupt');
    }
});

const names = Object.keys(boards) as BoardName[];
const kernels = findUnicorn() ? (['wasm', 'thumb'] as const) : (['wasm'] as const);

test('[G2] the image of every board boots with no hardware, tests itself and says that it has passed', async () => {
  for (const name of names) {
    const image = await buildImage({ board: boards[name] });
    for (const kernel of kernels) {
      const board = createBoard({ image, kernel });
      board.powerOn();
      board.world.run({ ms: 10_000 });
      expect(board.output, `${name}, ${kernel}`).toContain('self-test passed');
      expect(board.output).not.toContain('FAILED');
      expect(board.blinks.some(({ isOn }) => isOn)).toBe(true);
      expect(board.flash.misuse()).toEqual([]);
      board.close();
    }
  }
});

describe('the image that flashing puts on a board', () => {
  let image: Image;
  beforeAll(async () => {
    image = await buildImage({ board: boards.emulated });
  });

  test.skipIf(!findUnicorn())('runs its own Thumb-2 blob, and comes to the same', () => {
    const board = createBoard({ image, kernel: 'thumb' });
    board.powerOn();
    board.world.run({ ms: 10_000 });
    expect(board.output).toContain('self-test passed');
    expect(board.costs().kernelCyclesExact).toBe(board.costs().kernelCycles);
    expect(board.costs().kernelCycles).toBeGreaterThan(1_000_000);
    board.close();
  });

  test('with one wrong byte of its kernel never enters it', () => {
    const part = image.manifest.parts.find(({ name }) => name === 'kernel')!;
    const board = createBoard({ image });
    const snapshot = board.flash.snapshot();
    snapshot[0]![part.address - boards.emulated.flash.storage.address + 1_000]! ^= 1;
    board.flash.restore(snapshot);
    board.powerOn();
    board.world.run({ ms: 10_000 });
    expect(board.output).toContain('self-test FAILED');
    expect(board.costs().kernelCycles).toBe(0);
    expect(board.state).toBe('running');
  });
});
