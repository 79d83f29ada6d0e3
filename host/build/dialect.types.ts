/** The part of the dialect check that needs types: calls that the engine answers with another kind of value, or not at all.
 *
 * 1. Every row refuses its construct in real device code, with file and line. (test/host/dialect.mutant.test.ts)
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { Refusal } from './dialect.row.ts';

interface TypedRow {
  readonly reason: string;
  readonly hint: string;
  readonly finds: (node: ts.Node, checker: ts.TypeChecker) => boolean;
}

const typedArrays = new Set([
  ...[
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
  ],
  ...['Float32Array', 'Float64Array'],
]);

type Kind = 'text' | 'number' | 'array' | 'typed' | 'buffer' | 'function' | 'other';

function kindOf(type: ts.Type, checker: ts.TypeChecker): Kind {
  if (type.flags & ts.TypeFlags.StringLike) return 'text';
  if (type.flags & ts.TypeFlags.NumberLike) return 'number';
  if (checker.isArrayType(type) || checker.isTupleType(type)) return 'array';
  const name = type.getSymbol()?.name ?? '';
  if (typedArrays.has(name)) return 'typed';
  if (name === 'ArrayBuffer') return 'buffer';
  return type.getCallSignatures().length || type.getConstructSignatures().length ? 'function' : 'other';
}

/** All that a value may be. */
function kindsOf(node: ts.Node, checker: ts.TypeChecker): Kind[] {
  const type = checker.getTypeAtLocation(node);
  const base = checker.getBaseConstraintOfType(type) ?? type;
  return (base.isUnion() ? base.types : [base]).map(each => kindOf(each, checker));
}

const mayBe = (node: ts.Node, kind: Kind, checker: ts.TypeChecker) => kindsOf(node, checker).includes(kind);

interface Method {
  readonly object: ts.Expression;
  readonly name: string;
  readonly call: ts.CallExpression;
}

function methodOf(node: ts.Node): Method | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return { object: node.expression.expression, name: node.expression.name.text, call: node };
}

/** Members of the standard library that the engine has not, by kind. */
const lacking: Readonly<Record<Kind, readonly string[]>> = {
  text: ['at', 'codePointAt', 'localeCompare', 'matchAll', 'normalize', 'search', 'trimEnd', 'trimStart'],
  number: ['toExponential', 'toPrecision', 'toLocaleString'],
  array: ['at', 'copyWithin', 'findLast', 'findLastIndex', 'flat', 'flatMap', 'lastIndexOf', 'reduceRight'],
  typed: ['at', 'BYTES_PER_ELEMENT', 'copyWithin', 'findLast', 'findLastIndex', 'lastIndexOf', 'reduceRight'],
  buffer: ['slice', 'resize', 'transfer'],
  function: ['name'],
  other: [],
};

const equalities = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

export const typedDialect = {
  copy: {
    reason: 'slice and filter of a typed array give a plain Array on the engine, two variables for each byte',
    hint: 'new Uint8Array(bytes) copies, subarray shares',
    finds: (node, checker) => {
      const method = methodOf(node);
      return Boolean(
        method && /^(slice|filter)$/.test(method.name) && mayBe(method.object, 'typed', checker),
      );
    },
  },
  same: {
    reason: 'the engine compares typed arrays by their contents',
    hint: 'compare what they belong to, or give them a number',
    finds: (node, checker) =>
      ts.isBinaryExpression(node) &&
      equalities.has(node.operatorToken.kind) &&
      mayBe(node.left, 'typed', checker) &&
      mayBe(node.right, 'typed', checker),
  },
  walk: {
    reason: 'the engine has no iterators',
    hint: 'count an index, or walk the values with for of',
    finds: (node, checker) => {
      const method = methodOf(node);
      if (!method || !/^(entries|keys|values)$/.test(method.name)) return false;
      return kindsOf(method.object, checker).some(kind => kind === 'array' || kind === 'typed');
    },
  },
  lacks: {
    reason: 'the engine lacks this member of the standard library',
    hint: 'write it out with an index or a loop',
    finds: (node, checker) =>
      ts.isPropertyAccessExpression(node) &&
      kindsOf(node.expression, checker).some(kind => lacking[kind].includes(node.name.text)),
  },
  limit: {
    reason: 'split takes no limit on the engine',
    hint: 'cut the array that it gives',
    finds: (node, checker) => {
      const method = methodOf(node);
      return Boolean(
        method?.name === 'split' && method.call.arguments.length > 1 && mayBe(method.object, 'text', checker),
      );
    },
  },
} satisfies Readonly<Record<string, TypedRow>>;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

/** The standard library is the same for every program. */
const libraries = new Map<string, ts.SourceFile | undefined>();

function openHost(): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => {
    if (!/[\\/]lib\.[^\\/]*\.d\.ts$/.test(name)) return read(name, ...rest);
    if (!libraries.has(name)) libraries.set(name, read(name, ...rest));
    return libraries.get(name);
  };
  return host;
}

function* visit(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, child => {
    children.push(child);
  });
  for (const child of children) yield* visit(child);
}

const textLengthMax = 40;

function refusalsOf(source: ts.SourceFile, file: string, checker: ts.TypeChecker): Refusal[] {
  return [...visit(source)].flatMap(node =>
    Object.entries<TypedRow>(typedDialect).flatMap(([construct, { finds, reason, hint }]) => {
      if (!finds(node, checker)) return [];
      const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const text = node.getText(source).replaceAll(/\s+/g, ' ').slice(0, textLengthMax);
      return [{ file, line: line + 1, column: character + 1, construct, text, reason, hint }];
    }),
  );
}

export interface TypedSources {
  /** Names of modules, and where each lies. */
  readonly files: ReadonlyMap<string, string>;
  /** Declarations that no module imports. */
  readonly ambient: readonly string[];
}

const known = new Map<string, Refusal[]>();

/** The same sources are asked about for each board: the answer is kept. */
export function typeRefusals({ files, ambient }: TypedSources): Refusal[] {
  const paths = [...files.values()];
  const key = JSON.stringify([...paths, ...ambient].map(path => [path, readFileSync(path, 'utf8')]));
  const before = known.get(key);
  if (before) return before;
  const rootNames = [...paths, ...ambient];
  const program = ts.createProgram({ rootNames, options, host: openHost() });
  const found = [...files].flatMap(([file, path]) =>
    refusalsOf(program.getSourceFile(path)!, file, program.getTypeChecker()),
  );
  known.set(key, found);
  return found;
}
