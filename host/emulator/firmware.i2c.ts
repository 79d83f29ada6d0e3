/** I2C as programs see it. A transfer takes its time on the wire. */
import { addInstance } from './engine/builtin.ts';
import { ObjectValue, type Value } from './engine/value.ts';
import type { Firmware } from './firmware.ts';
import * as v from './values.ts';

const bitsOfByte = 9;
const defaultBitrate = 100_000;

export function installI2c(firmware: Firmware): void {
  const { engine, machine } = firmware;
  let bitrate = defaultBitrate;
  const spend = (bytes: number) => machine.meter.bus((bytes * bitsOfByte * 1e6) / bitrate);
  const addressOf = (value: Value): number =>
    v.integer(engine, value instanceof ObjectValue ? v.member(engine, value, 'address') : value);
  const bytesOf = (values: Value[]): Uint8Array =>
    Uint8Array.from(values.flatMap(value => [...firmware.chars(value).bytes]));
  const write = (address: number, data: Uint8Array): void => {
    spend(data.length + 1);
    // nRF: no acknowledgement of the address.
    if (!machine.bus.write(address, data)) engine.raise('InternalError', 'I2C Write Error 33281');
  };
  const read = (address: number, length: number): Uint8Array => {
    spend(length + 1);
    return machine.bus.read(address, length) ?? engine.raise('InternalError', 'I2C Read Error 33281');
  };
  addInstance(engine, 'I2C', {
    setup: (_self, [options]) => {
      const given = v.member(engine, options, 'bitrate');
      bitrate = given === undefined ? defaultBitrate : v.integer(engine, given);
      return undefined;
    },
    writeTo: (_self, [address, ...data]) => void write(addressOf(address), bytesOf(data)),
    readFrom: (_self, [address, length]) =>
      v.uint8Array(engine, read(addressOf(address), v.integer(engine, length))),
    readReg: (_self, [address, register, length]) => {
      write(addressOf(address), Uint8Array.of(v.integer(engine, register)));
      return v.uint8Array(engine, read(addressOf(address), v.integer(engine, length)));
    },
  });
  engine.builtins.set('I2C1', new ObjectValue('I2C'));
}
