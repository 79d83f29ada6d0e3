/** Rows about syntax: what the engine's parser does not know or reads in another way. */
import type { AnyNode, Property } from 'acorn';
import { engineWords } from './dialect.globals.ts';
import type { Parsed, Row } from './dialect.row.ts';
import { isIndex } from './lower.class.ts';
import { isFunction, nodesOf } from './rewrite.ts';

/** Names longer than this are cut. */
const nameLengthMax = 63;

/** Node types that the engine runs, given that no row refuses their details. */
const known = new Set([
  ...['Program', 'ExpressionStatement', 'BlockStatement', 'EmptyStatement', 'IfStatement', 'ForStatement'],
  ...['ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement', 'ReturnStatement'],
  ...[
    'BreakStatement',
    'ContinueStatement',
    'ThrowStatement',
    'TryStatement',
    'CatchClause',
    'SwitchStatement',
  ],
  ...['SwitchCase', 'VariableDeclaration', 'VariableDeclarator', 'FunctionDeclaration', 'FunctionExpression'],
  ...[
    'ArrowFunctionExpression',
    'Identifier',
    'Literal',
    'ThisExpression',
    'ArrayExpression',
    'ObjectExpression',
  ],
  ...['Property', 'UnaryExpression', 'UpdateExpression', 'BinaryExpression', 'LogicalExpression'],
  ...['AssignmentExpression', 'ConditionalExpression', 'CallExpression', 'NewExpression', 'MemberExpression'],
  ...['SequenceExpression', 'TemplateLiteral', 'TemplateElement'],
  // These have rows of their own.
  ...[
    'AwaitExpression',
    'YieldExpression',
    'LabeledStatement',
    'TaggedTemplateExpression',
    'ChainExpression',
  ],
  ...['ClassDeclaration', 'ClassExpression', 'ClassBody', 'MethodDefinition', 'PropertyDefinition'],
  ...['PrivateIdentifier', 'StaticBlock', 'MetaProperty', 'ImportExpression', 'ImportDeclaration', 'Super'],
  ...['ImportSpecifier', 'ImportDefaultSpecifier', 'ImportNamespaceSpecifier', 'DebuggerStatement'],
  ...['SpreadElement', 'RestElement', 'AssignmentPattern', 'ObjectPattern', 'ArrayPattern'],
]);

/** Words that the engine's lexer never reads as a name: no member of a class or accessor can be called so. */
const reserved = new Set([
  ...[
    'if',
    'else',
    'do',
    'while',
    'for',
    'break',
    'continue',
    'function',
    'return',
    'var',
    'let',
    'const',
    'this',
  ],
  ...[
    'throw',
    'try',
    'catch',
    'finally',
    'true',
    'false',
    'null',
    'new',
    'in',
    'instanceof',
    'switch',
    'case',
  ],
  ...['default', 'delete', 'typeof', 'void', 'class', 'extends', 'super'],
  ...engineWords,
]);

const isNamed = (key: AnyNode) => key.type === 'Identifier' && !reserved.has(key.name);

const isAccessor = (node: AnyNode): node is Property => node.type === 'Property' && node.kind !== 'init';

/** What the engine makes of digits: it adds them up one by one, which rounds at each. */
function readNumber(text: string): number {
  const [, whole = '', fraction = '', sign = '', exponent = '0'] =
    /^(\d*)\.?(\d*)(?:e([+-]?)(\d+))?$/i.exec(text.replaceAll('_', '')) ?? [];
  let value = 0;
  for (const digit of whole) value = value * 10 + Number(digit);
  let step = 0.1;
  for (const digit of fraction) {
    value += step * Number(digit);
    step /= 10;
  }
  for (let i = 0; i < Number(exponent); i++) value = sign === '-' ? value / 10 : value * 10;
  return value;
}

function isInexact(value: number, text: string): boolean {
  if (value > Number.MAX_SAFE_INTEGER) return true;
  return !/^0[xbo]/i.test(text) && readNumber(text) !== value;
}

/** A slash after these begins a regular expression for the engine. */
function endsLikeOperator(node: AnyNode, parsed: Parsed): boolean {
  if (parsed.source[node.end] === ')') return false;
  return /(\+\+|--|\bthis|\})$/.test(parsed.text(node));
}

