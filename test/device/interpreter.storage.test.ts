import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openChance } from '#host/emulator/chance.ts';
import { Flash, Operations, PowerCut } from '#host/emulator/flash.ts';
import { Storage, StorageRefusal } from '#host/emulator/storage.ts';
import { randomSource } from '../host/emulator.seed.ts';

function openStorage({ address = 0x6c000, pages = 10, pageBytes = 4_096 } = {}) {
  const bytes = pages * pageBytes;
  const operations = new Operations();
  const flash = new Flash(
    { address, bytes, pageBytes, wordBytes: 4, erasesMax: 10_000, wordUs: 0, eraseUs: 0 },
    new Uint8Array(bytes),
    openChance('storage'),
    operations,
  );
  return { flash, operations, storage: new Storage(flash, { address, bytes, pageBytes, alignment: 4 }) };
}

const text = (length: number, letter: string) => new TextEncoder().encode(letter.repeat(length));

function content({ flash, storage }: ReturnType<typeof openStorage>, name: string): string | undefined {
  const place = storage.read(name);
  return place && new TextDecoder('latin1').decode(flash.read(place.address, place.length));
}

type Step =
  | { kind: 'write'; name: string; letter: string; length: number; offset: number; size: number }
  | { kind: 'erase'; name: string }
  | { kind: 'compact' };

function steps(next: () => number, count: number): Step[] {
  const pick = (most: number) => Math.floor(next() * most);
  return Array.from({ length: count }, () => {
    const name = ['a', 'b', '.boot0', 'a name of 28 letters, or so!', 'c:d', 'e'][pick(6)]!;
    const kind = pick(20);
    if (kind === 0) return { kind: 'compact' };
    if (kind < 4) return { kind: 'erase', name };
    const length = 1 + (pick(3) ? pick(3_000) : pick(40));
    const offset = pick(5) ? 0 : pick(50);
    const size = pick(4) ? 0 : pick(40_000);
    return { kind: 'write', name, letter: 'abcd'[pick(4)]!, length, offset, size };
  });
}

