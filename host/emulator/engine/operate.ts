/** Binary operators on two values. */
import { isIntegerText, isText, textOf, toFloat, toInteger, toPrimitive, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { ArrayValue, Callable, NativeValue, ObjectValue, TextValue, type Value } from './value.ts';

export type Operator = (engine: Engine, left: Value, right: Value) => Value;

function isNumeric(value: Value): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function isNumberish(value: Value): boolean {
  return isNumeric(value) || value === undefined || value === null;
}

function isInt(value: Value): boolean {
  return typeof value === 'boolean' || value === null || (typeof value === 'number' && (value | 0) === value);
}

/** No negative zero comes out of integers. */
function unsigned(left: number, right: number, result: number): number {
  return result === 0 && (left | 0) === left && (right | 0) === right ? 0 : result;
}

function arithmetic(compute: (left: number, right: number) => number): Operator {
  return (engine, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compute(a, b);
    const left = toPrimitive(engine, a);
    const right = toPrimitive(engine, b);
    if (left === undefined && right === undefined) return undefined;
    return compute(toFloat(engine, left), toFloat(engine, right));
  };
}

function bitwise(compute: (left: number, right: number) => number): Operator {
  return (engine, a, b) => {
    const left = toPrimitive(engine, a);
    const right = toPrimitive(engine, b);
    if (left === undefined && right === undefined) return undefined;
    return compute(toInteger(engine, left), toInteger(engine, right));
  };
}

function remainder(left: number, right: number): number {
  if (right === Number.NEGATIVE_INFINITY && Number.isFinite(left)) return 0;
  return unsigned(left, right, left % right);
}

function add(engine: Engine, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return engine.newText(a + b);
  const left = toPrimitive(engine, a);
  const right = toPrimitive(engine, b);
  if (left === undefined && right === undefined) return undefined;
  if (isNumberish(left) && isNumberish(right)) return toFloat(engine, left) + toFloat(engine, right);
  if (isUnicode(left) || isUnicode(right)) {
    return new TextValue(engine.unicodeText(left) + engine.unicodeText(right));
  }
  return engine.newText(toText(engine, left) + toText(engine, right));
}

function isUnicode(value: Value): boolean {
  return value instanceof TextValue && value.isUnicode;
}

type Test = (order: number) => boolean;

function compare(test: Test, isEquality: boolean): Operator {
  return (engine, a, b) => {
    if (typeof a === 'number' && typeof b === 'number')
      return test(a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN);
    const left = toPrimitive(engine, a);
    const right = toPrimitive(engine, b);
    return isEquality ? test(looselyEqual(engine, left, right) ? 0 : 1) : order(engine, left, right, test);
  };
}

function order(engine: Engine, left: Value, right: Value, test: Test): Value {
  if (left === undefined && right === undefined) return undefined;
  if (usesNumbers(left, right)) return test(difference(engine, left, right));
  const a = toText(engine, left);
  const b = toText(engine, right);
  return test(a < b ? -1 : a > b ? 1 : 0);
}

function usesNumbers(left: Value, right: Value): boolean {
  if (isNumberish(left) && isNumberish(right)) return true;
  return (isNumeric(left) && isText(right)) || (isText(left) && isNumeric(right));
}

function difference(engine: Engine, left: Value, right: Value): number {
  const isInteger =
    (isInt(left) && isText(right) && isIntegerText(textOf(right), false)) ||
    (isInt(right) && isText(left) && isIntegerText(textOf(left), false));
  const a = isInteger ? toInteger(engine, left) : toFloat(engine, left);
  const b = isInteger ? toInteger(engine, right) : toFloat(engine, right);
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
}

function looselyEqual(engine: Engine, left: Value, right: Value): boolean {
  if (left === undefined && right === undefined) return true;
  if (usesNumbers(left, right)) {
    if ((left === null && right === undefined) || (left === undefined && right === null)) return true;
    return difference(engine, left, right) === 0 && (left === null) === (right === null);
  }
  const isReference = isIdentity(left) || isIdentity(right);
  if (isReference && left instanceof ArrayValue === right instanceof ArrayValue) {
    if (left instanceof NativeValue && right instanceof NativeValue) return left.body === right.body;
    return left === right;
  }
  return toText(engine, left) === toText(engine, right);
}

function isIdentity(value: Value): boolean {
  return value instanceof ObjectValue || value instanceof Callable;
}

export function strictlyEqual(engine: Engine, left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left === right;
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (rank(left) !== rank(right)) return false;
  return looselyEqual(engine, left, right);
}

function rank(value: Value): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (value instanceof TextValue) return 'string';
  if (value instanceof ArrayValue) return 'array';
  if (value instanceof NativeValue) return 'native';
  if (value instanceof Callable) return 'function';
  if (value instanceof ObjectValue) return 'object';
  return 'view';
}

export const OPERATORS: Record<string, Operator> = {
  '+': add,
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => unsigned(a, b, a * b)),
  '/': arithmetic((a, b) => a / b),
  '%': arithmetic(remainder),
  '&': bitwise((a, b) => a & b),
  '|': bitwise((a, b) => a | b),
  '^': bitwise((a, b) => a ^ b),
  '<<': bitwise((a, b) => a << b),
  '>>': bitwise((a, b) => a >> b),
  '>>>': bitwise((a, b) => a >>> b),
  '<': compare(order => order < 0, false),
  '>': compare(order => order > 0, false),
  '<=': compare(order => order <= 0, false),
  '>=': compare(order => order >= 0, false),
  '==': compare(order => order === 0, true),
  '!=': compare(order => order !== 0, true),
  '===': strictlyEqual,
  '!==': (engine, left, right) => !strictlyEqual(engine, left, right),
};

export function negate(engine: Engine, value: Value): Value {
  if (typeof value === 'number') return 0 - value;
  const primitive = toPrimitive(engine, value);
  if (primitive === undefined) return Number.NaN;
  return 0 - toFloat(engine, primitive);
}
