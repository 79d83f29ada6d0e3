/** The dialect check: what lowered code still has that the engine lacks, each with the line of TypeScript that it came from.
 *
 * The table is closed: whatever it does not refuse, the engine runs as JavaScript does, or does in a way that the emulator
 * shows at run time (DESIGN.md names those).
 *
 * 1. Every row refuses its construct in real device code, with file and line. (test/host/dialect.mutant.test.ts)
 */
import { libraryRows } from './dialect.library.ts';
import { orderRows } from './dialect.order.ts';
import { Parsed, type Refusal, type Row } from './dialect.row.ts';
import { syntaxRows } from './dialect.syntax.ts';
import { nodesOf, openLines, parseProgram } from './rewrite.ts';
import { openMap, type SourceMap } from './sourcemap.ts';

export const dialect = { ...syntaxRows, ...libraryRows, ...orderRows };

export type Construct = keyof typeof dialect;

const rows = Object.entries(dialect) as readonly (readonly [Construct, Row])[];

const textLengthMax = 40;

interface Finding {
  readonly construct: Construct;
  readonly start: number;
  readonly text: string;
}

function* findingsOf(code: string): Generator<Finding> {
  let parsed: Parsed;
  try {
    parsed = new Parsed(code, parseProgram(code));
  } catch (error) {
    const { pos: start } = error as { readonly pos?: number };
    if (start === undefined) throw error;
    yield { construct: 'syntax', start, text: (error as Error).message };
    return;
  }
  for (const node of nodesOf(parsed.program))
    for (const [construct, { finds }] of rows)
      if (finds(node, parsed)) yield { construct, start: node.start, text: parsed.text(node) };
}

/** In the order of the code; one for each construct and place. */
export function refusals(code: string, map: SourceMap): Refusal[] {
  const place = openMap(map);
  const placeOf = openLines(code);
  const found = new Map<string, Refusal>();
  for (const { construct, start, text } of findingsOf(code)) {
    const { line, column } = placeOf(start);
    const from = place(line + 1, column + 1) ?? { file: map.sources[0] ?? '', line: 1, column: 1 };
    const { reason, hint } = dialect[construct];
    const shown = text.replaceAll(/\s+/g, ' ').slice(0, textLengthMax);
    const key = `${construct} ${from.file}:${from.line}:${from.column}`;
    if (!found.has(key)) found.set(key, { ...from, construct, text: shown, reason, hint });
  }
  return [...found.values()];
}

export const sentenceOf = ({ file, line, column, construct, text, reason, hint }: Refusal): string =>
  `${file}:${line}:${column}: ${construct} (${text}): ${reason}; ${hint}`;
