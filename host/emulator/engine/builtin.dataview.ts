/** DataView: no bounds are checked. */
import { addClass, addInstance, type Members } from './builtin.ts';
import { toBoolean, toFloat, toInteger } from './convert.ts';
import type { Engine } from './engine.ts';
import { elementNumber } from './property.ts';
import { type ElementKind, ObjectValue, type Value, ViewValue } from './value.ts';
import { ELEMENT_KINDS, readBytes, writeBytes } from './view.ts';

interface Window {
  view: ViewValue;
  offset: number;
}

export function installDataView(engine: Engine): void {
  addClass(engine, 'DataView', (_self, args) => newDataView(engine, args));
  const members: Members = {};
  for (const kind of ELEMENT_KINDS) {
    if (kind.name === 'Uint8ClampedArray' || kind.name === 'Uint24Array') continue;
    const name = kind.name.replace('Array', '');
    members[`get${name}`] = (self, [at, isLittle]) => {
      const place = placeOf(engine, self, { at, isLittle });
      return readBytes(place.store, place.at, kind, place.isLittle);
    };
    members[`set${name}`] = (self, [at, value, isLittle]) => {
      const place = placeOf(engine, self, { at, isLittle });
      writeBytes({ ...place, element: kind }, numberFor(engine, kind, value));
      return undefined;
    };
  }
  addInstance(engine, 'DataView', members);
}

function numberFor(engine: Engine, kind: ElementKind, value: Value): number {
  return kind.type === 'float' ? toFloat(engine, value) : elementNumber(engine, value);
}

function placeOf(engine: Engine, self: Value, { at, isLittle }: { at: Value; isLittle: Value }) {
  const { view, offset } = (self as ObjectValue).inner as Window;
  return {
    store: view.store,
    at: view.offset + offset + toInteger(engine, at),
    isLittle: toBoolean(isLittle),
  };
}

function newDataView(engine: Engine, [buffer, offset, length]: Value[]): Value {
  if (!(buffer instanceof ViewValue)) {
    return engine.raise('Error', `Expecting ArrayBuffer, got ${engine.className(buffer)}`);
  }
  const from = offset === undefined ? 0 : toInteger(engine, offset);
  const object = new ObjectValue('DataView');
  object.proto = engine.instancePrototype('DataView');
  object.inner = { view: buffer, offset: from } satisfies Window;
  object.slots.set('buffer', buffer);
  object.slots.set('byteOffset', from);
  object.slots.set('byteLength', length === undefined ? buffer.length - from : toInteger(engine, length));
  engine.charge(6);
  return object;
}
