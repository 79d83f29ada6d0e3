/** The firmware's sort: a quicksort in place that is not stable. */
import { toFloat, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Callable, type Value } from './value.ts';

type Order = (a: Value, b: Value) => number;

/** From this length on the pivot is the median of three. */
const MEDIAN_MIN = 11;

export function sortValues(engine: Engine, values: Value[], compare: Value): void {
  if (compare !== undefined && !(compare instanceof Callable)) {
    engine.raise('Error', `Expecting compare function, got ${engine.className(compare)}`);
  }
  const order: Order = (a, b) => {
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    if (compare !== undefined) {
      const result = toFloat(engine, engine.call(compare, undefined, [a, b]));
      return result === 0 ? 0 : result < 0 ? -1 : 1;
    }
    const left = toText(engine, a);
    const right = toText(engine, b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
  sortRange(values, { start: 0, count: values.length }, order);
}

interface Range {
  start: number;
  count: number;
}

function sortRange(values: Value[], { start, count }: Range, order: Order): void {
  if (count < 2) return;
  if (count >= MEDIAN_MIN) choosePivot(values, { start, count }, order);
  const pivotValue = values[start];
  let pivot = start;
  let isPivotLowest = true;
  let less = 0;
  for (let at = start + 1; at < start + count; at++) {
    const value = values[at];
    const result = order(value, pivotValue);
    if (result > 0) continue;
    if (result < 0) isPivotLowest = false;
    less++;
    values[pivot] = value;
    pivot++;
    values[at] = values[pivot];
    values[pivot] = pivotValue;
  }
  sortRange(values, { start: pivot + 1, count: count - less - 1 }, order);
  if (!isPivotLowest) sortRange(values, { start, count: less }, order);
}

function choosePivot(values: Value[], { start, count }: Range, order: Order): void {
  const middle = start + (count >> 1);
  const last = start + count - 1;
  const [low, mid, high] = [values[start], values[middle], values[last]];
  const lowMid = order(low, mid);
  const midHigh = order(mid, high);
  const lowHigh = order(low, high);
  if ((lowMid <= 0 && midHigh <= 0) || (lowHigh <= 0 && midHigh >= 0)) {
    values[start] = mid;
    values[middle] = low;
  } else if ((lowMid >= 0 && lowHigh <= 0) || (midHigh >= 0 && lowHigh >= 0)) {
    values[start] = high;
    values[last] = low;
  }
}
