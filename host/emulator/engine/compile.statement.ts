/** Statements to closures: 0 goes on, 1 breaks, 2 continues, 3 returns. */
import { compileClass } from './compile.class.ts';
import { compileSwitch, compileTry } from './compile.control.ts';
import { compileExpression } from './compile.expression.ts';
import { declareCallable, declareFunction } from './compile.function.ts';
import { compileDo, compileEach, compileFor, compileWhile } from './compile.loop.ts';
import { blockNames } from './compile.names.ts';
import { currentOf, declareName, type Place, STACK_BYTES, within } from './compile.ts';
import { toBoolean } from './convert.ts';
import { type Execute, type Frame, Scope, Shape } from './scope.ts';
import { Thrown } from './stop.ts';
import type { Statement } from './tree.ts';

export const NORMAL = 0;
export const BREAK = 1;
const CONTINUE = 2;
export const RETURN = 3;

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;
type Compilers = { [Kind in Statement['kind']]: (place: Place, node: Of<Kind>) => Execute };

export function compileStatement(place: Place, node: Statement): Execute {
  return COMPILERS[node.kind](place, node as never);
}

export function compileStatements(place: Place, nodes: readonly Statement[]): Execute {
  const { engine } = place;
  // The ";" after an expression is a statement of its own, and part of what the expression was measured to cost.
  const parts = nodes.filter(({ kind }) => kind !== 'empty').map(node => compileStatement(place, node));
  if (parts.length === 0) return () => NORMAL;
  if (parts.length === 1) {
    const only = parts[0]!;
    return frame => {
      engine.countStatement();
      return only(frame);
    };
  }
  return frame => {
    for (let i = 0; i < parts.length; i++) {
      engine.countStatement();
      const outcome = parts[i]!(frame);
      if (outcome !== NORMAL) return outcome;
    }
    return NORMAL;
  };
}

/** A body that is one statement or a block, counted like any other. */
export function compileBody(place: Place, node: Statement): Execute {
  return node.kind === 'block' ? compileStatement(place, node) : compileStatements(place, [node]);
}

const COMPILERS: Compilers = {
  expression: compileExpressionStatement,
  empty: () => () => NORMAL,
  block: (place, { body }) => compileBlock(within(place, STACK_BYTES.block), body),
  declare: compileDeclaration,
  if: compileIf,
  while: compileWhile,
  do: compileDo,
  for: compileFor,
  each: compileEach,
  switch: compileSwitch,
  try: compileTry,
  return: compileReturn,
  throw: (place, { value }) => {
    const evaluate = compileExpression(place, value);
    return frame => {
      throw new Thrown(evaluate(frame));
    };
  },
  break: place =>
    place.inLoop || place.inSwitch
      ? () => BREAK
      : () => place.engine.raise('SyntaxError', 'BREAK statement outside of SWITCH, FOR or WHILE loop'),
  continue: place =>
    place.inLoop
      ? () => CONTINUE
      : () => place.engine.raise('SyntaxError', 'CONTINUE statement outside of FOR or WHILE loop'),
  function: (place, { definition }) => declareFunction(place, definition),
  class: (place, { definition }) => {
    const make = compileClass(place, definition);
    return declareCallable(place, definition.name!, make, place.engine);
  },
  fault:
    (place, { type, message }) =>
    () =>
      place.engine.raise(type, message),
};

function compileExpressionStatement(place: Place, { value }: Of<'expression'>): Execute {
  const evaluate = compileExpression(place, value);
  if (!place.isProgram) {
    return frame => {
      evaluate(frame);
      return NORMAL;
    };
  }
  return frame => {
    frame.result = evaluate(frame);
    return NORMAL;
  };
}

export function compileBlock(place: Place, body: readonly Statement[]): Execute {
  const names = blockNames(body);
  if (names.length === 0) return compileStatements({ ...place, inBlock: true }, body);
  const { inner, enter } = openScope(place, names);
  const run = compileStatements(inner, body);
  return frame => {
    const outer = enter(frame);
    const outcome = run(frame);
    frame.scope = outer;
    return outcome;
  };
}

/** A scope for let and const; `enter` returns the one to go back to. */
export function openScope(place: Place, names: readonly string[]) {
  const shape = new Shape(place.shape, false);
  for (const name of names) shape.add(name);
  const inner: Place = { ...place, shape, inBlock: true };
  const enter = (frame: Frame): Scope | null => {
    const outer = frame.scope;
    frame.scope = new Scope(shape, outer);
    return outer;
  };
  return { inner, enter };
}

function compileDeclaration(place: Place, { type, items }: Of<'declare'>): Execute {
  const parts = items.map(({ name, value }) => {
    const write = declareName(place, name, type);
    const current = currentOf(place, name, type);
    return { write, current, value: value ? compileExpression(place, value) : null };
  });
  const { isProgram } = place;
  return frame => {
    for (const { write, value, current } of parts) {
      const result = value ? value(frame) : current(frame);
      write(frame, result);
      if (isProgram) frame.result = result;
    }
    return NORMAL;
  };
}

function compileIf(place: Place, node: Of<'if'>): Execute {
  const test = compileExpression(place, node.test);
  const yes = compileBody(place, node.yes);
  const no = node.no ? compileBody(place, node.no) : undefined;
  return frame => {
    if (toBoolean(test(frame))) return yes(frame);
    return no ? no(frame) : NORMAL;
  };
}

function compileReturn(place: Place, { value }: Of<'return'>): Execute {
  const { engine } = place;
  const evaluate = value ? compileExpression(place, value) : () => undefined;
  if (!place.inFunction) {
    return frame => {
      evaluate(frame);
      return engine.raise('SyntaxError', 'RETURN statement, but not in a function.');
    };
  }
  return frame => {
    frame.result = evaluate(frame);
    return RETURN;
  };
}
