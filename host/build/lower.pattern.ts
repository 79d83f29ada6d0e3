/** Lowers destructuring: declarations, assignments, heads of loops and catch clauses. Array patterns take what has an index;
 * the engine has no iterators.
 */
import type { AnyNode, Expression, Pattern } from 'acorn';
import { join, type NodeOf, type Output, out, quote, type Rewriter, type Rules } from './rewrite.ts';

type Declaration = NodeOf<'VariableDeclaration'>;

/** One name and the value that it takes. */
type Step = readonly [target: Output, value: Output];

const isPattern = (node: AnyNode): node is NodeOf<'ObjectPattern' | 'ArrayPattern'> =>
  node.type === 'ObjectPattern' || node.type === 'ArrayPattern';

const omitText =
  '(from,keys){let rest=Object.assign({},from);for(let key of keys)delete rest[key];return rest}';

interface Key {
  readonly access: Output;
  readonly name: Output;
}

function keyOf(property: NodeOf<'Property'>, rewriter: Rewriter): Key {
  const { key, computed } = property;
  if (!computed && key.type === 'Identifier') return { access: `.${key.name}`, name: quote(key.name) };
  const text = rewriter.emit(key);
  return { access: out`[${text}]`, name: text };
}

/** `hold` names a value that is read more than once. */
type Hold = (value: Output, steps: Step[]) => Output;

class Unpacking {
  readonly #rewriter: Rewriter;
  readonly #hold: Hold;
  readonly steps: Step[] = [];

  constructor(rewriter: Rewriter, hold: Hold) {
    this.#rewriter = rewriter;
    this.#hold = hold;
  }

  /** `isPlain`: the value may be written twice, as it is a name that no step changes. */
  unpack(pattern: Pattern, value: Output, isPlain = false): void {
    if (!isPattern(pattern)) {
      this.#take(pattern, value);
      return;
    }
    const from = isPlain ? value : this.#hold(value, this.steps);
    if (pattern.type === 'ArrayPattern') this.#unpackArray(pattern, from);
    else this.#unpackObject(pattern, from);
  }

  #take(pattern: Pattern, value: Output): void {
    if (pattern.type !== 'AssignmentPattern') {
      this.steps.push([this.#rewriter.emit(pattern), value]);
      return;
    }
    // Read twice rather than held: a property costs less than a variable.
    const chosen = out`${value}===undefined?${this.#rewriter.operand(pattern.right)}:${value}`;
    this.unpack(pattern.left, out`(${chosen})`);
  }

  #unpackArray({ elements }: NodeOf<'ArrayPattern'>, from: Output): void {
    elements.forEach((element, index) => {
      if (!element) return;
      if (element.type === 'RestElement') this.unpack(element.argument, out`${from}.slice(${String(index)})`);
      else this.unpack(element, out`${from}[${String(index)}]`);
    });
  }

  #unpackObject({ properties }: NodeOf<'ObjectPattern'>, from: Output): void {
    const taken: Output[] = [];
    for (const property of properties) {
      if (property.type === 'RestElement') {
        const omit = this.#rewriter.helper('omit', omitText);
        this.unpack(property.argument, out`${omit}(${from},[${join(taken, ',')}])`);
      } else {
        const { access, name } = keyOf(property, this.#rewriter);
        taken.push(name);
        this.unpack(property.value, out`${from}${access}`);
      }
    }
  }
}

/** `let [a, b] = [1, 2]`: no array is made. Names of the pattern cannot be read in its own value. */
function pairs(pattern: Pattern, init: Expression): readonly (readonly [Pattern, Expression])[] | undefined {
  if (pattern.type !== 'ArrayPattern' || init.type !== 'ArrayExpression') return undefined;
  const { elements } = pattern;
  if (elements.length !== init.elements.length) return undefined;
  const both = elements.map((element, index) => [element, init.elements[index]] as const);
  const isSimple = both.every(
    ([target, value]) =>
      target &&
      value &&
      target.type !== 'RestElement' &&
      value.type !== 'SpreadElement' &&
      target.type !== 'AssignmentPattern',
  );
  return isSimple ? (both as readonly (readonly [Pattern, Expression])[]) : undefined;
}

