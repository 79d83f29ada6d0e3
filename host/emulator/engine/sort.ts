// The firmware's sort: a quicksort that is not stable.
import { toFloat, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Callable, type Value } from './value.ts';

export function sortValues(engine: Engine, values: Value[], compare: Value): void {
  const order = (a: Value, b: Value): number => {
    if (compare instanceof Callable) {
      const result = engine.call(compare, undefined, [a, b]);
      return typeof result === 'boolean' ? (result ? 1 : 0) : toFloat(engine, result);
    }
    const left = toText(engine, a);
    const right = toText(engine, b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
  sortRange(values, 0, values.length, order);
}

function sortRange(
  values: Value[],
  start: number,
  count: number,
  order: (a: Value, b: Value) => number,
): void {
  if (count < 2) return;
  const pivot = values[start];
  let less = 0;
  let unsorted = start + 1;
  const end = start + count;
  const smaller: Value[] = [];
  const greater: Value[] = [];
  for (; unsorted < end; unsorted++) {
    const value = values[unsorted];
    if (order(value, pivot) <= 0) {
      smaller.push(value);
      less++;
    } else greater.push(value);
  }
  [...smaller, pivot, ...greater].forEach((value, i) => {
    values[start + i] = value;
  });
  sortRange(values, start, less, order);
  sortRange(values, start + less + 1, count - less - 1, order);
}
