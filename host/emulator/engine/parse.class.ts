/** Classes: methods, accessors, static members and fields with an initialiser, nothing else. */
import { parseAssignment } from './parse.expression.ts';
import type { Reader } from './parse.ts';
import type { ClassDefinition, ClassMember } from './tree.ts';

export function parseClass(reader: Reader, isExpression: boolean): ClassDefinition {
  const name = isExpression && reader.lexer.type === 'id' ? reader.identifier() : undefined;
  const parent = reader.take('extends') ? reader.identifier() : undefined;
  reader.match('{');
  const members: ClassMember[] = [];
  while (reader.lexer.type === 'id' || reader.is('static')) members.push(parseMember(reader));
  reader.match('}');
  return { name, parent, members };
}

function parseMember(reader: Reader): ClassMember {
  const isStatic = reader.take('static');
  let name = reader.identifier();
  let kind: ClassMember['kind'] = 'method';
  if (reader.lexer.type === 'id' && (name === 'get' || name === 'set')) {
    kind = name === 'get' ? 'getter' : 'setter';
    name = reader.identifier();
  } else if (name === 'constructor') kind = 'constructor';
  else if (!reader.is('(')) kind = 'field';
  let method: ClassMember['method'];
  let value: ClassMember['value'];
  if (kind === 'field') {
    reader.match('=');
    value = parseAssignment(reader);
  } else method = reader.definition(undefined);
  while (reader.take(';'));
  return { isStatic, kind, name, method, value };
}