function declare(pattern: Pattern, init: Expression, rewriter: Rewriter): Step[] {
  const direct = pairs(pattern, init);
  if (direct) return direct.flatMap(([target, value]) => declare(target, value, rewriter));
  const unpacking = new Unpacking(rewriter, (value, steps) => {
    const name = rewriter.fresh('d');
    steps.push([name, value]);
    return name;
  });
  unpacking.unpack(
    pattern,
    rewriter.emit(init),
    init.type === 'Identifier' || init.type === 'ThisExpression',
  );
  return unpacking.steps;
}

function lowerDeclaration(node: Declaration, rewriter: Rewriter): Output | undefined {
  if (!node.declarations.some(({ id }) => isPattern(id))) return undefined;
  const steps = node.declarations.flatMap(({ id, init }): (Step | readonly [Output])[] =>
    init ? declare(id, init, rewriter) : [[rewriter.emit(id)]],
  );
  const texts = steps.map(([target, value]) => (value === undefined ? target : out`${target}=${value}`));
  const end = rewriter.source[node.end - 1] === ';' ? ';' : '';
  return out`${node.kind} ${join(texts, ',')}${end}`;
}

function lowerAssignment(node: NodeOf<'AssignmentExpression'>, rewriter: Rewriter): Output | undefined {
  if (!isPattern(node.left)) return undefined;
  const unpacking = new Unpacking(rewriter, (value, steps) => {
    const name = rewriter.temporary();
    steps.push([name, value]);
    return name;
  });
  const whole = rewriter.temporary();
  unpacking.steps.push([whole, rewriter.emit(node.right)]);
  unpacking.unpack(node.left, whole, true);
  const texts = unpacking.steps.map(([target, value]) => out`${target}=${value}`);
  const isUsed = rewriter.parentOf(node)?.type !== 'ExpressionStatement';
  return out`(${join(isUsed ? [...texts, whole] : texts, ',')})`;
}

/** The head takes a plain name, and the body unpacks it. */
function lowerLoop(
  node: NodeOf<'ForOfStatement' | 'ForInStatement'>,
  rewriter: Rewriter,
): Output | undefined {
  const { left, body } = node;
  const isDeclared = left.type === 'VariableDeclaration';
  const pattern = isDeclared ? left.declarations[0]!.id : left;
  if (!isPattern(pattern)) return undefined;
  const name = rewriter.fresh('e');
  const unpacking = new Unpacking(rewriter, (value, steps) => {
    const held = rewriter.fresh('d');
    steps.push([isDeclared ? held : out`let ${held}`, value]);
    return held;
  });
  unpacking.unpack(pattern, name, true);
  const texts = unpacking.steps.map(([target, value]) => out`${target}=${value}`);
  const kind = isDeclared ? left.kind : 'let';
  const first = isDeclared ? out`${kind} ${join(texts, ',')};` : out`${join(texts, ';')};`;
  const word = node.type === 'ForOfStatement' ? 'of' : 'in';
  return out`for(${kind} ${name} ${word} ${rewriter.emit(node.right)}){${texts.length ? first : ''}${rewriter.emit(body)}}`;
}

function lowerCatch({ param, body }: NodeOf<'CatchClause'>, rewriter: Rewriter): Output | undefined {
  if (!param || !isPattern(param)) return undefined;
  const name = rewriter.fresh('c');
  const unpacking = new Unpacking(rewriter, (value, steps) => {
    const held = rewriter.fresh('d');
    steps.push([held, value]);
    return held;
  });
  unpacking.unpack(param, name, true);
  const texts = unpacking.steps.map(([target, value]) => out`${target}=${value}`);
  const first = texts.length ? out`let ${join(texts, ',')};` : '';
  return out`catch(${name}){${first}${rewriter.copyBetween(body, body.start + 1, body.end)}`;
}

export const patternRules: Rules = {
  VariableDeclaration: lowerDeclaration,
  AssignmentExpression: lowerAssignment,
  ForOfStatement: lowerLoop,
  ForInStatement: lowerLoop,
  CatchClause: lowerCatch,
};
