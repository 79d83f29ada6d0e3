/** Lowers `this` in arrow functions to a variable of the function around them. The engine asks whether an arrow takes `this` while
 * it reads the text, and forgets the answer at each function inside an arrow's expression.
 */
import type { AnyNode } from 'acorn';
import { type FunctionNode, isFunction, type Rewriter, type Rules } from './rewrite.ts';

/** The function that gives `this` its meaning, if an arrow is on the way to it. */
function ownerOf(node: AnyNode, rewriter: Rewriter): FunctionNode | undefined {
  let isInArrow = false;
  for (let at = rewriter.parentOf(node); at; at = rewriter.parentOf(at)) {
    if (at.type === 'PropertyDefinition') return undefined;
    if (at.type === 'ArrowFunctionExpression') isInArrow = true;
    else if (isFunction(at)) return isInArrow ? at : undefined;
  }
  return undefined;
}

export function thisRules(): Rules {
  const names = new Map<AnyNode, string>();
  return {
    ThisExpression: (node, rewriter) => {
      const owner = ownerOf(node, rewriter);
      if (!owner) return undefined;
      const known = names.get(owner);
      if (known) return known;
      const name = rewriter.fresh('self');
      names.set(owner, name);
      rewriter.declareIn(owner, `${name}=this`);
      return name;
    },
  };
}
