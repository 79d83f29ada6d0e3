/** Who imports what: edges between files, and the names that each edge takes. */
import { posix } from 'node:path';
import ts from 'typescript';
import { nodesOf, type Sources } from './source.ts';

export interface Edge {
  readonly from: string;
  /** As it is written. */
  readonly specifier: string;
  /** A path of the repository, `node:` and a name, or the name of a package. */
  readonly to: string;
  /** Names taken; '*' for all of them. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Members that a file takes of a namespace import; '*' where the namespace is passed on whole. */
function membersOf(source: ts.SourceFile, namespace: string): string[] {
  const names: string[] = [];
  for (const node of nodesOf(source)) {
    if (!ts.isIdentifier(node) || node.text !== namespace || ts.isNamespaceImport(node.parent)) continue;
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent)) {
      if (parent.expression === node) names.push(parent.name.text);
    } else if (ts.isQualifiedName(parent)) {
      if (parent.left === node) names.push(parent.right.text);
    } else if (!ts.isPropertyAssignment(parent) || parent.name !== node) names.push('*');
  }
  return names;
}

function namesOfImport(source: ts.SourceFile, clause: ts.ImportClause | undefined): string[] {
  if (!clause) return [];
  const names = clause.name ? ['default'] : [];
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) return [...names, ...membersOf(source, bindings.name.text)];
  return [
    ...names,
    ...(bindings?.elements ?? []).map(element => (element.propertyName ?? element.name).text),
  ];
}

/** Names that `const { a, b } = await import(...)` takes; all of them otherwise. */
function namesOfDynamic(call: ts.CallExpression): string[] {
  const waited = ts.isAwaitExpression(call.parent) ? call.parent : call;
  const { parent } = waited;
  if (!ts.isVariableDeclaration(parent) || !ts.isObjectBindingPattern(parent.name)) return ['*'];
  return parent.name.elements.map(({ propertyName, name }) => (propertyName ?? name).getText());
}

function edgeOf(source: ts.SourceFile, node: ts.Node): Omit<Edge, 'from' | 'to'> | undefined {
  if (ts.isImportDeclaration(node)) {
    const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return { specifier, names: namesOfImport(source, node.importClause), typeOnly };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    const clause = node.exportClause;
    const names =
      clause && ts.isNamedExports(clause)
        ? clause.elements.map(element => (element.propertyName ?? element.name).text)
        : ['*'];
    return { specifier: (node.moduleSpecifier as ts.StringLiteral).text, names, typeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return { specifier: (node.argument.literal as ts.StringLiteral).text, names: ['*'], typeOnly: true };
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument && ts.isStringLiteral(argument))
      return { specifier: argument.text, names: namesOfDynamic(node), typeOnly: false };
  }
  // A worker is started by its address: new URL('./worker.ts', import.meta.url)
  if (ts.isNewExpression(node) && node.expression.getText(source) === 'URL') {
    const [argument] = node.arguments ?? [];
    if (argument && ts.isStringLiteral(argument) && /\.(ts|mjs)$/.test(argument.text))
      return { specifier: argument.text, names: [], typeOnly: false };
  }
  return undefined;
}

export function edgesOf(sources: Sources): Edge[] {
  const edges: Edge[] = [];
  for (const [from, source] of sources)
    for (const node of nodesOf(source)) {
      const edge = edgeOf(source, node);
      if (edge) edges.push({ from, to: resolve(from, edge.specifier), ...edge });
    }
  return edges;
}
