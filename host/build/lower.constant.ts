/** Writes the constants of a program where they are used: on a board each global costs RAM, and its name time at every use.
 *
 * A constant is a top-level variable that is never written, whose value is known: numbers, truth values, short strings,
 * what integers make of each other, and plain objects of such values that are only read by member.
 */
import type { AnyNode, Expression, Program } from 'acorn';
import { Replacement } from './replace.ts';
import { childrenOf, join, type NodeOf, nodesOf, out, quote, type Rules } from './rewrite.ts';
import { analyze, type Scopes, type Use, type Variable } from './scope.ts';

type Value = number | string | boolean | null | undefined;

interface Constant {
  readonly value: Value;
}

/** Longer ones are written once, and used by name. */
const textLengthMax = 12;

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
};

function literalOf({ value, raw = '' }: NodeOf<'Literal'>): Constant | undefined {
  if (value === null) return raw === 'null' ? { value } : undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { value } : undefined;
  return typeof value === 'string' || typeof value === 'boolean' ? { value } : undefined;
}

/** Integers stay integers, or nothing is known. */
function combine(operator: string, a: Constant | undefined, b: Constant | undefined): Constant | undefined {
  if (typeof a?.value !== 'number' || typeof b?.value !== 'number') return undefined;
  const value = operations[operator]?.(a.value, b.value);
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? { value } : undefined;
}

function textOf({ value }: Constant): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' && value < 0 ? `(${value})` : String(value);
}

class Inlining {
  readonly replacement = new Replacement();
  readonly members = new Map<AnyNode, string>();
  /** Declarators that nothing uses any more. */
  readonly dropped = new Set<AnyNode>();
  readonly #known = new Map<AnyNode, Constant>();
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #scopes: Scopes;

  constructor(program: Program) {
    this.#scopes = analyze(program);
    for (const node of nodesOf(program)) for (const child of childrenOf(node)) this.#parents.set(child, node);
    const variables = new Map<AnyNode, Variable>();
    for (const variable of this.#scopes.all) variables.set(variable.declarations[0]!, variable);
    for (const statement of program.body)
      if (statement.type === 'VariableDeclaration')
        for (const declarator of statement.declarations) this.#take(declarator, variables.get(declarator.id));
  }

  #take(declarator: NodeOf<'VariableDeclarator'>, variable: Variable | undefined): void {
    const { init } = declarator;
    if (!init || !variable || variable.declarations.length > 1) return;
    if (variable.uses.some(use => use.isWrite)) return;
    const isDone =
      init.type === 'ObjectExpression' ? this.#takeTable(init, variable) : this.#takeValue(init, variable);
    if (isDone) this.dropped.add(declarator);
  }

  #takeValue(init: Expression, { uses }: Variable): boolean {
    const constant = this.#evaluate(init);
    if (!constant) return false;
    const { value } = constant;
    if (typeof value === 'string' && value.length > textLengthMax && uses.length > 1) return false;
    for (const { node } of uses) this.#known.set(node, constant);
    this.replacement.set(
      uses.map(({ node }) => node),
      textOf(constant),
    );
    return true;
  }

  #takeTable({ properties }: NodeOf<'ObjectExpression'>, { uses }: Variable): boolean {
    const table = new Map<string, Constant>();
    for (const property of properties) {
      if (property.type !== 'Property' || property.computed || property.method || property.kind !== 'init')
        return false;
      const constant = this.#evaluate(property.value);
      if (property.key.type !== 'Identifier' || !constant) return false;
      table.set(property.key.name, constant);
    }
    const entries = uses.map(use => this.#entryOf(use, table));
    if (entries.some(entry => !entry)) return false;
    uses.forEach(({ parent }, index) => {
      this.#known.set(parent, entries[index]!);
      this.members.set(parent, textOf(entries[index]!));
    });
    return true;
  }

  /** Of `table.entry`, only read. */
  #entryOf({ node, parent }: Use, table: ReadonlyMap<string, Constant>): Constant | undefined {
    if (parent.type !== 'MemberExpression' || parent.object !== node || parent.computed) return undefined;
    const around = this.#parents.get(parent);
    const isTarget = around?.type === 'AssignmentExpression' && around.left === parent;
    const isCalled = around?.type === 'CallExpression' && around.callee === parent;
    const isChanged = around?.type === 'UpdateExpression' || around?.type === 'UnaryExpression';
    if (isTarget || isCalled || isChanged || parent.property.type !== 'Identifier') return undefined;
    return table.get(parent.property.name);
  }

  #evaluate(node: Expression): Constant | undefined {
    switch (node.type) {
      case 'Literal':
        return literalOf(node);
      case 'Identifier': {
        const isFree = node.name === 'undefined' && this.#scopes.free.some(use => use.node === node);
        return isFree ? { value: undefined } : this.#known.get(node);
      }
      case 'MemberExpression':
        return this.#known.get(node);
      case 'UnaryExpression':
        if (node.operator === 'void' && node.argument.type === 'Literal') return { value: undefined };
        return node.operator === '-' ? combine('-', { value: 0 }, this.#evaluate(node.argument)) : undefined;
      case 'BinaryExpression':
        if (node.left.type === 'PrivateIdentifier') return undefined;
        return combine(node.operator, this.#evaluate(node.left), this.#evaluate(node.right));
      default:
        return undefined;
    }
  }
}

/** A number cannot be followed by a dot. */
const inBrackets = (text: string, parent: AnyNode | undefined) =>
  parent?.type === 'MemberExpression' ? `(${text})` : text;

export function constantRules(program: Program): Rules {
  const { replacement, members, dropped } = new Inlining(program);
  return {
    ...replacement.rules,
    Identifier: (node, rewriter) => {
      const text = replacement.rules.Identifier(node);
      return text === undefined ? undefined : inBrackets(text, rewriter.parentOf(node));
    },
    MemberExpression: (node, rewriter) => {
      const text = members.get(node);
      return text === undefined ? undefined : inBrackets(text, rewriter.parentOf(node));
    },
    VariableDeclaration: (node, rewriter) => {
      const kept = node.declarations.filter(each => !dropped.has(each));
      if (kept.length === node.declarations.length) return undefined;
      if (!kept.length) return '';
      return out`${node.kind} ${join(
        kept.map(each => rewriter.emit(each)),
        ',',
      )};`;
    },
  };
}
