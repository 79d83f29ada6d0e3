/** Device TypeScript to what a board runs: bundle, lowering, dialect check, minify, and one source map over all of it.
 *
 * 1. Only device/ and circuits/ without *.noble.ts come in. (test/host/lower.bundle.test.ts)
 * 2. A position in the shipped code leads to the line that it came from. (test/host/lower.bundle.test.ts)
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { Failure } from '../cli/failure.ts';
import { repository } from './compile.ts';
import type { Refusal } from './dialect.row.ts';
import { refusals, sentenceOf } from './dialect.ts';
import { typeRefusals } from './dialect.types.ts';
import { lower } from './lower.ts';
import { type Code, minify } from './minify.ts';
import { pretokenise } from './pretokenise.ts';
import { parseProgram } from './rewrite.ts';
import { analyze } from './scope.ts';
import { composeMaps, linesOf, type SourceMap } from './sourcemap.ts';

export interface Module {
  /** From the root of the project, with forward slashes. */
  readonly path: string;
  /** What of it is in the bundle, before lowering. */
  readonly bytes: number;
}

export interface DeviceBundle extends Code {
  readonly modules: readonly Module[];
  /** What it adds to the names of the board: files of one board share them. */
  readonly names: readonly string[];
}

export interface BundleOptions {
  /** Facts of a board by name: each becomes a constant in the code. */
  readonly constants?: Readonly<Record<string, string | number | boolean>>;
  /** Where device/ lies; the repository unless it is another project. */
  readonly root?: string;
  /** Without it the code keeps its names and lines. */
  readonly minify?: boolean;
  /** Words and operators as one byte each: an eighth smaller. The code is then bytes. */
  readonly tokens?: boolean;
  /** Names of the board's other files, which run before. */
  readonly taken?: readonly string[];
}

const isAllowed = (path: string) => /^(device|circuits)\//.test(path) && !/\.noble\.ts$/.test(path);

/** A file as it is named below the project, or below this package when another project builds on its circuits. */
function nameOf(path: string, root: string): string {
  const full = resolve(root, path);
  const [below, here] = [root, repository].map(base => relative(base, full).replaceAll(sep, '/'));
  return below!.startsWith('../') ? here! : below!;
}

function modulesOf({ outputs }: Metafile, root: string): Module[] {
  const code = Object.entries(outputs).find(([path]) => !path.endsWith('.map'))![1];
  return Object.entries(code.inputs).map(([path, { bytesInOutput }]) => ({
    path: nameOf(path, root),
    bytes: bytesInOutput,
  }));
}

/** Every file that esbuild read, in the bundle or not: a wall has no holes for code that is dropped. */
function keepWall({ inputs }: Metafile, root: string): void {
  const outside = Object.keys(inputs)
    .map(path => nameOf(path, root))
    .filter(path => !isAllowed(path));
  if (outside.length)
    throw new Error(`a device loads only device/ and circuits/ without libraries, not ${outside.join(', ')}`);
}

/** `require` finds modules on the board. The bundler would take it for its own, so it has another name of the same
 * length meanwhile, and the map fits. */
const boardRequire = 'rEquire';

interface Bundled extends Code {
  readonly modules: readonly Module[];
  /** Where each module lies. */
  readonly files: ReadonlyMap<string, string>;
}

async function bundle(
  entry: string,
  root: string,
  constants: BundleOptions['constants'] = {},
): Promise<Bundled> {
  const result = await build({
    entryPoints: [resolve(root, entry)],
    absWorkingDir: root,
    outfile: resolve(root, 'device.js'),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'esnext',
    treeShaking: true,
    // A branch for other boards goes with what it names.
    minifySyntax: true,
    sourcemap: 'external',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    define: {
      ...Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)])),
      require: boardRequire,
    },
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  });
  keepWall(result.metafile, root);
  const [map, code] = ['.map', '.js'].map(end => result.outputFiles.find(({ path }) => path.endsWith(end))!);
  const read = JSON.parse(map!.text) as SourceMap;
  return {
    code: code!.text.replaceAll(boardRequire, 'require'),
    map: { ...read, sources: read.sources.map(path => nameOf(path, root)) },
    modules: modulesOf(result.metafile, root),
    files: new Map(
      Object.keys(result.metafile.inputs).map(path => [nameOf(path, root), resolve(root, path)]),
    ),
  };
}

/** Declarations of what the firmware gives: no module imports them. */
function ambientOf(root: string): string[] {
  const folder = join(root, 'device');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter(name => name.endsWith('.d.ts')).map(name => join(folder, name));
}

/** Only what is in the bundle: the rest of a module never gets to a board. */
function refuseTypes({ files, map }: Bundled, root: string): Refusal[] {
  const lines = linesOf(map);
  return typeRefusals({ files, ambient: ambientOf(root) }).filter(({ file, line }) =>
    lines.has(`${file}:${line}`),
  );
}

function refuse(found: readonly Refusal[]): void {
  if (!found.length) return;
  throw new Failure('refused', found.map(sentenceOf).join('\n'), 'mend these lines, then build again');
}

function namesOf(code: string): string[] {
  const program = parseProgram(code);
  return [...analyze(program).of.get(program)!.variables.keys()];
}

/** The program of a board. The entry is a path from the root, such as device/boot.ts. */
export async function bundleDevice(entry: string, options: BundleOptions = {}): Promise<DeviceBundle> {
  const root = options.root ?? repository;
  const bundled = await bundle(entry, root, options.constants);
  const { modules, code, map } = bundled;
  const made = lower(code, { file: entry });
  const lowered = { code: made.code, map: composeMaps(made.map, map) };
  refuse([...refuseTypes(bundled, root), ...refusals(lowered.code, lowered.map)]);
  if (options.minify === false) return { ...lowered, modules, names: namesOf(lowered.code) };
  const small = await minify(lowered, entry, options.taken);
  refuse(refusals(small.code, small.map));
  return { ...(options.tokens ? pretokenise(small) : small), modules, names: namesOf(small.code) };
}
