/** Sizes: lines of a file, lines of a function, parameters; and names that say nothing. */
import ts from 'typescript';
import { lineOf, nodesOf, type Rule } from './source.ts';

const linesMax = 400;
const arithmeticLinesMax = 600;
const functionLinesMax = 50;
const parametersMax = 4;
const emptyNames = /^(utils?|helpers?|common|misc|lib|shared|stuff|tools?)$/i;

export const fileSize: Rule = (_, texts) =>
  [...texts].flatMap(([path, text]) => {
    if (!/\.(ts|mjs|sh|sql|cddl)$/.test(path)) return [];
    const most = path.startsWith('circuits/kernel/') ? arithmeticLinesMax : linesMax;
    const lines = text.trimEnd().split('\n').length;
    return lines > most ? [`${path}: ${lines} lines, at most ${most}`] : [];
  });

export const fileNames: Rule = (_, texts) =>
  [...texts.keys()].flatMap(path =>
    path.split(/[/.]/).some(part => emptyNames.test(part)) ? [`${path}: a name that says nothing`] : [],
  );

/** A `describe` only groups tests: each of them is measured for itself. */
function isGroup(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText());
}

/** `test.each(rows)(title, ...)`: its parameters are the columns of a table. */
function isRow(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /\.each\b/.test(call.expression.getText());
}

export const functionSize: Rule = sources =>
  [...sources].flatMap(([path, source]) =>
    [...nodesOf(source)].flatMap(node => {
      if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return [];
      const first = lineOf(source, node);
      const last = source.getLineAndCharacterOfPosition(node.end).line + 1;
      const at = `${path}:${first}`;
      const findings: string[] = [];
      if (last - first + 1 > functionLinesMax && !isGroup(node))
        findings.push(`${at}: a function of ${last - first + 1} lines, at most ${functionLinesMax}`);
      if (node.parameters.length > parametersMax && !isRow(node))
        findings.push(`${at}: ${node.parameters.length} parameters, at most ${parametersMax}`);
      return findings;
    }),
  );
