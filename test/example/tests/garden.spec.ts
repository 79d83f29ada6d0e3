/** The application on two virtual boards: what it does when all is well, and when it is not. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AppFiles, buildApp, createBoard, type EmulatedBoard, World } from 'mite/emulator';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Tap {
  readonly moisture: number;
  readonly missed: number;
  readonly ordered: number;
  readonly isConnected: boolean;
}

const tapOf = (board: EmulatedBoard) => board.evaluate('tap') as Tap;

describe('the garden', () => {
  let files: { sensor: AppFiles; tap: AppFiles };

  before(async () => {
    files = {
      sensor: await buildApp({ entry: 'device/sensor.ts', root, minify: true }),
      tap: await buildApp({ entry: 'device/tap.ts', root, minify: true }),
    };
  });

  function plant(seed: string) {
    const world = new World({ seed });
    const sensor = createBoard({ board: 'puckjs', world, name: 'sensor', files: files.sensor });
    const tap = createBoard({ board: 'nrf52840dk', world, name: 'tap', files: files.tap });
    sensor.powerOn();
    tap.powerOn();
    const isConnected = world.run({ until: () => tapOf(tap).isConnected, ms: 10_000 });
    assert.ok(isConnected, `not connected: ${tap.output}`);
    return { world, sensor, tap };
  }

  test('the tap hears every reading and waters where it gets dry', () => {
    const { world, sensor, tap } = plant('spring');
    assert.ok(tap.isLit('LED1'));
    world.run({ ms: 30_000 });
    const { moisture, missed, ordered } = tapOf(tap);
    assert.equal(missed, 0);
    assert.ok(ordered >= 1, `ordered ${ordered} times`);
    assert.ok(moisture >= 370 && moisture <= 520, `moisture ${moisture}`);
    assert.match(sensor.output, /water for 3 s/);
    assert.ok(sensor.blinks.some(({ pin, isOn }) => isOn && pin === 'D4'));
  });

  test('readings that the air has lost are counted', () => {
    const { world, tap } = plant('storm');
    world.between('sensor', 'tap', { loss: 0.3 });
    world.run({ ms: 60_000 });
    const { missed } = tapOf(tap);
    assert.ok(missed > 5 && missed < 35, `missed ${missed}`);
  });

  test('a sensor that loses power is found again', () => {
    const { world, sensor, tap } = plant('winter');
    sensor.powerOff();
    assert.ok(world.run({ until: () => !tapOf(tap).isConnected, ms: 10_000 }));
    assert.equal(tap.isLit('LED1'), false);
    sensor.powerOn();
    assert.ok(world.run({ until: () => tapOf(tap).isConnected, ms: 20_000 }), tap.output);
  });

  test('the same seed gives the same afternoon', () => {
    const afternoon = () => {
      const { world, sensor, tap } = plant('twice');
      world.between('sensor', 'tap', { loss: 0.2, rssi: -85 });
      world.run({ ms: 20_000 });
      return [tapOf(tap), sensor.output, sensor.costs()];
    };
    assert.deepEqual(afternoon(), afternoon());
  });

  test('fits the smaller board, and says what it costs', () => {
    const { world, sensor } = plant('bill');
    world.run({ ms: 10_000 });
    assert.ok(sensor.memory().free > 1_000, `${sensor.memory().free} variables are free`);
    const { microjoules, busyUs } = sensor.costs();
    assert.ok(busyUs > 10_000 && microjoules.processor > 0 && microjoules.radio > 0);
  });
});
