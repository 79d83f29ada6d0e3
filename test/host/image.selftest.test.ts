import { beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { buildImage, type Image } from '#host/build/image.ts';
import { placesOf } from '#host/build/layout.ts';
import { createBoard, type EmulatedBoard } from '#host/emulator/board.ts';

const board = boards.nrf52840dk;
let image: Image;
beforeAll(async () => {
  image = await buildImage({ board });
});

/** What the board prints when it tests itself again, all of it, with this in its way. */
function testAgain(spoil: (emulated: EmulatedBoard) => void): string {
  const emulated = createBoard({ image });
  emulated.powerOn();
  emulated.world.run({ ms: 3_000 });
  expect(emulated.output).toContain('self-test passed');
  emulated.clearOutput();
  spoil(emulated);
  emulated.run('mite()');
  emulated.world.run({ ms: 3_000 });
  return emulated.output;
}

const { raw } = placesOf(board);
const last = raw.address + raw.bytesMax - 4096;

describe('the self-test', () => {
  test('passes again where nothing is in its way', () => {
    expect(testAgain(() => {})).toContain('self-test passed');
  });

  test.each([
    { wrong: 'flash: FAILED, erase', spoil: (each: EmulatedBoard) => each.flash.lock(last, last + 4096) },
    {
      wrong: 'flash: FAILED, write',
      spoil: (each: EmulatedBoard) => each.flash.plan([{ operation: 1, kind: 'silent' }]),
    },
    {
      wrong: 'flash: FAILED, clear',
      spoil: (each: EmulatedBoard) => each.flash.plan([{ operation: 2, kind: 'silent' }]),
    },
    { wrong: 'random: FAILED, stuck', spoil: (each: EmulatedBoard) => each.run('E.hwRand=()=>7') },
    {
      wrong: 'random: FAILED, unfair',
      spoil: (each: EmulatedBoard) => each.run('var n=1;E.hwRand=()=>1<<(n++%9)'),
    },
    {
      wrong: 'kernel: FAILED, is not what was built',
      spoil: (each: EmulatedBoard) => each.run('global.placed=false'),
    },
    { wrong: 'kernel: FAILED, crc', spoil: (each: EmulatedBoard) => each.run('E.CRC32=()=>7') },
    {
      wrong: 'kernel: FAILED, digest',
      spoil: (each: EmulatedBoard) =>
        each.run('var w=E.nativeCall;E.nativeCall=(a,s)=>{var f=w(a,s);return (o,b,c,d)=>o==5?0:f(o,b,c,d)}'),
    },
    {
      wrong: 'kernel: FAILED, signature',
      spoil: (each: EmulatedBoard) =>
        each.run(
          'var w=E.nativeCall;E.nativeCall=(a,s)=>{var f=w(a,s);return (o,b,c,d)=>o==21?8:f(o,b,c,d)}',
        ),
    },
    {
      wrong: 'kernel: FAILED, forgery',
      spoil: (each: EmulatedBoard) =>
        each.run(
          'var w=E.nativeCall;E.nativeCall=(a,s)=>{var f=w(a,s);return (o,b,c,d)=>o==21?0:f(o,b,c,d)}',
        ),
    },
    {
      wrong: 'kernel: FAILED, signing',
      spoil: (each: EmulatedBoard) =>
        each.run(
          'var w=E.nativeCall;E.nativeCall=(a,s)=>{var f=w(a,s);return (o,b,c,d)=>o==20?0:f(o,b,c,d)}',
        ),
    },
    { wrong: 'radio: FAILED, address', spoil: (each: EmulatedBoard) => each.run('NRF.getAddress=()=>""') },
  ])('says "$wrong"', ({ wrong, spoil }) => {
    const output = testAgain(spoil);
    expect(output).toContain(wrong);
    expect(output).toContain('self-test FAILED');
  });

  test.each([boards.esp32, boards.esp32c3, boards.esp32s3])(
    '$name: takes its random words from the hardware, whatever E.hwRand repeats',
    async each => {
      const emulated = createBoard({ image: await buildImage({ board: each }) });
      emulated.powerOn();
      emulated.world.run({ ms: 3_000 });
      emulated.clearOutput();
      emulated.run('E.hwRand=()=>7;mite()');
      emulated.world.run({ ms: 3_000 });
      expect(emulated.output).toContain('random: passed');
    },
  );

  test('blinks as often as the number of the part that failed', () => {
    const emulated = createBoard({ image });
    emulated.powerOn();
    emulated.world.run({ ms: 3_000 });
    const before = emulated.blinks.length;
    emulated.run('E.hwRand=()=>7;mite()');
    // Two blinks of 150 ms on and off, then a pause.
    emulated.world.run({ ms: 1_000 });
    const lit = emulated.blinks.slice(before).filter(({ pin, isOn }) => pin === board.leds[0]!.pin && isOn);
    expect(lit).toHaveLength(2);
  });

  test('wears its page once, not at every boot', () => {
    const emulated = createBoard({ image });
    emulated.powerOn();
    emulated.world.run({ ms: 3_000 });
    const operations = emulated.flash.record();
    emulated.reset();
    emulated.world.run({ ms: 3_000 });
    expect(emulated.output.split('self-test passed')).toHaveLength(3);
    expect(operations).toEqual([]);
  });
});
