/** Web Bluetooth in Node, over noble's API (`@stoprocent/noble`, an optional peer): as much of it as a link and `devices` need.
 *
 * 1. Devices are found by name or address, and silence ends the search. (test/host/flash.ble.test.ts)
 */
import { Failure } from '../cli/failure.ts';
import type { Bluetooth, BluetoothCharacteristic, BluetoothDevice, BluetoothServer } from './bluetooth.ts';

interface NobleCharacteristic {
  readonly uuid: string;
  subscribeAsync(): Promise<void>;
  writeAsync(bytes: Buffer, withoutResponse: boolean): Promise<void>;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
}

interface NoblePeripheral {
  readonly id: string;
  readonly address: string;
  readonly rssi: number;
  readonly mtu?: number | null;
  readonly advertisement: { readonly localName?: string; readonly serviceUuids?: readonly string[] };
  connectAsync(): Promise<void>;
  disconnectAsync(): Promise<void>;
  once(event: 'disconnect', listener: () => void): unknown;
  discoverSomeServicesAndCharacteristicsAsync(
    services: string[],
    characteristics: string[],
  ): Promise<{ characteristics: NobleCharacteristic[] }>;
}

/** Of noble, what is used here. */
export interface Noble {
  readonly state?: string;
  readonly _state?: string;
  on(event: 'stateChange', listener: (state: string) => void): unknown;
  on(event: 'discover', listener: (peripheral: NoblePeripheral) => void): unknown;
  removeListener(event: string, listener: (...args: never[]) => void): unknown;
  startScanningAsync(services: string[], duplicates: boolean): Promise<void>;
  stopScanningAsync(): Promise<void>;
  stop?(): void;
}

export interface Radio extends Bluetooth {
  /** Devices that advertise within this time. */
  listen(forMs: number): Promise<Seen[]>;
  close(): void;
}

export interface Seen {
  readonly name: string;
  readonly address: string;
  readonly signalDbm: number;
}

const powerTimeoutMs = 5000;
const findTimeoutMs = 15_000;

/** From others a radio comes back by itself. */
const settledStates = new Set(['poweredOn', 'unsupported', 'unauthorized']);

/** noble writes UUIDs without hyphens. */
const short = (uuid: string) => uuid.replaceAll('-', '');

const notFound = (what: string) => Object.assign(new Error(`no ${what}`), { name: 'NotFoundError' });

async function powered(noble: Noble): Promise<void> {
  let last = noble.state ?? noble._state ?? 'unknown';
  const on = new Promise<boolean>(resolve => {
    const timer = setTimeout(() => resolve(false), powerTimeoutMs);
    const hear = (state: string) => {
      last = state;
      if (!settledStates.has(state)) return;
      clearTimeout(timer);
      resolve(state === 'poweredOn');
    };
    noble.on('stateChange', hear);
    hear(last);
  });
  if (await on) return;
  throw new Failure(
    'device',
    `this machine has no Bluetooth radio that is on (it says: ${last})`,
    'switch Bluetooth on, or use a serial port',
  );
}

/** Until `want` says yes, or the time is over. */
async function scan(noble: Noble, forMs: number, want: (found: NoblePeripheral) => boolean): Promise<void> {
  await powered(noble);
  let hear: (found: NoblePeripheral) => void = () => undefined;
  const done = new Promise<void>(resolve => {
    const timer = setTimeout(resolve, forMs);
    hear = found => {
      if (!want(found)) return;
      clearTimeout(timer);
      resolve();
    };
  });
  noble.on('discover', hear);
  // With duplicates: a name often comes in a scan response, after the first report.
  await noble.startScanningAsync([], true);
  await done;
  noble.removeListener('discover', hear as never);
  await noble.stopScanningAsync();
}

function characteristicOver(noble: NobleCharacteristic): BluetoothCharacteristic {
  return {
    startNotifications: () => noble.subscribeAsync(),
    addEventListener: (_, listener) =>
      void noble.on('data', bytes =>
        listener({ target: { value: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) } }),
      ),
    writeValueWithoutResponse: bytes => noble.writeAsync(Buffer.from(bytes), true),
  };
}

function serverOver(peripheral: NoblePeripheral): BluetoothServer {
  return {
    getPrimaryService: async service => ({
      getCharacteristic: async uuid => {
        const { characteristics } = await peripheral.discoverSomeServicesAndCharacteristicsAsync(
          [short(service)],
          [],
        );
        const found = characteristics.find(each => short(each.uuid) === short(uuid));
        if (!found) throw notFound(`characteristic ${uuid}`);
        return characteristicOver(found);
      },
    }),
    disconnect: () => void peripheral.disconnectAsync().catch(() => undefined),
  };
}

function deviceOver(peripheral: NoblePeripheral): BluetoothDevice {
  const name = peripheral.advertisement.localName;
  return {
    id: peripheral.id,
    ...(name === undefined ? {} : { name }),
    get mtuBytes() {
      return peripheral.mtu ?? 23;
    },
    gatt: {
      connect: async () => {
        await peripheral.connectAsync();
        return serverOver(peripheral);
      },
    },
    addEventListener: (_, listener) => void peripheral.once('disconnect', listener),
  };
}

const isNamed = (peripheral: NoblePeripheral, name: string) =>
  peripheral.advertisement.localName === name || peripheral.address.toLowerCase() === name.toLowerCase();

export function radioOver(noble: Noble, findMs = findTimeoutMs): Radio {
  return {
    async requestDevice({ filters }) {
      const names = filters.flatMap(filter => ('name' in filter ? [filter.name] : []));
      let device: NoblePeripheral | undefined;
      await scan(noble, findMs, found => {
        if (names.some(name => isNamed(found, name))) device = found;
        return device !== undefined;
      });
      if (!device) throw new Failure('device', `no BLE device "${names}" was heard`, 'mite devices --ble');
      return deviceOver(device);
    },
    async listen(forMs) {
      const seen = new Map<string, Seen>();
      await scan(noble, forMs, ({ address, rssi, advertisement }) => {
        const name = advertisement.localName ?? seen.get(address)?.name ?? '';
        seen.set(address, { name, address, signalDbm: rssi });
        return false;
      });
      return [...seen.values()];
    },
    close: () => noble.stop?.(),
  };
}
