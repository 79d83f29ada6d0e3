/** Serial ports as programs see them: where the console is, or plain bytes where it is not. */
import { addInstance } from './engine/builtin.ts';
import { ObjectValue, type Value } from './engine/value.ts';
import type { Device, Firmware } from './firmware.ts';
import * as v from './values.ts';

const devices: readonly Device[] = ['Serial1', 'USB', 'Bluetooth'];

export function installConsoles(firmware: Firmware): void {
  const { engine } = firmware;
  for (const device of devices) {
    const send = (data: Value[], end = '') => {
      const bytes = data.map(each => v.text(firmware.chars(each).bytes)).join('') + end;
      firmware.sendTo(device, bytes);
      return undefined;
    };
    addInstance(engine, device, {
      setup: () => undefined,
      write: (_self, data) => send(data),
      print: (_self, [text]) => send([text]),
      println: (_self, [text]) => send([text], '\r\n'),
      setConsole: (_self, [isForced]) => {
        firmware.device = device;
        firmware.isDeviceForced = v.isTrue(engine, isForced);
        return undefined;
      },
      inject: (_self, data) => {
        for (const each of data) firmware.input(device, firmware.chars(each).bytes);
        return undefined;
      },
      available: () => 0,
    });
    engine.builtins.set(device, new ObjectValue(device));
  }
}
