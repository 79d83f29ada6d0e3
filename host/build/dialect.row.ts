/** A row of the dialect's table: one construct that device code cannot have, why, and what to write instead. */
import type { AnyNode, Program } from 'acorn';
import { childrenOf, type FunctionNode, isFunction, nodesOf } from './rewrite.ts';
import { analyze, type Scopes } from './scope.ts';

export interface Refusal {
  readonly file: string;
  /** Line and column count from 1. */
  readonly line: number;
  readonly column: number;
  /** The row that refuses. */
  readonly construct: string;
  /** What was found, cut short; where lowering was at work, as it left it. */
  readonly text: string;
  readonly reason: string;
  readonly hint: string;
}

export interface Row {
  /** What the engine does with it. */
  readonly reason: string;
  /** What to write instead. */
  readonly hint: string;
  /** Authors write it; or only a tool could, as lowering mends it: then the row checks our own work. */
  readonly from: 'author' | 'tool';
  readonly finds: (node: AnyNode, program: Parsed) => boolean;
}

/** A program with what rows ask about it. */
export class Parsed {
  readonly source: string;
  readonly program: Program;
  readonly scopes: Scopes;
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #free: ReadonlySet<AnyNode>;

  constructor(source: string, program: Program) {
    this.source = source;
    this.program = program;
    this.scopes = analyze(program);
    this.#free = new Set(this.scopes.free.map(({ node }) => node));
    for (const node of nodesOf(program)) for (const child of childrenOf(node)) this.#parents.set(child, node);
  }

  parentOf(node: AnyNode): AnyNode | undefined {
    return this.#parents.get(node);
  }

  /** A name that the program does not declare. */
  isFree(node: AnyNode): boolean {
    return this.#free.has(node);
  }

  functionAround(node: AnyNode): FunctionNode | undefined {
    for (let at = this.parentOf(node); at; at = this.parentOf(at)) if (isFunction(at)) return at;
    return undefined;
  }

  text(node: AnyNode): string {
    return this.source.slice(node.start, node.end);
  }
}
