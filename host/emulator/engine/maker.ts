/** What built-ins make and walk: objects, arrays, text, the elements of a value. */
import { newBuffer, storeElement } from './builtin.view.ts';
import { className, isText, textOf, toInteger, toText } from './convert.ts';
import type { Heap } from './memory.ts';
import { printFloat } from './number.ts';
import { printFunction, quoteText } from './print.ts';
import { getMember, getOwn, liveKeys, visibleKeys } from './property.ts';
import { Realm } from './realm.ts';
import { newRegex, Regex } from './regex.ts';
import {
  ArrayValue,
  Callable,
  type NativeBody,
  NativeValue,
  ObjectValue,
  TextValue,
  UNDECLARED,
  type Value,
  ViewValue,
} from './value.ts';
import { getElement } from './view.ts';

export abstract class Maker extends Realm {
  abstract readonly heap: Heap;

  /** A function that programs can call, made of host code. */
  native(name: string, body: NativeBody): NativeValue {
    return new NativeValue(name, body);
  }

  newObject(): ObjectValue {
    this.heap.charge(1);
    return new ObjectValue();
  }

  newArray(elements: Value[]): ArrayValue {
    this.heap.charge(1 + elements.length);
    return new ArrayValue(elements);
  }

  newText(text: string): string {
    if (text.length > 8) this.heap.chargeText(text.length);
    return text;
  }

  quote(text: string): string {
    return quoteText(text, false);
  }

  className(value: Value): string {
    return className(value);
  }

  printFunction(value: Callable): string {
    return printFunction(value);
  }

  hostText(value: Value): string {
    return String(value);
  }

  newRegex(source: string, flags: string): Value {
    return newRegex(this.engine, source, flags);
  }

  regexOf(value: Value): Regex | undefined {
    return value instanceof ObjectValue && value.inner instanceof Regex ? value.inner : undefined;
  }

  numberText(value: number, radix: Value): string {
    const base = toInteger(this.engine, radix);
    return base >= 2 && base <= 36 ? printFloat(value, base, -1) : printFloat(value);
  }

  mapView(view: ViewValue, [callee, self]: Value[]): Value {
    const bytes = view.length * view.element.bytes;
    const result = new ViewValue(view.element, newBuffer(this.engine, bytes), 0, view.length);
    this.engine.hold(result);
    for (let index = 0; index < view.length; index++) {
      const value = this.engine.call(callee, self, [getElement(view, index), index, view]);
      storeElement(this.engine, result, { index, value });
    }
    return result;
  }

  /** The name under which a maker is reachable from the top level. */
  globalNameOf(maker: Callable): string | undefined {
    for (const [name, value] of this.global.slots) if (value === maker) return name;
    return maker instanceof NativeValue ? maker.name : undefined;
  }

  /** The characters of a value as UTF-8 text, for joining with a Unicode string. */
  unicodeText(value: Value): string {
    return toText(this.engine, value);
  }

  charAt(text: string, index: number, of: Value): Value {
    if (index < 0)
      return this.engine.raise(
        'Error',
        `Field or method "${index}" does not already exist, and can't create it on String`,
      );
    if (of instanceof TextValue && of.isUnicode) {
      const point = [...text][index];
      return point === undefined ? undefined : point.charCodeAt(0) < 128 ? point : new TextValue(point);
    }
    return index < text.length ? text[index] : undefined;
  }

  join(value: ArrayValue | ViewValue, separator: string): string {
    const elements: Value[] = [...this.valuesOf(value)];
    const held = this.engine.hold(value);
    if (this.heap.isNested(value)) return '';
    const text = elements
      .map(each => (each === undefined || each === null ? '' : toText(this.engine, each)))
      .join(separator);
    this.engine.release(held);
    return this.newText(text);
  }

  /** for-of. */
  *valuesOf(value: Value): Generator<Value> {
    if (isText(value)) {
      for (let i = 0; i < textOf(value).length; i++) yield this.charAt(textOf(value), i, value);
    } else if (value instanceof ViewValue) {
      for (let i = 0; i < value.length; i++) yield getElement(value, i);
    } else if (value instanceof ArrayValue) {
      for (let i = 0; i < value.elements.length; i++) yield value.elements[i];
    } else for (const key of visibleKeys(value)) yield getMember(this.engine, value, String(key));
  }

  /** for-in: own keys as text, then those of prototypes. Deleting the current key ends its object's turn. */
  *keysOf(value: Value): Generator<string> {
    let at: Value = value;
    for (let depth = 0; depth < 100 && at !== undefined; depth++) {
      for (const key of liveKeys(at)) {
        yield String(key);
        if (at instanceof ObjectValue && getOwn(at, key) === UNDECLARED) break;
      }
      if (!(at instanceof ObjectValue)) return;
      const proto: Value = at.proto ?? (at instanceof Callable ? undefined : this.userPrototype('Object'));
      at = at instanceof ArrayValue ? this.userPrototype('Array') : proto;
      if (at === value) return;
    }
  }
}
