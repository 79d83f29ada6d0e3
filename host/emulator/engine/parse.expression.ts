/** Expressions, by the firmware's own grammar. */
import { readFloat } from './number.ts';
import { parseClass } from './parse.class.ts';
import { ParseFault, type Reader } from './parse.ts';
import type { Definition, Entry, Expression } from './tree.ts';

const PRECEDENCE: Record<string, number> = {
  ...{ '??': 1, '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5 },
  ...{ '==': 6, '!=': 6, '===': 6, '!==': 6, '<=': 7, '>=': 7, '<': 7, '>': 7, instanceof: 7, in: 7 },
  ...{ '<<': 8, '>>': 8, '>>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10 },
};
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '>>=', '<<=', '>>>=']);
const WORD_VALUES: Record<string, unknown> = { true: true, false: false, null: null, undefined: undefined };

export function parseExpression(reader: Reader): Expression {
  const first = parseAssignment(reader);
  if (!reader.is(',')) return first;
  const items = [first];
  while (reader.take(',')) items.push(parseAssignment(reader));
  return { kind: 'comma', items };
}

export function parseAssignment(reader: Reader): Expression {
  const target = parseChoice(reader);
  const { lexer } = reader;
  if (lexer.type !== 'punctuator' || !ASSIGNMENTS.has(lexer.text)) return target;
  const operator = lexer.text.slice(0, -1);
  lexer.next();
  return { kind: 'assign', operator, target, value: parseAssignment(reader) };
}

function parseChoice(reader: Reader): Expression {
  const test = parseBinary(reader, parseUnary(reader), 0);
  if (!reader.take('?')) return test;
  const yes = parseAssignment(reader);
  reader.match(':');
  return { kind: 'choice', test, yes, no: parseAssignment(reader) };
}

function precedence(reader: Reader): number {
  const { type, text } = reader.lexer;
  if (type !== 'punctuator' && type !== 'word') return 0;
  if (text === 'in' && reader.inForHead) return 0;
  return Object.hasOwn(PRECEDENCE, text) ? PRECEDENCE[text]! : 0;
}

function parseBinary(reader: Reader, start: Expression, above: number): Expression {
  let left = start;
  for (let level = precedence(reader); level > above; level = precedence(reader)) {
    const operator = reader.lexer.text;
    reader.lexer.next();
    const right = parseBinary(reader, parseUnary(reader), level);
    const kind = level <= 2 ? 'logical' : 'binary';
    left = { kind, operator, left, right };
  }
  return left;
}

function parseUnary(reader: Reader): Expression {
  for (const operator of ['!', '~', '-', '+']) {
    if (reader.take(operator)) return { kind: 'unary', operator, value: parseUnary(reader) };
  }
  return parsePostfix(reader);
}

function parsePostfix(reader: Reader): Expression {
  let value: Expression;
  if (reader.is('++') || reader.is('--')) {
    const operator = reader.lexer.text[0] as '+' | '-';
    reader.lexer.next();
    value = { kind: 'update', operator, isPrefix: true, target: parsePostfix(reader) };
  } else value = parseCall(reader);
  while (reader.is('++') || reader.is('--')) {
    const operator = reader.lexer.text[0] as '+' | '-';
    reader.lexer.next();
    value = { kind: 'update', operator, isPrefix: false, target: value };
  }
  return value;
}

function parseCall(reader: Reader): Expression {
  let isNew = reader.take('new');
  if (isNew && reader.is('new')) throw new ParseFault("Nesting 'new' operators is unsupported");
  let value: Expression;
  if (reader.take('super')) value = parseMembers(reader, { kind: 'super', isCall: reader.is('(') });
  else value = parseMembers(reader, parseFactor(reader));
  if (reader.lexer.type === 'template') throw new ParseFault('Tagged Templates are not supported');
  while (reader.is('(') || isNew) {
    if (isNew) value = { kind: 'new', callee: value, args: reader.is('(') ? parseArguments(reader) : null };
    else value = { kind: 'call', callee: value, args: parseArguments(reader) };
    isNew = false;
    value = parseMembers(reader, value);
  }
  return value;
}

function parseArguments(reader: Reader): Expression[] {
  const args: Expression[] = [];
  const { inForHead } = reader;
  reader.match('(');
  while (!reader.is(')')) {
    args.push(parseAssignment(reader));
    if (!reader.is(')')) reader.match(',');
  }
  reader.match(')');
  reader.inForHead = inForHead;
  return args;
}

function parseMembers(reader: Reader, start: Expression): Expression {
  let object = start;
  for (;;) {
    if (reader.take('.')) {
      if (!reader.lexer.isName()) reader.fail('ID');
      object = { kind: 'member', object, name: reader.lexer.text };
      reader.lexer.next();
    } else if (reader.take('[')) {
      const index = parseAssignment(reader);
      reader.match(']');
      object = { kind: 'index', object, index };
    } else return object;
  }
}

function parseFactor(reader: Reader): Expression {
  const { lexer } = reader;
  switch (lexer.type) {
    case 'id':
      return parseName(reader);
    case 'word':
      return parseWord(reader);
    case 'int':
      return literal(reader, lexer.value);
    case 'float':
      return literal(reader, readFloat(lexer.text, 0).value);
    case 'string':
      return lexer.unicode ? unicodeLiteral(reader) : literal(reader, lexer.value);
    case 'template': {
      const text = String(lexer.value);
      lexer.next();
      return { kind: 'template', text };
    }
    case 'regex': {
      const { source, flags } = lexer.value as { source: string; flags: string };
      lexer.next();
      return { kind: 'regex', source, flags };
    }
  }
  if (reader.is('(')) return parseGroup(reader);
  if (reader.is('{')) return parseObject(reader);
  if (reader.is('[')) return parseArray(reader);
  if (lexer.type === 'end') throw new ParseFault('Unexpected end of Input');
  return reader.fail('EOF');
}

