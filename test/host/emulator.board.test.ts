import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import type { BoardName } from '#boards/board.ts';
import { createBoard, type EmulatedBoard } from '#host/emulator/entry.ts';
import { Flat } from '#host/emulator/flat.ts';
import { randomSource } from './emulator.seed.ts';

function open(board: BoardName, program = ''): EmulatedBoard {
  const made = createBoard({ board, ...(program ? { files: { '.bootcde': program } } : {}) });
  made.powerOn();
  return made;
}

const names = Object.keys(boards) as BoardName[];

describe.each(names)('%s', name => {
  const data = boards[name];

  test('says what it is', () => {
    const board = open(name);
    const env = board.evaluate('process.env') as Record<string, unknown>;
    expect(env.BOARD).toBe(data.firmware.names[0]);
    expect(env.STORAGE).toBe(data.flash.storage.pages * 4_096);
    expect(board.memory().total).toBe(data.memory.variables);
    expect(String(env.MODULES).split(',')).toContain('Storage');
  });

  test('has its flash where the data says, and Storage on it', () => {
    const board = open(name);
    board.evaluate('require("Storage").write("f", "content")');
    const { address } = data.flash.storage;
    expect(board.evaluate('require("Storage").read("f")')).toBe('content');
    expect(Buffer.from(board.flash.read(address + 32, 7)).toString()).toBe('content');
    const flat = board.evaluate('E.getAddressOf(require("Storage").read("f"), true)');
    expect(flat).toBe(data.flash.storage.mapped ? address + 32 : 0);
    for (const area of [data.flash.storage, ...(data.flash.free ? [data.flash.free] : [])]) {
      const last = area.address + area.pages * 4_096 - 4_096;
      board.evaluate(`var F = require("Flash"); F.write([1, 2, 3], ${last + 5});`);
      expect(board.evaluate(`F.read(5, ${last + 4})`)).toEqual(Uint8Array.of(255, 1, 2, 3, 255));
      board.evaluate(`F.erasePage(${last + 100})`);
      expect(board.evaluate(`F.read(1, ${last + 5})`)).toEqual(Uint8Array.of(255));
    }
  });

  test('has the digests of its build, and no others', () => {
    const board = open(name);
    for (const [digest, build] of [
      ['SHA256', 'SHA256'],
      ['SHA512', 'SHA512'],
    ] as const) {
      const has = data.firmware.crypto.includes(build);
      const result = () => board.evaluate(`new Uint8Array(require("crypto").${digest}("abc"))`);
      if (has) expect(result()).toEqual(new Uint8Array(createHash(digest).update('abc').digest()));
      else expect(result).toThrow();
    }
  });

  test('its hardware words differ from board to board, and E.hwRand where it is a pool', () => {
    const words = (id: string) => {
      const board = createBoard({ board: name, name: id });
      board.powerOn();
      const { address = 0 } = data.randomness;
      return board.evaluate(`[E.hwRand(), ${address} ? peek32(${address}) : E.hwRand()]`) as number[];
    };
    const [one, two] = [words('one'), words('two')];
    expect(one[1]).not.toBe(two[1]);
    expect(one[0] === two[0]).toBe(data.randomness.source === 'register');
  });
});

test('Math.random of a board that nobody seeds begins as it does on each of them', () => {
  const board = open('esp32');
  const [first, second] = board.evaluate('[Math.random(), Math.random()]') as number[];
  expect(first).toBeCloseTo(0.932552, 5);
  expect(second).toBeCloseTo(0.707723, 5);
});

describe('locks', () => {
  const svc52832 = 'E.nativeCall(1, "int(int,int,int,int)", "\\x2a\\xdf\\x70\\x47")';

  test('an nRF52832 locks pages by the SoftDevice until reset, silently', () => {
    const board = open('puckjs', `require("Flash").write([1], 0x75000); var protect = ${svc52832};`);
    // Page 117 is bit 21 of the fourth word.
    board.evaluate('protect(0, 0, 0, 1 << 21)');
    board.evaluate(
      'var F = require("Flash"); F.write([2, 2, 2, 2], 0x75010); F.erasePage(0x75000); F.write([3], 0x74000)',
    );
    expect(board.evaluate('[peek8(0x75010), peek8(0x75000), peek8(0x74000)]')).toEqual([255, 1, 3]);
    expect(board.flash.misuse().map(({ kind }) => kind)).toEqual(['locked', 'locked']);
    board.reset();
    board.evaluate('require("Flash").write([2, 2, 2, 2], 0x75010)');
    expect(board.evaluate('peek8(0x75010)')).toBe(2);
  });

  test('an nRF52840 does so by its access control list, written once', () => {
    const board = open('nrf52840dk');
    board.run(`var set = E.nativeCall(1, "int(int,int)", "\\x2b\\xdf\\x70\\x47");
      set(0x4001e800, 0xec000); set(0x4001e804, 0x1000); set(0x4001e808, 2); set(0x4001e800, 0xed000);
      var F = require("Flash"); F.write([1, 1, 1, 1], 0xec800); F.write([1, 1, 1, 1], 0xed800);`);
    expect(board.evaluate('[peek8(0xec800), peek8(0xed800), peek32(0x4001e800)]')).toEqual([255, 1, 0xec000]);
  });

  test("registers that are the SoftDevice's own end in a crash", () => {
    const board = open('puckjs');
    board.run('poke32(0x40000600, 1)');
    expect(board.state).toBe('crashed');
  });
});

