/** Lowers order: the engine hoists nothing. Functions go to the start of their block, names of `var` to the start of their
 * function, and `default` to the end of its switch.
 */
import type { AnyNode, Program, Statement, SwitchCase } from 'acorn';
import { engineWords, isBuiltin } from './dialect.globals.ts';
import { Replacement } from './replace.ts';
import {
  type FunctionNode,
  isFunction,
  type NodeOf,
  type Output,
  out,
  type Rewriter,
  type Rules,
} from './rewrite.ts';
import { analyze, type Scopes, type Variable } from './scope.ts';

type Body = readonly AnyNode[];

const isDirective = (node: AnyNode) => node.type === 'ExpressionStatement' && node.directive !== undefined;

/** The statement of a list that holds a node. */
const statementOf = (body: Body, node: AnyNode) =>
  body.find(each => each.start <= node.start && node.end <= each.end);

/** Read before it is made, or made in a block and read outside it. */
function needsHoist({ declarations, uses }: Variable, body: Body): boolean {
  const first = Math.min(...declarations.map(({ start }) => start));
  const isDirect = declarations.every(node => statementOf(body, node)?.type === 'VariableDeclaration');
  return !isDirect || uses.some(({ node }) => node.start < first);
}

class Order {
  readonly scopes: Scopes;
  readonly #hoisted = new Map<AnyNode, string[]>();

  readonly names = new Replacement();

  constructor(program: Program) {
    this.scopes = analyze(program);
    for (const variable of this.scopes.all) this.#note(variable);
  }

  /** A name that the engine would take for a builtin, or for a word, gives way. */
  rename(fresh: (stem: string) => string): void {
    for (const { name, declarations, uses, scope } of this.scopes.all) {
      const isExposed = !scope.parent || scope.node.type === 'ArrowFunctionExpression';
      if (engineWords.includes(name) || (isExposed && isBuiltin(name)))
        this.names.set([...declarations, ...uses.map(use => use.node)], fresh(name));
    }
  }

  #note(variable: Variable): void {
    const { node } = variable.scope;
    if (variable.kind !== 'var') return;
    const body = isFunction(node) ? node.body : node;
    if (body.type !== 'BlockStatement' && body.type !== 'Program') return;
    if (!needsHoist(variable, body.body)) return;
    this.#hoisted.set(body, [...(this.#hoisted.get(body) ?? []), variable.name]);
  }

  /** Statements of a function or program: functions first, in their order. */
  outer(body: AnyNode & { body: Body }, rewriter: Rewriter): Output[] {
    const directives = body.body.filter(isDirective);
    const functions = body.body.filter(({ type }) => type === 'FunctionDeclaration');
    const others = body.body.filter(node => !directives.includes(node) && !functions.includes(node));
    const names = this.#hoisted.get(body);
    return [
      ...directives.map(node => rewriter.emit(node)),
      names ? `var ${names.join()};` : '',
      ...functions.map(node => rewriter.emit(node)),
      ...others.map(node => rewriter.emit(node)),
    ].flatMap(each => [each, '\n']);
  }

  /** Statements of a block: the engine would give its functions to the function around it, and keep one object of each. */
  inner(body: readonly Statement[], rewriter: Rewriter): Output[] {
    const functions = body.filter(({ type }) => type === 'FunctionDeclaration');
    const others = body.filter(node => !functions.includes(node));
    return [
      ...functions.map(node => this.#asVariable(node as NodeOf<'FunctionDeclaration'>, rewriter)),
      ...others.map(node => rewriter.emit(node)),
    ].flatMap(each => [each, '\n']);
  }

  #asVariable(node: NodeOf<'FunctionDeclaration'>, rewriter: Rewriter): Output {
    const from = rewriter.source.indexOf('(', node.start);
    // What is refused later must stay what it is.
    const word = `${node.async ? 'async ' : ''}function${node.generator ? '*' : ''}`;
    const head = rewriter.copyBetween(node, from, node.body.start);
    return out`let ${rewriter.emit(node.id!)}=${word}${head}{${this.outer(node.body, rewriter)}};`;
  }
}

/** Nothing after it runs. */
function ends(list: readonly Statement[]): boolean {
  const last = list.at(-1);
  if (last?.type === 'BlockStatement') return ends(last.body);
  return /^(Break|Return|Throw|Continue)Statement$/.test(last?.type ?? '');
}

