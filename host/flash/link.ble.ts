/** A board's console over BLE: the Nordic UART service, written against Web Bluetooth.
 *
 * 1. What is written arrives whole and in order, in frames that fit the connection. (test/host/flash.ble.test.ts)
 * 2. A board that is there without this service is locked, and refused as such. (test/host/flash.ble.test.ts)
 */
import { Failure } from '../cli/failure.ts';
import type { Bluetooth, BluetoothCharacteristic, BluetoothDevice, BluetoothServer } from './bluetooth.ts';
import { chunkBytesSlow, type Link, LinkLost } from './link.ts';

/** As a board names them: it receives by the second and sends by the third. */
const uart = {
  service: '6e400001-b5a3-f393-e0a9-e50e24dcca9e',
  receive: '6e400002-b5a3-f393-e0a9-e50e24dcca9e',
  send: '6e400003-b5a3-f393-e0a9-e50e24dcca9e',
} as const;

/** The least MTU is 23 bytes, and three of each are the head of the write. */
const [mtuLeastBytes, writeHeadBytes] = [23, 3];

async function connected(device: BluetoothDevice): Promise<BluetoothServer> {
  try {
    return await device.gatt!.connect();
  } catch (error) {
    throw new LinkLost(`${device.name ?? device.id} does not connect: ${(error as Error).message}`);
  }
}

async function characteristicsOf(
  server: BluetoothServer,
  name: string,
): Promise<{ receive: BluetoothCharacteristic; send: BluetoothCharacteristic }> {
  try {
    const service = await server.getPrimaryService(uart.service);
    const receive = await service.getCharacteristic(uart.receive);
    return { receive, send: await service.getCharacteristic(uart.send) };
  } catch (error) {
    server.disconnect();
    if ((error as Error).name !== 'NotFoundError') throw new LinkLost((error as Error).message);
    throw new Failure(
      'refused',
      `${name} has no console on BLE: it is locked, or no Espruino board`,
      'use its serial port, or hold its button while it starts',
    );
  }
}

function framesOf(bytes: Uint8Array, frameBytes: number): Uint8Array[] {
  const frames = Math.ceil(bytes.length / frameBytes);
  return Array.from({ length: frames }, (_, at) => bytes.slice(at * frameBytes, (at + 1) * frameBytes));
}

export async function openBle(bluetooth: Bluetooth, name: string): Promise<Link> {
  const device = await bluetooth.requestDevice({ filters: [{ name }], optionalServices: [uart.service] });
  const closed = new Promise<string>(resolve => {
    device.addEventListener('gattserverdisconnected', () => resolve(`${name} is gone`));
  });
  const server = await connected(device);
  const { receive, send } = await characteristicsOf(server, name);
  const frameBytes = (device.mtuBytes ?? mtuLeastBytes) - writeHeadBytes;
  const link: Link = {
    name: `ble://${name}`,
    chunkBytes: chunkBytesSlow,
    write: async bytes => {
      for (const frame of framesOf(bytes, frameBytes))
        await receive.writeValueWithoutResponse(frame).catch((error: Error) => {
          throw new LinkLost(error.message);
        });
    },
    onData: listener =>
      send.addEventListener('characteristicvaluechanged', ({ target }) => {
        const value = target?.value;
        if (value) listener(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
      }),
    onClose: listener => void closed.then(listener),
    close: async () => server.disconnect(),
  };
  await send.startNotifications();
  return link;
}
