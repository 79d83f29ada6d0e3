/** Pins as programs see them: lights, buttons, watches. Analogue and PWM are only accepted. */
import { addClass, addGlobals, addInstance } from './engine/builtin.ts';
import { type ArrayValue, Callable, ObjectValue, type Value } from './engine/value.ts';
import type { Firmware } from './firmware.ts';
import type { Edge } from './pins.ts';
import * as v from './values.ts';

const pinCount = 48;
const defaultDebounceMs = 0;

class PinValue extends ObjectValue {
  readonly pin: string;

  constructor(pin: string) {
    super('Pin');
    this.pin = pin;
  }
}

export function installPins(firmware: Firmware): void {
  const { engine, machine } = firmware;
  const { pins } = machine;
  const made = new Map<string, PinValue>();
  const pinOf = (name: string): PinValue => {
    const known = made.get(name) ?? new PinValue(name);
    made.set(name, known);
    return known;
  };
  const nameOf = (value: Value): string => {
    if (value instanceof PinValue) return value.pin;
    if (typeof value === 'number') return `D${value}`;
    return engine.raise('Error', 'Invalid pin');
  };
  addClass(engine, 'Pin', (_self, [name]) => pinOf(nameOf(name)));
  for (let i = 0; i < pinCount; i++) engine.builtins.set(`D${i}`, pinOf(`D${i}`));
  for (const [name, pin] of pins.names) engine.builtins.set(name, pinOf(pin));
  if (pins.buttons[0]) engine.builtins.set('BTN', pinOf(pins.buttons[0]));
  if (pins.lights[0]) engine.builtins.set('LED', pinOf(pins.lights[0]));
  installLevels(firmware, nameOf);
  installWatches(firmware, nameOf);
}

type NameOf = (value: Value) => string;

function installLevels(firmware: Firmware, nameOf: NameOf): void {
  const { engine, machine } = firmware;
  const { pins } = machine;
  const write = (value: Value, level: Value): undefined => {
    const isList = value instanceof ObjectValue && !(value instanceof PinValue);
    for (const pin of isList ? engine.valuesOf(value as ArrayValue) : [value])
      pins.write(nameOf(pin), v.isTrue(engine, level));
    return undefined;
  };
  const pulse = (value: Value, level: Value, ms: Value): undefined => {
    const pin = nameOf(value);
    pins.write(pin, v.isTrue(engine, level));
    firmware.later(v.float(engine, ms) * 1_000, () => pins.write(pin, !v.isTrue(engine, level)));
    return undefined;
  };
  addInstance(engine, 'Pin', {
    read: self => pins.read(nameOf(self)),
    write: (self, [level]) => write(self, level),
    set: self => write(self, true),
    reset: self => write(self, false),
    toggle: self => {
      const level = !pins.read(nameOf(self));
      write(self, level);
      return level;
    },
    pulse: (self, [level, ms]) => pulse(self, level, ms),
    mode: () => undefined,
    getMode: () => 'input',
    analog: () => 0,
    pwm: () => undefined,
    getInfo: () => v.object(engine, {}),
    toString: (self: Value) => nameOf(self),
  });
  addGlobals(engine, {
    digitalRead: (_self, [pin]) => (pins.read(nameOf(pin)) ? 1 : 0),
    digitalWrite: (_self, [pin, level]) => write(pin, level),
    digitalPulse: (_self, [pin, level, ms]) => pulse(pin, level, ms),
    pinMode: () => undefined,
    getPinMode: () => 'input',
    analogRead: () => 0,
    analogWrite: () => undefined,
  });
}

/** The callback gets {state, time, lastTime, pin}; without `repeat` it is called once. */
function installWatches(firmware: Firmware, nameOf: NameOf): void {
  const { engine, machine } = firmware;
  const watches = new Map<number, { readonly callback: Value; end(): void }>();
  engine.heap.roots.push(() => [...watches.values()].map(({ callback }) => callback));
  let nextId = 1;
  const start = ([callback, pinValue, options]: Value[]): number => {
    if (!(callback instanceof Callable) && !v.isString(callback))
      return engine.raise('Error', 'Function or String not supplied!');
    const option = (name: string) => v.member(engine, options, name);
    const isRepeated = options === true || v.isTrue(engine, option('repeat'));
    const edge = (option('edge') === undefined ? 'both' : v.string(engine, option('edge'))) as Edge;
    const debounceMs =
      option('debounce') === undefined ? defaultDebounceMs : v.float(engine, option('debounce'));
    const id = nextId++;
    let lastTime = 0;
    const onChange = (isHigh: boolean, atUs: number): void => {
      const change = () => {
        const watch = watches.get(id);
        const isStable = debounceMs === 0 || machine.pins.read(nameOf(pinValue)) === isHigh;
        if (!watch || !isStable) return;
        if (!isRepeated) {
          watch.end();
          watches.delete(id);
        }
        const time = firmware.nowMs / 1_000;
        const event = v.object(engine, { state: isHigh, time, lastTime, pin: pinValue });
        lastTime = time;
        if (v.isString(callback)) engine.run(v.string(engine, callback));
        else engine.invoke(callback, [event]);
      };
      firmware.later(Math.max(0, atUs - machine.radio.nowUs) + debounceMs * 1_000, change);
    };
    watches.set(id, { callback, end: machine.pins.watch({ pin: nameOf(pinValue), edge, onChange }) });
    return id;
  };
  addGlobals(engine, {
    setWatch: (_self, args) => start(args),
    clearWatch: (_self, args) => {
      const ids = args.length ? [v.integer(engine, args[0])] : [...watches.keys()];
      for (const id of ids) {
        watches.get(id)?.end();
        watches.delete(id);
      }
      return undefined;
    },
  });
}
