/** Puts other text in the place of names, also where a name is key and value at once. */
import type { AnyNode, Identifier } from 'acorn';
import { type NodeOf, type Output, out, type Rewriter } from './rewrite.ts';

export class Replacement {
  readonly #texts = new Map<AnyNode, string>();

  set(nodes: readonly AnyNode[], text: string): void {
    for (const node of nodes) this.#texts.set(node, text);
  }

  readonly rules = {
    Identifier: (node: Identifier): string | undefined => this.#texts.get(node),
    Property: ({ shorthand, key, value }: NodeOf<'Property'>, rewriter: Rewriter): Output | undefined => {
      const name = value.type === 'AssignmentPattern' ? value.left : value;
      if (!shorthand || !this.#texts.has(name)) return undefined;
      return out`${rewriter.text(key)}:${rewriter.emit(value)}`;
    },
  };
}
