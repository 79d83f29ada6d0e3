/** `devices`: what could be a board: emulated ones, serial ports, and BLE devices that advertise.
 *
 * 1. What cannot be looked for is said, and the rest is listed. (test/host/flash.devices.test.ts)
 * 2. Where nothing is found it says so, and how to get a board. (test/host/flash.devices.test.ts)
 */
import { readdir } from 'node:fs/promises';
import type { Event, Events } from '../cli/event.ts';
import { Failure } from '../cli/failure.ts';
import { emulatedConsoles } from './emulated.ts';
import { loadSerial, type SerialPortInfo } from './link.serial.ts';
import { loadRadio } from './radio.load.ts';

/** A board with a long advertising interval is heard within it. */
const listenMs = 4000;

/** Boards of USB and of their serial chips; other ports of a computer answer nothing. */
const boardPorts = /^tty(USB|ACM)/;

const deviceEvent = (port: string, kind: string, title: string): Event => ({
  text: `${port.padEnd(28)} ${title}`.trimEnd(),
  data: { port, kind, title },
});

const missing = (what: string, error: unknown): Event => {
  const { message } = error as Error;
  const next = error instanceof Failure ? error.next : 'mite devices --help';
  return {
    text: `${what}: not looked for: ${message} (${next})`,
    data: { missing: what, reason: message, next },
  };
};

/** Its own list asks a program that bare systems do not have; there the names of the devices must do. */
async function serialPorts(): Promise<SerialPortInfo[]> {
  const { SerialPort } = await loadSerial();
  try {
    return await SerialPort.list();
  } catch {
    const names = await readdir('/dev').catch(() => []);
    return names.filter(name => boardPorts.test(name)).map(name => ({ path: `/dev/${name}` }));
  }
}

async function* serialDevices(): Events {
  try {
    for (const { path, manufacturer } of await serialPorts())
      yield deviceEvent(path, 'serial', manufacturer ?? 'serial port');
  } catch (error) {
    yield missing('serial ports', error);
  }
}

async function* bleDevices(): Events {
  try {
    const radio = await loadRadio();
    try {
      for (const { name, address, signalDbm } of await radio.listen(listenMs))
        yield deviceEvent(`ble://${name || address}`, 'ble', `${address}, ${signalDbm} dBm`);
    } finally {
      radio.close();
    }
  } catch (error) {
    yield missing('BLE', error);
  }
}

async function* found({ ble }: { readonly ble: boolean }): Events {
  for (const { board, port } of emulatedConsoles())
    yield deviceEvent(`tcp://127.0.0.1:${port}`, 'emulated', `emulated ${board}`);
  yield* serialDevices();
  if (ble) yield* bleDevices();
}

/** `ble`: listen for boards that advertise, which takes seconds. */
export async function* devices(options: { readonly ble: boolean }): Events {
  let isEmpty = true;
  for await (const event of found(options)) {
    if ('port' in event.data) isEmpty = false;
    yield event;
  }
  const next = 'mite emulate --board puckjs --port 0';
  if (isEmpty) yield { text: `no board found; an emulated one: ${next}`, data: { found: 0, next } };
}
