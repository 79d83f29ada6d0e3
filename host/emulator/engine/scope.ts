/** Scopes at run time, and the code of functions: names are resolved once, when a function is first compiled. */
import type { Statement } from './tree.ts';
import { UNDECLARED, type Value } from './value.ts';

/** The names that a scope may come to hold; a name exists only once its declaration has run. */
export class Shape {
  readonly names: string[] = [];
  readonly index: Map<string, number> = new Map();
  readonly constants: Set<number> = new Set();
  readonly outer: Shape | null;
  readonly isFunction: boolean;

  constructor(outer: Shape | null, isFunction: boolean) {
    this.outer = outer;
    this.isFunction = isFunction;
  }

  add(name: string): number {
    const known = this.index.get(name);
    if (known !== undefined) return known;
    this.index.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }
}

export class Scope {
  readonly shape: Shape;
  readonly outer: Scope | null;
  readonly values: Value[];

  constructor(shape: Shape, outer: Scope | null) {
    this.shape = shape;
    this.outer = outer;
    const count = shape.names.length;
    const values: Value[] = new Array(count);
    for (let i = 0; i < count; i++) values[i] = UNDECLARED;
    this.values = values;
  }
}

/** One activation: what the closures of a function body work on. */
export interface Frame {
  scope: Scope | null;
  /** The function's own scope, where var and function declarations land; null at the top level. */
  base: Scope | null;
  self: Value;
  args: Value[];
  result: Value;
  /** Bytes of C stack in use where this activation began. */
  stackBytes: number;
}

export type Evaluate = (frame: Frame) => Value;
/** 0 normal, 1 break, 2 continue, 3 return. */
export type Execute = (frame: Frame) => number;

export interface FunctionCode {
  readonly source: string;
  readonly parameters: readonly string[];
  readonly name: string | undefined;
  readonly isArrow: boolean;
  /** The body is one expression whose value is returned (an arrow, or a body that begins with return). */
  readonly isReturn: boolean;
  readonly usesThis: boolean;
  /** Where the body begins, for messages. */
  readonly line: number;
  /** The code came from memory-mapped flash: the body costs one variable. */
  readonly inFlash: boolean;
  readonly shapeOuter: Shape | null;
  compiled: CompiledFunction | undefined;
  statements?: Statement[];
}

export interface CompiledFunction {
  readonly shape: Shape;
  readonly body: Execute;
  readonly argumentsIndex: number;
  readonly nameIndex: number;
  readonly parameterIndexes: readonly number[];
}
