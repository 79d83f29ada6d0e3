/** Which variable a name means: scopes, declarations and uses of a program, by the rules of JavaScript.
 *
 * 1. A name leads to the declaration that JavaScript means by it. (test/host/lower.scope.test.ts)
 */
import type { AnyNode, Identifier, Program } from 'acorn';
import { childrenOf, type FunctionNode, isFunction, nodesOf } from './rewrite.ts';

export type Kind = 'var' | 'let' | 'const' | 'function' | 'class' | 'parameter' | 'catch' | 'own';

export interface Use {
  readonly node: Identifier;
  readonly isWrite: boolean;
  /** The innermost function around it, or the program. */
  readonly within: FunctionNode | Program;
  readonly parent: AnyNode;
}

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  readonly scope: Scope;
  readonly declarations: Identifier[];
  readonly uses: Use[];
}

export interface Scope {
  /** What opens it: a function, block, loop, switch, catch clause, class or the program. */
  readonly node: AnyNode;
  readonly parent: Scope | undefined;
  readonly within: FunctionNode | Program;
  readonly variables: Map<string, Variable>;
}

export interface Scopes {
  readonly of: ReadonlyMap<AnyNode, Scope>;
  /** Uses of names that nothing declares. */
  readonly free: readonly Use[];
  readonly all: readonly Variable[];
}

/** Names that a pattern binds. */
function boundNames(pattern: AnyNode): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap(each => boundNames(each.type === 'Property' ? each.value : each));
    case 'ArrayPattern':
      return pattern.elements.flatMap(each => (each ? boundNames(each) : []));
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

const opensScope = (node: AnyNode) =>
  isFunction(node) ||
  /^(Program|BlockStatement|For(In|Of)?Statement|SwitchStatement|CatchClause|Class(Declaration|Expression)|StaticBlock)$/.test(
    node.type,
  );

/** A name that is no variable: a member, a key, a label. */
function isLabel(node: Identifier, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.property === node && !parent.computed;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.key === node && !parent.computed && !(parent.type === 'Property' && parent.shorthand);
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return true;
    case 'ExportSpecifier':
      return parent.exported === node && parent.local !== node;
    default:
      return false;
  }
}

class Analysis {
  readonly of = new Map<AnyNode, Scope>();
  readonly free: Use[] = [];
  readonly all: Variable[] = [];
  readonly #pending: { use: Use; scope: Scope }[] = [];

  constructor(program: Program) {
    this.#enter(program, program, undefined, program);
    for (const { use, scope } of this.#pending) this.#resolve(use, scope);
  }

  #enter(node: AnyNode, parent: AnyNode, outer: Scope | undefined, within: FunctionNode | Program): void {
    // A function's body is the function's scope.
    const opens = opensScope(node) && !(isFunction(parent) && parent.body === node);
    const inside = isFunction(node) ? node : within;
    const scope = opens ? { node, parent: outer, within: inside, variables: new Map() } : outer!;
    if (opens) this.of.set(node, scope);
    this.#declare(node, scope, outer ?? scope);
    if (node.type === 'Identifier' && !isLabel(node, parent)) {
      const use = { node, isWrite: isTarget(node, parent), within, parent };
      this.#pending.push({ use, scope });
    }
    for (const child of childrenOf(node)) this.#enter(child, node, scope, inside);
  }

  /** What a node adds to its own scope, or to the one around it. */
  #declare(node: AnyNode, scope: Scope, outer: Scope): void {
    if (isFunction(node)) {
      for (const name of node.params.flatMap(boundNames)) this.#add(scope, 'parameter', name);
      if (node.id) this.#add(...ownName(node, scope, outer));
    } else if (node.type === 'ClassDeclaration' && node.id) this.#add(outer, 'class', node.id);
    else if (node.type === 'ClassExpression' && node.id) this.#add(scope, 'own', node.id);
    else if (node.type === 'CatchClause' && node.param)
      for (const name of boundNames(node.param)) this.#add(scope, 'catch', name);
    else if (node.type === 'VariableDeclaration') {
      const kind = node.kind as Kind;
      const home = kind === 'var' ? functionScope(scope) : scope;
      for (const name of node.declarations.flatMap(({ id }) => boundNames(id))) this.#add(home, kind, name);
    }
  }

  #add(scope: Scope, kind: Kind, id: Identifier): void {
    const known = scope.variables.get(id.name);
    if (known) {
      known.declarations.push(id);
      return;
    }
    const variable = { name: id.name, kind, scope, declarations: [id], uses: [] };
    scope.variables.set(id.name, variable);
    this.all.push(variable);
  }

  #resolve(use: Use, from: Scope): void {
    for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
      const variable = scope.variables.get(use.node.name);
      if (!variable) continue;
      if (!variable.declarations.includes(use.node)) variable.uses.push(use);
      return;
    }
    this.free.push(use);
  }
}

function ownName(node: FunctionNode, scope: Scope, outer: Scope): [Scope, Kind, Identifier] {
  return node.type === 'FunctionDeclaration' ? [outer, 'function', node.id!] : [scope, 'own', node.id!];
}

function functionScope(scope: Scope): Scope {
  let found = scope;
  while (!isFunction(found.node) && found.parent) found = found.parent;
  return found;
}

function isTarget(node: Identifier, parent: AnyNode): boolean {
  if (parent.type === 'AssignmentExpression') return parent.left === node;
  if (parent.type === 'UpdateExpression') return true;
  if (parent.type === 'ForOfStatement' || parent.type === 'ForInStatement') return parent.left === node;
  if (parent.type === 'AssignmentPattern') return parent.left === node;
  if (parent.type === 'Property') return parent.value === node && isPattern(parent);
  return parent.type === 'ArrayPattern' || parent.type === 'RestElement';
}

/** acorn gives patterns their own types except for their properties, which look alike. */
const patterns = new WeakMap<AnyNode, boolean>();
const isPattern = (property: AnyNode) => patterns.get(property) ?? false;

export function analyze(program: Program): Scopes {
  for (const node of nodesOf(program))
    if (node.type === 'ObjectPattern') for (const each of node.properties) patterns.set(each, true);
  return new Analysis(program);
}
