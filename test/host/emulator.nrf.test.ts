import { describe, expect, test } from 'vitest';
import type { BoardName } from '#boards/board.ts';
import { createBoard, type EmulatedBoard, World } from '#host/emulator/entry.ts';
import { encodeAdvertised, parseAdvertised } from '#host/emulator/gatt.ts';
import { Reader } from '#host/emulator/nfc.ts';

const service = '3e440001-f5bb-357d-719d-179272e4d4d9';
const [inbox, outbox] = ['3e440002-f5bb-357d-719d-179272e4d4d9', '3e440003-f5bb-357d-719d-179272e4d4d9'];

const serverProgram = `
var got = [];
NRF.setServices({ "${service}": {
  "${inbox}": { writable: true, maxLen: 500, onWrite: function(e) { got.push(new Uint8Array(e.data).length); answer(e.data); } },
  "${outbox}": { readable: true, notify: true, maxLen: 500, value: [7] }
} }, { uart: false });
function answer(data) {
  var u = new Uint8Array(data);
  NRF.updateServices({ "${service}": { "${outbox}": { value: u.map(function(b) { return b + 1; }), notify: true } } });
}
NRF.setAdvertising({}, { name: "server", interval: 50 });
NRF.on("connect", function(a) { got.push(a.length); });
NRF.on("disconnect", function(r) { got.push(-r); });
`;
const clientProgram = `
var log = [], gatt, box;
function go() {
  NRF.requestDevice({ filters: [{ name: "server" }] }).then(function(d) {
    log.push(d.name, d.rssi);
    d.on("gattserverdisconnected", function(r) { log.push("gone " + r); });
    return d.gatt.connect();
  }).then(function(g) { gatt = g; return g.getPrimaryService("${service}"); })
  .then(function(s) { return s.getCharacteristics(); })
  .then(function(c) {
    box = c[0];
    c[1].on("characteristicvaluechanged", function(e) { log.push(e.target.value.getUint8(0)); });
    return c[1].startNotifications();
  }).then(function() { return box.writeValue([1, 2, 3]); })
  .then(function() { log.push("sent"); }).catch(function(e) { log.push("failed " + e); });
}
go();
`;

function pair(server: BoardName, client: BoardName) {
  const world = new World({ seed: 'nrf' });
  const one = createBoard({ board: server, world, name: 'server', files: { '.bootcde': serverProgram } });
  const two = createBoard({ board: client, world, name: 'client', files: { '.bootcde': clientProgram } });
  one.powerOn();
  two.powerOn();
  return { world, one, two };
}

const log = (board: EmulatedBoard) => board.evaluate('log') as unknown[];

describe('two boards over BLE', () => {
  test('one finds the other, connects, writes, and hears the answer', () => {
    const { world, one, two } = pair('puckjs', 'mdbt42q');
    expect(world.run({ until: () => log(two).length >= 4, ms: 5_000 })).toBe(true);
    const [name, rssi, ...rest] = log(two);
    expect(name).toBe('server');
    expect(Math.abs((rssi as number) + 50)).toBeLessThanOrEqual(2);
    expect(rest.sort()).toEqual([2, 'sent']);
    expect(one.evaluate('got')).toEqual(['aa:bb:cc:dd:ee:ff random'.length, 3]);
  });

  test.each([
    ['puckjs', 'puckjs', 50, 50],
    ['nrf52840dk', 'nrf52840dk', 128, 128],
    ['esp32', 'esp32', 400, 61],
  ] as const)('%s and %s: of a write of %i bytes %i reach the program', (server, client, sent, seen) => {
    const { world, one, two } = pair(server, client);
    world.run({ until: () => log(two).includes('sent'), ms: 5_000 });
    two.evaluate(`box.writeValue(new Uint8Array(${sent}))`);
    world.run({ ms: 500 });
    expect((one.evaluate('got') as number[]).at(-1)).toBe(seen);
  });

  test('a write longer than the MTU is refused, a second task at once too', () => {
    const { world, two } = pair('puckjs', 'puckjs');
    world.run({ until: () => log(two).includes('sent'), ms: 5_000 });
    two.run('box.writeValue(new Uint8Array(51)).catch(function(e) { log.push("" + e); });');
    world.run({ ms: 100 });
    expect(log(two).filter(each => String(each).includes('DATA_SIZE'))).toHaveLength(1);
    expect(() => two.evaluate('box.writeValue([1]); box.writeValue([2]);')).toThrow('already in progress');
  });

  test('notifications vanish where two follow each other on an nRF52840, and nobody is told', () => {
    const { world, one, two } = pair('nrf52840dk', 'nrf52840dk');
    world.run({ until: () => log(two).includes('sent'), ms: 5_000 });
    world.run({ ms: 200 });
    const before = log(two).length;
    one.run('answer([10]); answer([20]); answer([30]);');
    world.run({ ms: 1_000 });
    expect(log(two).slice(before)).toEqual([11]);
  });

  test('a link that is cut, or a board that loses power, breaks what was promised', () => {
    for (const end of ['cut', 'power'] as const) {
      const { world, one, two } = pair('puckjs', 'mdbt42q');
      world.run({ until: () => log(two).includes('sent'), ms: 5_000 });
      if (end === 'cut') world.between('server', 'client', { isCut: true });
      else one.powerOff();
      world.run({ ms: 4_200 });
      expect(log(two).at(-1)).toBe('gone 8');
      expect(two.evaluate('gatt.connected')).toBe(false);
    }
  });

  test('who is not there is not found', () => {
    const { world, one, two } = pair('puckjs', 'mdbt42q');
    one.powerOff();
    world.run({ ms: 3_000 });
    expect(log(two)).toEqual(['failed No device found matching filters']);
  });

  test('findDevices lists who advertises, with services and data', () => {
    const world = new World();
    const one = createBoard({
      ...{ board: 'puckjs', world, name: 'one' },
      files: {
        '.bootcde':
          'NRF.setAdvertising({0x180F: [95]}, {name: "P", showName: true, manufacturer: 0x590, manufacturerData: [1, 2]})',
      },
    });
    const two = createBoard({ board: 'mdbt42q', world, name: 'two' });
    for (const board of [one, two]) board.powerOn();
    two.run('var found; NRF.findDevices(function(d) { found = d; }, 1000);');
    world.run({ ms: 1_500 });
    const shown = two.evaluate(
      'found.map(function(d) { return [d.name, d.services.length, new Uint8Array(d.serviceData["180f"])[0], d.manufacturer, d.id]; })',
    );
    expect(shown).toEqual([['P', 1, 95, 0x590, one.machine.radio.address]]);
  });
});

