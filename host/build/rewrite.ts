/** Rewrites JavaScript by its syntax tree: a rule says what becomes of a node, all other text is copied. Positions are kept.
 *
 * 1. Without rules the text comes back as it was. (test/host/lower.rewrite.test.ts)
 */
import { type AnyNode, type Program, parse } from 'acorn';
import { encodeMap, type Segment, type SourceMap } from './sourcemap.ts';

export type NodeOf<Type extends AnyNode['type']> = Extract<AnyNode, { type: Type }>;

export type FunctionNode = NodeOf<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'>;

/** Text, with the position that it comes from; a rope, as rules nest. */
export type Output = string | { readonly text: string; readonly from: number } | readonly Output[];

export type Rules = {
  readonly [Type in AnyNode['type']]?: (node: NodeOf<Type>, rewriter: Rewriter) => Output | undefined;
};

export const parseProgram = (source: string): Program =>
  parse(source, { ecmaVersion: 'latest', sourceType: 'module' });

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** In the order of the text. A name that is key and value at once comes once, as the value. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  const isShorthand = node.type === 'Property' && node.shorthand;
  for (const [name, value] of Object.entries(node)) {
    if (typeof value !== 'object' || value === null || (isShorthand && name === 'key')) continue;
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) children.push(...value.filter(isNode));
  }
  return children.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Every node below this one, and it; parents before their children, in the order of the text. */
export function* nodesOf(node: AnyNode): Generator<AnyNode> {
  const pending = [node];
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    pending.push(...childrenOf(next).reverse());
  }
}

export const isFunction = (node: AnyNode | undefined): node is FunctionNode =>
  node?.type === 'FunctionDeclaration' ||
  node?.type === 'FunctionExpression' ||
  node?.type === 'ArrowFunctionExpression';

export function out(texts: TemplateStringsArray, ...values: readonly Output[]): Output {
  return texts.map((text, i) => [text, values[i] ?? '']);
}

export const join = (outputs: readonly Output[], between: string): Output =>
  outputs.map((output, i) => (i ? [between, output] : output));

/** A string literal of bytes: what is above 255 stays as an escape, for the dialect check to find. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, '\\x$1');
  return escaped.replace(/[^ -~]/g, sign => {
    const code = sign.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Lines and columns of offsets, both from 0. */
export function openLines(source: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return offset => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low, column: offset - starts[low]! };
  };
}

/** Writes a rope down, with a segment for each piece that comes from somewhere. */
class Writer {
  readonly #lineOf: (offset: number) => { line: number; column: number };
  readonly #lines: Segment[][] = [[]];
  readonly #texts: string[] = [];
  #column = 0;

  constructor(source: string) {
    this.#lineOf = openLines(source);
  }

  write(output: Output): void {
    if (typeof output === 'string') this.#append(output);
    else if ('text' in output) {
      this.#mark(output.from);
      this.#append(output.text, output.from);
    } else for (const part of output) this.write(part);
  }

  #mark(offset: number): void {
    const { line, column } = this.#lineOf(offset);
    const segment = { column: this.#column, source: 0, sourceLine: line, sourceColumn: column };
    const segments = this.#lines.at(-1)!;
    if (segments.at(-1)?.column === this.#column) segments.pop();
    segments.push(segment);
  }

  #append(text: string, from?: number): void {
    this.#texts.push(text);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      start = end + 1;
      this.#lines.push([]);
      this.#column = 0;
      if (from !== undefined) this.#mark(from + start);
    }
    this.#column += text.length - start;
  }

  finish(file: string): { code: string; map: SourceMap } {
    return { code: this.#texts.join(''), map: encodeMap([file], this.#lines) };
  }
}

/** The text of a rope over a source, and where it comes from. */
export function writeOutput(source: string, output: Output, file: string): { code: string; map: SourceMap } {
  const writer = new Writer(source);
  writer.write(output);
  return writer.finish(file);
}

/** One pass over a program. */
export class Rewriter {
  readonly source: string;
  readonly program: Program;
  readonly #rules: Rules;
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #names: Set<string>;
  /** Variables by the function, or program, that will declare them; the innermost last. */
  readonly #frames: { readonly owner: AnyNode; readonly names: string[] }[] = [];
  readonly #helpers = new Map<string, { name: string; text: string }>();

