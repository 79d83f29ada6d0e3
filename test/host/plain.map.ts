/** The source map of a text that comes from nowhere else: every line leads to itself. */
import { encodeMap, type SourceMap } from '#host/build/sourcemap.ts';

export const plainMap = (file: string, lines: number): SourceMap =>
  encodeMap(
    [file],
    Array.from({ length: lines }, (_, line) => [{ column: 0, source: 0, sourceLine: line, sourceColumn: 0 }]),
  );
