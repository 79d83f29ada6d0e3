/** A BLE peripheral as noble shows it, in memory: the Nordic UART service with a console behind it. No radio, no MTU exchange. */
import { EventEmitter } from 'node:events';
import type { Noble } from '#host/flash/radio.ts';
import type { Console } from '#host/flash/serve.tcp.ts';

/** Nordic's UART service, as a board names its characteristics. */
const uart = {
  service: '6e400001b5a3f393e0a9e50e24dcca9e',
  receive: '6e400002b5a3f393e0a9e50e24dcca9e',
  send: '6e400003b5a3f393e0a9e50e24dcca9e',
} as const;

export interface Peripheral {
  readonly noble: Noble;
  /** Lengths of what was written, in order. */
  readonly frames: number[];
  /** Out of reach, as the other side learns it. */
  leave(): void;
}

export interface Shape {
  readonly name: string;
  readonly mtu?: number;
  readonly services?: readonly string[];
  readonly state?: string;
}

function characteristicsOf(console: Console, frames: number[], mtu: number) {
  const receive = Object.assign(new EventEmitter(), {
    uuid: uart.receive,
    subscribeAsync: async () => undefined,
    writeAsync: async (bytes: Buffer) => {
      if (bytes.length > mtu - 3) throw new Error('longer than the MTU');
      frames.push(bytes.length);
      console.write(new Uint8Array(bytes));
    },
  });
  const send = Object.assign(new EventEmitter(), {
    uuid: uart.send,
    subscribeAsync: async () =>
      void console.onData(bytes => {
        for (let at = 0; at < bytes.length; at += mtu - 3)
          send.emit('data', Buffer.from(bytes.subarray(at, at + mtu - 3)));
      }),
    writeAsync: async () => undefined,
  });
  return [receive, send];
}

export function peripheral(console: Console, shape: Shape): Peripheral {
  const frames: number[] = [];
  const mtu = shape.mtu ?? 23;
  const services = shape.services ?? [uart.service];
  const events = new EventEmitter();
  const device = Object.assign(new EventEmitter(), {
    id: 'c0ffee000001',
    address: 'c0:ff:ee:00:00:01',
    rssi: -60,
    mtu,
    advertisement: { localName: shape.name, serviceUuids: [] },
    connectAsync: async () => undefined,
    disconnectAsync: async () => void device.emit('disconnect'),
    discoverSomeServicesAndCharacteristicsAsync: async ([wanted]: string[]) => ({
      characteristics: services.includes(wanted!) ? characteristicsOf(console, frames, mtu) : [],
    }),
  });
  const noble = Object.assign(events, {
    state: shape.state ?? 'poweredOn',
    startScanningAsync: async () => void setTimeout(() => events.emit('discover', device), 5),
    stopScanningAsync: async () => undefined,
  });
  return { noble: noble as unknown as Noble, frames, leave: () => void device.emit('disconnect') };
}
