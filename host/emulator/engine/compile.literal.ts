/** Object, array and template literals. */
import { compileExpression } from './compile.expression.ts';
import { makeFunction } from './compile.function.ts';
import { compileSource } from './compile.program.ts';
import type { Place } from './compile.ts';
import { keyOfText, toText } from './convert.ts';
import { defineMember } from './property.ts';
import type { Evaluate } from './scope.ts';
import type { Expression } from './tree.ts';
import { Accessor, type Callable, type ObjectValue, type Value } from './value.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

export function compileObject(place: Place, node: Of<'object'>): Evaluate {
  const { engine } = place;
  const entries = node.entries.map(entry => {
    const isAccessor = entry.kind !== 'value';
    const evaluate = isAccessor ? makeFunction(place, entry.value) : compileExpression(place, entry.value);
    return { key: keyOfText(entry.key), kind: entry.kind, evaluate };
  });
  return frame => {
    const object = engine.newObject();
    const held = engine.hold(object);
    for (const { key, kind, evaluate } of entries) {
      const value = evaluate(frame);
      if (kind === 'value') defineMember(engine, object, key, value);
      else addAccessor(object, String(key), kind, value as Callable);
    }
    engine.release(held);
    return object;
  };
}

export function addAccessor(
  object: ObjectValue,
  key: string,
  kind: 'getter' | 'setter',
  method: Callable,
): void {
  const present = object.slots.get(key);
  const accessor = present instanceof Accessor ? present : new Accessor();
  accessor[kind] = method;
  object.slots.set(key, accessor);
}

export function compileArray(place: Place, node: Of<'array'>): Evaluate {
  const { engine } = place;
  const parts = node.elements.map(element => (element ? compileExpression(place, element) : null));
  return frame => {
    const elements: Value[] = [];
    const array = engine.newArray(elements);
    const held = engine.hold(array);
    for (const part of parts) {
      if (part) elements.push(part(frame));
      else elements.length++;
    }
    engine.charge(elements.length);
    engine.release(held);
    return array;
  };
}

/** Holes are found by counting braces only, so a brace inside a string of a hole is an error, as in the firmware. */
export function compileTemplate(place: Place, { text }: Of<'template'>): Evaluate {
  const { engine } = place;
  const parts: (string | Evaluate)[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '$' || text[at + 1] !== '{') {
      plain += text[at++];
      continue;
    }
    let depth = 1;
    let end = at + 2;
    while (end < text.length && depth > 0) {
      if (text[end] === '{') depth++;
      if (text[end] === '}') depth--;
      end++;
    }
    parts.push(plain, compileSource(place, text.slice(at + 2, depth === 0 ? end - 1 : end)));
    plain = '';
    at = end;
  }
  parts.push(plain);
  return frame => {
    let result = '';
    for (const part of parts) result += typeof part === 'string' ? part : toText(engine, part(frame));
    return engine.newText(result);
  };
}
