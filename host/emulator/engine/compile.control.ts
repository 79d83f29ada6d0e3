/** switch and try. */
import { compileExpression } from './compile.expression.ts';
import {
  BREAK,
  compileBlock,
  compileStatement,
  compileStatements,
  NORMAL,
  openScope,
} from './compile.statement.ts';
import { type Place, STACK_BYTES, within } from './compile.ts';
import { strictlyEqual } from './operate.ts';
import type { Execute, Frame } from './scope.ts';
import { Thrown } from './stop.ts';
import type { Statement } from './tree.ts';
import { UNDECLARED, type Value } from './value.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

export function compileSwitch(place: Place, node: Of<'switch'>): Execute {
  const { engine } = place;
  const inner: Place = { ...within(place, STACK_BYTES.choice), inSwitch: true };
  const subject = compileExpression(place, node.subject);
  const cases = node.cases.map(({ test, body }) => ({
    test: test ? compileExpression(inner, test) : null,
    body: compileStatements(inner, body),
  }));
  const { fault } = node;
  return frame => {
    const value = subject(frame);
    let isRunning = false;
    let result = NORMAL;
    for (const { test, body } of cases) {
      isRunning ||= test === null || strictlyEqual(engine, value, test(frame));
      if (!isRunning) continue;
      const outcome = body(frame);
      if (outcome === BREAK) {
        isRunning = false;
        break;
      }
      if (outcome !== NORMAL) {
        result = outcome;
        break;
      }
    }
    if (fault) engine.raise('SyntaxError', fault);
    return result;
  };
}

export function compileTry(place: Place, node: Of<'try'>): Execute {
  const inner = within(place, STACK_BYTES.attempt);
  const body = compileStatement(inner, node.body);
  const handler = node.handler ? compileHandler(inner, node.name, node.handler) : undefined;
  const last = node.last ? compileStatement(inner, node.last) : undefined;
  const guarded = handler ? guard(place, body, handler) : body;
  return last ? compileFinally(place, guarded, last) : guarded;
}

/** Only thrown values are caught: stops and the host's own exceptions pass. */
function guard({ engine }: Place, body: Execute, handler: (frame: Frame, value: Value) => number): Execute {
  return frame => {
    const scope = frame.scope;
    const mark = engine.mark();
    try {
      return body(frame);
    } catch (fault) {
      if (!(fault instanceof Thrown)) throw fault;
      engine.rewind(mark);
      frame.scope = scope;
      return handler(frame, fault.value);
    }
  };
}

/** A return in finally only replaces the value; its own leaving, like a break's, is forgotten. */
function compileFinally({ engine }: Place, body: Execute, last: Execute): Execute {
  return frame => {
    const scope = frame.scope;
    const mark = engine.mark();
    let outcome: number;
    try {
      outcome = body(frame);
    } catch (fault) {
      if (!(fault instanceof Thrown)) throw fault;
      engine.rewind(mark);
      frame.scope = scope;
      last(frame);
      throw fault;
    }
    last(frame);
    return outcome;
  };
}

function compileHandler(place: Place, name: string | null, node: Statement) {
  const statements = node.kind === 'block' ? node.body : [node];
  const blockPlace = within(place, STACK_BYTES.block);
  if (name === null) {
    const run = compileBlock(blockPlace, statements);
    return (frame: Frame) => run(frame);
  }
  const { inner, enter } = openScope(blockPlace, [name]);
  const run = compileBlock(inner, statements);
  return (frame: Frame, value: Value) => {
    const outer = enter(frame);
    frame.scope!.values[0] = value === UNDECLARED ? undefined : value;
    const outcome = run(frame);
    frame.scope = outer;
    return outcome;
  };
}
