/** When an input line is complete: how the console sees texts, comments and brackets.
 *
 * 1. A line runs when its brackets are closed, and not before. (test/host/emulator.console.test.ts)
 */

/** Brackets that are open; a comment that has no end counts as open, a text that has none runs, to fail. */
export function openBrackets(line: string): number {
  const tokens =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\/\*[\s\S]*|["'][^\n]*|`[\s\S]*|[[\](){}]/g;
  let open = 0;
  for (const [token] of line.matchAll(tokens)) {
    const isWhole = token.length > 1 && token.endsWith(token[0]!);
    if (token.startsWith('/*') && !token.endsWith('*/')) return 1_000;
    if (token[0] === '`' && !isWhole) return 1_000;
    if ((token[0] === '"' || token[0] === "'") && !isWhole) return 0;
    if ('[({'.includes(token)) open += 1;
    else if ('])}'.includes(token) && --open < 0) return open;
  }
  return open;
}
