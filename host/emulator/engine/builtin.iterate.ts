/** map, forEach and their kin, for arrays and typed arrays: holes are skipped. */
import { indexOf } from './builtin.array.ts';
import { addInstance } from './builtin.ts';
import { toBoolean, toInteger } from './convert.ts';
import type { Engine } from './engine.ts';
import { ArrayValue, Callable, type Value, ViewValue } from './value.ts';
import { getElement } from './view.ts';

interface Entry {
  index: number;
  value: Value;
}

function* entries(self: Value): Generator<Entry> {
  if (self instanceof ViewValue) {
    for (let index = 0; index < self.length; index++) yield { index, value: getElement(self, index) };
  } else if (self instanceof ArrayValue) {
    for (let index = 0; index < self.elements.length; index++) {
      if (index in self.elements) yield { index, value: self.elements[index] };
    }
  }
}

function check(engine: Engine, self: Value, method: Value, name: string): void {
  if (!(self instanceof ArrayValue) && !(self instanceof ViewValue)) {
    engine.raise('Error', `Array.${name} can only be called on something iterable`);
  }
  if (!(method instanceof Callable)) {
    engine.raise('Error', `Array.${name}'s first argument should be a function`);
  }
}

/** Calls until `until` says so; the value of the entry it stopped at. */
function visit(
  engine: Engine,
  self: Value,
  args: Value[],
  until: (result: Value, entry: Entry) => boolean,
): void {
  for (const entry of entries(self)) {
    if (until(engine.call(args[0], args[1], [entry.value, entry.index, self]), entry)) return;
  }
}

export function installIteration(engine: Engine, name: string): void {
  installSearch(engine, name);
  addInstance(engine, name, {
    forEach: (self, args) => {
      check(engine, self, args[0], 'forEach');
      visit(engine, self, args, () => false);
      return undefined;
    },
    map: (self, args) => {
      check(engine, self, args[0], 'map');
      if (self instanceof ViewValue) return engine.mapView(self, args);
      const result = engine.newArray([]);
      engine.hold(result);
      visit(engine, self, args, (value, { index }) => {
        result.elements[index] = value;
        engine.charge(1);
        return false;
      });
      return result;
    },
    filter: (self, args) => {
      check(engine, self, args[0], 'filter');
      const result = engine.newArray([]);
      engine.hold(result);
      visit(engine, self, args, (keep, { value }) => {
        if (toBoolean(keep)) {
          result.elements.push(value);
          engine.charge(2);
        }
        return false;
      });
      return result;
    },
    reduce: (self, args) => reduce(engine, self, args),
  });
}

function lengthOf(value: Value): number {
  if (value instanceof ViewValue) return value.length;
  return value instanceof ArrayValue ? value.elements.length : 0;
}

function installSearch(engine: Engine, name: string): void {
  const search = (self: Value, args: Value[], method: string): Entry | undefined => {
    check(engine, self, args[0], method);
    let found: Entry | undefined;
    visit(engine, self, args, (result, entry) => {
      if (toBoolean(result)) found = entry;
      return found !== undefined;
    });
    return found;
  };
  addInstance(engine, name, {
    find: (self, args) => search(self, args, 'find')?.value,
    findIndex: (self, args) => search(self, args, 'findIndex')?.index ?? -1,
    some: (self, args) => search(self, args, 'some') !== undefined,
    every: (self, args) => {
      check(engine, self, args[0], 'every');
      let all = true;
      visit(engine, self, args, result => {
        all = toBoolean(result);
        return !all;
      });
      return all;
    },
    indexOf: (self, [value, from]) => {
      const isBytes = self instanceof ViewValue && self.element.type !== 'float';
      return indexOf(engine, self, isBytes ? toInteger(engine, value) : value, from);
    },
    includes: (self, [value, from]) => {
      const start = toInteger(engine, from);
      if (start < 0) return indexOf(engine, self, value, Math.max(0, start + lengthOf(self))) >= 0;
      if (Number.isNaN(value)) return [...engine.valuesOf(self)].some(each => Number.isNaN(each));
      return indexOf(engine, self, value, from) >= 0;
    },
  });
}

function reduce(engine: Engine, self: Value, args: Value[]): Value {
  check(engine, self, args[0], 'reduce');
  let value = args[1];
  let has = args.length > 1;
  for (const entry of entries(self)) {
    if (has) value = engine.call(args[0], undefined, [value, entry.value, entry.index, self]);
    else value = entry.value;
    has = true;
  }
  if (!has) return engine.raise('Error', 'Used on empty array with no initial value');
  return value;
}
