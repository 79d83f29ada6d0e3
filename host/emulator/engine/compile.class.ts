/** Classes: a function with a prototype; fields live on the prototype, statics are not inherited. */
import { compileExpression } from './compile.expression.ts';
import { makeFunction } from './compile.function.ts';
import { addAccessor } from './compile.literal.ts';
import { type Place, readName } from './compile.ts';
import { className } from './convert.ts';
import type { Evaluate, Frame } from './scope.ts';
import type { ClassDefinition, Definition } from './tree.ts';
import { Callable, type FunctionValue, ObjectValue, type Value } from './value.ts';

const EMPTY: Definition = {
  ...{
    name: undefined,
    parameters: [],
    source: '',
    isArrow: false,
    isReturn: false,
    usesThis: false,
    line: 1,
  },
};

/** `name` is the class's own name inside its code: only class expressions have one. */
export function compileClass(place: Place, definition: ClassDefinition, name?: string): Evaluate {
  const { engine } = place;
  const { parent } = definition;
  const maker = definition.members.find(member => member.kind === 'constructor' && !member.isStatic);
  const inherited: Definition = { ...EMPTY, source: `${parent}.apply(this,arguments)` };
  const code = maker?.method ?? (parent ? inherited : EMPTY);
  const make = makeFunction(place, { ...code, name });
  const parentOf = parent === undefined ? undefined : readName(place, parent);
  const members = definition.members.filter(member => member !== maker);
  const parts = members.map(member => ({
    ...member,
    evaluate: member.value ? compileExpression(place, member.value) : makeFunction(place, member.method!),
  }));
  return frame => {
    const self = make(frame) as FunctionValue;
    const held = engine.hold(self);
    const prototype = engine.ensurePrototype(self);
    if (parentOf) inherit(place, prototype, { parent: parent!, from: parentOf(frame) });
    const statics = new ObjectValue();
    for (const part of parts) addMember(frame, part.isStatic ? statics : prototype, part);
    for (const [name, value] of statics.slots) self.slots.set(name, value);
    engine.release(held);
    return self;
  };
}

function inherit(
  { engine }: Place,
  prototype: ObjectValue,
  { parent, from }: { parent: string; from: Value },
): void {
  if (!(from instanceof Callable)) {
    engine.raise(
      'SyntaxError',
      `'extends' argument ${engine.quote(parent)} should be a function, got ${className(from)}`,
    );
  }
  const own = (from as Callable).slots.get('prototype');
  if (own !== undefined) prototype.proto = own;
}

interface Part {
  kind: string;
  name: string;
  evaluate: Evaluate;
}

function addMember(frame: Frame, object: ObjectValue, { kind, name, evaluate }: Part): void {
  const value = evaluate(frame);
  if (kind === 'getter' || kind === 'setter') addAccessor(object, name, kind, value as Callable);
  else object.slots.set(name, value);
}
