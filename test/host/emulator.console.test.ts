import { describe, expect, test } from 'vitest';
import { openBrackets } from '#host/emulator/console.brackets.ts';
import { createBoard, type EmulatedBoard } from '#host/emulator/entry.ts';

function open(files: Record<string, string> = {}): EmulatedBoard {
  const board = createBoard({ board: 'puckjs', files });
  board.powerOn();
  board.world.run({ ms: 100 });
  board.clearOutput();
  return board;
}

/** What comes back of what was typed, after so long. */
function type(board: EmulatedBoard, text: string, ms = 100): string {
  board.clearOutput();
  board.console.write(text);
  board.world.run({ ms });
  return board.output;
}

const packet = (kind: number, data: string) => {
  const head = (kind << 13) | data.length;
  return `\x10\x01${String.fromCharCode(head >> 8, head & 0xff)}${data}`;
};

describe('an input line', () => {
  test('is echoed, runs, and shows its result and a prompt', () => {
    expect(type(open(), '1+2\n')).toBe('1+2\r\n=3\r\n>');
  });

  test('after DLE runs without a word of its own', () => {
    expect(type(open(), '\x10var a=1\n')).toBe('');
    expect(type(open(), '\x10print("x")\n')).toBe('x\r\n>');
  });

  test('waits while a bracket is open', () => {
    const board = open();
    expect(type(board, 'function f() {\n')).toBe('function f() {\r\n:');
    expect(type(board, 'return 4 }\n')).toMatch(/^return 4 }\r\n=/);
    expect(type(board, 'f()\n')).toContain('=4\r\n');
  });

  test('that fails says so, and the next one runs', () => {
    const board = open();
    expect(type(board, 'nothing()\n')).toContain('Uncaught ReferenceError: "nothing" is not defined');
    expect(type(board, '2\n')).toBe('2\r\n=2\r\n>');
  });

  test('is mended by backspace, deleted by ESC [ 2 H, and called back by the arrow', () => {
    const board = open();
    expect(type(board, '1+3\x7f4\n')).toContain('=5');
    expect(type(board, 'rubbish(\x1b[2H').endsWith('\r\x1b[J>')).toBe(true);
    expect(type(board, '7\n')).toContain('=7');
    expect(type(board, '\x1b[A\n')).toContain('=7');
  });

  test('makes way for what a program prints meanwhile', () => {
    const board = open();
    board.console.write('setTimeout(function() { print("late"); }, 500)\n');
    board.world.run({ ms: 200 });
    expect(type(board, 'half', 1_000)).toBe('half\x1b[D\x1b[D\x1b[D\x1b[D\r\x1b[Jlate\r\n>half');
  });

  test.each(['for (;;) ;', 'while (1) {}', 'do {} while (1);'])(
    'Ctrl-C ends %s, and neither catch nor finally sees it',
    loop => {
      const board = open();
      board.run('var seen = 0;');
      board.world.at(board.world.nowUs, () => board.console.write('\x03'));
      const before = board.machine.meter.statements;
      board.console.onData(() => {});
      board.machine.world.perform(board, () => {
        board.console.write('\x03');
        board.run(`try { ${loop} } catch (e) { seen = 1; } finally { seen = 2; }`);
      });
      expect(board.machine.meter.statements).toBeGreaterThan(before);
      expect(board.evaluate('seen')).toBe(0);
      expect(board.output).toContain('Execution Interrupted');
    },
  );

  test('ENQ asks for version and board', () => {
    expect(type(open(), '\x05')).toBe('Espruino 2v29 PUCKJS\r\n');
  });

  test.each([
    ['f(', 1],
    ['f("(")', 0],
    ['{ [ (', 3],
    ['/* (', 1_000],
    ['`${a', 1_000],
    ['"unfinished(', 0],
    ['a) (', -1],
    ['// (\n', 0],
    ["'\\'('", 0],
  ])('%j has %i brackets open', (line, open) => {
    expect(openBrackets(line)).toBe(open);
  });
});

describe('a console that is somewhere else', () => {
  test('hears nothing where the program took it away', () => {
    const board = open({ '.boot0': 'E.setConsole(null, { force: true });' });
    expect(type(board, '1+2\n')).toBe('');
    expect(type(board, packet(1, '1+2'))).toBe('');
  });

  test('leaves bytes of a port to the program', () => {
    const board = open({
      '.bootcde':
        'var d = ""; Serial1.on("data", function(x) { d += x; }); E.setConsole("Bluetooth", { force: true });',
    });
    type(board, 'hello');
    expect(board.evaluate('d')).toBe('hello');
  });
});

describe('packets', () => {
  test('EVAL gives the value as JavaScript, or says what was thrown', () => {
    const board = open();
    expect(type(board, packet(1, '({a:[1,"b"]})'))).toContain(`\x06${packet(0, '{a:[1,"b"]}')}`);
    const failed = type(board, packet(1, 'absent.x'));
    expect(failed.startsWith('\x15')).toBe(true);
    expect(failed).toContain('Uncaught ReferenceError');
  });

  test('a line feed in an answer gets a carriage return that its length does not count', () => {
    expect(type(open(), packet(5, '{fn:"none"}'))).toBe('\x15');
    const board = open({ lines: 'a\nb' });
    expect(type(board, packet(5, '{fn:"lines"}'))).toBe(`\x06\x10\x01\x80\x03a\r\nb\x10\x01\x80\x00`);
  });

  test('FILE_SEND and DATA make a file, in pieces', () => {
    const board = open();
    const content = 'some content of a file';
    expect(type(board, packet(3, `{fn:"f",s:${content.length}}`))).toBe('\x06');
    expect(type(board, packet(4, content.slice(0, 9)))).toBe('\x06');
    expect(type(board, packet(4, content.slice(9)))).toBe('\x06');
    expect(board.evaluate('require("Storage").read("f")')).toBe(content);
    expect(type(board, packet(4, 'more'))).toBe('\x15');
  });

  test('data that is not written is acknowledged all the same', () => {
    const board = open();
    board.flash.lock(0x6c000, 0x76000);
    expect(type(board, packet(3, '{fn:"f",s:4}'))).toBe('\x06');
    expect(type(board, packet(4, 'data'))).toBe('\x06');
    expect(board.evaluate('require("Storage").read("f")')).toBeUndefined();
  });

  test('a power cut while a file is written is no answer', () => {
    const board = open();
    board.flash.plan([{ operation: 1, kind: 'cut', byte: 0 }]);
    type(board, packet(3, '{fn:"f",s:4}'));
    expect(type(board, packet(4, 'data'))).toBe('');
    expect(board.state).toBe('off');
  });

  test('EVENT reaches the program, and is refused where it does not listen', () => {
    const board = open();
    expect(type(board, packet(2, '{a:1}'))).toBe('\x15');
    board.run('var got; E.on("packet", function(p) { got = p; });');
    expect(type(board, packet(2, '{a:1}'))).toBe('\x06');
    expect(board.evaluate('got')).toEqual({ a: 1 });
  });

  test('one that stays incomplete for five seconds is refused, and lines work again', () => {
    const board = open();
    expect(type(board, '\x10\x01\x20\x05ab', 4_900)).toBe('');
    expect(type(board, '', 200)).toBe('\x15');
    expect(type(board, '1\n')).toContain('=1');
    expect(type(board, packet(6, 'x'))).toBe('\x15');
  });
});