function literal(reader: Reader, value: unknown): Expression {
  reader.lexer.next();
  return { kind: 'value', value };
}

function unicodeLiteral(reader: Reader): Expression {
  const text = String(reader.lexer.value);
  reader.lexer.next();
  return { kind: 'unicode', text };
}

function parseName(reader: Reader): Expression {
  const name = reader.identifier();
  if (reader.lexer.type === 'template') throw new ParseFault('Tagged template literals not supported');
  if (reader.is('=>')) return parseArrow(reader, [name]);
  return { kind: 'name', name };
}

function parseWord(reader: Reader): Expression {
  const word = reader.lexer.text;
  if (Object.hasOwn(WORD_VALUES, word)) return literal(reader, WORD_VALUES[word]);
  switch (word) {
    case 'function': {
      reader.lexer.next();
      const name = reader.lexer.type === 'id' ? reader.identifier() : undefined;
      return { kind: 'function', definition: reader.definition(name) };
    }
    case 'class': {
      reader.lexer.next();
      return { kind: 'class', definition: parseClass(reader, true) };
    }
    case 'this':
      reader.sawThis = true;
      reader.lexer.next();
      return { kind: 'this' };
    case 'delete':
      reader.lexer.next();
      return { kind: 'delete', target: parseMembers(reader, parseFactor(reader)) };
    case 'typeof':
      reader.lexer.next();
      return { kind: 'typeof', value: parseUnary(reader) };
    case 'void':
      reader.lexer.next();
      return { kind: 'void', value: parseUnary(reader) };
  }
  return reader.fail('EOF');
}

function parseArrow(reader: Reader, parameters: string[]): Expression {
  reader.match('=>');
  if (reader.is('{')) {
    const definition = reader.body({ name: undefined, parameters, isArrow: true });
    return { kind: 'function', definition };
  }
  const { lexer } = reader;
  reader.sawThis = false;
  const start = lexer.start;
  parseArrowValue(reader);
  const usesThis = reader.sawThis;
  const source = lexer.source.slice(start, lexer.type === 'end' ? lexer.at : lexer.start);
  const definition: Definition = {
    ...{ name: undefined, parameters, source, isArrow: true, isReturn: true, usesThis },
    line: lexer.line(start),
  };
  return { kind: 'function', definition };
}

/** Text that ends too soon is found out when the arrow runs. */
function parseArrowValue(reader: Reader): void {
  try {
    parseAssignment(reader);
  } catch (fault) {
    if (!(fault instanceof ParseFault) || reader.lexer.type !== 'end') throw fault;
  }
}

/** A bracketed expression keeps the reference of its last item but not the object it came from. */
function parseGroup(reader: Reader): Expression {
  reader.match('(');
  const items: Expression[] = [];
  const { inForHead } = reader;
  reader.inForHead = false;
  while (!reader.is(')')) {
    items.push(parseAssignment(reader));
    if (!reader.is(')')) reader.match(',');
  }
  reader.match(')');
  reader.inForHead = inForHead;
  if (reader.is('=>') && items.every(item => item.kind === 'name')) {
    return parseArrow(
      reader,
      items.map(item => (item as { name: string }).name),
    );
  }
  return { kind: 'group', items };
}

function parseArray(reader: Reader): Expression {
  reader.match('[');
  const elements: (Expression | null)[] = [];
  while (!reader.is(']')) {
    elements.push(reader.is(',') ? null : parseAssignment(reader));
    if (!reader.is(']')) reader.match(',');
  }
  reader.match(']');
  return { kind: 'array', elements };
}

function parseObject(reader: Reader): Expression {
  reader.match('{');
  const entries: Entry[] = [];
  while (!reader.is('}')) {
    entries.push(parseEntry(reader));
    if (!reader.is('}')) reader.match(',');
  }
  reader.match('}');
  return { kind: 'object', entries };
}

function parseEntry(reader: Reader): Entry {
  const { lexer } = reader;
  const isIdentifier = lexer.type === 'id';
  if (!lexer.isName() && !['string', 'int', 'float'].includes(lexer.type)) reader.fail('ID');
  const key = lexer.isName() ? lexer.text : keyText(lexer.value, lexer.text, lexer.type);
  lexer.next();
  if (lexer.type === 'id' && isIdentifier && (key === 'get' || key === 'set')) {
    const name = reader.identifier();
    const value = reader.definition(undefined);
    return { kind: key === 'get' ? 'getter' : 'setter', key: name, value };
  }
  if (reader.is('(')) {
    const definition = reader.definition(undefined);
    return { kind: 'value', key, value: { kind: 'function', definition } };
  }
  if (isIdentifier && (reader.is(',') || reader.is('}'))) {
    return { kind: 'value', key, value: { kind: 'name', name: key } };
  }
  reader.match(':');
  return { kind: 'value', key, value: parseAssignment(reader) };
}

function keyText(value: unknown, text: string, type: string): string {
  if (type === 'string') return String(value);
  return String(type === 'float' ? readFloat(text, 0).value : value);
}
