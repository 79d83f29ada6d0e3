/** Rows about order and scope: the engine hoists nothing, and gives some bindings to another scope. */
import type { AnyNode } from 'acorn';
import type { Parsed, Row } from './dialect.row.ts';
import { capturedBy } from './lower.loop.ts';
import { isFunction, nodesOf } from './rewrite.ts';

const isBodyOfFunction = (node: AnyNode, parsed: Parsed) => isFunction(parsed.parentOf(node));

const declaresHere = (node: AnyNode) => node.type === 'VariableDeclaration' && node.kind !== 'var';

/** A function made before the first variable of its block: the engine makes the block's scope with that variable. */
function seesLater(statement: AnyNode, block: AnyNode, parsed: Parsed): boolean {
  const variables = [...(parsed.scopes.of.get(block)?.variables.values() ?? [])];
  const inFunctions = new Set<AnyNode>();
  for (const node of nodesOf(statement))
    if (isFunction(node)) for (const each of nodesOf(node)) inFunctions.add(each);
  return variables.some(({ uses }) => uses.some(({ node }) => inFunctions.has(node)));
}

function isEarly(node: AnyNode, parsed: Parsed): boolean {
  if (node.type !== 'BlockStatement' || isBodyOfFunction(node, parsed)) return false;
  const first = node.body.findIndex(declaresHere);
  return node.body.slice(0, Math.max(first, 0)).some(statement => seesLater(statement, node, parsed));
}

/** A function that stands after other statements, or in a block. */
function isLate(node: AnyNode, parsed: Parsed): boolean {
  const parent = parsed.parentOf(node);
  if (node.type !== 'FunctionDeclaration' || !parent) return false;
  if (parent.type !== 'Program' && !isBodyOfFunction(parent, parsed)) return true;
  const name = node.id?.name;
  const variable = parsed.scopes.all.find(({ declarations }) => declarations.some(each => each === node.id));
  return (
    name !== undefined &&
    Boolean(variable?.uses.some(use => use.node.start < node.start && use.within === parsed.program))
  );
}

export const orderRows = {
  default: {
    reason:
      'default must be the last case of a switch on the engine, and cases around this one fall into each other',
    hint: 'put default last, and end every case with break',
    from: 'author',
    finds: node => node.type === 'SwitchStatement' && node.cases.slice(0, -1).some(({ test }) => !test),
  },
  share: {
    reason: 'a switch has no scope of its own on the engine, and cases of this one share a variable',
    hint: 'declare it before the switch',
    from: 'author',
    finds: node => node.type === 'SwitchCase' && node.consequent.some(declaresHere),
  },
  loop: {
    reason:
      'a closure in this loop would see the last value only: on the engine all rounds share the variable of the head',
    hint: 'copy the variable to a const inside the body, and change it only in the head',
    from: 'author',
    finds: (node, parsed) =>
      (node.type === 'ForStatement' || node.type === 'ForOfStatement' || node.type === 'ForInStatement') &&
      capturedBy(node, parsed.scopes).length > 0,
  },
  early: {
    reason:
      'a function made before the first variable of its block does not see the variables of that block on the engine',
    hint: 'declare the variables before the function',
    from: 'author',
    finds: isEarly,
  },
  this: {
    reason: 'an arrow function of the engine loses this at each function inside its expression',
    hint: 'report it with the line; this is a defect of mite',
    from: 'tool',
    finds: (node, parsed) =>
      node.type === 'ThisExpression' && parsed.functionAround(node)?.type === 'ArrowFunctionExpression',
  },
  hoist: {
    reason: 'the engine hoists no function, and gives one in a block to the function around it',
    hint: 'report it with the line; this is a defect of mite',
    from: 'tool',
    finds: isLate,
  },
} satisfies Readonly<Record<string, Row>>;
