/** What the firmware knows of its hardware: E, process, peek and poke, reset. The rest of E is the engine's own. */

import { instructionsOf } from './cost.ts';
import { addGlobals, addStatic, Computed } from './engine/builtin.ts';
import { ObjectValue, type Value, type ViewValue } from './engine/value.ts';
import { type Device, type Firmware, Reboot } from './firmware.ts';
import * as v from './values.ts';

/** At most four arguments of native code: the signature has 16 bits. */
const nativeParametersMax = 4;
const nativeTypes: ReadonlySet<string> = new Set(['void', 'bool', 'int', 'double', 'float', 'Pin', 'JsVar']);
/** An array of this length has its bytes in one piece. */
const flatBytes = 64;
const devices: readonly string[] = ['Serial1', 'USB', 'Bluetooth'];

function parseSignature(firmware: Firmware, text: string): { readonly isVoid: boolean } {
  const { engine } = firmware;
  const parsed = /^\s*(\w+)\s*(?:\(([^)]*)\))?\s*$/.exec(text);
  const types = (parsed?.[2] ?? '')
    .split(',')
    .map(type => type.trim())
    .filter(Boolean);
  const unknown = [parsed?.[1] ?? '', ...types].findIndex(type => !nativeTypes.has(type));
  if (unknown >= 0) return engine.raise('Error', `Error Parsing signature at argument number ${unknown}`);
  if (types.length > nativeParametersMax)
    return engine.raise('Error', `Error Parsing signature at argument number ${types.length + 1}`);
  // Nothing of ours takes these: that they would not arrive as words is not modelled.
  if (types.some(type => type === 'double' || type === 'JsVar'))
    return engine.raise('Error', 'the emulator passes words only: int, bool, Pin');
  return { isVoid: parsed?.[1] === 'void' };
}

/** A function that jumps into native code at an address, its lowest bit the Thumb bit. */
function nativeCall(firmware: Firmware, [address, signature, data]: Value[]): Value {
  const { engine, machine } = firmware;
  const { isVoid } = parseSignature(firmware, v.string(engine, signature ?? 'void'));
  let target = v.integer(engine, address);
  let code: ViewValue | undefined;
  if (data !== undefined) {
    // Code that is given as data is copied to RAM, each time.
    const { bytes } = firmware.chars(data);
    code = v.arrayBuffer(engine, new Uint8Array(Math.max(bytes.length, flatBytes)));
    code.store.bytes.set(bytes);
    target += code.store.address;
  }
  const made = engine.native('native', (_self, args) => {
    machine.meter.instructions(instructionsOf.nativeCall);
    const word = (index: number) => v.integer(engine, args[index]) | 0;
    const result = machine.call(target, [word(0), word(1), word(2), word(3)]);
    return isVoid ? undefined : result;
  });
  // The copy lives as long as the function.
  if (code) made.slots.set('\xffcod', code);
  return made;
}

function installMemory(firmware: Firmware): void {
  const { engine, machine } = firmware;
  for (const bytes of [1, 2, 4] as const) {
    const name = String(8 * bytes);
    const peek = (address: Value, count: Value): Value => {
      const from = v.integer(engine, address) >>> 0;
      const items = v.integer(engine, count);
      if (items <= 1) return machine.peek(from, bytes);
      const words = Array.from({ length: items }, (_, i) => machine.peek(from + i * bytes, bytes));
      return engine.construct(v.script(engine, `Uint${name}Array`) as never, [v.array(engine, words)], 0);
    };
    const poke = (address: Value, value: Value): void => {
      const from = v.integer(engine, address) >>> 0;
      const words = typeof value === 'number' ? [value] : [...engine.valuesOf(value)];
      words.forEach((word, i) => {
        machine.poke(from + i * bytes, bytes, v.integer(engine, word));
      });
    };
    addGlobals(engine, {
      [`peek${name}`]: (_self, [address, count]) => peek(address, count),
      [`poke${name}`]: (_self, [address, value]) => void poke(address, value),
    });
  }
}

function installRandom(firmware: Firmware): void {
  const { engine, machine } = firmware;
  addStatic(engine, 'E', {
    // Without a hardware pool it is the interpreter's own generator, which nobody seeds.
    hwRand: () => (machine.board.randomness.source === 'pool' ? machine.random() | 0 : firmware.draw()),
    srand: (_self, [seed]) => void firmware.seed(v.integer(engine, seed)),
  });
}

