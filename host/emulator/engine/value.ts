/** The values that a program can hold: host primitives, and these classes for everything with an identity. */
import type { FunctionCode, Scope } from './scope.ts';

export type Value = unknown;

/** A name that exists but holds nothing yet: never seen by programs. */
export const UNDECLARED: unique symbol = Symbol('undeclared');

export class Accessor {
  getter: Callable | undefined;
  setter: Callable | undefined;
}

export class ObjectValue {
  readonly slots: Map<string, Value> = new Map();
  /** undefined: nothing was set, the built-in prototype applies. */
  proto: Value = undefined;
  /** What the built-in tables call this object ('Object', 'Error', 'Date', 'Math' ...). */
  kind: string;
  /** State that belongs to a built-in (a date's time, a promise's state); programs cannot see it. */
  inner: unknown = undefined;
  /** Members that may not be assigned. */
  constants: Set<string> | undefined;

  constructor(kind = 'Object') {
    this.kind = kind;
  }
}

export class ArrayValue extends ObjectValue {
  /** Holes are the host's holes: an index is a variable only when `index in elements`. */
  elements: Value[];

  constructor(elements: Value[] = []) {
    super('Array');
    this.elements = elements;
  }
}

export abstract class Callable extends ObjectValue {
  constructor() {
    super('Function');
  }
}

export class FunctionValue extends Callable {
  code: FunctionCode;
  scope: Scope | null;
  /** `this` that was bound or captured; UNDECLARED when the caller decides. */
  bound: Value = UNDECLARED;
  boundArguments: Value[] | undefined;

  constructor(code: FunctionCode, scope: Scope | null) {
    super();
    this.code = code;
    this.scope = scope;
  }
}

export type NativeBody = (self: Value, args: Value[]) => Value;

export class NativeValue extends Callable {
  body: NativeBody;
  readonly name: string;
  bound: Value = UNDECLARED;
  boundArguments: Value[] | undefined;
  /** Builds an instance for `new`; without it `new` calls the body on a fresh object. */
  construct: ((args: Value[]) => Value) | undefined;

  constructor(name: string, body: NativeBody) {
    super();
    this.name = name;
    this.body = body;
  }
}

/** Bytes behind array buffers and behind strings that live at an address. */
export class Store {
  bytes: Uint8Array;
  /** Address of the first byte on the board; 0 when the bytes are not contiguous there. */
  address: number;
  readonly place: 'vars' | 'flat' | 'native';
  /** Text appended to a non-flat store does not move it; only its cost changes. */
  constructor(bytes: Uint8Array, address: number, place: 'vars' | 'flat' | 'native') {
    this.bytes = bytes;
    this.address = address;
    this.place = place;
  }
}

/** A string whose characters live in a store (flash, or a flat array's own bytes) or are Unicode. */
export class TextValue {
  readonly store: Store | undefined;
  readonly #unicode: string | undefined;

  constructor(from: Store | string) {
    if (typeof from === 'string') this.#unicode = from;
    else this.store = from;
  }

  get isUnicode(): boolean {
    return this.#unicode !== undefined;
  }

  /** Characters as a host string: code points of a Unicode string, bytes otherwise. */
  text(): string {
    return this.#unicode ?? latin1(this.store!.bytes);
  }
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export interface ElementKind {
  readonly name: string;
  readonly bytes: number;
  readonly type: 'unsigned' | 'signed' | 'float';
}

/** An ArrayBuffer (kind ArrayBuffer, buffer null) or a typed array, a view that is never checked against its store. */
export class ViewValue {
  readonly element: ElementKind;
  readonly store: Store;
  readonly offset: number;
  readonly length: number;
  readonly buffer: ViewValue | null;

  constructor(element: ElementKind, buffer: ViewValue | Store, offset: number, length: number) {
    this.element = element;
    this.buffer = buffer instanceof ViewValue ? buffer : null;
    this.store = buffer instanceof ViewValue ? buffer.store : buffer;
    this.offset = offset;
    this.length = length;
  }
}

export const HIDDEN = '\xff';
