/** Expressions to closures. */
import { compileAssign, compileUpdate } from './compile.assign.ts';
import { compileCall, compileNew } from './compile.call.ts';
import { compileClass } from './compile.class.ts';
import { makeFunction } from './compile.function.ts';
import { compileArray, compileObject, compileTemplate } from './compile.literal.ts';
import { type Place, readName, readNameIfAny, STACK_BYTES, within } from './compile.ts';
import { toBoolean, toInteger, toKey, toNumber, toPrimitive, typeOf } from './convert.ts';
import { negate, OPERATORS } from './operate.ts';
import { deleteMember, findMember, getIndex, getMember } from './property.ts';
import type { Evaluate } from './scope.ts';
import type { Expression } from './tree.ts';
import { Callable, NativeValue, ObjectValue, TextValue, UNDECLARED, type Value, ViewValue } from './value.ts';

export function compileExpression(place: Place, node: Expression): Evaluate {
  return COMPILERS[node.kind](place, node as never);
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;
type Compilers = { [Kind in Expression['kind']]: (place: Place, node: Of<Kind>) => Evaluate };

const COMPILERS: Compilers = {
  value:
    (_place, { value }) =>
    () =>
      value,
  unicode: (_place, { text }) => {
    const value = new TextValue(text);
    return () => value;
  },
  name: (place, { name }) => readName(place, name),
  this: () => frame => frame.self,
  member: compileMember,
  index: compileIndex,
  call: compileCall,
  new: compileNew,
  super: place => frame => place.engine.superPrototype(frame.self),
  object: compileObject,
  array: compileArray,
  function: (place, { definition }) => makeFunction(place, definition),
  class: (place, { definition }) => compileClass(place, definition, definition.name),
  template: compileTemplate,
  regex:
    (place, { source, flags }) =>
    () =>
      place.engine.newRegex(source, flags),
  group: (place, { items }) => compileSequence(within(place, STACK_BYTES.group), items),
  comma: (place, { items }) => compileSequence(place, items),
  unary: compileUnary,
  typeof: compileTypeOf,
  void: (place, { value }) => {
    const evaluate = compileExpression(place, value);
    return frame => void evaluate(frame);
  },
  delete: compileDelete,
  update: compileUpdate,
  binary: compileBinary,
  logical: compileLogical,
  choice: compileChoice,
  assign: compileAssign,
};

function compileMember(place: Place, node: Of<'member'>): Evaluate {
  const { engine } = place;
  const { name } = node;
  const object = compileExpression(place, node.object);
  return frame => {
    const target = object(frame);
    if (target instanceof ObjectValue && !(target instanceof Callable)) {
      const own = target.slots.get(name);
      if (own !== undefined && typeof own !== 'object') return own;
    }
    return getMember(engine, target, name);
  };
}

/** A base that is a plain name is read after the index, as the firmware does. */
function compileIndex(place: Place, node: Of<'index'>): Evaluate {
  const { engine } = place;
  const object = compileExpression(place, node.object);
  const index = compileExpression(place, node.index);
  if (node.object.kind === 'name') {
    return frame => {
      const key = index(frame);
      return getIndex(
        engine,
        object(frame),
        typeof key === 'number' && key >= 0 && (key | 0) === key ? key : toKey(engine, key),
      );
    };
  }
  return frame => {
    const target = object(frame);
    return getIndex(engine, target, toKey(engine, index(frame)));
  };
}

function compileSequence(place: Place, items: Expression[]): Evaluate {
  const parts = items.map(item => compileExpression(place, item));
  if (parts.length === 0) return () => undefined;
  if (parts.length === 1) return parts[0]!;
  return frame => {
    let value: Value;
    for (const part of parts) value = part(frame);
    return value;
  };
}

function compileUnary(place: Place, node: Of<'unary'>): Evaluate {
  const { engine } = place;
  const evaluate = compileExpression(place, node.value);
  switch (node.operator) {
    case '!':
      return frame => !toBoolean(evaluate(frame));
    case '~':
      return frame => ~toInteger(engine, toPrimitive(engine, evaluate(frame)));
    case '-':
      if (node.value.kind === 'value' && typeof node.value.value === 'number') {
        const value = 0 - node.value.value;
        return () => value;
      }
      return frame => negate(engine, evaluate(frame));
    default:
      return frame => toNumber(engine, toPrimitive(engine, evaluate(frame)));
  }
}

function compileTypeOf(place: Place, node: Of<'typeof'>): Evaluate {
  const { value } = node;
  const evaluate = value.kind === 'name' ? readNameIfAny(place, value.name) : compileExpression(place, value);
  return frame => typeOf(evaluate(frame));
}

function compileDelete(place: Place, { target }: Of<'delete'>): Evaluate {
  const { engine } = place;
  if (target.kind === 'name') return () => engine.deleteGlobal(target.name);
  if (target.kind !== 'member' && target.kind !== 'index') {
    const evaluate = compileExpression(place, target);
    return frame => {
      evaluate(frame);
      return false;
    };
  }
  const object = compileExpression(place, target.object);
  const key: Evaluate = target.kind === 'member' ? () => target.name : compileExpression(place, target.index);
  return frame => {
    const from = object(frame);
    const at = toKey(engine, key(frame));
    if (from === undefined || from === null) getMember(engine, from, String(at));
    return from instanceof ObjectValue && deleteMember(from, at);
  };
}

function compileBinary(place: Place, node: Of<'binary'>): Evaluate {
  const { engine } = place;
  const left = compileExpression(place, node.left);
  const right = compileExpression(within(place, STACK_BYTES.operand), node.right);
  const fast = fastBinary(node.operator, left, right);
  if (fast) return fast(place);
  if (node.operator === 'in') {
    return frame => {
      const needle = left(frame);
      return isIn(place, needle, right(frame));
    };
  }
  if (node.operator === 'instanceof') {
    return frame => {
      const value = left(frame);
      return engine.isInstance(value, right(frame));
    };
  }
  const operate = OPERATORS[node.operator]!;
  return frame => {
    const value = left(frame);
    return operate(engine, value, right(frame));
  };
}

/** The operators of hot loops, for two numbers. */
function fastBinary(
  operator: string,
  left: Evaluate,
  right: Evaluate,
): ((place: Place) => Evaluate) | undefined {
  const numeric = NUMERIC[operator];
  if (!numeric) return undefined;
  const operate = OPERATORS[operator]!;
  return ({ engine }) => numeric(left, right, (a, b) => operate(engine, a, b));
}

type Slow = (left: Value, right: Value) => Value;
const NUMERIC: Record<string, (left: Evaluate, right: Evaluate, slow: Slow) => Evaluate> = {
  '+': (left, right, slow) => frame => {
    const a = left(frame);
    const b = right(frame);
    return typeof a === 'number' && typeof b === 'number' ? a + b : slow(a, b);
  },
  '-': (left, right, slow) => frame => {
    const a = left(frame);
    const b = right(frame);
    return typeof a === 'number' && typeof b === 'number' ? a - b : slow(a, b);
  },
  '<': (left, right, slow) => frame => {
    const a = left(frame);
    const b = right(frame);
    return typeof a === 'number' && typeof b === 'number' ? a < b : slow(a, b);
  },
  '&': (left, right, slow) => frame => {
    const a = left(frame);
    const b = right(frame);
    return typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b
      ? a & b
      : slow(a, b);
  },
  '===': (left, right, slow) => frame => {
    const a = left(frame);
    const b = right(frame);
    return typeof a === 'number' && typeof b === 'number' ? a === b : slow(a, b);
  },
};

function isIn({ engine }: Place, needle: Value, haystack: Value): boolean {
  const key = toKey(engine, needle);
  if (haystack instanceof ObjectValue) return findMember(engine, haystack, key) !== UNDECLARED;
  if (engine.findNative(haystack, String(key)) !== UNDECLARED) return true;
  return haystack instanceof ViewValue && typeof key === 'number' && key < haystack.length;
}

function compileLogical(place: Place, node: Of<'logical'>): Evaluate {
  const left = compileExpression(place, node.left);
  const right = compileExpression(within(place, STACK_BYTES.operand), node.right);
  if (node.operator === '&&') {
    return frame => {
      const value = left(frame);
      return toBoolean(value) ? right(frame) : value;
    };
  }
  if (node.operator === '||') {
    return frame => {
      const value = left(frame);
      return toBoolean(value) ? value : right(frame);
    };
  }
  return frame => {
    const value = left(frame);
    return value === undefined || value === null ? right(frame) : value;
  };
}

function compileChoice(place: Place, node: Of<'choice'>): Evaluate {
  const { engine } = place;
  const test = compileExpression(place, node.test);
  const yes = compileExpression(place, node.yes);
  const no = compileExpression(place, node.no);
  return frame => (toBoolean(toPrimitive(engine, test(frame))) ? yes(frame) : no(frame));
}

export function isNativeEval(value: Value): boolean {
  return value instanceof NativeValue && value.name === 'eval';
}