/** What the interpreter prints, and its flash file. */
function interpret(path: string, list: readonly Step[]) {
  const lines = list.map(step => {
    if (step.kind === 'compact') return 'S.compact();r.push(1);';
    if (step.kind === 'erase') return `S.erase(${JSON.stringify(step.name)});r.push(1);`;
    const { name, letter, length, offset, size } = step;
    const write = `S.write(${JSON.stringify(name)},"${letter}".repeat(${length}),${offset},${size})`;
    return `try{r.push(${write}?1:0)}catch(e){r.push(e.message)}`;
  });
  const directory = mkdtempSync(join(tmpdir(), 'storage-'));
  try {
    const program = `var S=require("Storage"),r=[];\n${lines.join('\n')}\nprint("R"+JSON.stringify(r));print("L"+JSON.stringify(S.list()));quit();`;
    writeFileSync(join(directory, 'a.js'), program);
    const { stdout } = spawnSync(path, ['a.js'], { cwd: directory, encoding: 'latin1', timeout: 10_000 });
    const line = (head: string) =>
      JSON.parse(
        stdout
          .split('\n')
          .find(each => each.startsWith(head))!
          .slice(1),
      );
    return { results: line('R'), names: line('L'), flash: readFileSync(join(directory, 'espruino.flash')) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function play(storage: Storage, list: readonly Step[]): (string | number)[] {
  return list.map(step => {
    if (step.kind === 'compact') storage.compact();
    else if (step.kind === 'erase') storage.erase(step.name);
    else
      try {
        storage.write(step.name, text(step.length, step.letter), step.offset, step.size);
      } catch (error) {
        if (!(error instanceof StorageRefusal)) throw error;
        return error.message;
      }
    return 1;
  });
}

const interpreter = process.env.ESPRUINO?.split(':')[0];

test.skipIf(!interpreter)('the same operations leave the same bytes as the interpreter leaves', () => {
  const next = randomSource('storage steps');
  for (let round = 0; round < 8; round++) {
    const list = steps(next, 150);
    const expected = interpret(interpreter!, list);
    const { flash, storage } = openStorage({ address: 0x10000000, pages: 256, pageBytes: 1_024 });
    expect(play(storage, list)).toEqual(expected.results);
    expect(storage.list()).toEqual(expected.names);
    expect(Buffer.compare(flash.bytes, expected.flash)).toBe(0);
  }
});

describe('Storage', () => {
  test('behaves as a map of names to contents does, through compactions', () => {
    const next = randomSource('storage model');
    const opened = openStorage();
    const model = new Map<string, string>();
    for (let i = 0; i < 600; i++) {
      const name = 'abcdefgh'[Math.floor(next() * 8)]!;
      if (next() < 0.2) {
        opened.storage.erase(name);
        model.delete(name);
      } else {
        const length = 1 + Math.floor(next() * 3_000);
        opened.storage.write(name, text(length, name));
        model.set(name, name.repeat(length));
      }
      expect(opened.storage.list().sort()).toEqual([...model.keys()].sort());
      for (const [key, value] of model) expect(content(opened, key)).toBe(value);
      expect(opened.storage.isValid()).toBe(true);
    }
    expect(opened.flash.totals.erases).toBeGreaterThan(50);
  });

  test('refuses what the interpreter refuses', () => {
    const { storage } = openStorage();
    expect(() => storage.write('a', text(0, 'a'))).toThrow("Can't create zero length file");
    expect(() => storage.write('a', text(4, 'a'), 4)).toThrow('Unable to find or create file');
    storage.write('a', text(4, 'a'), 0, 10);
    expect(() => storage.write('a', text(8, 'a'), 4)).toThrow('Too much data for file size');
    expect(() => storage.write('a', text(2, 'a'), 2)).toThrow('File already written with different data');
    expect(() => storage.write('b', text(41_000, 'b'))).toThrow('Unable to find or create file');
  });

  test('tells where content moves, and where it is gone', () => {
    const { storage } = openStorage();
    const moves: number[][] = [];
    storage.write('first', text(100, 'f'));
    storage.write('second', text(5_000, 's'));
    storage.onMove = (from, length, to) => moves.push([from, length, to]);
    const before = storage.read('second')!;
    storage.erase('first');
    storage.compact();
    const after = storage.read('second')!;
    expect(after.address).toBe(0x6c020);
    expect(moves).toEqual([
      [0x6c020, 100, 0],
      [before.address - 32, 5_032, after.address - 32],
    ]);
  });
});

describe('Storage without power', () => {
  test('an overwrite that is cut after its first word has lost the old file and has no new one', () => {
    const opened = openStorage();
    opened.storage.write('a', text(40, 'o'));
    opened.operations.plan([{ operation: 0, kind: 'cut', byte: 4 }]);
    expect(() => opened.storage.write('a', text(50, 'n'))).toThrow(PowerCut);
    expect(content(opened, 'a')).toBeUndefined();
    expect(opened.storage.isValid()).toBe(true);
  });

  test('some cut of a compaction leaves a chain that the next power-on takes for broken', () => {
    const outcomes = new Set<string>();
    for (let operation = 0; ; operation++) {
      const opened = openStorage();
      opened.storage.write('a', text(3_000, 'a'));
      opened.storage.write('b', text(6_000, 'b'));
      opened.storage.write('c', text(9_000, 'c'));
      opened.storage.erase('a');
      opened.operations.plan([{ operation, kind: 'cut', byte: 2_000 }]);
      try {
        opened.storage.compact();
        expect(operation).toBeGreaterThan(5);
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(PowerCut);
      }
      const whole = content(opened, 'b') === 'b'.repeat(6_000) && content(opened, 'c') === 'c'.repeat(9_000);
      outcomes.add(`${opened.storage.isValid() ? 'valid' : 'broken'}, ${whole ? 'whole' : 'lost'}`);
    }
    expect([...outcomes]).toContain('broken, lost');
  });

  test('a torn size is not seen, and the next file is written over it', () => {
    const opened = openStorage();
    opened.storage.write('a', text(8, 'a'));
    // The header of the next file: only its first byte was programmed, to 18 of a size yet unwritten.
    opened.flash.load(0x6c000 + 40, Uint8Array.of(0x10, 0xff, 0xff, 0xff));
    expect(opened.storage.isValid()).toBe(true);
    opened.storage.write('b', text(18, 'b'));
    expect(content(opened, 'b')).toBe('b'.repeat(16));
  });
});
