/** Rows about names: what the engine's library lacks, or does in another way. */
import type { AnyNode } from 'acorn';
import { engineWords, globalNames, isBuiltin, missingMethods, staticMembers } from './dialect.globals.ts';
import type { Parsed, Row } from './dialect.row.ts';

/** The name of `a.name`, or of `a['name']`. */
function memberName(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  return node.property.type === 'Literal' && typeof node.property.value === 'string'
    ? node.property.value
    : undefined;
}

/** The names of `Object.freeze` where Object is the builtin. */
function staticOf(node: AnyNode, parsed: Parsed): { of: string; member: string } | undefined {
  const member = memberName(node);
  if (node.type !== 'MemberExpression' || member === undefined) return undefined;
  const { object } = node;
  return object.type === 'Identifier' && parsed.isFree(object) ? { of: object.name, member } : undefined;
}

const isUnset = (node: AnyNode | undefined) =>
  !node ||
  (node.type === 'Literal' && node.value === null) ||
  (node.type === 'Identifier' && node.name === 'undefined') ||
  (node.type === 'UnaryExpression' && node.operator === 'void');

function keyText(node: AnyNode): string | undefined {
  if (node.type === 'Property' && node.key.type === 'Literal') return String(node.key.value);
  if (node.type === 'Property' && node.key.type === 'Identifier' && !node.computed) return node.key.name;
  return memberName(node);
}

export const libraryRows = {
  global: {
    reason: 'the engine has nothing of this name',
    hint: 'use what espruino has: an object for a Map or a Set, an array for the rest',
    from: 'author',
    finds: (node, parsed) => {
      if (node.type !== 'Identifier' || !parsed.isFree(node) || globalNames.has(node.name)) return false;
      const parent = parsed.parentOf(node);
      return !(parent?.type === 'UnaryExpression' && parent.operator === 'typeof');
    },
  },
  static: {
    reason: 'the engine lacks this member of a builtin',
    hint: 'write it out: a loop for Array.from and Array.of, E.clip and comparisons for Math and Number',
    from: 'author',
    finds: (node, parsed) => {
      const found = staticOf(node, parsed);
      const members = found && staticMembers[found.of];
      return (
        members !== undefined &&
        found!.member !== 'pow' &&
        !members.has(found!.member) &&
        found!.member !== 'prototype'
      );
    },
  },
  method: {
    reason: 'the strings, arrays and promises of the engine lack this method',
    hint: 'write it out with an index, a loop or then',
    from: 'author',
    finds: node => node.type === 'CallExpression' && missingMethods.has(memberName(node.callee) ?? ''),
  },
  length: {
    reason: 'the engine throws when a length is set',
    hint: 'use splice, or a new array',
    from: 'author',
    finds: node =>
      (node.type === 'AssignmentExpression' && memberName(node.left) === 'length') ||
      (node.type === 'UpdateExpression' && memberName(node.argument) === 'length'),
  },
  instance: {
    reason: 'on the engine a TypeError, and a class that extends Error, is no instance of Error',
    hint: 'ask for the class itself, or whether there is a message',
    from: 'author',
    finds: (node, parsed) =>
      node.type === 'BinaryExpression' &&
      node.operator === 'instanceof' &&
      /^\w*Error$/.test(parsed.text(node.right)) &&
      parsed.isFree(node.right),
  },
  json: {
    reason: 'the engine has no reviver and no replacer',
    hint: 'walk the value yourself; signed data is never JSON',
    from: 'author',
    finds: (node, parsed) => {
      if (node.type !== 'CallExpression') return false;
      return staticOf(node.callee, parsed)?.of === 'JSON' && !isUnset(node.arguments[1]);
    },
  },
  proto: {
    reason: '__proto__ is a member like any other for the engine, and JSON.parse sets it',
    hint: 'use Object.setPrototypeOf, or another name',
    from: 'author',
    finds: node => keyText(node) === '__proto__',
  },
  hidden: {
    reason: "keys that begin with byte 255 are the interpreter's own: code, scope and this of a function",
    hint: 'put hex or another prefix before binary keys',
    from: 'author',
    finds: node => keyText(node)?.startsWith('\xff') ?? false,
  },
  arguments: {
    reason: 'an arrow function has arguments of its own on the engine',
    hint: 'name the parameters',
    from: 'author',
    finds: (node, parsed) =>
      node.type === 'Identifier' &&
      node.name === 'arguments' &&
      parsed.isFree(node) &&
      parsed.functionAround(node)?.type === 'ArrowFunctionExpression' &&
      !/\[\]\.slice\.call\(arguments,\d+\)/.test(parsed.text(parsed.parentOf(node) ?? node)),
  },
  parameter: {
    reason: 'an arrow function cannot have a parameter with the name of a builtin',
    hint: 'report it with the line; this is a defect of mite',
    from: 'tool',
    finds: (node, parsed) => {
      const parent = parsed.parentOf(node);
      return (
        node.type === 'Identifier' &&
        parent?.type === 'ArrowFunctionExpression' &&
        parent.params.includes(node) &&
        isBuiltin(node.name)
      );
    },
  },
  word: {
    reason: 'this name is a word of the engine',
    hint: 'report it with the line; this is a defect of mite',
    from: 'tool',
    finds: (node, parsed) =>
      node.type === 'Identifier' &&
      engineWords.includes(node.name) &&
      parsed.scopes.all.some(({ declarations }) => declarations.includes(node)),
  },
} satisfies Readonly<Record<string, Row>>;
