/** Array; the iterating methods serve typed arrays and strings too. */
import { installIteration } from './builtin.iterate.ts';
import { addClass, addInstance, addStatic, Computed } from './builtin.ts';
import { toInteger, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { strictlyEqual } from './operate.ts';
import { sortValues } from './sort.ts';
import { ArrayValue, type Value } from './value.ts';

export function installArrays(engine: Engine): void {
  addClass(engine, 'Array', (_self, args) => makeArray(engine, args));
  addStatic(engine, 'Array', { isArray: (_self, [value]) => value instanceof ArrayValue });
  installEnds(engine);
  installParts(engine);
  installOrder(engine);
  installIteration(engine, 'Array');
}

function makeArray(engine: Engine, args: Value[]): Value {
  const [length] = args;
  if (args.length === 1 && typeof length === 'number' && Number.isInteger(length) && length >= 0) {
    const array = engine.newArray([]);
    array.elements.length = length;
    return array;
  }
  return engine.newArray([...args]);
}

function own(engine: Engine, self: Value): Value[] {
  if (self instanceof ArrayValue) return self.elements;
  return engine.raise('Error', `Expecting Array, got ${engine.className(self)}`);
}

function installEnds(engine: Engine): void {
  addInstance(engine, 'Array', {
    length: new Computed(self => (self instanceof ArrayValue ? self.elements.length : 0)),
    push: (self, args) => {
      const elements = own(engine, self);
      engine.charge(2 * args.length);
      for (const arg of args) elements.push(arg);
      return elements.length;
    },
    pop: self => own(engine, self).pop(),
    shift: self => own(engine, self).shift(),
    unshift: (self, args) => {
      const elements = own(engine, self);
      engine.charge(2 * args.length);
      elements.unshift(...args);
      return elements.length;
    },
  });
}

function range(engine: Engine, length: number, [from, to]: Value[]): { start: number; end: number } {
  const start = from === undefined ? 0 : toInteger(engine, from);
  const end = to === undefined ? length : toInteger(engine, to);
  return {
    start: start < 0 ? Math.max(0, start + length) : Math.min(start, length),
    end: end < 0 ? Math.max(0, end + length) : Math.min(end, length),
  };
}

function installParts(engine: Engine): void {
  addInstance(engine, 'Array', {
    slice: (self, args) => {
      const elements = own(engine, self);
      const { start, end } = range(engine, elements.length, args);
      return engine.newArray(elements.slice(start, end));
    },
    splice: (self, args) => {
      const elements = own(engine, self);
      const { start } = range(engine, elements.length, [args[0]]);
      const count = args[1] === undefined ? elements.length - start : Math.max(0, toInteger(engine, args[1]));
      const removed = elements.splice(start, Math.min(count, elements.length - start), ...args.slice(2));
      return engine.newArray(removed);
    },
    concat: (self, args) => {
      const all = [...own(engine, self)];
      for (const arg of args) {
        if (arg === undefined) break;
        all.push(...(arg instanceof ArrayValue ? arg.elements : [arg]));
      }
      return engine.newArray(all);
    },
    fill: (self, [value, from, to]) => {
      const elements = own(engine, self);
      const { start, end } = range(engine, elements.length, [from, to]);
      for (let i = start; i < end; i++) elements[i] = value;
      engine.charge(end - start);
      return self;
    },
    join: (self, [separator]) =>
      engine.join(self as ArrayValue, separator === undefined ? ',' : toText(engine, separator)),
    toString: (self: Value) => engine.join(self as ArrayValue, ','),
  });
}

function installOrder(engine: Engine): void {
  addInstance(engine, 'Array', {
    reverse: self => {
      own(engine, self).reverse();
      return self;
    },
    sort: (self, [compare]) => {
      sortValues(engine, own(engine, self), compare);
      return self;
    },
  });
}

export function indexOf(engine: Engine, self: Value, wanted: Value, from: Value): number {
  let at = 0;
  const start = from === undefined ? 0 : toInteger(engine, from);
  for (const value of engine.valuesOf(self)) {
    if (at >= start && strictlyEqual(engine, value, wanted)) return at;
    at++;
  }
  return -1;
}
