/** Lowers parameters: defaults, rests and patterns go into the body. */
import type { AnyNode, Pattern } from 'acorn';
import { type FunctionNode, nodesOf, type Output, out, type Rewriter } from './rewrite.ts';

/** What a parameter becomes: a plain name, and what the body does first. */
function lowerParameter(parameter: Pattern, index: number, rewriter: Rewriter): [string[], Output] {
  switch (parameter.type) {
    case 'Identifier':
      return [[parameter.name], ''];
    case 'RestElement':
      return [[], out`let ${rewriter.emit(parameter.argument)}=[].slice.call(arguments,${String(index)});`];
    case 'AssignmentPattern': {
      const { left, right } = parameter;
      if (left.type === 'Identifier')
        return [[left.name], out`if(${left.name}===undefined)${left.name}=${rewriter.emit(right)};`];
      const name = rewriter.fresh('p');
      return [
        [name],
        out`let ${rewriter.emit(left)}=${name}===undefined?${rewriter.operand(right)}:${name};`,
      ];
    }
    default: {
      const name = rewriter.fresh('p');
      return [[name], out`let ${rewriter.emit(parameter)}=${name};`];
    }
  }
}

/** `this` or `arguments` of a function around it; a nested plain function has its own. */
function takesOuter(node: AnyNode): boolean {
  if (node.type === 'ThisExpression' || node.type === 'Super') return true;
  if (node.type === 'Identifier' && node.name === 'arguments') return true;
  if (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration') return false;
  for (const child of nodesOf(node)) if (child !== node && takesOuter(child)) return true;
  return false;
}

/** A function with a head of plain names; `first` runs before all of its own. */
export function lowerFunction(
  node: FunctionNode,
  rewriter: Rewriter,
  first: Output = '',
): Output | undefined {
  const isPlain = node.params.every(({ type }) => type === 'Identifier');
  if ((isPlain && first === '') || node.async || node.generator) return undefined;
  const lowered = node.params.map((parameter, index) => lowerParameter(parameter, index, rewriter));
  const names = lowered.flatMap(([each]) => each).join();
  const body = rewriter.body(node, [first, ...lowered.map(([, prologue]) => prologue)]);
  if (node.type !== 'ArrowFunctionExpression') {
    // What stands before the brackets of the parameters: `function name`, or nothing in a method.
    const head = rewriter.source.slice(node.start, rewriter.source.indexOf('(', node.start));
    return out`${head}(${names})${body}`;
  }
  // An arrow has arguments of its own on the engine only.
  const isRest = node.params.at(-1)?.type === 'RestElement';
  return isRest && !takesOuter(node.body) ? out`(function(${names})${body})` : out`(${names})=>${body}`;
}