  constructor(source: string, makeRules: (program: Program) => Rules) {
    this.source = source;
    this.program = parseProgram(source);
    this.#rules = makeRules(this.program);
    this.#names = new Set(source.match(/[\w$]+/g));
    for (const node of nodesOf(this.program))
      for (const child of childrenOf(node)) this.#parents.set(child, node);
  }

  parentOf(node: AnyNode): AnyNode | undefined {
    return this.#parents.get(node);
  }

  /** A name that nothing in the program has. */
  fresh(stem: string): string {
    let name = `${stem}$`;
    for (let i = 1; this.#names.has(name); i++) name = `${stem}$${i}`;
    this.#names.add(name);
    return name;
  }

  /** A variable of the function under way, declared at its start. */
  temporary(stem = 't'): string {
    const name = this.fresh(stem);
    this.#frames.at(-1)!.names.push(name);
    return name;
  }

  /** A variable, with its first value, at the start of a function around the node under way. */
  declareIn(owner: FunctionNode, declaration: string): void {
    this.#frames.find(frame => frame.owner === owner)!.names.push(declaration);
  }

  /** A function of ours that goes before the program once it is called. The text follows its name. */
  helper(stem: string, text: string): string {
    const known = this.#helpers.get(stem);
    if (known) return known.name;
    const name = this.fresh(stem);
    this.#helpers.set(stem, { name, text });
    return name;
  }

  text(node: AnyNode): string {
    return this.source.slice(node.start, node.end);
  }

  emit(node: AnyNode): Output {
    const opens = isFunction(node) || node.type === 'Program';
    if (opens) this.#frames.push({ owner: node, names: [] });
    const rule = this.#rules[node.type] as
      | ((node: AnyNode, rewriter: Rewriter) => Output | undefined)
      | undefined;
    const made =
      rule?.(node, this) ?? (isFunction(node) ? this.head(node, this.body(node)) : this.copy(node));
    if (opens) this.#frames.pop();
    return [{ text: '', from: node.start }, made];
  }

  /** As a part of any expression. */
  operand(node: AnyNode): Output {
    const isPlain = ['Identifier', 'ThisExpression', 'MemberExpression', 'CallExpression'].includes(
      node.type,
    );
    return isPlain ? this.emit(node) : out`(${this.emit(node)})`;
  }

  /** The node's own text, with its children rewritten. */
  copy(node: AnyNode): Output {
    return this.copyBetween(node, node.start, node.end);
  }

  copyBetween(node: AnyNode, start: number, end: number): Output {
    const outputs: Output[] = [];
    let at = start;
    for (const child of childrenOf(node)) {
      if (child.start < at || child.end > end) continue;
      outputs.push({ text: this.source.slice(at, child.start), from: at }, this.emit(child));
      at = child.end;
    }
    outputs.push({ text: this.source.slice(at, end), from: at });
    return outputs;
  }

  /** A function as it stands, up to its body: brackets around an arrow's body are left to the body. */
  head(node: FunctionNode, body: Output): Output {
    const isArrow = node.type === 'ArrowFunctionExpression';
    const end = isArrow ? this.source.lastIndexOf('=>', node.body.start) + 2 : node.body.start;
    return [this.copyBetween(node, node.start, end), isArrow ? ' ' : '', body];
  }

  /** The body of the function under way, as a block if it must declare something; `prologue` comes first. */
  body(node: FunctionNode, prologue: Output = ''): Output {
    const { body } = node;
    const inner =
      body.type === 'BlockStatement' ? this.copyBetween(body, body.start + 1, body.end) : this.emit(body);
    const { names } = this.#frames.at(-1)!;
    const first: Output = [names.length ? `let ${names.join()};` : '', prologue];
    if (body.type === 'BlockStatement') return [{ text: '{', from: body.start }, first, inner];
    return names.length || prologue !== '' ? out`{${first}return (${inner})}` : out`(${inner})`;
  }

  run(file: string): { code: string; map: SourceMap } {
    this.#frames.push({ owner: this.program, names: [] });
    const made = this.#rules.Program?.(this.program, this) ?? this.copy(this.program);
    const { names } = this.#frames.pop()!;
    const helpers = [...this.#helpers.values()].map(({ name, text }) => `function ${name}${text}\n`);
    const declared = names.length ? `let ${names.join()};\n` : '';
    return writeOutput(this.source, [...helpers, declared, made], file);
  }
}
