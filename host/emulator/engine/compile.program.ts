/** Whole programs: top-level code, eval, the holes of templates. */
import { compileExpression } from './compile.expression.ts';
import { collect } from './compile.names.ts';
import { compileStatements } from './compile.statement.ts';
import type { Place } from './compile.ts';
import { parseExpression } from './parse.expression.ts';
import { parseProgram } from './parse.statement.ts';
import { ParseFault, Reader } from './parse.ts';
import type { Evaluate, Execute } from './scope.ts';

/** Leaves the value of the last statement in frame.result. */
export function compileProgram(place: Place, source: string): Execute {
  const statements = parseProgram(source, place.engine.isUnicode);
  if (place.base) collect(statements, place.base);
  return compileStatements({ ...place, isProgram: true }, statements);
}

/** One expression from text, parsed now and failing when it is evaluated. */
export function compileSource(place: Place, source: string): Evaluate {
  const { engine } = place;
  try {
    return compileExpression(place, parseExpression(new Reader(source, engine.isUnicode)));
  } catch (fault) {
    if (!(fault instanceof ParseFault)) throw fault;
    return () => engine.raise('SyntaxError', fault.message);
  }
}