function setConsole(firmware: Firmware, given: Value, options: Value): void {
  const { engine } = firmware;
  let name: string | undefined;
  if (given !== null) {
    name = given instanceof ObjectValue ? given.kind : v.string(engine, given);
    if (!devices.includes(name)) engine.raise('Error', `Unknown device type "${name}"`);
  }
  firmware.device = name as Device | undefined;
  firmware.isDeviceForced = v.isTrue(engine, v.member(engine, options, 'force'));
}

/** A watchdog that the program feeds itself; one that feeds itself never bites. */
function installWatchdog(firmware: Firmware): void {
  const { engine } = firmware;
  let [seconds, deadlineMs] = [0, Number.POSITIVE_INFINITY];
  const kick = (): void => {
    deadlineMs = firmware.nowMs + seconds * 1_000;
  };
  const check = (): void => {
    if (firmware.nowMs >= deadlineMs) throw new Reboot('watchdog');
    firmware.later((deadlineMs - firmware.nowMs) * 1_000, check);
  };
  addStatic(engine, 'E', {
    enableWatchdog: (_self, [period, automatic]) => {
      if (automatic === undefined || v.isTrue(engine, automatic)) return undefined;
      seconds = v.float(engine, period);
      kick();
      check();
      return undefined;
    },
    kickWatchdog: () => void (seconds ? kick() : undefined),
  });
}

function installSystem(firmware: Firmware): void {
  const { engine, machine } = firmware;
  addStatic(engine, 'E', {
    memoryArea: (_self, [address, length]) =>
      firmware.textAt(v.integer(engine, address) >>> 0, v.integer(engine, length)),
    nativeCall: (_self, args) => nativeCall(firmware, args),
    reboot: () => {
      throw new Reboot('E.reboot');
    },
    setConsole: (_self, [device, options]) => void setConsole(firmware, device, options),
    getConsole: () => firmware.device ?? null,
    lockConsole: () => undefined,
    setPassword: () => undefined,
    getTemperature: () => 22,
    getBattery: () => 100,
    getErrorFlags: () => v.array(engine, []),
    getFlags: () => v.object(engine, { ...firmware.flags }),
    setFlags: (_self, [flags]) => {
      if (flags instanceof ObjectValue)
        for (const [name, value] of flags.slots) firmware.flags[name] = v.integer(engine, value);
      return undefined;
    },
    setTimeZone: () => undefined,
    getPowerUsage: () => v.object(engine, { device: v.object(engine, {}), total: 0 }),
  });
  // When what runs now has ended.
  const restart = (kind: 'reset' | 'load'): undefined => {
    firmware.restart = kind;
    return undefined;
  };
  addGlobals(engine, {
    getSerial: () => machine.serial,
    reset: () => restart('reset'),
    load: () => restart('load'),
    echo: (_self, [isOn]) => void firmware.console.echo(v.isTrue(engine, isOn)),
    setTime: () => undefined,
    setBusyIndicator: () => undefined,
    setSleepIndicator: () => undefined,
    setDeepSleep: () => undefined,
  });
}

/** Of the SoftDevice that the firmware's build carries. */
const softDevices = { nrf52832: 0x91, nrf52833: 0x91, nrf52840: 0xb6 } as const;

function installProcess(firmware: Firmware): void {
  const { engine, machine } = firmware;
  const { board } = machine;
  const env = () =>
    v.object(engine, {
      VERSION: firmware.version,
      GIT_COMMIT: 'c5ff787b1',
      EMULATED: true,
      BOARD: firmware.boardName,
      STORAGE: board.flash.storage.pages * board.flash.pageBytes,
      SERIAL: machine.serial,
      CONSOLE: firmware.device ?? null,
      MODULES: board.firmware.modules.join(','),
      SOFTDEVICE: board.chip in softDevices ? softDevices[board.chip as keyof typeof softDevices] : undefined,
    });
  addStatic(engine, 'process', { env: new Computed(env), version: new Computed(() => firmware.version) });
}

export function installEspruino(firmware: Firmware): void {
  installMemory(firmware);
  installRandom(firmware);
  installSystem(firmware);
  installWatchdog(firmware);
  installProcess(firmware);
}
