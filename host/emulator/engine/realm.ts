/** Globals, built-in tables and prototypes of one engine. */
import { className, toBoolean } from './convert.ts';
import type { Engine } from './engine.ts';
import { getOwn } from './property.ts';
import {
  Accessor,
  ArrayValue,
  Callable,
  type FunctionValue,
  NativeValue,
  ObjectValue,
  UNDECLARED,
  type Value,
  ViewValue,
} from './value.ts';

/** A built-in that is computed when it is read (length, PI). */
export class Computed {
  readonly read: (self: Value) => Value;
  constructor(read: (self: Value) => Value) {
    this.read = read;
  }
}

export type Table = Map<string, Value | Computed>;

/** Places are not modelled. */
const STACK = '    at (:1:1)\n';

const VIEW_PARENT = 'ArrayBufferView';

export abstract class Realm {
  readonly global = new ObjectValue('Global');
  /** Members of instances, by class name. */
  readonly instanceTables: Map<string, Table> = new Map();
  /** Members of the class itself, by class name. */
  readonly staticTables: Map<string, Table> = new Map();
  /** Built-in globals: functions and classes; not variables until a program touches them. */
  readonly builtins: Map<string, Value | Computed> = new Map();
  objectToString: Value = undefined;

  protected get engine(): Engine {
    return this as unknown as Engine;
  }

  readGlobal(name: string): Value {
    const { slots } = this.global;
    const value = slots.get(name);
    if (value !== undefined) return value instanceof Accessor ? this.#runGetter(value) : value;
    if (slots.has(name)) return undefined;
    const builtin = this.builtins.get(name);
    if (builtin === undefined) return this.builtins.has(name) ? undefined : UNDECLARED;
    if (builtin instanceof Computed) return builtin.read(this.global);
    this.touch(name, builtin);
    return builtin;
  }

  /** Classes and libraries become global variables when a program first names them; functions do not. */
  touch(name: string, builtin: Value): void {
    if (this.global.slots.has(name) || !this.isObjectName(name)) return;
    this.engine.charge(2);
    this.global.slots.set(name, builtin);
  }

  isObjectName(name: string): boolean {
    const builtin = this.builtins.get(name);
    return builtin instanceof ObjectValue && this.staticTables.has(name);
  }

