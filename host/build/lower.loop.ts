/** Lowers loops whose closures see the variable of the head: on the engine all rounds share one binding of it. */
import type { AnyNode, Program } from 'acorn';
import { Replacement } from './replace.ts';
import { type NodeOf, type Output, out, type Rewriter, type Rules } from './rewrite.ts';
import { analyze, type Scopes, type Variable } from './scope.ts';

type Loop = NodeOf<'ForStatement' | 'ForOfStatement' | 'ForInStatement'>;

const holds = (outer: AnyNode, inner: AnyNode) => outer.start <= inner.start && inner.end <= outer.end;

/** Variables of a head that some function made in the loop reads later. */
export function capturedBy(loop: Loop, scopes: Scopes): Variable[] {
  const scope = scopes.of.get(loop);
  if (!scope) return [];
  const own = scope.variables.values();
  return [...own].filter(({ uses }) => uses.some(({ within }) => within !== scope.within));
}

/** A body that takes its own copy of each; it may not write to it, and no closure may be in the head. */
const isCopyable = (loop: Loop, { uses, scope }: Variable) =>
  uses.every(use => {
    const isInBody = holds(loop.body, use.node);
    return isInBody ? !use.isWrite : use.within === scope.within;
  });

function lowerBody(body: AnyNode, first: string, rewriter: Rewriter): Output {
  if (body.type !== 'BlockStatement') return out`{${first}${rewriter.emit(body)}}`;
  return out`{${first}${rewriter.copyBetween(body, body.start + 1, body.end)}`;
}

export function loopRules(program: Program): Rules {
  const scopes = analyze(program);
  const replacement = new Replacement();
  const lower = (loop: Loop, rewriter: Rewriter): Output | undefined => {
    const captured = capturedBy(loop, scopes);
    const isEach = loop.type !== 'ForStatement';
    if (!captured.length || !(isEach || captured.every(each => isCopyable(loop, each)))) return undefined;
    const copies = captured.map(variable => {
      const name = rewriter.fresh(variable.name);
      const inHead = variable.uses.filter(use => !holds(loop.body, use.node));
      replacement.set([...variable.declarations, ...inHead.map(use => use.node)], name);
      return `let ${variable.name}=${name};`;
    });
    const head = rewriter.copyBetween(loop, loop.start, loop.body.start);
    return [head, lowerBody(loop.body, copies.join(''), rewriter)];
  };
  return {
    ForStatement: lower,
    ForOfStatement: lower,
    ForInStatement: lower,
    ...replacement.rules,
  };
}
