/** Statements, by the firmware's own grammar: no semicolons are ever needed, `default` comes last. */
import { parseClass } from './parse.class.ts';
import { parseAssignment, parseExpression } from './parse.expression.ts';
import { ParseFault, Reader } from './parse.ts';
import type { Case, Statement } from './tree.ts';

/** A program or the body of a function. */
export function parseProgram(source: string, isUnicode: boolean): Statement[] {
  const body: Statement[] = [];
  let reader: Reader;
  try {
    reader = new Reader(source, isUnicode);
  } catch (fault) {
    return [faultOf(fault)];
  }
  while (reader.lexer.type !== 'end') {
    const at = reader.lexer.start;
    try {
      if (reader.take(';')) continue;
      body.push(parseStatement(reader));
    } catch (fault) {
      body.push(faultOf(fault));
      break;
    }
    if (reader.lexer.start === at) break;
  }
  return body;
}

/** The body of an arrow, or of a function that begins with return: one expression, the rest is never read. */
export function parseReturn(source: string, isUnicode: boolean): Statement[] {
  try {
    const reader = new Reader(source, isUnicode);
    if (reader.lexer.type === 'end' || reader.is(';') || reader.is('}')) return [];
    return [{ kind: 'return', value: parseExpression(reader) }];
  } catch (fault) {
    return [faultOf(fault)];
  }
}

function faultOf(fault: unknown): Statement {
  if (!(fault instanceof ParseFault)) throw fault;
  const type = fault.message.startsWith('Nesting') ? 'Error' : 'SyntaxError';
  return { kind: 'fault', message: fault.message, type };
}

function parseBlock(reader: Reader): Statement {
  reader.match('{');
  const start = reader.lexer.save();
  const body: Statement[] = [];
  while (reader.lexer.type !== 'end' && !reader.is('}')) {
    try {
      body.push(parseStatement(reader));
    } catch (fault) {
      body.push(faultOf(fault));
      reader.lexer.restore(start);
      reader.skipBlock();
    }
  }
  if (!reader.take('}')) body.push(faultOf(reader.fault("'}'")));
  return { kind: 'block', body };
}

function parseBlockOrStatement(reader: Reader): Statement {
  return reader.is('{') ? parseBlock(reader) : parseStatement(reader);
}

function parseStatement(reader: Reader): Statement {
  const { lexer } = reader;
  if (lexer.type === 'word') {
    const parse = WORDS[lexer.text];
    if (parse) return parse(reader);
  }
  if (reader.is('{')) return parseBlock(reader);
  if (reader.take(';')) return { kind: 'empty' };
  return { kind: 'expression', value: parseExpression(reader) };
}

const WORDS: Record<string, (reader: Reader) => Statement> = {
  var: parseDeclaration,
  let: parseDeclaration,
  const: parseDeclaration,
  if: parseIf,
  do: parseDo,
  while: parseWhile,
  for: parseFor,
  try: parseTry,
  switch: parseSwitch,
  return(reader) {
    reader.lexer.next();
    const isBare = reader.is(';') || reader.is('}') || reader.lexer.type === 'end';
    return { kind: 'return', value: isBare ? null : parseExpression(reader) };
  },
  throw(reader) {
    reader.lexer.next();
    return { kind: 'throw', value: parseExpression(reader) };
  },
  function(reader) {
    reader.lexer.next();
    const name = reader.identifier();
    return { kind: 'function', definition: reader.definition(name) };
  },
  class(reader) {
    reader.lexer.next();
    const name = reader.identifier();
    return { kind: 'class', definition: { ...parseClass(reader, false), name } };
  },
  continue(reader) {
    reader.lexer.next();
    return { kind: 'continue' };
  },
  break(reader) {
    reader.lexer.next();
    return { kind: 'break' };
  },
  debugger(reader) {
    reader.lexer.next();
    return { kind: 'empty' };
  },
};

