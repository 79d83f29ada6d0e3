import { describe, expect, test } from 'vitest';
import type { Link } from '#host/emulator/radio.link.ts';
import { airOf, type Characteristic, type Connected, Radio, type RadioLimits } from '#host/emulator/radio.ts';
import { type Conditions, World } from '#host/emulator/world.ts';
import { Worker } from './emulator.actor.ts';

const limits52832: RadioLimits = { mtuBytes: 53, eventBytes: 61, centralLinks: 2, queue: 6, packetBytes: 27 };
const limits840: RadioLimits = { ...limits52832, mtuBytes: 131, eventBytes: 131, queue: 1, packetBytes: 135 };
const intervalUs = 7_500;
const advertising = {
  data: Uint8Array.of(2, 1, 6),
  scanResponse: Uint8Array.of(),
  ...{ intervalUs: 100_000, isConnectable: true },
};

function pair(limits = limits52832, conditions: Partial<Conditions> = {}, seed = 'radio') {
  const world = new World({ seed });
  const [one, two] = [new Worker('one'), new Worker('two')];
  world.between('one', 'two', conditions);
  const air = airOf(world);
  return { world, one, two, central: new Radio(air, one, limits), peripheral: new Radio(air, two, limits) };
}

function connect(made: ReturnType<typeof pair>): Link {
  const answers: Connected[] = [];
  made.peripheral.advertise(advertising);
  made.central.connect(made.peripheral.address, intervalUs, answer => answers.push(answer));
  made.world.run({ ms: 1_000 });
  if (!('link' in answers[0]!)) throw new Error('not connected');
  return answers[0].link;
}

function characteristic(seen: Uint8Array[] = [], maxBytes = 512): Characteristic {
  return {
    ...{ uuid: 'a', maxBytes, isReadable: true, isWritable: true, notifies: true, indicates: false },
    value: new Uint8Array(),
    onWrite: data => seen.push(data.slice()),
  };
}

const bytes = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => (from + i) & 0xff);

describe('radios', () => {
  test('only who advertises is found, as strong as the world says', () => {
    const { world, central, peripheral } = pair(limits52832, { rssi: -80 });
    const heard: number[] = [];
    central.scan(({ rssi }) => heard.push(rssi));
    world.run({ ms: 500 });
    expect(heard).toEqual([]);
    peripheral.advertise(advertising);
    world.run({ ms: 500 });
    peripheral.advertise(undefined);
    world.run({ ms: 500 });
    expect(heard.length).toBeGreaterThanOrEqual(4);
    expect(heard.length).toBeLessThanOrEqual(5);
    for (const rssi of heard) expect(Math.abs(rssi + 80)).toBeLessThanOrEqual(2);
  });

  test('a central that finds nobody gives up after four seconds', () => {
    const { world, central } = pair();
    const answers: Connected[] = [];
    central.connect('12:34:56:78:9a:bc random', intervalUs, answer => answers.push(answer));
    world.run({ ms: 3_900 });
    expect(answers).toEqual([]);
    world.run({ ms: 1_000 });
    expect(answers).toEqual([{ failure: 'Connection Timeout' }]);
  });

  test('a peripheral has one link, a central as many as its board allows', () => {
    const made = pair({ ...limits52832, centralLinks: 1 });
    connect(made);
    const third = new Radio(airOf(made.world), new Worker('three'), limits52832);
    const answers: Connected[] = [];
    third.connect(made.peripheral.address, intervalUs, answer => answers.push(answer));
    made.central.connect(third.address, intervalUs, answer => answers.push(answer));
    made.world.run({ ms: 5_000 });
    expect(answers).toEqual([{ failure: 'No free connection' }, { failure: 'Connection Timeout' }]);
  });

  test('both agree on the smaller MTU, two events after they have met', () => {
    const made = pair(limits840);
    expect(connect(made).mtuBytes).toBe(131);
    expect(connect(pair(limits840, { mtuBytesMax: 23 })).mtuBytes).toBe(23);
    expect(connect(pair(limits52832)).mtuBytes).toBe(53);
  });
});

