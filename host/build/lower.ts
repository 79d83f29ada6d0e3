/** Turns JavaScript as device authors write it into what the engine runs, and leaves what it cannot mend to the dialect check.
 *
 * Passes in order, each on the text of the one before: classes and parameters, this, patterns, expressions, loops,
 * order, constants. No pass fails: a construct that stays is refused later, with its line.
 *
 * 1. What runs on the engine prints what the original prints in Node. (test/host/lower.engine.test.ts,
 *    test/device/interpreter.lowered.test.ts)
 * 2. Positions lead to the original. (test/host/lower.rewrite.test.ts)
 */
import type { Program } from 'acorn';
import { classRules } from './lower.class.ts';
import { constantRules } from './lower.constant.ts';
import { expressionRules } from './lower.expression.ts';
import { loopRules } from './lower.loop.ts';
import { orderRules } from './lower.order.ts';
import { patternRules } from './lower.pattern.ts';
import { thisRules } from './lower.this.ts';
import type { Code } from './minify.ts';
import { Rewriter, type Rules } from './rewrite.ts';
import { composeMaps } from './sourcemap.ts';

const passes: readonly ((program: Program) => Rules)[] = [
  classRules,
  thisRules,
  () => patternRules,
  () => expressionRules,
  loopRules,
  orderRules,
  constantRules,
];

export function lower(source: string, { file }: { readonly file: string }): Code {
  let made = new Rewriter(source, () => ({})).run(file);
  for (const makeRules of passes) {
    const next = new Rewriter(made.code, makeRules).run(file);
    made = { code: next.code, map: composeMaps(next.map, made.map) };
  }
  return made;
}
