/** Lowers expressions: spread, computed keys, template literals, optional chaining, logical assignment. */
import type { AnyNode, Expression, SpreadElement } from 'acorn';
import { isIndex } from './lower.class.ts';
import {
  isFunction,
  join,
  type NodeOf,
  type Output,
  out,
  quote,
  type Rewriter,
  type Rules,
} from './rewrite.ts';

const isSpread = (node: AnyNode | null): node is SpreadElement => node?.type === 'SpreadElement';

/** What may be written twice: it costs little, and nothing can change it between. */
const isSimple = (node: AnyNode) => node.type === 'Identifier' || node.type === 'ThisExpression';

/** Whatever can be walked, as an array. */
const listText = '(from){let list=[];for(let each of from)list.push(each);return list}';

/** `[a, ...b, c]` as one array. */
function lowerList(elements: readonly (Expression | SpreadElement | null)[], rewriter: Rewriter): Output {
  const parts: Output[] = [];
  let plain: Output[] = [];
  const close = () => {
    if (plain.length) parts.push(out`[${join(plain, ',')}]`);
    plain = [];
  };
  for (const element of elements) {
    if (!isSpread(element)) {
      plain.push(element ? rewriter.emit(element) : 'undefined');
      continue;
    }
    close();
    parts.push(out`${rewriter.helper('list', listText)}(${rewriter.emit(element.argument)})`);
  }
  close();
  const [first, ...rest] = parts;
  return rest.length ? out`${first!}.concat(${join(rest, ',')})` : first!;
}

/** The engine's `apply` takes arrays and typed arrays. */
function lowerArguments(node: NodeOf<'CallExpression'>, rewriter: Rewriter): Output {
  const [only] = node.arguments;
  if (node.arguments.length === 1 && isSpread(only!)) return rewriter.emit(only.argument);
  return lowerList(node.arguments, rewriter);
}

function lowerCall(node: NodeOf<'CallExpression'>, rewriter: Rewriter): Output | undefined {
  const { callee } = node;
  if (!node.arguments.some(isSpread) || callee.type === 'Super') return undefined;
  if (callee.type !== 'MemberExpression')
    return out`${rewriter.operand(callee)}.apply(undefined,${lowerArguments(node, rewriter)})`;
  const { object } = callee;
  if (object.type === 'Super' || callee.optional || node.optional) return undefined;
  const member = rewriter.copyBetween(callee, object.end, callee.end);
  if (isSimple(object))
    return out`${rewriter.emit(object)}${member}.apply(${rewriter.emit(object)},${lowerArguments(node, rewriter)})`;
  const held = rewriter.temporary();
  return out`(${held}=${rewriter.emit(object)})${member}.apply(${held},${lowerArguments(node, rewriter)})`;
}

type Property = NodeOf<'Property'>;

/** A key that the engine takes as it stands. */
const isPlainKey = (property: Property) => !property.computed;

/** From the first key on that is computed, members are set one by one. */
function lowerKeys(properties: readonly Property[], rewriter: Rewriter): Output {
  const plain = properties.findIndex(property => !isPlainKey(property));
  const first = plain < 0 ? properties : properties.slice(0, plain);
  const literal = out`{${join(
    first.map(each => rewriter.emit(each)),
    ',',
  )}}`;
  if (plain < 0) return literal;
  const held = rewriter.temporary();
  const rest = properties.slice(plain).map(({ key, value, computed }) => {
    const access = computed
      ? out`[${rewriter.emit(key)}]`
      : key.type === 'Identifier'
        ? `.${key.name}`
        : out`[${rewriter.emit(key)}]`;
    return out`${held}${access}=${lowerMethod(value, rewriter)}`;
  });
  return out`(${join([out`${held}=${literal}`, ...rest, held], ',')})`;
}

