/** The names that start with byte 0xFF: a function's own parts, reachable by any program that builds such a key. */
import { type Callable, FunctionValue, UNDECLARED, type Value } from './value.ts';

export function getHidden(object: Callable, key: string): Value {
  if (!(object instanceof FunctionValue)) return UNDECLARED;
  switch (key.slice(1)) {
    case 'cod':
      return object.code.source;
    case 'nam':
      return object.code.name ?? UNDECLARED;
    case 'ths':
      return object.bound;
  }
  return UNDECLARED;
}

/** Whether the key was one that changes the function. */
export function setHidden(object: Callable, key: string, value: Value): boolean {
  if (!(object instanceof FunctionValue)) return false;
  if (key.slice(1) === 'ths') {
    object.bound = value;
    return true;
  }
  if (key.slice(1) === 'cod' && typeof value === 'string') {
    object.code = { ...object.code, source: value, compiled: undefined };
    return true;
  }
  return false;
}
