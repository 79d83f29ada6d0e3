/** Mutants of a source: each check removed or inverted, each comparison, boolean operator and limit changed, one at a time. */
import ts from 'typescript';
import { nodesOf } from '../tidy/source.ts';

export interface Mutant {
  readonly file: string;
  /** The changed stretch of the text, and what stands there instead. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly line: number;
  /** Of the checked stretch: whether a test reaches it. */
  readonly site: number;
  /** Names the mutant for ever, whatever moves around it. */
  readonly key: string;
}

/** A place of a source that can be reached, and the changes that are tried there. */
interface Change {
  readonly node: ts.Node;
  readonly replacement: string;
}

const otherOperator: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
};

/** Calls whose answer is a verdict. */
const verdicts = /^(equal|equals|includes|some|every|has|holds|follows|overlap|verify\w*|is[A-Z]\w*)$/;
/** Calls that are checks where nobody takes their answer. */
const checks = /^(check|verify|require|assert|accept|refuse|end$)/;
/** Builders of shapes: their numbers are limits. */
const builders = /^(bytes|bytesBetween|small|text|list|message)$/;
const limitNames = /(Max|Min|Bits|Bytes|Least|Most|Epochs|Seconds|Percent|Count)$|^(least|most|bits)$/;

function calleeOf(call: ts.CallExpression): string {
  const { expression } = call;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function* ofConditions(node: ts.Node): Generator<Change> {
  if (ts.isIfStatement(node)) {
    yield { node: node.expression, replacement: 'false' };
    yield { node: node.expression, replacement: `!(${node.expression.getText()})` };
  }
  if (ts.isConditionalExpression(node))
    yield { node: node.condition, replacement: `!(${node.condition.getText()})` };
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    if (!isWholeCondition(node)) yield { node, replacement: `(${node.operand.getText()})` };
}

/** Inverted as a whole already. */
function isWholeCondition(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  );
}

function* ofOperators(node: ts.Node): Generator<Change> {
  if (!ts.isBinaryExpression(node)) return;
  const [left, right, operator] = [node.left.getText(), node.right.getText(), node.operatorToken.getText()];
  if (operator === '&&' || operator === '||') {
    yield { node, replacement: `(${left})` };
    yield { node, replacement: `(${right})` };
  }
  const other = otherOperator[operator];
  const inverted = isWholeCondition(node) && /==/.test(operator);
  if (other && !inverted) yield { node, replacement: `(${left} ${other} ${right})` };
}

function* ofCalls(node: ts.Node): Generator<Change> {
  if (!ts.isCallExpression(node)) return;
  const name = calleeOf(node);
  const { parent, expression } = node;
  if (ts.isExpressionStatement(parent) && checks.test(name)) yield { node, replacement: 'undefined' };
  const answered = ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node);
  if (answered && verdicts.test(name)) {
    yield { node, replacement: 'true' };
    yield { node, replacement: 'false' };
  }
  if (!ts.isPropertyAccessExpression(expression)) return;
  const swapped = { some: 'every', every: 'some', min: 'max', max: 'min' }[name];
  if (swapped) {
    const args = node.arguments.map(argument => argument.getText()).join(', ');
    yield { node, replacement: `${expression.expression.getText()}.${swapped}(${args})` };
  }
}

function isLimit(node: ts.NumericLiteral): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return builders.test(calleeOf(parent));
  if (ts.isBinaryExpression(parent)) return otherOperator[parent.operatorToken.getText()] !== undefined;
  if (ts.isVariableDeclaration(parent)) return limitNames.test(parent.name.getText());
  return ts.isArrayLiteralExpression(parent) && /Allowed/.test(parent.parent.getText());
}

function* ofLiterals(node: ts.Node): Generator<Change> {
  if (ts.isNumericLiteral(node) && isLimit(node)) {
    const value = Number(node.text);
    yield { node, replacement: `${value + 1}` };
    // No length is negative: such a least length would change nothing.
    const least = ts.isCallExpression(node.parent) ? 0 : -1;
    if (value > least) yield { node, replacement: `(${value - 1})` };
  }
  const isFalse = node.kind === ts.SyntaxKind.FalseKeyword;
  if ((isFalse || node.kind === ts.SyntaxKind.TrueKeyword) && ts.isReturnStatement(node.parent))
    yield { node, replacement: isFalse ? 'true' : 'false' };
}

function functionOf(node: ts.Node): string {
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    const { name } = at as unknown as { name?: ts.Node };
    const named = ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at) || ts.isVariableDeclaration(at);
    if (named && name) return name.getText();
  }
  return 'top';
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ');

/** Types hold no checks. */
function isType(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at; at = at.parent) if (ts.isTypeNode(at)) return true;
  return false;
}

export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const keys = new Map<string, number>();
  for (const node of nodesOf(source))
    for (const change of [
      ...ofConditions(node),
      ...ofOperators(node),
      ...ofCalls(node),
      ...ofLiterals(node),
    ]) {
      if (isType(change.node)) continue;
      const [start, end] = [change.node.getStart(source), change.node.end];
      const context = ts.isNumericLiteral(change.node) ? change.node.parent : change.node;
      const what = `${oneLine(context.getText(source)).slice(0, 90)} -> ${oneLine(change.replacement).slice(0, 90)}`;
      const key = `${file} ${functionOf(change.node)}: ${what}`;
      const repeated = keys.get(key) ?? 0;
      keys.set(key, repeated + 1);
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      const numbered = repeated ? `${key} (${repeated + 1})` : key;
      mutants.push({ file, start, end, replacement: change.replacement, line, site: start, key: numbered });
    }
  return mutants;
}

export function applied(
  text: string,
  { start, end, replacement }: Pick<Mutant, 'start' | 'end' | 'replacement'>,
) {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** The source, with a call at each site that tells that it was reached. */
export function instrumented(file: string, text: string): string {
  const spans = new Map<string, { start: number; end: number }>();
  for (const { start, end } of mutantsOf(file, text)) spans.set(`${start} ${end}`, { start, end });
  // Two insertions at each span; where they meet, the inner opens last and closes first.
  const marks: { at: number; order: number; text: string }[] = [];
  for (const { start, end } of spans.values()) {
    marks.push({ at: start, order: -end, text: `(__reached(${JSON.stringify(file)}, ${start}), ` });
    marks.push({ at: end, order: text.length - start, text: ')' });
  }
  marks.sort((a, b) => b.at - a.at || b.order - a.order);
  let result = text;
  for (const mark of marks) result = result.slice(0, mark.at) + mark.text + result.slice(mark.at);
  return result;
}