function callsInside(node: AnyNode): boolean {
  if (node.type === 'CallExpression' || node.type === 'NewExpression' || node.type === 'ChainExpression')
    return true;
  return node.type === 'MemberExpression' && callsInside(node.object);
}

/** A class without anything that another row refuses. */
function isWholeClass(node: AnyNode): boolean {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return false;
  if (node.superClass) return false;
  return [...nodesOf(node.body)].every(
    each =>
      !/^(PrivateIdentifier|StaticBlock|Super)$/.test(each.type) &&
      !('computed' in each && each.computed) &&
      !(each.type === 'MethodDefinition' && (each.static || isIndex(each.key))),
  );
}

export const syntaxRows = {
  async: {
    reason: 'the engine has no async functions',
    hint: 'make it a step: keep the state in an object and let each event call the next step',
    from: 'author',
    finds: node => (isFunction(node) && node.async) || (node.type === 'ForOfStatement' && node.await),
  },
  await: {
    reason: 'the engine has no await',
    hint: 'use .then, or let an event call the next step',
    from: 'author',
    finds: node => node.type === 'AwaitExpression',
  },
  generator: {
    reason: 'the engine has no generators',
    hint: 'return an array, or take a function that is called with each value',
    from: 'author',
    finds: node => isFunction(node) && node.generator,
  },
  label: {
    reason: 'the engine has no labels',
    hint: 'move the inner loop into a function and return from it',
    from: 'author',
    finds: node => node.type === 'LabeledStatement',
  },
  exponent: {
    reason: 'the engine reads no **, and Math.pow there is exp(y log x): 2**32 is 4294967295.99999666',
    hint: 'shift, or multiply: 1 << n, 4294967296',
    from: 'author',
    finds: (node, parsed) =>
      ((node.type === 'BinaryExpression' || node.type === 'AssignmentExpression') &&
        /^\*\*/.test(node.operator)) ||
      (node.type === 'MemberExpression' && /^Math\.pow$/.test(parsed.text(node))),
  },
  regex: {
    reason:
      'the engine has its own small patterns: groups, repeats and look-ahead give wrong results in silence',
    hint: 'use indexOf, startsWith, split or a loop over characters',
    from: 'author',
    finds: node => node.type === 'Literal' && node.regex !== undefined && node.regex !== null,
  },
  bigint: {
    reason: 'the engine has no bigint',
    hint: 'use integers below 2^53, or bytes and the kernel',
    from: 'author',
    finds: node => node.type === 'Literal' && typeof node.bigint === 'string',
  },
  number: {
    reason: 'the engine does not round this number as JavaScript does',
    hint: 'use an integer below 2^53 and a smaller unit, or a fraction that is a sum of few halves',
    from: 'author',
    finds: (node, parsed) =>
      node.type === 'Literal' && typeof node.value === 'number' && isInexact(node.value, parsed.text(node)),
  },
  text: {
    reason: 'a string of the engine holds bytes: a character above 255 is cut to its low byte',
    hint: 'use ASCII, or the bytes of UTF-8 as \\x escapes',
    from: 'author',
    finds: node => node.type === 'Literal' && typeof node.value === 'string' && /[^\0-\xff]/.test(node.value),
  },
  tag: {
    reason: 'the engine has no tagged templates',
    hint: 'call the function',
    from: 'author',
    finds: node => node.type === 'TaggedTemplateExpression',
  },
  spread: {
    reason: 'the engine has no spread, and it is mended only in calls, arrays and plain objects',
    hint: 'name the values, or pass an array',
    from: 'author',
    finds: node => node.type === 'SpreadElement',
  },
  chain: {
    reason: 'the engine has no ?., and it is not mended under delete or with a spread',
    hint: 'ask with if first',
    from: 'author',
    finds: node => node.type === 'ChainExpression',
  },
  delete: {
    reason: 'the engine deletes only a.b.c or a[b]: it reads no call inside',
    hint: 'keep the object in a variable first',
    from: 'author',
    finds: node =>
      node.type === 'UnaryExpression' && node.operator === 'delete' && callsInside(node.argument),
  },
  private: {
    reason: 'the engine has no # members',
    hint: "use TypeScript's private",
    from: 'author',
    finds: node => node.type === 'PrivateIdentifier',
  },
  staticblock: {
    reason: 'the engine has no static blocks',
    hint: 'put the statements after the class',
    from: 'author',
    finds: node => node.type === 'StaticBlock',
  },
  newtarget: {
    reason: 'the engine has no new.target and no import.meta',
    hint: 'pass what it tells as a value',
    from: 'author',
    finds: node => node.type === 'MetaProperty',
  },
  import: {
    reason: 'the engine has no modules of JavaScript: everything is in one file',
    hint: 'import at the top of a module, or require a builtin',
    from: 'author',
    finds: node => /^(Import|Export)/.test(node.type),
  },
  debugger: {
    reason: 'the engine stops in its console debugger',
    hint: 'take it out',
    from: 'author',
    finds: node => node.type === 'DebuggerStatement',
  },
  extends: {
    reason: 'a class cannot extend a builtin or a computed class on the engine',
    hint: 'extend a class that has a name, an Error, or hold the value as a member',
    from: 'author',
    finds: node =>
      (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') && Boolean(node.superClass),
  },
  super: {
    reason:
      'the engine finds super from this: three levels recurse for ever. Only super(...) and super.method(...) are mended',
    hint: 'give the value a method and call that',
    from: 'author',
    finds: (node, parsed) =>
      node.type === 'Super' && !/^(Class|Method)/.test(parsed.parentOf(node)?.type ?? ''),
  },
  member: {
    reason:
      'an accessor needs a plain name on the engine, and no word of its language; a static one, a computed field, or a method named by a number, is not mended',
    hint: 'rename it, or make it a method',
    from: 'author',
    finds: (node, parsed) => {
      if (node.type === 'PropertyDefinition') return node.computed;
      if (node.type === 'MethodDefinition')
        return isIndex(node.key) || (node.static && (node.computed || node.kind !== 'method'));
      return (
        isAccessor(node) && (node.computed || !isNamed(node.key)) && !parsed.text(node.key).startsWith('#')
      );
    },
  },
  name: {
    reason: `the engine cuts names at ${nameLengthMax} characters`,
    hint: 'use a shorter name',
    from: 'author',
    finds: node => node.type === 'Identifier' && node.name.length > nameLengthMax,
  },
  newnew: {
    reason: 'the engine cannot nest new',
    hint: 'keep the inner class in a variable',
    from: 'author',
    finds: node => node.type === 'NewExpression' && node.callee.type === 'NewExpression',
  },
  division: {
    reason: 'after ++, --, this or } the engine reads a slash as the start of a regular expression',
    hint: 'keep the dividend in a variable',
    from: 'author',
    finds: (node, parsed) =>
      (node.type === 'BinaryExpression' || node.type === 'AssignmentExpression') &&
      /^\/=?$/.test(node.operator) &&
      endsLikeOperator(node.left, parsed),
  },
  inhead: {
    reason: 'the engine reads no operator in within the start of a for',
    hint: 'ask before the loop',
    from: 'author',
    finds: (node, parsed) => {
      if (node.type !== 'BinaryExpression' || node.operator !== 'in') return false;
      for (let at: AnyNode | undefined = node; at; at = parsed.parentOf(at)) {
        const parent = parsed.parentOf(at);
        if (parent?.type === 'ForStatement' && parent.init === at) return true;
        if (isFunction(parent)) return false;
      }
      return false;
    },
  },
  syntax: {
    reason: 'the engine does not have this syntax, and lowering should have mended it',
    hint: 'report it with the line; this is a defect of mite',
    from: 'tool',
    finds: node =>
      !known.has(node.type) ||
      /^(RestElement|AssignmentPattern|ObjectPattern|ArrayPattern)$/.test(node.type) ||
      (node.type === 'Property' && node.computed) ||
      (node.type === 'AssignmentExpression' && /^(\?\?|\|\||&&)=$/.test(node.operator)) ||
      node.type === 'TemplateLiteral' ||
      isWholeClass(node),
  },
} satisfies Readonly<Record<string, Row>>;
