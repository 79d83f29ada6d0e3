/** The tap: finds the sensor, listens, orders water where it is too dry, and counts the readings that it has missed. */
import { decodeReading, orders, readings, service } from './wire.ts';

const dryBelow = 380;
const waterSeconds = 3;
const retryMs = 3000;

const state = { last: -1, moisture: -1, missed: 0, ordered: 0, isConnected: false };
(globalThis as { tap?: typeof state }).tap = state;

function take(view: DataView, send: (seconds: number) => void): void {
  const { sequence, moisture } = decodeReading(view);
  if (state.last >= 0) state.missed += (sequence - state.last - 1) & 255;
  state.last = sequence;
  state.moisture = moisture;
  if (moisture < dryBelow) send(waterSeconds);
}

function listen(values: Remote, valve: Remote): Promise<void> {
  values.on('characteristicvaluechanged', ({ target }) =>
    take(target.value, seconds => {
      state.ordered++;
      valve.writeValue([seconds]).catch(reason => print(`not sent: ${reason}`));
    }),
  );
  return values.startNotifications();
}

/** One link after the other, as the firmware has it: it does one thing at a time on the radio. */
function follow(device: Found): Promise<void> {
  device.on('gattserverdisconnected', () => {
    state.isConnected = false;
    LED1.write(false);
    setTimeout(start, retryMs);
  });
  return device.gatt
    .connect()
    .then(server => server.getPrimaryService(service))
    .then(garden =>
      garden
        .getCharacteristic(readings)
        .then(values => garden.getCharacteristic(orders).then(valve => listen(values, valve))),
    )
    .then(() => {
      state.isConnected = true;
      LED1.write(true);
    });
}

function start(): void {
  NRF.requestDevice({ filters: [{ name: 'soil' }], timeout: 2000 })
    .then(follow)
    .catch(reason => {
      print(`again: ${reason}`);
      setTimeout(start, retryMs);
    });
}

start();