describe('the console over BLE', () => {
  const attacker = `
    var out = "";
    NRF.requestDevice({ filters: [{ namePrefix: "Puck" }] }).then(function(d) { return d.gatt.connect(); })
    .then(function(g) { return g.getPrimaryService("6e400001-b5a3-f393-e0a9-e50e24dcca9e"); })
    .then(function(s) { return s.getCharacteristics(); })
    .then(function(c) {
      c[1].on("characteristicvaluechanged", function(e) { out += E.toString(e.target.value.buffer); });
      return c[1].startNotifications().then(function() { return c[0].writeValue("\\x10print(6*7)\\n"); });
    }).catch(function(e) { out += "failed " + e; });`;

  test.each([
    ['', '42'],
    ['NRF.setServices({}, { uart: false });', 'failed No Services found'],
  ])('with "%s" in its boot file whoever connects gets %s', (program, answer) => {
    const world = new World();
    const victim = createBoard({
      board: 'puckjs',
      world,
      name: 'victim',
      files: { '.boot0': `1;${program}` },
    });
    const other = createBoard({ board: 'mdbt42q', world, name: 'other', files: { '.bootcde': attacker } });
    victim.powerOn();
    other.powerOn();
    world.run({ ms: 5_000 });
    expect(other.evaluate('out')).toContain(answer);
  });
});

test('advertising data is read back as it was written, at most 31 bytes of it', () => {
  const given = {
    name: 'short',
    services: ['180f', service],
    serviceData: { feaa: Uint8Array.of(1, 2) },
  };
  expect(parseAdvertised(encodeAdvertised({ ...given, services: ['180f'] }))).toEqual({
    ...given,
    services: ['180f'],
  });
  expect(encodeAdvertised({ name: 'a name that is much longer than there is room for' })).toHaveLength(31);
});

test('a board that is a tag answers frames in JavaScript, as fast as its statements are', () => {
  const world = new World();
  const board = createBoard({
    ...{ board: 'puckjs', world },
    files: {
      '.bootcde': `var seen = []; NRF.on("NFCon", function() { seen.push("on"); });
        NRF.on("NFCrx", function(d) { var u = new Uint8Array(d); for (var i = 0; i < u[0]; i++); NRF.nfcSend([u[0] + 1]); });
        NRF.nfcStart();`,
    },
  });
  board.powerOn();
  world.run({ ms: 200 });
  const reader = new Reader(world);
  reader.lay(board.tag);
  const answers: unknown[] = [];
  for (const loops of [1, 250]) {
    reader.exchange(Uint8Array.of(loops), answer => answers.push(answer));
    world.run({ ms: 100 });
  }
  expect(answers).toEqual([Uint8Array.of(2), undefined]);
  expect(board.evaluate('seen')).toEqual(['on']);
});
