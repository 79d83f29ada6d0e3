/** Members of values: own slots, then prototypes that the program made, then the built-in tables. */
import { className, isText, textOf, toFloat, toInteger } from './convert.ts';
import type { Engine } from './engine.ts';
import { getHidden, setHidden } from './property.hidden.ts';
import {
  Accessor,
  ArrayValue,
  Callable,
  HIDDEN,
  ObjectValue,
  UNDECLARED,
  type Value,
  ViewValue,
} from './value.ts';
import { getElement, setElement } from './view.ts';

export type Key = number | string;

/** Own value, accessor not run; UNDECLARED when there is none. */
export function getOwn(object: ObjectValue, key: Key): Value {
  if (object instanceof ArrayValue && typeof key === 'number') {
    return key in object.elements ? object.elements[key] : UNDECLARED;
  }
  const text = typeof key === 'number' ? String(key) : key;
  const value = object.slots.get(text);
  if (value !== undefined || object.slots.has(text)) return value;
  if (text === '__proto__' && object.proto !== undefined) return object.proto;
  if (object instanceof Callable && text.startsWith(HIDDEN)) return getHidden(object, text);
  return UNDECLARED;
}

/** Own, inherited and built-in members alike; accessor not run. */
export function findMember(engine: Engine, object: Value, key: Key): Value {
  if (object instanceof ObjectValue) {
    const own = getOwn(object, key);
    if (own !== UNDECLARED) return own;
    if (key === 'prototype' && object instanceof Callable) return engine.makePrototype(object);
    const inherited = findInherited(engine, object, key);
    if (inherited !== UNDECLARED) return inherited;
  } else {
    const inherited = findBasic(engine, className(object), key);
    if (inherited !== UNDECLARED) return inherited;
  }
  const native = engine.findNative(object, String(key));
  if (native !== UNDECLARED) return native;
  return key === '__proto__' ? engine.basicPrototype(object) : UNDECLARED;
}

function findInherited(engine: Engine, object: ObjectValue, key: Key): Value {
  if (object instanceof ArrayValue || object instanceof Callable) return findBasic(engine, object.kind, key);
  let seen = 0;
  let proto: Value = object.proto;
  while (proto instanceof ObjectValue) {
    const value = getOwn(proto, key);
    if (value !== UNDECLARED) return value;
    if (++seen > 1000) return UNDECLARED;
    if (proto instanceof ArrayValue || proto instanceof Callable) return findBasic(engine, proto.kind, key);
    proto = proto.proto;
  }
  const base = engine.userPrototype('Object');
  return base && base !== object ? getOwn(base, key) : UNDECLARED;
}

/** Prototypes of built-in classes become variables when a member of such a value is first looked for. */
function findBasic(engine: Engine, name: string, key: Key): Value {
  for (let each: string | undefined = name; each; each = engine.basicParent(each)) {
    const proto = engine.makeBasic(each);
    if (!proto) continue;
    const value = getOwn(proto, key);
    if (value !== UNDECLARED) return value;
  }
  return UNDECLARED;
}

function finish(engine: Engine, found: Value, self: Value): Value {
  if (found === UNDECLARED) return undefined;
  if (!(found instanceof Accessor)) return found;
  return found.getter ? engine.call(found.getter, self, []) : undefined;
}

/** `object.name`. */
export function getMember(engine: Engine, object: Value, name: string): Value {
  if (object === undefined || object === null) {
    const native = object === null ? engine.findNative(object, name) : UNDECLARED;
    if (native !== UNDECLARED) return native;
    return engine.raise(
      'Error',
      `Can't read property '${name}' of ${object === null ? 'null' : 'undefined'}`,
    );
  }
  return finish(engine, findMember(engine, object, name), object);
}

/** `object[key]`. */
export function getIndex(engine: Engine, object: Value, key: Key): Value {
  if (typeof key === 'number') {
    if (object instanceof ViewValue) return getElement(object, key);
    if (object instanceof ArrayValue) {
      const value = object.elements[key];
      if (value !== undefined) return value;
    }
    if (isText(object)) return engine.charAt(textOf(object), key, object);
  }
  const found = object === undefined || object === null ? UNDECLARED : findMember(engine, object, key);
  if (found === UNDECLARED && !(object instanceof ObjectValue)) return cannotCreate(engine, object, key);
  return finish(engine, found, object);
}

function cannotCreate(engine: Engine, object: Value, key: Key): never {
  const name = engine.quote(String(key));
  return engine.raise(
    'Error',
    `Field or method ${name} does not already exist, and can't create it on ${className(object)}`,
  );
}

