/** on, emit and their kin, which every object has; listeners run when the program is idle. */
import { addInstance } from './builtin.ts';
import { toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Thrown } from './stop.ts';
import { ArrayValue, Callable, ObjectValue, type Value } from './value.ts';

/** Listeners are an ordinary member of the object, under this name and the event's. */
const PREFIX = '#on';

export function installEvents(engine: Engine): void {
  const pending: Value[] = [];
  engine.heap.roots.push(() => pending);
  addInstance(engine, 'Object', {
    on: (self, [event, listener]) => addListener(engine, self, { event, listener, isFirst: false }),
    addListener: (self, [event, listener]) => addListener(engine, self, { event, listener, isFirst: false }),
    prependListener: (self, [event, listener]) =>
      addListener(engine, self, { event, listener, isFirst: true }),
    emit: (self, [event, ...args]) => {
      if (!(self instanceof ObjectValue))
        return engine.raise('Error', 'Parent must be an object - not a String, Integer, etc.');
      const listeners = self.slots.get(PREFIX + toText(engine, event));
      if (listeners !== undefined) engine.queueEvent(self, listeners, args);
      return undefined;
    },
    removeListener: (self, [event, listener]) => {
      const listeners =
        self instanceof ObjectValue ? self.slots.get(PREFIX + toText(engine, event)) : undefined;
      if (!(listeners instanceof ArrayValue)) return undefined;
      const at = listeners.elements.indexOf(listener);
      if (at >= 0) listeners.elements.splice(at, 1);
      return undefined;
    },
    removeAllListeners: (self, [event]) => {
      if (!(self instanceof ObjectValue)) return undefined;
      const only = event === undefined ? undefined : PREFIX + toText(engine, event);
      for (const key of [...self.slots.keys()]) {
        if (only === undefined ? key.startsWith(PREFIX) : key === only) self.slots.delete(key);
      }
      return undefined;
    },
  });
}

interface Subscription {
  event: Value;
  listener: Value;
  isFirst: boolean;
}

function addListener(engine: Engine, self: Value, { event, listener, isFirst }: Subscription): Value {
  if (!(self instanceof ObjectValue))
    return engine.raise('Error', 'Parent must be an object - not a String, Integer, etc.');
  if (!(listener instanceof Callable) && typeof listener !== 'string') {
    return engine.raise('TypeError', 'Callback must be a function or string.');
  }
  const key = PREFIX + toText(engine, event);
  const present = self.slots.get(key);
  engine.charge(3);
  if (!(present instanceof ArrayValue)) self.slots.set(key, engine.newArray([listener]));
  else if (isFirst) present.elements.unshift(listener);
  else present.elements.push(listener);
  return undefined;
}

/** Runs one listener or all of a list; what the first throws is reported after the last has run. */
export function runListeners(engine: Engine, self: Value, listeners: Value, args: Value[]): void {
  const list = listeners instanceof ArrayValue ? [...listeners.elements] : [listeners];
  let fault: Thrown | undefined;
  for (const listener of list) {
    const mark = engine.mark();
    try {
      if (typeof listener === 'string') engine.runNested(listener);
      else engine.call(listener, self, [...args]);
    } catch (caught) {
      if (!(caught instanceof Thrown)) throw caught;
      engine.rewind(mark);
      fault ??= caught;
    }
  }
  if (fault) throw fault;
}
