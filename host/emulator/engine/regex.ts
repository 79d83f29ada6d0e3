/** Regular expressions of the firmware's own small engine, and the string methods that use them. */
import { toInteger, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { matchAnywhere } from './regex.match.ts';
import { type ArrayValue, Callable, ObjectValue, type Value } from './value.ts';

export class Regex {
  readonly #object: ObjectValue;

  constructor(object: ObjectValue) {
    this.#object = object;
  }

  #has(engine: Engine, flag: string): boolean {
    const flags = this.#object.slots.get('flags');
    return flags !== undefined && toText(engine, flags).includes(flag);
  }

  exec(engine: Engine, text: string): ArrayValue | null {
    const { slots } = this.#object;
    const from = toInteger(engine, slots.get('lastIndex'));
    if (from > text.length) return null;
    const source = toText(engine, slots.get('source'));
    const found = matchAnywhere({ engine, pattern: source, text, from, ignoreCase: this.#has(engine, 'i') });
    slots.set('lastIndex', found && this.#has(engine, 'g') ? found.end : 0);
    if (!found) return null;
    const groups = found.groups.map(group => text.slice(group.start, group.end));
    const result = engine.newArray([text.slice(found.index, found.end), ...groups]);
    result.slots.set('index', found.index);
    result.slots.set('input', text);
    return result;
  }

  /** Every match in turn, from the start; lastIndex is 0 afterwards. */
  #each(
    engine: Engine,
    text: string,
    isGlobal: boolean,
  ): { match: ArrayValue; index: number; whole: string }[] {
    const { slots } = this.#object;
    const all: { match: ArrayValue; index: number; whole: string }[] = [];
    slots.set('lastIndex', 0);
    for (let match = this.exec(engine, text); match; match = this.exec(engine, text)) {
      const whole = String(match.elements[0]);
      const index = match.slots.get('index') as number;
      all.push({ match, index, whole });
      if (!isGlobal || all.length > text.length) break;
      slots.set('lastIndex', index + Math.max(1, whole.length));
    }
    if (isGlobal) slots.set('lastIndex', 0);
    return all;
  }

  match(engine: Engine, text: string): Value {
    if (this.#has(engine, 'g'))
      return engine.newArray(this.#each(engine, text, true).map(({ whole }) => whole));
    this.#object.slots.set('lastIndex', 0);
    return this.exec(engine, text);
  }

  split(engine: Engine, text: string): Value[] {
    const parts: Value[] = [];
    let last = 0;
    for (const { index, whole } of this.#each(engine, text, true)) {
      parts.push(text.slice(last, index));
      last = index + whole.length;
    }
    return [...parts, text.slice(last)];
  }

  replace(engine: Engine, text: string, by: Value, all: boolean): string {
    let result = '';
    let last = 0;
    for (const { match, index, whole } of this.#each(engine, text, all || this.#has(engine, 'g'))) {
      result += text.slice(last, index);
      if (by instanceof Callable) {
        result += toText(engine, engine.call(by, undefined, [...match.elements, index, text]));
      } else result += substitute(toText(engine, by), match);
      last = index + whole.length;
    }
    return result + text.slice(last);
  }
}

function substitute(by: string, match: ArrayValue): string {
  return by.replace(/\$([1-9])/g, (all, digit: string) => {
    const group = match.elements[Number(digit)];
    return group === undefined ? all : String(group);
  });
}

export function newRegex(engine: Engine, source: string, flags: string): ObjectValue {
  const object = new ObjectValue('RegExp');
  object.proto = engine.instancePrototype('RegExp');
  object.slots.set('source', source);
  if (flags !== '') object.slots.set('flags', flags);
  object.slots.set('lastIndex', 0);
  object.inner = new Regex(object);
  engine.charge(6);
  return object;
}