/** Cases that fall into each other, up to one that ends. */
function groupsOf(cases: readonly SwitchCase[]): SwitchCase[][] {
  const groups: SwitchCase[][] = [[]];
  for (const each of cases) {
    groups.at(-1)!.push(each);
    if (ends(each.consequent)) groups.push([]);
  }
  return groups.filter(({ length }) => length);
}

const isDefault = ({ test }: SwitchCase) => !test;

/** A `default` without statements of its own changes places with the label after it. */
function sinkDefault(cases: readonly SwitchCase[]): SwitchCase[] {
  const sunk = [...cases];
  for (let i = 0; i < sunk.length - 1; i++) {
    const [label, next] = [sunk[i]!, sunk[i + 1]!];
    if (!isDefault(label) || label.consequent.length) continue;
    sunk[i] = { ...next, consequent: [] };
    sunk[i + 1] = { ...label, consequent: next.consequent };
  }
  return sunk;
}

interface Sorted {
  readonly cases: readonly SwitchCase[];
  /** The case that now needs a break, as others came after it. */
  readonly open?: SwitchCase | undefined;
}

/** Moves the group of `default` to the end; within it `default` must be the last already. */
function sortCases(written: readonly SwitchCase[]): Sorted {
  const cases = sinkDefault(written);
  const at = cases.findIndex(isDefault);
  if (at < 0 || at === cases.length - 1) return { cases };
  const groups = groupsOf(cases);
  const group = groups.find(each => each.some(isDefault))!;
  if (!isDefault(group.at(-1)!)) return { cases };
  const others = groups.filter(each => each !== group).flat();
  const last = others.at(-1)!;
  return { cases: [...others, ...group], open: ends(last.consequent) ? undefined : last };
}

const declares = (node: AnyNode) =>
  (node.type === 'VariableDeclaration' && node.kind !== 'var') || node.type === 'FunctionDeclaration';

/** Cases that use variables of each other cannot have a block each. */
function sharesVariables(node: NodeOf<'SwitchStatement'>, scopes: Scopes): boolean {
  const caseOf = (inner: AnyNode) =>
    node.cases.find(each => each.start <= inner.start && inner.end <= each.end);
  const variables = [...(scopes.of.get(node)?.variables.values() ?? [])];
  return variables.some(({ declarations, uses }) => {
    const homes = new Set([...declarations, ...uses.map(use => use.node)].map(caseOf));
    return homes.size > 1;
  });
}

/** The engine opens no scope for a switch: each case that declares something becomes a block. */
function lowerSwitch(node: NodeOf<'SwitchStatement'>, rewriter: Rewriter, order: Order): Output {
  const { cases: sorted, open } = sortCases(node.cases);
  const isShared = sharesVariables(node, order.scopes);
  const cases = sorted.map(each => {
    const label = each.test ? out`case ${rewriter.emit(each.test)}:` : 'default:';
    const isBlock = !isShared && each.consequent.some(declares);
    const text = order.inner(each.consequent, rewriter);
    return [label, isBlock ? out`{${text}}` : text, each === open ? 'break;' : ''];
  });
  return out`switch(${rewriter.emit(node.discriminant)}){${cases}}`;
}

export function orderRules(program: Program): Rules {
  const order = new Order(program);
  const isBody = (node: AnyNode, parent: AnyNode | undefined): parent is FunctionNode =>
    isFunction(parent) && parent.body === node;
  return {
    Program: (node, rewriter) => {
      order.rename(stem => rewriter.fresh(stem));
      return order.outer(node, rewriter);
    },
    ...order.names.rules,
    BlockStatement: (node, rewriter) => {
      if (isBody(node, rewriter.parentOf(node))) return undefined;
      return out`{${order.inner(node.body, rewriter)}}`;
    },
    FunctionDeclaration: (node, rewriter) => lowerBody(node, rewriter, order),
    FunctionExpression: (node, rewriter) => lowerBody(node, rewriter, order),
    ArrowFunctionExpression: (node, rewriter) => lowerBody(node, rewriter, order),
    SwitchStatement: (node, rewriter) => lowerSwitch(node, rewriter, order),
    ExportNamedDeclaration: node => (node.declaration || node.source ? undefined : ''),
  };
}

function lowerBody(node: FunctionNode, rewriter: Rewriter, order: Order): Output | undefined {
  const { body } = node;
  if (body.type !== 'BlockStatement') return undefined;
  return rewriter.head(node, out`{${order.outer(body, rewriter)}}`);
}