function parseDeclaration(reader: Reader): Statement {
  const type = reader.lexer.text as 'var' | 'let' | 'const';
  reader.lexer.next();
  const items: { name: string; value: import('./tree.ts').Expression | null }[] = [];
  while (reader.lexer.type === 'id') {
    const name = reader.identifier();
    items.push({ name, value: reader.take('=') ? parseAssignment(reader) : null });
    if (!reader.take(',')) break;
  }
  return { kind: 'declare', type, items };
}

function parseIf(reader: Reader): Statement {
  reader.match('if');
  reader.match('(');
  const test = parseExpression(reader);
  reader.match(')');
  const yes: Statement = reader.is(';') ? { kind: 'empty' } : parseBlockOrStatement(reader);
  reader.take(';');
  let no: Statement | null = null;
  if (reader.take('else')) no = reader.is(';') ? { kind: 'empty' } : parseBlockOrStatement(reader);
  return { kind: 'if', test, yes, no };
}

function parseWhile(reader: Reader): Statement {
  reader.match('while');
  reader.match('(');
  const test = parseExpression(reader);
  reader.match(')');
  return { kind: 'while', test, body: parseBlockOrStatement(reader) };
}

function parseDo(reader: Reader): Statement {
  reader.match('do');
  const needsSemicolon = !reader.is('{');
  const body = parseBlockOrStatement(reader);
  if (needsSemicolon) reader.match(';');
  reader.match('while');
  reader.match('(');
  const test = parseExpression(reader);
  reader.match(')');
  return { kind: 'do', test, body };
}

function parseFor(reader: Reader): Statement {
  reader.match('for');
  reader.match('(');
  reader.inForHead = true;
  const start = reader.is(';') ? null : parseStatement(reader);
  reader.inForHead = false;
  if (start && (reader.is('in') || reader.is('of'))) {
    const type = reader.lexer.text as 'in' | 'of';
    reader.lexer.next();
    const subject = parseExpression(reader);
    reader.match(')');
    return { kind: 'each', type, target: start, subject, body: parseBlockOrStatement(reader) };
  }
  reader.match(';');
  const test = reader.is(';') ? null : parseExpression(reader);
  reader.match(';');
  const next = reader.is(')') ? null : parseExpression(reader);
  reader.match(')');
  return { kind: 'for', start, test, next, body: parseBlockOrStatement(reader) };
}

function parseSwitch(reader: Reader): Statement {
  reader.match('switch');
  reader.match('(');
  const subject = parseExpression(reader);
  reader.match(')');
  reader.match('{');
  const cases: Case[] = [];
  while (reader.take('case')) {
    const test = parseAssignment(reader);
    reader.match(':');
    cases.push({ test, body: parseCase(reader) });
  }
  if (reader.take('default')) {
    reader.match(':');
    cases.push({ test: null, body: parseCase(reader) });
  }
  let fault: string | null = null;
  if (reader.is('case')) {
    fault = 'CASE after DEFAULT unsupported';
    reader.skipBlock();
  }
  reader.match('}');
  return { kind: 'switch', subject, cases, fault };
}

function parseCase(reader: Reader): Statement[] {
  const body: Statement[] = [];
  while (reader.lexer.type !== 'end' && !reader.is('case') && !reader.is('default') && !reader.is('}')) {
    body.push(parseBlockOrStatement(reader));
  }
  return body;
}

function parseTry(reader: Reader): Statement {
  reader.match('try');
  const body = parseBlock(reader);
  let name: string | null = null;
  let handler: Statement | null = null;
  let last: Statement | null = null;
  if (reader.take('catch')) {
    if (reader.take('(')) {
      name = reader.identifier();
      reader.match(')');
    }
    handler = parseBlock(reader);
  }
  if (reader.is('finally') || !handler) {
    reader.match('finally');
    last = parseBlock(reader);
  }
  return { kind: 'try', body, name, handler, last };
}