describe('a link', () => {
  test('frames arrive in their order, once each, however much the air loses of what is repeated', () => {
    const made = pair(limits52832, { loss: 0.3 });
    const link = connect(made);
    const seen: Uint8Array[] = [];
    const target = characteristic(seen);
    for (let i = 0; i < 40; i++) link.write(target, bytes(20, i), () => {});
    made.world.run({ ms: 10_000 });
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => bytes(20, i)));
  });

  test('what does not fit into an event is cut, and nobody is told', () => {
    const seen: Uint8Array[] = [];
    const made = pair({ ...limits52832, mtuBytes: 500 });
    const link = connect(made);
    let answered = 0;
    link.write(characteristic(seen), bytes(100), () => answered++);
    link.write(characteristic(seen, 10), bytes(100), () => answered++);
    made.world.run({ ms: 1_000 });
    expect(seen).toEqual([bytes(61), bytes(10)]);
    expect(answered).toBe(2);
  });

  test('notifications over the queue, or of whom nobody listens to, are lost', () => {
    const made = pair(limits840);
    const link = connect(made);
    const seen: Uint8Array[] = [];
    const target = characteristic();
    expect(link.notify(target, bytes(4))).toBe(false);
    link.subscribe(
      target,
      value => seen.push(value),
      () => {},
    );
    made.world.run({ ms: 100 });
    expect([1, 2, 3].map(i => link.notify(target, bytes(4, i)))).toEqual([true, false, false]);
    made.world.run({ ms: 100 });
    expect(link.notify(target, bytes(200, 4))).toBe(true);
    made.world.run({ ms: 100 });
    expect(seen).toEqual([bytes(4, 1), bytes(128, 4)]);
  });

  test('loss, duplication and reordering happen where the world says so', () => {
    const run = (conditions: Partial<Conditions>) => {
      const made = pair({ ...limits52832, queue: 1_000 }, conditions);
      const link = connect(made);
      const seen: number[] = [];
      for (let i = 0; i < 200; i++)
        link.writeWithoutResponse({ ...characteristic(), onWrite: data => seen.push(data[0]!) }, bytes(4, i));
      made.world.run({ ms: 60_000 });
      return seen;
    };
    const all = Array.from({ length: 200 }, (_, i) => i);
    expect(run({})).toEqual(all);
    expect(run({ loss: 0.2 }).length).toBeLessThan(190);
    expect(run({ duplication: 0.2 }).length).toBeGreaterThan(210);
    const reordered = run({ reordering: 0.2 });
    expect(reordered).not.toEqual(all);
    expect([...reordered].sort((a, b) => a - b)).toEqual(all);
  });

  test('a cut shows to both after the supervision time, a goodbye at the next event', () => {
    const made = pair();
    connect(made);
    made.world.between('one', 'two', { isCut: true });
    made.world.run({ ms: 3_900 });
    expect([made.one.reasons, made.two.reasons]).toEqual([[], []]);
    made.world.run({ ms: 200 });
    expect([made.one.reasons, made.two.reasons]).toEqual([[8], [8]]);
    const again = pair();
    connect(again).close('central', 0x13);
    again.world.run({ ms: 100 });
    expect(again.two.reasons).toEqual([0x13]);
  });

  test('the same seed gives the same history', () => {
    const history = (seed: string) => {
      const made = pair({ ...limits52832, queue: 1_000 }, { loss: 0.5 }, seed);
      const link = connect(made);
      const seen: number[] = [];
      const onWrite = (data: Uint8Array) => seen.push(data[0]!, made.world.nowUs);
      for (let i = 0; i < 50; i++) link.writeWithoutResponse({ ...characteristic(), onWrite }, bytes(4, i));
      made.world.run({ ms: 5_000 });
      return seen;
    };
    expect(history('a')).toEqual(history('a'));
    expect(history('a')).not.toEqual(history('b'));
  });
});
