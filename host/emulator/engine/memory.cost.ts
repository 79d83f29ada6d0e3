/** The walk that adds up what the values of a program cost in variables: host/build/memory.ts says what each costs. */
import { type Costs, costsOf } from '../../build/memory.ts';
import { type Frame, Scope } from './scope.ts';
import {
  Accessor,
  ArrayValue,
  FunctionValue,
  NativeValue,
  ObjectValue,
  Store,
  TextValue,
  UNDECLARED,
  type Value,
  ViewValue,
} from './value.ts';

const SHARED_CHARACTERS_MIN = 24;

export class Walk {
  variables = 0;
  readonly seen: Set<unknown> = new Set();
  readonly #pending: unknown[] = [];
  readonly #costs: Costs;

  constructor(variableBytes: number) {
    this.#costs = costsOf(variableBytes);
  }

  visit(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.seen.has(value)) return;
    this.seen.add(value);
    this.#pending.push(value);
  }

  run(): void {
    for (let value = this.#pending.pop(); value !== undefined; value = this.#pending.pop())
      this.#count(value);
  }

  frame(frame: Frame): void {
    this.visit(frame.scope);
    this.visit(frame.self);
    for (const each of frame.args) this.visit(each);
    this.visit(frame.result);
  }

  /** A named value: the name's own variables, plus the value's unless it fits the name. */
  named(name: string, value: Value): void {
    this.variables += this.#costs.name(name.length);
    this.#value(value, name === '' ? 'index' : 'text');
  }

  #value(value: Value, name: 'index' | 'text'): void {
    switch (typeof value) {
      case 'number':
      case 'boolean':
        if (!this.#costs.holds(value, name)) this.variables++;
        return;
      case 'string':
        this.#characters(value);
        return;
    }
    if (value === null) this.variables++;
    else this.visit(value);
  }

  /** A long text that appears twice is most likely one variable with two names. */
  #characters(text: string): void {
    if (text.length > SHARED_CHARACTERS_MIN && this.seen.has(text)) return;
    this.seen.add(text);
    this.variables += this.#costs.string(text.length);
  }

  #count(value: unknown): void {
    if (value instanceof Scope) this.#scope(value);
    else if (value instanceof ViewValue) this.#view(value);
    else if (value instanceof Store) this.#store(value);
    else if (value instanceof Accessor) this.#accessor(value);
    else if (value instanceof TextValue) this.#text(value);
    else if (value instanceof ObjectValue) this.#object(value);
    else if (Array.isArray(value)) for (const each of value) this.#value(each, 'text');
  }

  #accessor(value: Accessor): void {
    this.variables++;
    if (value.getter) this.named('get', value.getter);
    if (value.setter) this.named('set', value.setter);
  }

  #object(value: ObjectValue): void {
    if (!(value instanceof NativeValue) || value.slots.size > 0) this.variables++;
    if (value instanceof ArrayValue) for (const key in value.elements) this.named('', value.elements[key]);
    if (value instanceof FunctionValue) this.#function(value);
    if (value.kind === 'Date') this.variables++;
    if (value.proto !== undefined) this.named('__proto__', value.proto);
    for (const [name, each] of value.slots) this.named(name, each);
  }

  #function(value: FunctionValue): void {
    const { code } = value;
    for (const name of code.parameters) this.variables += this.#costs.name(name.length + 1);
    if (code.source === '') return;
    this.variables += 1 + (code.inFlash ? 1 : this.#costs.string(code.source.length));
    if (code.name !== undefined) this.named('\xffnam', code.name);
    if (value.bound !== UNDECLARED) this.named('\xffths', value.bound);
    if (value.scope) {
      this.variables++;
      this.visit(value.scope);
    }
    for (const each of value.boundArguments ?? []) this.named('', each);
  }

  #scope(scope: Scope): void {
    this.variables++;
    scope.values.forEach((value, i) => {
      if (value !== UNDECLARED) this.named(scope.shape.names[i]!, value);
    });
    if (scope.outer) this.visit(scope.outer);
  }

  #view(value: ViewValue): void {
    this.variables++;
    this.visit(value.buffer ?? value.store);
  }

  #store(store: Store): void {
    const bytes = store.bytes.length;
    if (store.place === 'native') this.variables++;
    else if (store.place === 'flat') this.variables += this.#costs.flat(bytes);
    else this.variables += this.#costs.string(bytes);
  }

  #text(value: TextValue): void {
    if (value.store) this.visit(value.store);
    else this.variables += 1 + this.#costs.string(Buffer.byteLength(value.text()));
  }
}

/** E.getSizeOf: variables of a value and all that it reaches. */
export function costOfValue(value: Value, variableBytes: number): number {
  const walk = new Walk(variableBytes);
  walk.named('', value);
  walk.run();
  return Math.max(1, walk.variables - 1);
}
