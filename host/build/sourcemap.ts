/** Source maps, version 3: read, written, composed and asked. A position in a board's code leads to a line of TypeScript.
 *
 * `mappings` holds lines divided by `;`, segments divided by `,`, each of 1, 4 or 5 numbers in base 64, low bits first:
 * column, source, line and column there, name. All but the column count from the segment before; the column from the
 * one before in its line.
 *
 * 1. What is written is read back, and composing equals asking twice. (test/host/sourcemap.compose.test.ts)
 */

export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** Counted from 1, as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Counted from 0, as the format does. */
export interface Segment {
  readonly column: number;
  readonly source: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digitBits = 5;

function encodeNumber(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const more = rest >> digitBits ? 1 << digitBits : 0;
    text += digits[(rest & 31) | more];
    rest >>>= digitBits;
  } while (rest);
  return text;
}

function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of text) {
    const bits = digits.indexOf(digit);
    if (bits < 0) throw new Error(`not a source map: ${text}`);
    value |= (bits & 31) << shift;
    shift += digitBits;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function decodeLines({ mappings }: SourceMap): Segment[][] {
  let [source, sourceLine, sourceColumn] = [0, 0, 0];
  return mappings.split(';').map(line => {
    let column = 0;
    const segments: Segment[] = [];
    for (const text of line ? line.split(',') : []) {
      const numbers = decodeNumbers(text);
      column += numbers[0]!;
      if (numbers.length < 4) continue;
      source += numbers[1]!;
      sourceLine += numbers[2]!;
      sourceColumn += numbers[3]!;
      segments.push({ column, source, sourceLine, sourceColumn });
    }
    return segments;
  });
}

export function encodeMap(sources: readonly string[], lines: readonly (readonly Segment[])[]): SourceMap {
  let last: Segment = { column: 0, source: 0, sourceLine: 0, sourceColumn: 0 };
  const mappings = lines.map(segments => {
    last = { ...last, column: 0 };
    return segments.map(segment => {
      const text =
        encodeNumber(segment.column - last.column) +
        encodeNumber(segment.source - last.source) +
        encodeNumber(segment.sourceLine - last.sourceLine) +
        encodeNumber(segment.sourceColumn - last.sourceColumn);
      last = segment;
      return text;
    });
  });
  return { version: 3, sources, names: [], mappings: mappings.map(texts => texts.join()).join(';') };
}

/** The last segment that begins at or before the column. */
function segmentAt(segments: readonly Segment[] | undefined, column: number): Segment | undefined {
  if (!segments) return undefined;
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]!.column <= column) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}

/** Where a position of the made code comes from. */
export function openMap(map: SourceMap): (line: number, column: number) => Place | undefined {
  const lines = decodeLines(map);
  return (line, column) => {
    const segment = segmentAt(lines[line - 1], column - 1);
    if (!segment) return undefined;
    const { source, sourceLine, sourceColumn } = segment;
    return { file: map.sources[source]!, line: sourceLine + 1, column: sourceColumn + 1 };
  };
}

/** The lines that something of the made code comes from, as `file:line`. */
export function linesOf(map: SourceMap): ReadonlySet<string> {
  const segments = decodeLines(map).flat();
  return new Set(segments.map(({ source, sourceLine }) => `${map.sources[source]}:${sourceLine + 1}`));
}

/** `later` leads from the newest code to that of `earlier`; the result leads all the way back. */
export function composeMaps(later: SourceMap, earlier: SourceMap): SourceMap {
  const before = decodeLines(earlier);
  const lines = decodeLines(later).map(segments =>
    segments.flatMap(({ column, sourceLine, sourceColumn }) => {
      const segment = segmentAt(before[sourceLine], sourceColumn);
      return segment ? [{ ...segment, column }] : [];
    }),
  );
  return encodeMap(earlier.sources, lines);
}