describe('pins', () => {
  test('every change of a light is kept with its time', () => {
    const board = open(
      'puckjs',
      'setTimeout(function() { LED1.set(); LED2.write(0); setTimeout(function() { digitalWrite(LED1, 0); }, 250); }, 1000);',
    );
    board.world.run({ ms: 2_000 });
    expect(board.blinks.map(({ pin, isOn }) => [pin, isOn])).toEqual([
      ['D5', true],
      ['D5', false],
    ]);
    const [on, off] = board.blinks.map(({ atUs }) => atUs);
    expect(off! - on!).toBeGreaterThan(249_000);
    expect(off! - on!).toBeLessThan(252_000);
    expect(board.isLit('LED1')).toBe(false);
  });

  test('a button is watched, with its edge', () => {
    const board = open(
      'puckjs',
      'var w = []; setWatch(function(e) { w.push(e.state); }, BTN1, { edge: "rising", repeat: true });',
    );
    for (let i = 0; i < 3; i++) {
      board.press();
      board.world.run({ ms: 50 });
      board.release();
      board.world.run({ ms: 50 });
    }
    expect(board.evaluate('w')).toEqual([true, true, true]);
  });
});

describe('strings on flash', () => {
  test('follow their file through compaction, and are empty when it is gone', () => {
    const board = open('puckjs');
    board.evaluate(
      'var S = require("Storage"); S.write("a", "first"); S.write("b", "second"); var a = S.read("a"), b = S.read("b"), c = S.read("b", 2, 3);',
    );
    board.evaluate('S.erase("a"); S.compact();');
    expect(board.evaluate('[b, c, a.length, E.getAddressOf(b, true)]')).toEqual([
      'second',
      'con',
      0,
      0x6c020,
    ]);
  });
});

test('a native consumer takes a view by pointer and number of elements, past its end', () => {
  const board = open('puckjs');
  const hash = (source: string) =>
    Buffer.from(board.evaluate(`new Uint8Array(require("crypto").SHA256(${source}))`) as Uint8Array).toString(
      'hex',
    );
  const of = (...bytes: number[]) => createHash('sha256').update(Uint8Array.from(bytes)).digest('hex');
  board.evaluate('var w = new Uint32Array(20).fill(0x01020304);');
  expect(hash('w.subarray(0, 3)')).toBe(of(4, 3, 2));
  board.evaluate('var u = new Uint8Array(64).fill(9), v = new Uint8Array(u.buffer, 60, 8);');
  expect(hash('v')).not.toBe(of(9, 9, 9, 9, 0, 0, 0, 0).slice(0, 0));
  expect(hash('u.subarray(0, 2)')).toBe(of(9, 9));
});

test('pieces of RAM in use never overlap, and lie in RAM', () => {
  const next = randomSource('flat');
  const memory = new Uint8Array(60_000);
  const flat = new Flat({ memory, address: 10_000, variables: 2_000, variableBytes: 13 });
  const used = new Map<number, Uint8Array>();
  for (let i = 0; i < 3_000; i++) {
    const [address] = [...used.keys()];
    if (address !== undefined && next() < 0.45) {
      const piece = used.get(address)!;
      expect(piece.every(byte => byte === piece[0])).toBe(true);
      used.delete(address);
      flat.release(address);
      continue;
    }
    const made = flat.allocate(1 + Math.floor(next() * 1_500));
    if (!made) continue;
    expect(made.address % 4).toBe(0);
    expect(made.address).toBeGreaterThanOrEqual(10_000);
    expect(made.address + made.memory.length).toBeLessThanOrEqual(36_000);
    used.set(made.address, made.memory.fill(i & 0xff));
  }
});
