/** Calls and constructions. */
import { compileExpression, isNativeEval } from './compile.expression.ts';
import { type Place, STACK_BYTES, within } from './compile.ts';
import { className, toKey } from './convert.ts';
import { getIndex, getMember } from './property.ts';
import type { Evaluate, Frame } from './scope.ts';
import type { Expression } from './tree.ts';
import { Callable, FunctionValue, NativeValue, type Value } from './value.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Arguments are roots while later ones are computed. */
function compileArguments(place: Place, nodes: Expression[]): (frame: Frame) => Value[] {
  const { engine } = place;
  const parts = nodes.map(node => compileExpression(within(place, STACK_BYTES.operand), node));
  if (parts.length === 0) return () => [];
  if (parts.length === 1) {
    const only = parts[0]!;
    return frame => [only(frame)];
  }
  const isPlain = nodes.slice(1).every(isQuiet);
  return frame => {
    const args: Value[] = [];
    if (isPlain) {
      for (const part of parts) args.push(part(frame));
      return args;
    }
    const held = engine.hold(args);
    for (const part of parts) args.push(part(frame));
    engine.release(held);
    return args;
  };
}

/** Evaluating it allocates nothing that could start a collection. */
function isQuiet(node: Expression): boolean {
  if (node.kind === 'value' || node.kind === 'name' || node.kind === 'this') return true;
  return node.kind === 'index' && isQuiet(node.object) && isQuiet(node.index);
}

export function compileCall(place: Place, node: Of<'call'>): Evaluate {
  const { callee } = node;
  if (callee.kind === 'super') return compileSuperCall(place, node);
  if (callee.kind === 'member' || callee.kind === 'index') return compileMethod(place, callee, node.args);
  const { engine } = place;
  const target = compileExpression(place, callee);
  const args = compileArguments(place, node.args);
  const { stackBytes } = place;
  const name = callee.kind === 'name' ? callee.name : undefined;
  return frame => {
    const method = target(frame);
    if (method instanceof FunctionValue) {
      return engine.callFunction(method, undefined, args(frame), frame.stackBytes + stackBytes);
    }
    if (isNativeEval(method)) return engine.evaluateIn(place, frame, args(frame)[0]);
    return callOther(place, frame, { method, self: undefined, args, name });
  };
}

interface Request {
  method: Value;
  self: Value;
  args: (frame: Frame) => Value[];
  name: string | undefined;
}

function callOther(
  { engine, stackBytes }: Place,
  frame: Frame,
  { method, self, args, name }: Request,
): Value {
  if (method instanceof NativeValue)
    return engine.callNative(method, self, args(frame), frame.stackBytes + stackBytes);
  if (method instanceof FunctionValue) {
    return engine.callFunction(method, self, args(frame), frame.stackBytes + stackBytes);
  }
  if (method === undefined) {
    return engine.raise(
      'Error',
      name === undefined ? 'Function not found!' : `Function ${engine.quote(name)} not found!`,
    );
  }
  return engine.raise('Error', `Expecting function, got ${className(method)}`);
}

function compileMethod(place: Place, callee: Of<'member'> | Of<'index'>, nodes: Expression[]): Evaluate {
  const { engine, stackBytes } = place;
  const isSuper = callee.object.kind === 'super';
  const object = compileExpression(place, callee.object);
  const index = callee.kind === 'index' ? compileExpression(place, callee.index) : undefined;
  const name = callee.kind === 'member' ? callee.name : undefined;
  const args = compileArguments(place, nodes);
  return frame => {
    const found = object(frame);
    const key = index ? toKey(engine, index(frame)) : name!;
    const method = index ? getIndex(engine, found, key) : getMember(engine, found, name!);
    const self = isSuper ? frame.self : found;
    if (method instanceof FunctionValue) {
      const held = engine.hold(found);
      const given = args(frame);
      engine.release(held);
      return engine.callFunction(method, self, given, frame.stackBytes + stackBytes);
    }
    return callOther(place, frame, { method, self, args, name: String(key) });
  };
}

function compileSuperCall(place: Place, node: Of<'call'>): Evaluate {
  const { engine, stackBytes } = place;
  const args = compileArguments(place, node.args);
  return frame => {
    const maker = engine.superConstructor(frame.self);
    engine.currentClass = maker;
    const result = engine.callAny(maker, frame.self, args(frame), frame.stackBytes + stackBytes);
    engine.currentClass = undefined;
    return result;
  };
}

export function compileNew(place: Place, node: Of<'new'>): Evaluate {
  const { engine, stackBytes } = place;
  const callee = compileExpression(place, node.callee);
  const args = compileArguments(place, node.args ?? []);
  return frame => {
    const maker = callee(frame);
    if (!(maker instanceof Callable)) {
      const got = className(maker);
      return engine.raise('Error', `Constructor should be a function, but is ${got}`);
    }
    return engine.construct(maker, args(frame), frame.stackBytes + stackBytes);
  };
}