/** `object.name = value` and `object[key] = value`; returns what the firmware's expression gives. */
export function setMember(engine: Engine, object: Value, key: Key, value: Value): Value {
  if (object instanceof ViewValue) return setViewMember(engine, object, key, value);
  if (object instanceof ObjectValue) {
    if (object instanceof ArrayValue && typeof key === 'number') {
      setArrayElement(engine, object, key, value);
      return value;
    }
    const text = typeof key === 'number' ? String(key) : key;
    if (object.slots.has(text)) {
      const own = object.slots.get(text);
      if (own instanceof Accessor) return runSetter(engine, own, object, value);
      engine.checkConstant(object, text);
      object.slots.set(text, value);
      return value;
    }
    setNew(engine, object, text, value);
    return value;
  }
  if (isText(object)) {
    if (typeof key === 'number' && key < textOf(object).length) {
      return engine.raise('Error', 'Unable to assign value to non-reference String');
    }
    return value;
  }
  return cannotCreate(engine, object, key);
}

function setViewMember(engine: Engine, view: ViewValue, key: Key, value: Value): Value {
  if (typeof key !== 'number') return cannotCreate(engine, view, key);
  setElement(
    view,
    key,
    view.element.type === 'float' ? toFloat(engine, value) : elementNumber(engine, value),
  );
  return getElement(view, key);
}

/** Integers reach a typed array through the integer conversion of their own type. */
export function elementNumber(engine: Engine, value: Value): number {
  return typeof value === 'number' ? value : toInteger(engine, value);
}

export function setArrayElement(engine: Engine, array: ArrayValue, index: number, value: Value): void {
  if (!(index in array.elements)) engine.charge(2);
  array.elements[index] = value;
}

function runSetter(engine: Engine, accessor: Accessor, self: Value, value: Value): Value {
  if (accessor.setter) engine.call(accessor.setter, self, [value]);
  return value;
}

function setNew(engine: Engine, object: ObjectValue, key: string, value: Value): void {
  if (key === 'length' && object instanceof ArrayValue) engine.raise('TypeError', 'Assignment to a constant');
  if (key === '__proto__') {
    engine.charge(1);
    object.proto = value;
    return;
  }
  if (object instanceof Callable && key.startsWith(HIDDEN) && setHidden(object, key, value)) return;
  if (object.proto instanceof ObjectValue) {
    const inherited = findInherited(engine, object, key);
    if (inherited instanceof Accessor) return void runSetter(engine, inherited, object, value);
  }
  engine.charge(2);
  object.slots.set(key, value);
}

/** Adds or replaces an own value without running setters (literals, declarations). */
export function defineMember(engine: Engine, object: ObjectValue, key: Key, value: Value): void {
  if (object instanceof ArrayValue && typeof key === 'number') {
    setArrayElement(engine, object, key, value);
    return;
  }
  const text = typeof key === 'number' ? String(key) : key;
  if (text === '__proto__') object.proto = value;
  else object.slots.set(text, value);
  engine.charge(2);
}

export function deleteMember(object: ObjectValue, key: Key): boolean {
  if (object instanceof ArrayValue && typeof key === 'number') {
    if (!(key in object.elements)) return false;
    delete object.elements[key];
    return true;
  }
  if (key === '__proto__' && object.proto !== undefined) {
    object.proto = undefined;
    return true;
  }
  return object.slots.delete(String(key));
}

/** Keys that a program may see, in the firmware's order. */
export function visibleKeys(object: Value): Key[] {
  if (isText(object)) return indexes(textOf(object).length);
  if (object instanceof ViewValue) return indexes(object.length);
  if (!(object instanceof ObjectValue)) return [];
  const keys: Key[] = [];
  if (object instanceof ArrayValue) for (const key of Object.keys(object.elements)) keys.push(Number(key));
  for (const key of object.slots.keys()) {
    if (!isInternalKey(object, key)) keys.push(key);
  }
  return keys;
}

function indexes(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** The same while a program changes the object: keys added meanwhile are met. */
export function* liveKeys(object: Value): Generator<Key> {
  if (!(object instanceof ObjectValue)) {
    yield* visibleKeys(object);
    return;
  }
  if (object instanceof ArrayValue) {
    for (let i = 0; i < object.elements.length; i++) if (i in object.elements) yield i;
  }
  for (const key of object.slots.keys()) if (!isInternalKey(object, key)) yield key;
}

function isInternalKey(object: ObjectValue, key: string): boolean {
  if (object instanceof ArrayValue) return false;
  if (key.startsWith(HIDDEN)) return true;
  return key === 'constructor' && !(object instanceof Callable);
}
