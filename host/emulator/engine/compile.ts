/** The compiler's ground: where a piece of code stands, and how a name is resolved. */
import type { Engine } from './engine.ts';
import type { Evaluate, Frame, Scope, Shape } from './scope.ts';
import { UNDECLARED, type Value } from './value.ts';

/**
 * C stack of constructs around a call, in bytes, as measured on the interpreter's own code for Cortex-M4: a call in a
 * ternary takes 320 a level, in if with var 410, in try and if 440, in switch and brackets 608, in for, if and if 696.
 */
export const STACK_BYTES = {
  ...{ call: 320, native: 120, block: 90, loop: 106, attempt: -60, choice: 68, group: 120, operand: 100 },
};

export interface Place {
  readonly engine: Engine;
  /** The innermost scope's shape; null where only globals are in sight. */
  readonly shape: Shape | null;
  /** Where var and function declarations go; null: globals. */
  readonly base: Shape | null;
  /** Whether let and const are scoped by a block here. */
  readonly inBlock: boolean;
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
  /** Statements of a program, whose last value is its result. */
  readonly isProgram: boolean;
  readonly inFunction: boolean;
  readonly stackBytes: number;
}

export function within(place: Place, bytes: number): Place {
  return { ...place, stackBytes: place.stackBytes + bytes };
}

interface Candidate {
  hops: number;
  index: number;
  isConstant: boolean;
  shape: Shape;
}

function candidates(place: Place, name: string): Candidate[] {
  const found: Candidate[] = [];
  let hops = 0;
  for (let shape = place.shape; shape; shape = shape.outer, hops++) {
    const index = shape.index.get(name);
    if (index !== undefined) found.push({ hops, index, isConstant: shape.constants.has(index), shape });
  }
  return found;
}

function scopeAt(frame: Frame, hops: number): Scope {
  let scope = frame.scope!;
  for (let i = 0; i < hops; i++) scope = scope.outer!;
  return scope;
}

/** A name that eval added to a scope after this code was compiled. */
function findDynamic(frame: Frame, name: string): Scope | null {
  for (let scope = frame.scope; scope; scope = scope.outer) {
    const index = scope.shape.index.get(name);
    if (index !== undefined && index < scope.values.length && scope.values[index] !== UNDECLARED)
      return scope;
  }
  return null;
}

/** Reads a name; UNDECLARED when nothing has it. */
function readOptional(place: Place, name: string): Evaluate {
  const { engine } = place;
  const outside: Evaluate = frame => {
    if (engine.evalUsed) {
      const scope = findDynamic(frame, name);
      if (scope) return scope.values[scope.shape.index.get(name)!];
    }
    return engine.readGlobal(name);
  };
  let read = outside;
  for (const { hops, index } of candidates(place, name).reverse()) {
    const next = read;
    if (hops === 0) {
      read = frame => {
        const value = frame.scope!.values[index];
        return value === UNDECLARED ? next(frame) : value;
      };
    } else if (hops === 1) {
      read = frame => {
        const value = frame.scope!.outer!.values[index];
        return value === UNDECLARED ? next(frame) : value;
      };
    } else {
      read = frame => {
        const value = scopeAt(frame, hops).values[index];
        return value === UNDECLARED ? next(frame) : value;
      };
    }
  }
  return read;
}

export function readName(place: Place, name: string): Evaluate {
  const { engine } = place;
  if (name === 'arguments') return readArguments(place);
  const read = readOptional(place, name);
  return frame => {
    const value = read(frame);
    return value === UNDECLARED
      ? engine.raise('ReferenceError', `${engine.quote(name)} is not defined`)
      : value;
  };
}

/** For typeof: a name that is not there is undefined. */
export function readNameIfAny(place: Place, name: string): Evaluate {
  const read = name === 'arguments' && place.base ? readArguments(place) : readOptional(place, name);
  return frame => {
    const value = read(frame);
    return value === UNDECLARED ? undefined : value;
  };
}

/** `arguments` is an array made at first use and kept in the function's scope. */
function readArguments(place: Place): Evaluate {
  const { engine } = place;
  if (place.base?.isFunction) place.base.add('arguments');
  const read = readOptional(place, 'arguments');
  return frame => {
    const value = read(frame);
    if (value !== UNDECLARED) return value;
    if (!frame.base?.shape.isFunction) {
      return engine.raise('Error', "Can only use 'arguments' variable inside a function");
    }
    const array = engine.newArray([...frame.args]);
    declare(frame.base, 'arguments', array);
    return array;
  };
}

function declare(scope: Scope, name: string, value: Value): void {
  const index = scope.shape.add(name);
  while (scope.values.length <= index) scope.values.push(UNDECLARED);
  scope.values[index] = value;
}

export type Write = (frame: Frame, value: Value) => void;

/** Assigns to the nearest holder of a name, or creates a global. */
export function writeName(place: Place, name: string): Write {
  const { engine } = place;
  let write: Write = (frame, value) => {
    const scope = engine.evalUsed ? findDynamic(frame, name) : null;
    if (scope) scope.values[scope.shape.index.get(name)!] = value;
    else engine.writeGlobal(name, value);
  };
  for (const { hops, index, isConstant } of candidates(place, name).reverse()) {
    const next = write;
    write = (frame, value) => {
      const scope = hops === 0 ? frame.scope! : scopeAt(frame, hops);
      if (scope.values[index] === UNDECLARED) return next(frame, value);
      if (isConstant) engine.raise('TypeError', 'Assignment to a constant');
      scope.values[index] = value;
    };
  }
  return write;
}

/** How a declaration finds its variable: creates it, then assigns. */
export function declareName(place: Place, name: string, type: 'var' | 'let' | 'const'): Write {
  const { engine } = place;
  const isBlock = type !== 'var' && place.inBlock;
  const target = isBlock ? place.shape : place.base;
  if (!target) return (_frame, value) => engine.declareGlobal(name, value, type === 'const');
  const hops = hopsTo(place, target);
  const index = target.add(name);
  if (type === 'const') target.constants.add(index);
  return (frame, value) => {
    const scope = hops === 0 ? frame.scope! : scopeAt(frame, hops);
    while (scope.values.length <= index) scope.values.push(UNDECLARED);
    scope.values[index] = value;
  };
}

/** The value that a declaration without initialiser leaves: the old one, or undefined. */
export function currentOf(place: Place, name: string, type: 'var' | 'let' | 'const'): Evaluate {
  const { engine } = place;
  const target = type !== 'var' && place.inBlock ? place.shape : place.base;
  if (!target) return () => engine.global.slots.get(name);
  const hops = hopsTo(place, target);
  const index = target.add(name);
  return frame => {
    const value = scopeAt(frame, hops).values[index];
    return value === UNDECLARED ? undefined : value;
  };
}

function hopsTo(place: Place, target: Shape): number {
  let hops = 0;
  for (let shape = place.shape; shape && shape !== target; shape = shape.outer) hops++;
  return hops;
}
