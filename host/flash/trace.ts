/** Positions in what a board prints of an error, led back to lines of TypeScript.
 *
 *     at name (FILE:LINE:COLUMN)   or   at FILE:LINE:COLUMN     FILE: a file of Storage
 *
 * 1. A line that names a file of the image names the source's line after it, any other is left alone. (test/host/flash.monitor.test.ts)
 */
import { openMap, type SourceMap } from '../build/sourcemap.ts';

const position = /([\w.]+):(\d+):(\d+)/;

/** Maps by the names of files in Storage. */
export function traceReader(maps: Readonly<Record<string, SourceMap>>): (line: string) => string {
  const places = new Map(Object.entries(maps).map(([name, map]) => [name, openMap(map)]));
  return line => {
    const [, name, row, column] = (/^\s+at /.test(line) && position.exec(line)) || [];
    const place = name === undefined ? undefined : places.get(name)?.(Number(row), Number(column));
    return place ? `${line}  ${place.file}:${place.line}:${place.column}` : line;
  };
}
