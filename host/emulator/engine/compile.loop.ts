/** Loops. A let in a loop's head is one variable for all rounds. */
import { compileExpression } from './compile.expression.ts';
import { blockNames } from './compile.names.ts';
import { BREAK, compileBody, compileStatement, NORMAL, openScope, RETURN } from './compile.statement.ts';
import { declareName, type Place, STACK_BYTES, type Write, within, writeName } from './compile.ts';
import { className, isText, toBoolean, toKey } from './convert.ts';
import { setMember } from './property.ts';
import type { Evaluate, Execute } from './scope.ts';
import type { Expression, Statement } from './tree.ts';
import { ObjectValue, ViewValue } from './value.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

function inLoop(place: Place): Place {
  return { ...within(place, STACK_BYTES.loop), inLoop: true };
}

/** A round counts too: a loop without a statement takes time, and can be interrupted. */
function compileRound(place: Place, body: Statement): Execute {
  const { engine } = place;
  const run = compileBody(place, body);
  return frame => {
    engine.countStatement();
    return run(frame);
  };
}

export function compileWhile(place: Place, node: Of<'while'>): Execute {
  const test = compileExpression(place, node.test);
  const body = compileRound(inLoop(place), node.body);
  return frame => {
    while (toBoolean(test(frame))) {
      const outcome = body(frame);
      if (outcome === BREAK) break;
      if (outcome === RETURN) return RETURN;
    }
    return NORMAL;
  };
}

export function compileDo(place: Place, node: Of<'do'>): Execute {
  const test = compileExpression(place, node.test);
  const body = compileRound(inLoop(place), node.body);
  return frame => {
    do {
      const outcome = body(frame);
      if (outcome === BREAK) break;
      if (outcome === RETURN) return RETURN;
    } while (toBoolean(test(frame)));
    return NORMAL;
  };
}

function headNames(head: Statement | null, body: Statement): string[] {
  return blockNames(body.kind === 'block' ? (head ? [head] : []) : head ? [head, body] : [body]);
}

/** Runs a loop inside the scope that its head needs, if any. */
function scoped(place: Place, names: string[], compile: (inner: Place) => Execute): Execute {
  if (names.length === 0) return compile({ ...place, inBlock: true });
  const { inner, enter } = openScope(place, names);
  const run = compile(inner);
  return frame => {
    const outer = enter(frame);
    const outcome = run(frame);
    frame.scope = outer;
    return outcome;
  };
}

export function compileFor(place: Place, node: Of<'for'>): Execute {
  return scoped(place, headNames(node.start, node.body), inner => {
    const start = node.start ? compileStatement(inner, node.start) : undefined;
    const test = node.test ? compileExpression(inner, node.test) : undefined;
    const next = node.next ? compileExpression(inner, node.next) : undefined;
    const body = compileRound(inLoop(inner), node.body);
    return frame => {
      start?.(frame);
      while (!test || toBoolean(test(frame))) {
        const outcome = body(frame);
        if (outcome === BREAK) break;
        if (outcome === RETURN) return RETURN;
        next?.(frame);
      }
      return NORMAL;
    };
  });
}

export function compileEach(place: Place, node: Of<'each'>): Execute {
  const { engine } = place;
  return scoped(place, headNames(node.target, node.body), inner => {
    const write = compileTarget(inner, node);
    const subject = compileExpression(inner, node.subject);
    const body = compileRound(inLoop(inner), node.body);
    const start = node.target.kind === 'declare' ? compileStatement(inner, node.target) : undefined;
    return frame => {
      start?.(frame);
      const over = subject(frame);
      if (over === undefined) return NORMAL;
      if (!(over instanceof ObjectValue) && !(over instanceof ViewValue) && !isText(over)) {
        const got = className(over);
        return engine.raise('Error', `FOR loop can only iterate over Arrays, Strings or Objects, not ${got}`);
      }
      const items = node.type === 'of' ? engine.valuesOf(over) : engine.keysOf(over);
      for (const item of items) {
        write(frame, item);
        const outcome = body(frame);
        if (outcome === BREAK) break;
        if (outcome === RETURN) return RETURN;
      }
      return NORMAL;
    };
  });
}

function compileTarget(place: Place, { target, type }: Of<'each'>): Write {
  const { engine } = place;
  if (target.kind === 'declare' && target.items.length > 0) {
    return declareName(place, target.items.at(-1)!.name, target.type);
  }
  const value: Expression | undefined = target.kind === 'expression' ? target.value : undefined;
  if (value?.kind === 'name') return writeName(place, value.name);
  if (value?.kind === 'member' || value?.kind === 'index') {
    const object = compileExpression(place, value.object);
    const key: Evaluate = value.kind === 'member' ? () => value.name : compileExpression(place, value.index);
    return (frame, item) => void setMember(engine, object(frame), toKey(engine, key(frame)), item);
  }
  return () => engine.raise('Error', `for(a ${type} b) - 'a' must be a variable name, not undefined`);
}
