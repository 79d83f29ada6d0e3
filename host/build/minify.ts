/** Shrinks lowered code: short names, no spaces, constants folded. On a board names cost time at every use, not only bytes.
 *
 * 1. Nothing that the engine lacks comes out. (test/host/lower.engine.test.ts)
 */
import { transform } from 'esbuild';
import { reservedNames } from './dialect.globals.ts';
import { composeMaps, type SourceMap } from './sourcemap.ts';

export interface Code {
  readonly code: string;
  readonly map: SourceMap;
}

/** What esbuild would write shorter with syntax that the engine lacks. */
const lacking = {
  'optional-chain': false,
  'logical-assignment': false,
  'exponent-operator': false,
  'template-literal': false,
  'object-rest-spread': false,
  'class-static-blocks': false,
} as const;

/** Called once at the end of the code, so that no short name is one of its arguments; taken off again. */
const guardOf = (taken: readonly string[]) => `guard$(${[...new Set([...reservedNames, ...taken])].join()})`;

/** No name is that of a builtin, as an arrow function cannot have such a parameter, nor one that the board has already. */
export async function minify(
  { code, map }: Code,
  file: string,
  taken: readonly string[] = [],
): Promise<Code> {
  const guard = guardOf(taken);
  const result = await transform(`${code}\n;${guard};`, {
    loader: 'js',
    format: 'esm',
    target: 'esnext',
    minify: true,
    treeShaking: true,
    sourcemap: 'external',
    sourcefile: file,
    charset: 'ascii',
    legalComments: 'none',
    supported: lacking,
    logLevel: 'silent',
  });
  const text = result.code.trimEnd().replace(/;$/, '');
  if (!text.endsWith(guard)) throw new Error('the guard of reserved names is not at the end of the code');
  const kept = text.slice(0, -guard.length).replace(/[,;]$/, '');
  return { code: kept, map: composeMaps(JSON.parse(result.map) as SourceMap, map) };
}