/** A method that stands alone. */
function lowerMethod(value: AnyNode, rewriter: Rewriter): Output {
  const isMethod = value.type === 'FunctionExpression' && rewriter.source[value.start] === '(';
  return out`${isMethod ? 'function' : ''}${rewriter.emit(value)}`;
}

function lowerObject({ properties }: NodeOf<'ObjectExpression'>, rewriter: Rewriter): Output | undefined {
  const isLowered = (each: AnyNode) => isSpread(each) || (each.type === 'Property' && each.computed);
  if (!properties.some(isLowered)) return undefined;
  const isOther = ({ kind, value }: Property) =>
    kind !== 'init' || (isFunction(value) && (value.async || value.generator));
  if (properties.some(each => each.type === 'Property' && isOther(each))) return undefined;
  const groups: (SpreadElement | Property[])[] = [];
  for (const each of properties) {
    const last = groups.at(-1);
    if (each.type === 'SpreadElement') groups.push(each);
    else if (Array.isArray(last)) last.push(each);
    else groups.push([each]);
  }
  const parts = groups.map(group =>
    Array.isArray(group) ? lowerKeys(group, rewriter) : rewriter.emit(group.argument),
  );
  if (parts.length === 1 && Array.isArray(groups[0])) return parts[0];
  return out`Object.assign(${Array.isArray(groups[0]) ? '' : '{},'}${join(parts, ',')})`;
}

function lowerTemplate(node: NodeOf<'TemplateLiteral'>, rewriter: Rewriter): Output | undefined {
  if (rewriter.parentOf(node)?.type === 'TaggedTemplateExpression') return undefined;
  const texts = node.quasis.map(({ value }) => value.cooked ?? '');
  const parts: Output[] = texts[0] || node.expressions.length === 0 ? [quote(texts[0]!)] : [];
  node.expressions.forEach((expression, index) => {
    // A string before it, so that every hole is turned into text by itself.
    if (!parts.length && !(index === 0 && texts[1])) parts.push('""');
    parts.push(rewriter.operand(expression));
    if (texts[index + 1]) parts.push(quote(texts[index + 1]!));
  });
  return parts.length === 1 ? parts[0] : out`(${join(parts, '+')})`;
}

/** A part of a chain: what must not be nullish for it to be there, and how it is then read. */
interface Link {
  readonly tests: readonly Output[];
  readonly value: Output;
}

class Chains {
  readonly #rewriter: Rewriter;

  constructor(rewriter: Rewriter) {
    this.#rewriter = rewriter;
  }

  lower(node: AnyNode): Output {
    const { tests, value } = this.#link(node);
    return out`(${join(tests, '||')}?undefined:${value})`;
  }

  #link(node: AnyNode): Link {
    if (node.type === 'MemberExpression') return this.#member(node);
    if (node.type === 'CallExpression') return this.#call(node);
    return { tests: [], value: this.#rewriter.operand(node) };
  }

  /** A name for a value, and the test that gives it that name. */
  #guard({ tests, value }: Link, node: AnyNode): Link {
    if (isSimple(node)) return { tests: [...tests, out`${value}==null`], value };
    const held = this.#rewriter.temporary();
    return { tests: [...tests, out`(${held}=${value})==null`], value: held };
  }

  #access(node: NodeOf<'MemberExpression'>): Output {
    return node.computed
      ? out`[${this.#rewriter.emit(node.property)}]`
      : out`.${this.#rewriter.emit(node.property)}`;
  }

  #member(node: NodeOf<'MemberExpression'>): Link {
    const object = this.#link(node.object);
    const { tests, value } = node.optional ? this.#guard(object, node.object) : object;
    return { tests, value: out`${value}${this.#access(node)}` };
  }

  #call(node: NodeOf<'CallExpression'>): Link {
    const { callee } = node;
    if (node.optional && callee.type === 'MemberExpression') return this.#method(node, callee);
    const called = this.#link(callee);
    const { tests, value } = node.optional ? this.#guard(called, callee) : called;
    return { tests, value: out`${value}(${this.#values(node)})` };
  }

  /** `o.m?.(x)`: the method keeps its object. */
  #method(node: NodeOf<'CallExpression'>, callee: NodeOf<'MemberExpression'>): Link {
    const object = this.#link(callee.object);
    const guarded = callee.optional ? this.#guard(object, callee.object) : object;
    const isHeld = callee.optional || isSimple(callee.object);
    const self = isHeld ? guarded.value : this.#rewriter.temporary();
    const owner = isHeld ? self : out`(${self}=${guarded.value})`;
    const method = this.#rewriter.temporary();
    const test = out`(${method}=${owner}${this.#access(callee)})==null`;
    const values = node.arguments.length ? out`,${this.#values(node)}` : '';
    return { tests: [...guarded.tests, test], value: out`${method}.call(${self}${values})` };
  }

  #values(node: NodeOf<'CallExpression'>): Output {
    return join(
      node.arguments.map(each => this.#rewriter.emit(each)),
      ',',
    );
  }
}