  #runGetter(accessor: Accessor): Value {
    return accessor.getter ? this.engine.call(accessor.getter, this.global, []) : undefined;
  }

  writeGlobal(name: string, value: Value): void {
    const { slots } = this.global;
    if (slots.has(name)) {
      if (this.global.constants?.has(name)) this.engine.raise('TypeError', 'Assignment to a constant');
      const present = slots.get(name);
      if (present instanceof Accessor) {
        if (present.setter) this.engine.call(present.setter, this.global, [value]);
        return;
      }
    } else {
      const builtin = this.builtins.get(name);
      if (builtin instanceof NativeValue && !this.isObjectName(name)) {
        this.engine.raise('Error', `Unable to assign value to non-reference ${className(builtin)}`);
      }
      this.engine.charge(2);
    }
    slots.set(name, value);
  }

  declareGlobal(name: string, value: Value, isConstant: boolean): void {
    const { slots } = this.global;
    if (this.global.constants?.has(name) && slots.has(name))
      this.engine.raise('TypeError', 'Assignment to a constant');
    if (!slots.has(name)) this.engine.charge(2);
    slots.set(name, value);
    if (!isConstant) return;
    this.global.constants ??= new Set();
    this.global.constants.add(name);
  }

  deleteGlobal(name: string): boolean {
    this.global.constants?.delete(name);
    return this.global.slots.delete(name);
  }

  checkConstant(object: ObjectValue, name: string): void {
    if (object.constants?.has(name)) this.engine.raise('TypeError', 'Assignment to a constant');
  }

  basicParent(name: string): string | undefined {
    if (name === 'Object') return undefined;
    return name.endsWith('Array') && name !== 'Array' ? VIEW_PARENT : 'Object';
  }

  /** The prototype object of a built-in class, if a program has made the firmware create it. */
  userPrototype(name: string): ObjectValue | undefined {
    const maker = this.global.slots.get(name) ?? this.builtins.get(name);
    if (!(maker instanceof Callable)) return undefined;
    const proto = maker.slots.get('prototype');
    return proto instanceof ObjectValue ? proto : undefined;
  }

  basicPrototype(value: Value): Value {
    return this.makeBasic(className(value)) ?? UNDECLARED;
  }

  /** The prototype of a built-in class, made a variable if it is not one yet. */
  makeBasic(name: string): ObjectValue | undefined {
    const present = this.global.slots.get(name);
    const builder = present ?? this.builtins.get(name);
    if (!(builder instanceof Callable)) return undefined;
    const proto = builder.slots.get('prototype');
    if (proto instanceof ObjectValue) return proto;
    this.touch(name, builder);
    // A class that the program had named before gets a prototype without maker.
    return present === undefined ? this.ensurePrototype(builder) : this.makePrototype(builder);
  }

  /** As reading `.prototype` makes it: without maker. */
  makePrototype(of: Callable): ObjectValue {
    const present = of.slots.get('prototype');
    if (present instanceof ObjectValue) return present;
    const proto = this.engine.newObject();
    of.slots.set('prototype', proto);
    this.engine.charge(1);
    return proto;
  }

  /** As construction makes it: with maker. */
  ensurePrototype(of: Callable): ObjectValue {
    const proto = this.makePrototype(of);
    if (proto.slots.get('constructor') !== of) {
      proto.slots.set('constructor', of);
      this.engine.charge(1);
    }
    return proto;
  }

  /** The prototype of an instance that the firmware makes. */
  instancePrototype(name: string): ObjectValue | undefined {
    const proto = this.makeBasic(name);
    const builder = this.global.slots.get(name);
    return builder instanceof Callable ? this.ensurePrototype(builder) : proto;
  }

  /** A member from the built-in tables, or UNDECLARED. */
  findNative(value: Value, name: string): Value {
    let found: Value | Computed;
    if (value instanceof NativeValue) found = this.staticTables.get(value.name)?.get(name);
    const kind = className(value);
    if (value === this.global) found = this.builtins.get(name);
    if (kind === 'Object') found ??= this.#findOfClass(value as ObjectValue, name);
    else {
      const isView = value instanceof ViewValue && kind !== 'ArrayBuffer';
      found ??= this.instanceTables.get(isView ? VIEW_PARENT : kind)?.get(name);
    }
    found ??= this.instanceTables.get('Object')?.get(name);
    if (found === undefined) return UNDECLARED;
    return found instanceof Computed ? found.read(value) : found;
  }

  /** Instances of built-in classes are known by their maker, libraries by their kind. */
  #findOfClass(value: ObjectValue, name: string): Value | Computed {
    const maker = value.proto instanceof ObjectValue ? getOwn(value.proto, 'constructor') : undefined;
    const kind = maker instanceof NativeValue ? maker.name : value.kind;
    return this.instanceTables.get(kind)?.get(name) ?? this.staticTables.get(kind)?.get(name);
  }

  isInstance(value: Value, of: Value): boolean {
    if (!(of instanceof Callable))
      return this.engine.raise('Error', `Expecting function on RHS, got ${className(of)}`);
    const isObject = of === this.builtins.get('Object');
    if (value instanceof ObjectValue && !(value instanceof ArrayValue)) {
      const wanted = of.slots.get('prototype');
      let proto: Value = value.proto;
      for (let i = 0; proto instanceof ObjectValue && i < 1000; i++, proto = proto.proto) {
        if (proto === wanted) return true;
      }
      if (isObject) return true;
    }
    if (this.builtins.get(className(value)) === of) return true;
    return isObject && (value instanceof ArrayValue || value instanceof ViewValue);
  }

  #outside(): never {
    return this.engine.raise('SyntaxError', "Calling 'super' outside of class");
  }

  #grandParent(of: Value): ObjectValue {
    const parent = of instanceof ObjectValue ? of.proto : undefined;
    return parent instanceof ObjectValue ? parent : this.#outside();
  }

  /** What `super` is in a method: found from `this`, so three levels that each override recurse for ever. */
  superPrototype(self: Value): Value {
    if (self instanceof Callable) {
      const parent = this.#grandParent(self.slots.get('prototype'));
      return getOwn(parent, 'constructor');
    }
    if (!(self instanceof ObjectValue) || self instanceof ArrayValue) return this.#outside();
    return this.#grandParent(self.proto);
  }

  superConstructor(self: Value): Callable {
    if (self instanceof Callable) return this.superPrototype(self) as Callable;
    if (!(self instanceof ObjectValue) || self instanceof ArrayValue) return this.#outside();
    const { currentClass } = this.engine;
    const proto = currentClass ? currentClass.slots.get('prototype') : self.proto;
    return getOwn(this.#grandParent(proto), 'constructor') as Callable;
  }

  /** Function.replaceWith, and a second declaration of the same name: the function changes, its references stay. */
  replaceFunction(target: FunctionValue, source: FunctionValue): void {
    const proto = target.slots.get('prototype');
    target.code = source.code;
    if (!target.scope) target.scope = source.scope;
    target.bound = source.bound;
    target.slots.clear();
    for (const [name, value] of source.slots) if (name !== 'prototype') target.slots.set(name, value);
    if (proto !== undefined) target.slots.set('prototype', proto);
  }

  newError(type: string, message: Value): ObjectValue {
    const error = new ObjectValue(type);
    const maker = this.builtins.get(type);
    if (maker instanceof Callable) error.proto = this.instancePrototype(type);
    if (message !== undefined) error.slots.set('message', message);
    error.slots.set('type', type);
    error.slots.set('stack', STACK);
    this.engine.charge(8);
    return error;
  }

  isTrue(value: Value): boolean {
    return toBoolean(value);
  }
}
