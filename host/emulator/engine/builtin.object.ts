/** Object, Function, errors. */
import { installFunctions } from './builtin.function.ts';
import { addClass, addInstance, addStatic } from './builtin.ts';
import { isText, toBoolean, toKey, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { defineMember, getIndex, getOwn, setMember, visibleKeys } from './property.ts';
import {
  Accessor,
  ArrayValue,
  Callable,
  NativeValue,
  ObjectValue,
  UNDECLARED,
  type Value,
  ViewValue,
} from './value.ts';

export function installObjects(engine: Engine): void {
  addClass(engine, 'Object', (_self, [value]) => (value instanceof ObjectValue ? value : engine.newObject()));
  installInstance(engine);
  installStatics(engine);
  installDescriptors(engine);
  installFunctions(engine);
  for (const type of ['Error', 'SyntaxError', 'TypeError', 'InternalError', 'ReferenceError'])
    installError(engine, type);
}

function installError(engine: Engine, type: string): void {
  const make = (message: Value): Value =>
    engine.newError(type, message === undefined ? undefined : toText(engine, message));
  addClass(
    engine,
    type,
    (_self, [message]) => make(message),
    ([message]) => make(message),
  );
  addInstance(engine, type, {
    toString: (self: Value) => {
      if (!(self instanceof ObjectValue)) return 'Error';
      const message = self.slots.get('message');
      const name = toText(engine, self.slots.get('type') ?? 'Error');
      return message === undefined ? name : `${name}: ${toText(engine, message)}`;
    },
  });
}

function installInstance(engine: Engine): void {
  addInstance(engine, 'Object', {
    toString: (self: Value, [radix]: Value[]) => objectToString(engine, self, radix),
    valueOf: (self: Value) => self,
    hasOwnProperty: (self: Value, [name]: Value[]) => {
      const key = toKey(engine, name);
      if (self instanceof ObjectValue) return getOwn(self, key) !== UNDECLARED;
      return false;
    },
    clone: self => clone(engine, self),
  });
  engine.objectToString = engine.instanceTables.get('Object')!.get('toString');
}

function objectToString(engine: Engine, self: Value, radix: Value): Value {
  if (typeof self === 'number' && radix !== undefined) return engine.numberText(self, radix);
  if (self instanceof ObjectValue && !(self instanceof ArrayValue) && !(self instanceof Callable))
    return '[object Object]';
  return toText(engine, self);
}

function clone(engine: Engine, value: Value): Value {
  if (value instanceof ArrayValue) return engine.newArray([...value.elements]);
  if (!(value instanceof ObjectValue) || value instanceof Callable) return value;
  const copy = engine.newObject();
  copy.proto = value.proto;
  for (const [key, each] of value.slots) copy.slots.set(key, each);
  return copy;
}

function keysOf(engine: Engine, value: Value): Value[] {
  if (!(value instanceof ObjectValue) && !(value instanceof ViewValue) && !isText(value)) return [];
  void engine;
  return visibleKeys(value).map(String);
}

function installStatics(engine: Engine): void {
  const values = (of: Value): Value[] => visibleKeys(of).map(key => getIndex(engine, of, key));
  addStatic(engine, 'Object', {
    keys: (_self, [value]) => engine.newArray(keysOf(engine, value)),
    values: (_self, [value]) => engine.newArray(values(value)),
    entries: (_self, [value]) =>
      engine.newArray(
        visibleKeys(value).map(key => engine.newArray([String(key), getIndex(engine, value, key)])),
      ),
    fromEntries: (_self, [entries]) => {
      const object = engine.newObject();
      for (const entry of engine.valuesOf(entries)) {
        defineMember(engine, object, toKey(engine, getIndex(engine, entry, 0)), getIndex(engine, entry, 1));
      }
      return object;
    },
    create: (_self, [proto, descriptors]) => {
      if (!(proto instanceof ObjectValue) && proto !== null) {
        engine.raise(
          'TypeError',
          `Object prototype may only be an Object or null: ${engine.className(proto)}`,
        );
      }
      const object = engine.newObject();
      if (proto instanceof ObjectValue) object.proto = proto;
      if (descriptors instanceof ObjectValue) defineAll(engine, object, descriptors);
      return object;
    },
    assign: (_self, [target, ...sources]) => {
      if (!(target instanceof ObjectValue)) {
        return engine.raise('Error', `Expecting Object, got ${engine.className(target)}`);
      }
      for (const source of sources) {
        for (const key of visibleKeys(source)) setMember(engine, target, key, getIndex(engine, source, key));
      }
      return target;
    },
    getPrototypeOf: (_self, [value]) => {
      const proto = value instanceof ObjectValue ? value.proto : undefined;
      if (proto !== undefined) return proto;
      const basic = engine.basicPrototype(value);
      return basic === UNDECLARED ? undefined : basic;
    },
    setPrototypeOf: (_self, [value, proto]) => {
      if (value instanceof ObjectValue) value.proto = proto;
      return value;
    },
  });
}

function installDescriptors(engine: Engine): void {
  addStatic(engine, 'Object', {
    getOwnPropertyNames: (_self, [value]) => {
      const names = keysOf(engine, value);
      if (value instanceof ArrayValue || isText(value)) names.push('length');
      if (value instanceof NativeValue) names.push(...(engine.staticTables.get(value.name)?.keys() ?? []));
      return engine.newArray(names);
    },
    getOwnPropertyDescriptor: (_self, [value, name]) => descriptorOf(engine, value, name),
    getOwnPropertyDescriptors: (_self, [value]) => {
      const all = engine.newObject();
      for (const key of visibleKeys(value))
        all.slots.set(String(key), descriptorOf(engine, value, String(key)));
      return all;
    },
    defineProperty: (_self, [object, name, descriptor]) => {
      if (!(object instanceof ObjectValue))
        return engine.raise('Error', `First argument must be an object, got ${engine.className(object)}`);
      if (!(descriptor instanceof ObjectValue))
        return engine.raise('Error', 'Property description must be an object');
      define(engine, object, { key: String(toKey(engine, name)), descriptor });
      return object;
    },
    defineProperties: (_self, [object, all]) => {
      if (object instanceof ObjectValue && all instanceof ObjectValue) defineAll(engine, object, all);
      return object;
    },
  });
  addInstance(engine, 'Object', {
    removeAllListeners: () => undefined,
  });
}

function defineAll(engine: Engine, object: ObjectValue, all: ObjectValue): void {
  for (const key of visibleKeys(all)) {
    const descriptor = getIndex(engine, all, key);
    if (descriptor instanceof ObjectValue) define(engine, object, { key: String(key), descriptor });
  }
}

function define(
  engine: Engine,
  object: ObjectValue,
  { key, descriptor }: { key: string; descriptor: ObjectValue },
): void {
  const { slots } = descriptor;
  const getter = slots.get('get');
  const setter = slots.get('set');
  if (getter !== undefined || setter !== undefined) {
    const accessor = new Accessor();
    if (getter instanceof Callable) accessor.getter = getter;
    if (setter instanceof Callable) accessor.setter = setter;
    object.slots.set(key, accessor);
    engine.charge(4);
    return;
  }
  object.constants?.delete(key);
  defineMember(engine, object, toKey(engine, key), slots.get('value'));
  if (!slots.has('writable') || toBoolean(slots.get('writable'))) return;
  object.constants ??= new Set();
  object.constants.add(key);
}

function descriptorOf(engine: Engine, value: Value, name: Value): Value {
  if (!(value instanceof ObjectValue)) return undefined;
  const own = getOwn(value, toKey(engine, name));
  if (own === UNDECLARED) return undefined;
  const result = engine.newObject();
  if (own instanceof Accessor) {
    if (own.getter) result.slots.set('get', own.getter);
    if (own.setter) result.slots.set('set', own.setter);
    return result;
  }
  result.slots.set('writable', true);
  result.slots.set('enumerable', true);
  result.slots.set('configurable', true);
  result.slots.set('value', own);
  return result;
}
