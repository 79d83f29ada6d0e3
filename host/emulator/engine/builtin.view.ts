/** ArrayBuffer, typed arrays. */
import { installDataView } from './builtin.dataview.ts';
import { installIteration } from './builtin.iterate.ts';
import { addClass, addInstance, Computed } from './builtin.ts';
import { bytesOf } from './bytes.ts';
import { isText, toFloat, toInteger, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { elementNumber } from './property.ts';
import { sortValues } from './sort.ts';
import { ArrayValue, type ElementKind, type Value, ViewValue } from './value.ts';
import { BUFFER, ELEMENT_KINDS, getElement, setElement } from './view.ts';

export function installViews(engine: Engine): void {
  addClass(engine, 'ArrayBuffer', (_self, [length]) =>
    newBuffer(engine, Math.max(0, toInteger(engine, length))),
  );
  for (const kind of ELEMENT_KINDS) addClass(engine, kind.name, (_self, args) => newView(engine, kind, args));
  addClass(engine, 'ArrayBufferView', () => engine.newObject());
  addInstance(engine, 'ArrayBuffer', { byteLength: new Computed(self => (self as ViewValue).length) });
  for (const name of ['ArrayBuffer', 'ArrayBufferView']) {
    addInstance(engine, name, { length: new Computed(self => (self as ViewValue).length) });
  }
  addInstance(engine, 'ArrayBufferView', {
    byteLength: new Computed(self => (self as ViewValue).length * (self as ViewValue).element.bytes),
    byteOffset: new Computed(self => (self as ViewValue).offset),
    buffer: new Computed(self => (self as ViewValue).buffer ?? self),
  });
  installIteration(engine, 'ArrayBufferView');
  installParts(engine);
  installBulk(engine);
  installDataView(engine);
}

export function newBuffer(engine: Engine, bytes: number): ViewValue {
  engine.charge(1);
  return new ViewValue(BUFFER, engine.heap.allocate(bytes), 0, bytes);
}

function newView(engine: Engine, kind: ElementKind, [source, from, count]: Value[]): ViewValue {
  engine.charge(1);
  if (source instanceof ViewValue && source.element === BUFFER) {
    const offset = from === undefined ? 0 : toInteger(engine, from);
    const length =
      count === undefined ? Math.floor((source.length - offset) / kind.bytes) : toInteger(engine, count);
    return new ViewValue(kind, source, offset, Math.max(0, length));
  }
  if (typeof source === 'number') {
    const length = Math.max(0, toInteger(engine, source));
    return new ViewValue(kind, newBuffer(engine, length * kind.bytes), 0, length);
  }
  if (source instanceof ArrayValue || source instanceof ViewValue) {
    const values: Value[] = [...engine.valuesOf(source)];
    const view = new ViewValue(kind, newBuffer(engine, values.length * kind.bytes), 0, values.length);
    values.forEach((value, i) => {
      storeElement(engine, view, { index: i, value });
    });
    return view;
  }
  return engine.raise('Error', `Unsupported first argument of type ${engine.className(source)}`);
}

export function storeElement(
  engine: Engine,
  view: ViewValue,
  { index, value }: { index: number; value: Value },
): void {
  setElement(
    view,
    index,
    view.element.type === 'float' ? toFloat(engine, value) : elementNumber(engine, value),
  );
}

/** Text gives its bytes. */
function elementsOf(engine: Engine, source: Value): Value[] {
  return isText(source) ? [...bytesOf(engine, source)] : [...engine.valuesOf(source)];
}

function position(engine: Engine, value: Value, length: number, otherwise: number): number {
  if (value === undefined) return otherwise;
  const at = toInteger(engine, value);
  return at < 0 ? Math.max(0, at + length) : at;
}

function installParts(engine: Engine): void {
  addInstance(engine, 'ArrayBufferView', {
    /** The end is not clamped: such a view reads past its own array. */
    subarray: (self, [from, to]) => {
      const view = self as ViewValue;
      const start = position(engine, from, view.length, 0);
      const end = position(engine, to ?? undefined, view.length, view.length);
      const offset = view.offset + start * view.element.bytes;
      engine.charge(1);
      return new ViewValue(view.element, view.buffer ?? view, offset, Math.max(0, end - start));
    },
    slice: (self, [from, to]) => {
      const view = self as ViewValue;
      const start = Math.min(position(engine, from, view.length, 0), view.length);
      const end = Math.min(position(engine, to, view.length, view.length), view.length);
      const elements: Value[] = [];
      for (let i = start; i < end; i++) elements.push(getElement(view, i));
      return engine.newArray(elements);
    },
    join: (self, [separator]) =>
      engine.join(self as ViewValue, separator === undefined ? ',' : toText(engine, separator)),
    toString: (self: Value) => engine.join(self as ViewValue, ','),
  });
}

function installBulk(engine: Engine): void {
  addInstance(engine, 'ArrayBufferView', {
    set: (self, [source, at]) => {
      const view = self as ViewValue;
      const start = toInteger(engine, at);
      if (!(source instanceof ArrayValue) && !(source instanceof ViewValue) && !isText(source)) {
        return engine.raise('Error', `First argument must be Array, not ${engine.className(source)}`);
      }
      let index = start;
      for (const value of elementsOf(engine, source)) storeElement(engine, view, { index: index++, value });
      return undefined;
    },
    fill: (self, [value, from, to]) => {
      const view = self as ViewValue;
      const start = position(engine, from, view.length, 0);
      const end = Math.min(position(engine, to, view.length, view.length), view.length);
      for (let index = start; index < end; index++) storeElement(engine, view, { index, value });
      return self;
    },
    reverse: self => {
      const view = self as ViewValue;
      const values = Array.from({ length: view.length }, (_, i) => getElement(view, i)).reverse();
      values.forEach((value, index) => {
        storeElement(engine, view, { index, value });
      });
      return self;
    },
    sort: (self, [compare]) => {
      const view = self as ViewValue;
      const values: Value[] = Array.from({ length: view.length }, (_, i) => getElement(view, i));
      sortValues(
        engine,
        values,
        compare ?? engine.native('order', (_self, [a, b]) => toFloat(engine, a) - toFloat(engine, b)),
      );
      values.forEach((value, index) => {
        storeElement(engine, view, { index, value });
      });
      return self;
    },
  });
}
