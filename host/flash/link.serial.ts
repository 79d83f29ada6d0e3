/** A board's console on a serial port, by the package `serialport`: an optional peer, loaded when a port is opened.
 *
 * 1. Without the package the failure names the command that installs it. (test/host/flash.serial.test.ts)
 */
import { Failure } from '../cli/failure.ts';
import { chunkBytesFast, chunkBytesSlow, type Link, LinkLost } from './link.ts';
import { loadPeer } from './peer.ts';

interface Port {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
  drain(done: (error?: Error | null) => void): void;
  close(done: (error?: Error | null) => void): void;
  on(event: 'data', listener: (bytes: Uint8Array) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  once(event: 'open' | 'close', listener: () => void): void;
  readonly isOpen: boolean;
}

export interface SerialPortInfo {
  readonly path: string;
  readonly manufacturer?: string;
  readonly vendorId?: string;
  readonly productId?: string;
}

interface SerialPackage {
  readonly SerialPort: {
    new (options: { path: string; baudRate: number }): Port;
    list(): Promise<SerialPortInfo[]>;
  };
}

export const loadSerial = () =>
  loadPeer<SerialPackage>('serialport', 'a serial port needs the package serialport');

function opened(serial: SerialPackage, path: string, baudRate: number): Promise<Port> {
  return new Promise((resolve, reject) => {
    const port = new serial.SerialPort({ path, baudRate });
    port.once('open', () => resolve(port));
    port.on('error', error => {
      const next = /permission|EACCES/i.test(error.message)
        ? 'sudo usermod -aG dialout $USER, then log in again'
        : 'mite devices';
      reject(new Failure('device', error.message, next));
    });
  });
}

export async function openSerial(path: string, baud: number): Promise<Link> {
  const port = await opened(await loadSerial(), path, baud);
  const closed = new Promise<string>(resolve => {
    port.once('close', () => resolve(`${path} is gone`));
  });
  const settled = (act: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) =>
      act(error => (error ? reject(new LinkLost(error.message)) : resolve())),
    );
  return {
    name: path,
    chunkBytes: baud < 38_400 ? chunkBytesSlow : chunkBytesFast,
    write: async bytes => {
      if (!port.isOpen) throw new LinkLost(`${path} is gone`);
      await settled(done => port.write(bytes, done));
      await settled(done => port.drain(done));
    },
    onData: listener => port.on('data', bytes => listener(new Uint8Array(bytes))),
    onClose: listener => void closed.then(listener),
    close: async () => {
      if (port.isOpen) await settled(done => port.close(done));
    },
  };
}
