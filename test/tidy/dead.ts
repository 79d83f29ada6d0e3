/** Dead code: files that nothing leads to, and exports that nobody outside the tests takes. */
import ts from 'typescript';
import { type Edge, edgesOf } from './imports.ts';
import { isTest, nodesOf, type Rule, type Sources } from './source.ts';

interface Exported {
  readonly name: string;
  readonly type: boolean;
  /** Names that stand in it: types of a signature are as public as the signature. */
  readonly mentions: ReadonlySet<string>;
}

function exportsOf(source: ts.SourceFile): Exported[] {
  return source.statements.flatMap(statement => {
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!exported) return [];
    const mentions = new Set([...nodesOf(statement)].filter(ts.isIdentifier).map(({ text }) => text));
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => ({
        name: name.getText(source),
        type: false,
        mentions,
      }));
    const type = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const { name } = statement as unknown as { name?: ts.Identifier };
    return name ? [{ name: name.text, type, mentions }] : [];
  });
}

function reach(starts: readonly string[], edges: readonly Edge[]): Set<string> {
  const reached = new Set(starts);
  for (const path of reached) for (const { from, to } of edges) if (from === path) reached.add(to);
  return reached;
}

/** Entries: path to the reason why it is one. Tests and configuration are entries of themselves. */
export function deadFiles(entries: Readonly<Record<string, string>>): Rule {
  return sources => {
    const edges = edgesOf(sources);
    const own = [...sources.keys()].filter(path => /\.test\.ts$|\.config\.ts$/.test(path));
    const live = reach(Object.keys(entries), edges);
    const tested = reach([...own, ...Object.keys(entries)], edges);
    return [...sources.keys()].flatMap(path => {
      if (isTest(path) ? tested.has(path) : live.has(path) || own.includes(path)) return [];
      return [`${path}: nothing leads here${tested.has(path) ? ' but tests' : ''}`];
    });
  };
}

/** Of an entry, and of types, a test is user enough. */
export function deadExports(entries: Readonly<Record<string, string>>): Rule {
  return (sources: Sources) => {
    const takers = new Map<string, Set<string>>();
    for (const { from, to, names } of edgesOf(sources))
      for (const name of names)
        for (const key of isTest(from) ? [`${to} test`] : [to, `${to} test`])
          takers.set(key, (takers.get(key) ?? new Set()).add(name));
    const isTaken = (key: string, name: string) => takers.get(key)?.has(name) || takers.get(key)?.has('*');
    return [...sources].flatMap(([path, source]) => {
      const all = exportsOf(source);
      return all.flatMap(({ name, type }) => {
        const inSignature = type && all.some(other => other.name !== name && other.mentions.has(name));
        const lenient = type || isTest(path) || path in entries;
        if (inSignature || isTaken(lenient ? `${path} test` : path, name)) return [];
        const but = isTaken(`${path} test`, name) ? ' but tests' : '';
        return [`${path}: nobody takes ${name}${but}`];
      });
    });
  };
}

export function staleEntries(entries: Readonly<Record<string, string>>): Rule {
  return sources =>
    Object.entries(entries).flatMap(([path, reason]) => {
      if (!sources.has(path)) return [`${path}: an entry that does not exist`];
      return reason.length < 10 ? [`${path}: an entry without a reason`] : [];
    });
}
