/** Assignment, compound assignment, ++ and --. */
import { compileExpression } from './compile.expression.ts';
import { type Place, readName, type Write, writeName } from './compile.ts';
import { className, toKey, toNumber } from './convert.ts';
import { OPERATORS } from './operate.ts';
import { getIndex, getMember, type Key, setArrayElement, setMember } from './property.ts';
import type { Evaluate, Frame } from './scope.ts';
import type { Expression } from './tree.ts';
import { ArrayValue, type Value, ViewValue } from './value.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** A target that was evaluated as far as its object and key; the value is read when it is wanted. */
interface Target {
  read(frame: Frame, object: Value, key: Key): Value;
  write(frame: Frame, object: Value, key: Key, value: Value): Value;
  object: Evaluate;
  key: (frame: Frame) => Key;
}

const NONE = () => undefined;
const NO_KEY = () => '';

function compileTarget(place: Place, node: Expression): Target {
  const { engine } = place;
  if (node.kind === 'group' && node.items.length > 0) return compileTarget(place, node.items.at(-1)!);
  if (node.kind === 'name') {
    const read = readName(place, node.name);
    const write: Write = writeName(place, node.name);
    return {
      read: frame => read(frame),
      write: (frame, _object, _key, value) => {
        write(frame, value);
        return value;
      },
      object: NONE,
      key: NO_KEY,
    };
  }
  if (node.kind === 'member') {
    const { name } = node;
    return {
      read: (_frame, object) => getMember(engine, object, name),
      write: (_frame, object, _key, value) => {
        if (object === undefined || object === null) getMember(engine, object, name);
        return setMember(engine, object, name, value);
      },
      object: compileExpression(place, node.object),
      key: () => name,
    };
  }
  if (node.kind === 'index') {
    const index = compileExpression(place, node.index);
    return {
      read: (_frame, object, key) => getIndex(engine, object, key),
      write: (_frame, object, key, value) => setMember(engine, object, key, value),
      object: compileExpression(place, node.object),
      key: frame => toKey(engine, index(frame)),
    };
  }
  const evaluate = compileExpression(place, node);
  const write = (_frame: Frame, object: Value): Value =>
    engine.raise('Error', `Unable to assign value to non-reference ${className(object)}`);
  return { read: (_frame, object) => object, write, object: evaluate, key: NO_KEY };
}

export function compileAssign(place: Place, node: Of<'assign'>): Evaluate {
  const value = compileExpression(place, node.value);
  if (node.operator === '' && node.target.kind === 'name') return assignName(place, node.target.name, value);
  const target = compileTarget(place, node.target);
  if (node.operator === '') {
    if (node.target.kind === 'index') return assignIndex(place, target, value);
    return frame => {
      const object = target.object(frame);
      if (object === undefined || object === null) target.read(frame, object, target.key(frame));
      return target.write(frame, object, target.key(frame), value(frame));
    };
  }
  const operate = OPERATORS[node.operator]!;
  const { engine } = place;
  return frame => {
    const object = target.object(frame);
    const key = target.key(frame);
    const right = value(frame);
    return target.write(frame, object, key, operate(engine, target.read(frame, object, key), right));
  };
}

function assignName(place: Place, name: string, value: Evaluate): Evaluate {
  const write = writeName(place, name);
  return frame => {
    const result = value(frame);
    write(frame, result);
    return result;
  };
}

function assignIndex({ engine }: Place, target: Target, value: Evaluate): Evaluate {
  return frame => {
    const object = target.object(frame);
    const key = target.key(frame);
    if (!(object instanceof ArrayValue) && !(object instanceof ViewValue)) {
      if (object === undefined || object === null) getIndex(engine, object, key);
      return target.write(frame, object, key, value(frame));
    }
    const result = value(frame);
    if (object instanceof ArrayValue && typeof key === 'number') {
      // Looking for an element that is not there goes through the prototypes.
      if (!(key in object.elements)) engine.makeBasic('Array');
      setArrayElement(engine, object, key, result);
      return result;
    }
    return setMember(engine, object, key, result);
  };
}

export function compileUpdate(place: Place, node: Of<'update'>): Evaluate {
  const { engine } = place;
  const step = node.operator === '+' ? 1 : -1;
  const target = compileTarget(place, node.target);
  const { isPrefix } = node;
  return frame => {
    const object = target.object(frame);
    const key = target.key(frame);
    const before = target.read(frame, object, key);
    const old = typeof before === 'number' ? before : isPrefix ? before : toNumber(engine, before);
    const after = typeof old === 'number' ? old + step : OPERATORS[node.operator]!(engine, old, 1);
    const stored = target.write(frame, object, key, after);
    return isPrefix ? stored : old;
  };
}
