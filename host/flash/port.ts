/** A port as it is written on the command line, and the link behind it.
 *
 *     tcp://HOST:PORT    an emulated board, a serial server
 *     ble://NAME         a BLE device by name or address
 *     /dev/ttyACM0, COM3 a serial port
 *
 * 1. What is no port is refused before anything is opened. (test/host/flash.link.test.ts)
 */
import { Failure } from '../cli/failure.ts';
import { openBle } from './link.ble.ts';
import { openSerial } from './link.serial.ts';
import { openTcp } from './link.tcp.ts';
import type { Link } from './link.ts';
import { loadRadio } from './radio.load.ts';
import type { Radio } from './radio.ts';

const tcpPortMax = 65_535;

/** One radio for all connections of a run: opened once, as its driver wants it. */
let radio: Promise<Radio> | undefined;

async function openByRadio(name: string): Promise<Link> {
  radio ??= loadRadio();
  return openBle(await radio, name);
}

/** Ends what keeps the process alive. */
export async function closeRadio(): Promise<void> {
  (await radio)?.close();
  radio = undefined;
}

/** `baud` counts on serial ports alone. */
export function openerOf(port: string, baud: number): () => Promise<Link> {
  const tcp = /^tcp:\/\/([^:/]+):(\d{1,5})$/.exec(port);
  if (tcp && Number(tcp[2]) <= tcpPortMax) return () => openTcp(tcp[1]!, Number(tcp[2]));
  const ble = /^ble:\/\/(.+)$/.exec(port);
  if (ble) return () => openByRadio(ble[1]!);
  if (/^[a-z]+:\/\//i.test(port) || port === '')
    throw new Failure('usage', `"${port}" is no port`, 'mite devices');
  return () => openSerial(port, baud);
}
