/** Number, Math and the global conversions. */
import { addClass, addGlobals, addInstance, addLibrary, addStatic, Computed } from './builtin.ts';
import { isText, textOf, toFloat, toInteger, toNumber, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { printFloat, readFloat, readInteger } from './number.ts';
import { Callable, type NativeBody, ObjectValue, type Value, ViewValue } from './value.ts';

export function installNumbers(engine: Engine): void {
  addClass(engine, 'Number', (_self, args) => (args.length === 0 ? 0 : toNumber(engine, args[0])));
  addStatic(engine, 'Number', {
    MAX_VALUE: { value: Number.MAX_VALUE },
    MIN_VALUE: { value: Number.MIN_VALUE },
    NEGATIVE_INFINITY: { value: Number.NEGATIVE_INFINITY },
    POSITIVE_INFINITY: { value: Number.POSITIVE_INFINITY },
    NaN: { value: Number.NaN },
  });
  addInstance(engine, 'Number', {
    toFixed: (self, [digits]) => {
      const count = Math.min(20, Math.max(0, toInteger(engine, digits)));
      return printFloat(toFloat(engine, self), 10, count);
    },
    toString: (self: Value, [radix]: Value[]) =>
      radix === undefined ? toText(engine, self) : engine.numberText(self as number, radix),
  });
  installGlobals(engine);
  installMath(engine);
}

function installGlobals(engine: Engine): void {
  addGlobals(engine, {
    NaN: { value: Number.NaN },
    Infinity: { value: Number.POSITIVE_INFINITY },
    global: new Computed(() => engine.global),
    globalThis: new Computed(() => engine.global),
    parseInt: (_self, [value, radix]) => parseInteger(engine, value, radix),
    parseFloat: (_self, [value]) => {
      const text = toText(engine, value);
      if (text === 'Infinity') return Number.POSITIVE_INFINITY;
      return text === '-Infinity' ? Number.NEGATIVE_INFINITY : readFloat(text, 0).value;
    },
    isFinite: (_self, [value]) => Number.isFinite(toFloat(engine, value)),
    isNaN: (_self, [value]) => isNotNumber(engine, value),
  });
}

function parseInteger(engine: Engine, value: Value, radix: Value): Value {
  let base = typeof radix === 'number' || typeof radix === 'boolean' ? toInteger(engine, radix) : 0;
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.NaN;
  let text = toText(engine, value);
  if ((base === 0 || base === 16) && /^0[xX]/.test(text)) {
    base = 16;
    text = text.slice(2);
  }
  const reading = readInteger(text, base || 10);
  return reading.isEmpty ? Number.NaN : reading.value;
}

function isNotNumber(engine: Engine, value: Value): boolean {
  if (value instanceof Callable || value instanceof ViewValue) return false;
  if (value === undefined || (value instanceof ObjectValue && value.kind !== 'Array')) return true;
  if (typeof value === 'number') return Number.isNaN(value);
  if (isText(value)) return textOf(value).trim() !== '' && Number.isNaN(toFloat(engine, value));
  return Number.isNaN(toFloat(engine, value));
}

/** e^(y ln x) unless y is a small whole number: inexact, as on the boards. */
function power(x: number, y: number): number {
  if (y >= 0 && y < 10 && Number.isInteger(y)) {
    let product = y === 0 ? 1 : x;
    for (let i = 1; i < y; i++) product *= x;
    return product;
  }
  if (x < 0 && y % 1 === 0) return y % 2 === 0 ? Math.exp(Math.log(-x) * y) : -Math.exp(Math.log(-x) * y);
  return x !== 0 || y <= 0 ? Math.exp(Math.log(x) * y) : 0;
}

function installMath(engine: Engine): void {
  const unary: Record<string, NativeBody> = {};
  for (const name of ['acos', 'asin', 'atan', 'ceil', 'cos', 'exp', 'floor', 'log', 'sin', 'tan'] as const) {
    unary[name] = (_self, [value]) => Math[name](toFloat(engine, value));
  }
  addLibrary(engine, 'Math', {
    ...unary,
    E: { value: Math.E },
    PI: { value: Math.PI },
    LN2: { value: Math.LN2 },
    LN10: { value: Math.LN10 },
    LOG2E: { value: Math.LOG2E },
    LOG10E: { value: Math.LOG10E },
    SQRT2: { value: Math.SQRT2 },
    SQRT1_2: { value: Math.SQRT1_2 },
    abs: (_self, [value]) => Math.abs(toNumber(engine, value)),
    atan2: (_self, [y, x]) => Math.atan2(toFloat(engine, y), toFloat(engine, x)),
    pow: (_self, [x, y]) => power(toFloat(engine, x), toFloat(engine, y)),
    round: (_self, [value]) => round(toFloat(engine, value)),
    sign: (_self, [value]) => signOf(toFloat(engine, value)),
    sqrt: (_self, [value]) => squareRoot(toFloat(engine, value)),
    clip: (_self, [x, low, high]) =>
      Math.min(toFloat(engine, high), Math.max(toFloat(engine, low), toFloat(engine, x))),
    wrap: (_self, [x, max]) => wrap(toFloat(engine, x), toFloat(engine, max)),
    min: (_self, args) => args.reduce((low: number, each) => Math.min(low, toFloat(engine, each)), Infinity),
    max: (_self, args) =>
      args.reduce((high: number, each) => Math.max(high, toFloat(engine, each)), -Infinity),
    random: () => ((engine.options.random?.() ?? 0) >>> 1) / 2147483648,
    randInt: (_self, [range]) => {
      const bits = (engine.options.random?.() ?? 0) | 0;
      const limit = toInteger(engine, range);
      return limit > 0 ? (bits >>> 0) % limit : bits;
    },
  });
}

function squareRoot(value: number): number {
  return value >= 0 ? Math.exp(Math.log(value) * 0.5) : Number.NaN;
}

/** What is not a number counts as negative. */
function signOf(value: number): number {
  if (value === 0) return 0;
  return value > 0 ? 1 : -1;
}

/** Through long long. */
function round(value: number): number {
  if (!Number.isFinite(value)) return value;
  if (Math.abs(value) >= 2 ** 63) return -(2 ** 63);
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5);
}

function wrap(value: number, max: number): number {
  const rest = value % max;
  return rest < 0 ? rest + max : rest;
}