const hasSpread = (node: AnyNode): boolean =>
  (node.type === 'CallExpression' && node.arguments.some(isSpread)) ||
  (node.type === 'CallExpression' && hasSpread(node.callee)) ||
  (node.type === 'MemberExpression' && hasSpread(node.object));

function lowerChain(node: NodeOf<'ChainExpression'>, rewriter: Rewriter): Output | undefined {
  const parent = rewriter.parentOf(node);
  const isDeleted = parent?.type === 'UnaryExpression' && parent.operator === 'delete';
  if (isDeleted || hasSpread(node.expression)) return undefined;
  return new Chains(rewriter).lower(node.expression);
}

const logical: Readonly<Record<string, string>> = { '??=': '??', '||=': '||', '&&=': '&&' };

function lowerLogical(node: NodeOf<'AssignmentExpression'>, rewriter: Rewriter): Output | undefined {
  const operator = logical[node.operator];
  if (!operator) return undefined;
  const { left, right } = node;
  const value = rewriter.emit(right);
  if (left.type !== 'MemberExpression')
    return out`(${rewriter.emit(left)}${operator}(${rewriter.emit(left)}=${value}))`;
  const object = isSimple(left.object) ? undefined : rewriter.temporary();
  const isFixed = !left.computed || left.property.type === 'Literal' || isSimple(left.property);
  const key = isFixed ? undefined : rewriter.temporary();
  const access = left.computed
    ? out`[${key ?? rewriter.emit(left.property)}]`
    : out`.${rewriter.emit(left.property)}`;
  const place = out`${object ?? rewriter.emit(left.object)}${access}`;
  const holds = [
    ...(object ? [out`${object}=${rewriter.emit(left.object)}`] : []),
    ...(key ? [out`${key}=${rewriter.emit(left.property)}`] : []),
  ];
  return out`(${join([...holds, out`${place}${operator}(${place}=${value})`], ',')})`;
}

/** The engine finds a method by an index only if it is written as a value. */
function lowerIndexed(node: Property, rewriter: Rewriter): Output | undefined {
  const { key, value, method, computed } = node;
  if (!method || computed || !isIndex(key)) return undefined;
  if (value.type !== 'FunctionExpression' || value.async || value.generator) return undefined;
  return out`${rewriter.emit(key)}:function${rewriter.emit(value)}`;
}

export const expressionRules: Rules = {
  Property: lowerIndexed,
  ArrayExpression: ({ elements }, rewriter) =>
    elements.some(isSpread) ? lowerList(elements, rewriter) : undefined,
  CallExpression: lowerCall,
  ObjectExpression: lowerObject,
  TemplateLiteral: lowerTemplate,
  ChainExpression: lowerChain,
  AssignmentExpression: lowerLogical,
  Literal: (node, rewriter) =>
    typeof node.value === 'string' && /[^ -~]/.test(rewriter.text(node)) ? quote(node.value) : undefined,
};
