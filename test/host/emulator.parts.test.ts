import { describe, expect, test } from 'vitest';
import { Atecc, createBoard, Pn532, Reader, World } from '#host/emulator/entry.ts';
import { verifyDigest } from '#host/emulator/p256.ts';

/** A program that speaks to the secure element as a driver does. */
const element = `
function crc(d) { var c = 0; for (var i = 0; i < d.length; i++) for (var b = 0; b < 8; b++) {
  var x = ((d[i] >> b) & 1) !== (c >> 15); c = (c << 1) & 0xffff; if (x) c ^= 0x8005; } return c; }
function wake() { try { I2C1.writeTo(0, 0); } catch (e) {} for (var i = 0; i < 30; i++); return I2C1.readFrom(0x60, 4); }
function run(op, p1, p2, data) {
  var body = [7 + data.length, op, p1, p2 & 255, p2 >> 8]; for (var i = 0; i < data.length; i++) body.push(data[i]);
  var c = crc(body); body.push(c & 255, c >> 8); I2C1.writeTo(0x60, [3].concat(body));
  for (;;) try { var n = I2C1.readFrom(0x60, 1)[0]; var r = I2C1.readFrom(0x60, n); return r.subarray(1, n - 2); } catch (e) {}
}`;

describe('a secure element on a board', () => {
  function open(world = new World()) {
    const board = createBoard({
      ...{ board: 'nrf52840dk', world },
      parts: made => [new Atecc(made.machine)],
      files: { '.bootcde': element },
    });
    board.powerOn();
    return board;
  }

  test('counts and signs for a program, and keeps what it has through a cut and a rollback', () => {
    const board = open();
    const before = board.flash.snapshot();
    board.run(
      'wake(); run(0x17, 0x80, 0, []); run(0x17, 0x81, 0, []); var key = run(0x40, 4, 0, []), n = run(0x24, 1, 0, []);',
    );
    board.run(
      'var digest = new Uint8Array(32).fill(5); run(0x16, 3, 0, digest); var signature = run(0x41, 0x80, 0, []);',
    );
    expect(board.evaluate('n[0]')).toBe(1);
    const [key, signature] = board.evaluate('[key, signature]') as [Uint8Array, Uint8Array];
    expect(verifyDigest(key, new Uint8Array(32).fill(5), signature)).toBe(true);
    board.powerOff();
    board.flash.restore(before);
    board.powerOn();
    board.run('wake(); n = run(0x24, 0, 0, []); key = run(0x40, 0, 0, []);');
    expect(board.evaluate('n[0]')).toBe(1);
    expect(board.evaluate('key')).toEqual(key);
  });

  test('takes its time on the bus and in the part', () => {
    const board = open();
    const before = board.costs();
    board.run('wake(); run(0x40, 4, 0, []);');
    expect(board.clockUs()).toBeGreaterThan(100_000);
    expect(board.costs().busUs).toBeGreaterThan(before.busUs);
  });
});

describe('a board with a PN532 taps another board', () => {
  const driver = `
function frame(d) { var n = d.length + 1, s = 0xd4, f = [0, 0, 255, n, -n & 255, 0xd4];
  for (var i = 0; i < d.length; i++) { f.push(d[i]); s += d[i]; } f.push(-s & 255, 0); return f; }
function ready() { for (var i = 0; i < 400; i++) if (I2C1.readFrom(0x24, 1)[0]) return true; return false; }
function ask(d) { I2C1.writeTo(0x24, frame(d)); if (!ready()) return; I2C1.readFrom(0x24, 7);
  if (!ready()) return; var r = I2C1.readFrom(0x24, 60); return r.slice(6, 6 + r[4]); }
I2C1.setup({ scl: D1, sda: D2, bitrate: 400000 });`;
  const tag = `NRF.on("NFCrx", function(d) { var u = new Uint8Array(d); NRF.nfcSend([u[0] + 1, u.length]); }); NRF.nfcStart();`;

  test('and its program, which only asks in a loop, has the answer of the other program', () => {
    const world = new World();
    let reader: Reader | undefined;
    const two = createBoard({ board: 'puckjs', world, name: 'tag', files: { '.bootcde': tag } });
    const one = createBoard({
      ...{ board: 'nrf52840dk', world, name: 'reader', files: { '.bootcde': driver } },
      parts: board => {
        reader = new Reader(world, board);
        return [new Pn532({ reader })];
      },
    });
    one.powerOn();
    two.powerOn();
    world.run({ ms: 300 });
    reader!.lay(two.tag);
    one.run('var v = ask([2]), s = ask([0x14, 1]), t = ask([0x4a, 1, 0]), x = ask([0x40, 1, 10, 20, 30]);');
    expect(one.evaluate('[v, s]')).toEqual([
      [0xd5, 3, 0x32, 1, 6, 7],
      [0xd5, 0x15],
    ]);
    expect((one.evaluate('t') as number[]).slice(0, 7)).toEqual([0xd5, 0x4b, 1, 1, 0, 0x44, 0]);
    expect(one.evaluate('x')).toEqual([0xd5, 0x41, 0, 11, 3]);
    reader!.lay(undefined);
    one.run('var y = ask([0x40, 1, 1]);');
    expect(one.evaluate('y')).toEqual([0xd5, 0x41, 1]);
  });
});

test('a board that is busy loses what does not fit into its buffer of events, and nobody is told', () => {
  const world = new World();
  const server = createBoard({
    ...{ board: 'puckjs', world, name: 'server' },
    files: {
      '.bootcde': `var n = 0; NRF.setServices({ 0x1234: { 0x1235: { writable: true, maxLen: 50, onWrite: function() { n++; } } } });
        NRF.setAdvertising({}, { name: "s", interval: 20 });`,
    },
  });
  const client = createBoard({
    ...{ board: 'esp32', world, name: 'client' },
    files: {
      '.bootcde': `var c, sent = 0; NRF.requestDevice({ filters: [{ name: "s" }] }).then(function(d) { return d.gatt.connect(); })
        .then(function(g) { return g.getPrimaryService(0x1234); }).then(function(s) { return s.getCharacteristic(0x1235); })
        .then(function(x) { c = x; });
        function send() { if (sent < 60) c.writeValue(new Uint8Array(50)).then(function() { sent++; send(); }); }`,
    },
  });
  server.powerOn();
  client.powerOn();
  expect(world.run({ until: () => client.evaluate('c !== undefined') === true, ms: 3_000 })).toBe(true);
  client.run('send()');
  server.run('for (var i = 0; i < 40000; i++);');
  world.run({ ms: 10_000 });
  expect(client.evaluate('sent')).toBe(60);
  const received = server.evaluate('n') as number;
  expect(received).toBeGreaterThan(10);
  expect(received).toBeLessThan(30);
  expect(server.machine.radio.lostEvents).toBe(60 - received);
});
