/** Between the emulator and the values of an engine: bytes in and out, members, calls, events, promises. */

import { newBuffer } from './engine/builtin.view.ts';
import { bytesOf } from './engine/bytes.ts';
import { isText, textOf, toFloat, toInteger, toText } from './engine/convert.ts';
import type { Engine } from './engine/engine.ts';
import { CONSOLE_FORM, printValue } from './engine/print.ts';
import { getMember } from './engine/property.ts';
import { ArrayValue, Callable, latin1, ObjectValue, type Value, ViewValue } from './engine/value.ts';
import { UINT8 } from './engine/view.ts';

/** The bytes of a value as the firmware's functions take them: of a view its pointer and its number of elements. */
export function chars(
  engine: Engine,
  value: Value,
  memory: Uint8Array,
): { readonly bytes: Uint8Array; readonly address: number } {
  if (value instanceof ViewValue && value.store.address) {
    const address = value.store.address + value.offset;
    // Neither the size of elements nor the end of the array is looked at: what lies behind comes along.
    return { bytes: memory.slice(address, address + value.length), address };
  }
  // One JsVar holds it all: what lies behind that is not modelled.
  if (value instanceof ViewValue && value.store.bytes.length <= engine.heap.costs.stringChars) {
    const bytes = new Uint8Array(value.length);
    bytes.set(value.store.bytes.subarray(value.offset, value.offset + value.length));
    return { bytes, address: 0 };
  }
  return { bytes: Uint8Array.from(bytesOf(engine, value)), address: 0 };
}

export const text = (bytes: Uint8Array): string => latin1(bytes);

export function arrayBuffer(engine: Engine, bytes: Uint8Array): ViewValue {
  const buffer = newBuffer(engine, bytes.length);
  buffer.store.bytes.set(bytes);
  return buffer;
}

export const uint8Array = (engine: Engine, bytes: Uint8Array): ViewValue =>
  new ViewValue(UINT8, arrayBuffer(engine, bytes), 0, bytes.length);

/** By the program's own constructor, as the firmware makes one. */
export const dataView = (engine: Engine, bytes: Uint8Array): Value =>
  engine.construct(engine.builtins.get('DataView') as Callable, [arrayBuffer(engine, bytes)], 0);

export function object(
  engine: Engine,
  members: Readonly<Record<string, Value>>,
  kind = 'Object',
): ObjectValue {
  const made = kind === 'Object' ? engine.newObject() : new ObjectValue(kind);
  for (const [name, value] of Object.entries(members)) if (value !== undefined) made.slots.set(name, value);
  engine.charge(2 * made.slots.size);
  return made;
}

export const array = (engine: Engine, elements: Value[]): ArrayValue => engine.newArray(elements);

/** A member, or nothing where the value has none. */
export const member = (engine: Engine, value: Value, name: string): Value =>
  value instanceof ObjectValue ? getMember(engine, value, name) : undefined;

export const isTrue = (engine: Engine, value: Value): boolean => engine.isTrue(value);
export const integer = (engine: Engine, value: Value): number => toInteger(engine, value);
export const float = (engine: Engine, value: Value): number => toFloat(engine, value);
export const string = (engine: Engine, value: Value): string =>
  isText(value) ? textOf(value) : toText(engine, value);
export const isString = (value: Value): boolean => isText(value);

/** A global, or a member of one: `E`, `E.toJS`. */
export function script(engine: Engine, path: string): Value {
  const [head, ...rest] = path.split('.');
  return rest.reduce<Value>((value, name) => getMember(engine, value, name), engine.readGlobal(head!));
}

/** As part of a running program: what it throws goes through. */
export const call = (engine: Engine, callee: Value, self: Value, args: Value[]): Value =>
  engine.call(callee, self, args);

const eventKey = (event: string) => `#on${event}`;

/** Lets the handlers of an event run when the program is idle; true where there is one. */
export function emit(engine: Engine, target: Value, event: string, args: Value[]): boolean {
  const handlers = target instanceof ObjectValue ? target.slots.get(eventKey(event)) : undefined;
  if (handlers === undefined) return false;
  engine.queueEvent(target, handlers, args);
  return true;
}

/** What the console shows of a value. */
export const printed = (engine: Engine, value: Value): string =>
  printValue(engine, value, { ...CONSOLE_FORM, limited: true });

/** Members of an object as the host has them. */
export const readObject = (value: Value): Record<string, unknown> | undefined =>
  value instanceof ObjectValue ? (Object.fromEntries(value.slots) as Record<string, unknown>) : undefined;

export interface Deferred {
  readonly promise: Value;
  resolve(value: Value): void;
  reject(reason: Value): void;
}

/** A promise of the program that the firmware keeps or breaks. */
export function defer(engine: Engine): Deferred {
  let settle: Value[] = [];
  const executor = engine.native('executor', (_self, args) => {
    settle = args;
    return undefined;
  });
  const promise = engine.construct(engine.builtins.get('Promise') as Callable, [executor], 0);
  return {
    promise,
    resolve: value => void engine.invoke(settle[0], [value]),
    reject: reason => void engine.invoke(settle[1], [reason]),
  };
}

/** A value as the host has it, for tests: objects and arrays as such, bytes as Uint8Array, functions not at all. */
export function toHost(value: Value): unknown {
  if (isText(value)) return textOf(value);
  if (value instanceof ViewValue)
    return Uint8Array.from({ length: value.length }, (_, i) => value.store.bytes[value.offset + i] ?? 0);
  if (value instanceof ArrayValue) return value.elements.map(toHost);
  if (value instanceof Callable) return undefined;
  if (value instanceof ObjectValue)
    return Object.fromEntries(
      [...value.slots].filter(([name]) => !name.startsWith('#')).map(([name, each]) => [name, toHost(each)]),
    );
  return value;
}
