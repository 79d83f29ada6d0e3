/** The closed tables of circuits/: faults and labels. */
import ts from 'typescript';
import { isTest, lineOf, nodesOf, type Rule, type Sources } from './source.ts';

const faultFile = 'circuits/fault.ts';
const labelFile = 'circuits/proof/label.ts';

/** The properties of an exported object literal, in their order. */
function propertiesOf(source: ts.SourceFile, name: string): ts.PropertyAssignment[] {
  for (const node of nodesOf(source)) {
    if (!ts.isVariableDeclaration(node) || node.name.getText(source) !== name || !node.initializer) continue;
    const value = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
    if (ts.isObjectLiteralExpression(value)) return value.properties.filter(ts.isPropertyAssignment);
  }
  return [];
}

function literalsIn(node: ts.Node): string[] {
  return [...nodesOf(node)].filter(ts.isStringLiteral).map(({ text }) => text);
}

/** Code that runs on boards throws nothing: it says the name of a fault, typed as one. */
const saysFaults = (path: string, source: ts.SourceFile) =>
  path.startsWith('device/') ||
  source.statements.some(each => ts.isImportDeclaration(each) && each.getText(source).includes('FaultName'));

function raisedFaults(sources: Sources): Set<string> {
  const raised = new Set<string>();
  for (const [path, source] of sources) {
    if (isTest(path)) continue;
    if (saysFaults(path, source)) for (const name of literalsIn(source)) raised.add(name);
    for (const node of nodesOf(source))
      if (ts.isNewExpression(node) && node.expression.getText(source) === 'Fault' && node.arguments?.[0])
        for (const name of literalsIn(node.arguments[0])) raised.add(name);
  }
  return raised;
}

/** Frozen: the names in the order of their codes. The table begins with them, and may only grow behind. */
export function faultTable(frozen: readonly string[]): Rule {
  return sources => {
    const source = sources.get(faultFile);
    if (!source) return [`${faultFile} is missing`];
    const entries = propertiesOf(source, 'faults').map(property => ({
      name: property.name.getText(source),
      code: Number(/code: (\d+)/.exec(property.initializer.getText(source))?.[1]),
      hint: /hint: ./.test(property.initializer.getText(source)),
    }));
    const raised = raisedFaults(sources);
    return [
      ...entries.filter(({ code }, i) => code !== i + 1).map(({ name }) => `${name}: codes rise by one`),
      ...entries.filter(({ hint }) => !hint).map(({ name }) => `${name}: no hint`),
      ...entries.filter(({ name }) => !raised.has(name)).map(({ name }) => `${name}: never raised`),
      ...frozen
        .filter((name, i) => entries[i]?.name !== name)
        .map(name => `${name}: its code was ${frozen.indexOf(name) + 1}`),
      ...entries.slice(frozen.length).map(({ name }) => `${name}: append it to test/tidy/frozen.json`),
    ].map(finding => `${faultFile}: ${finding}`);
  };
}

/** Objects of labels that meet in one space: their texts differ throughout. */
const oneSpace = ['label', 'transcript', 'derive'];

function labelObjects(source: ts.SourceFile): string[] {
  return source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .filter(({ initializer }) => initializer && ts.isObjectLiteralExpression(initializer))
    .map(({ name }) => name.getText(source));
}

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, i) => texts.indexOf(text) !== i);
}

/** Texts that a specification outside fixes, at the place that implements it. */
export type Fixed = Readonly<Record<string, readonly string[]>>;

function strayLabels(sources: Sources, fixed: Fixed): string[] {
  return [...sources].flatMap(([path, source]) => {
    if (!path.startsWith('circuits/') || path === labelFile) return [];
    return [...nodesOf(source)].flatMap(node => {
      if (!ts.isCallExpression(node) || node.expression.getText(source) !== 'ascii') return [];
      const [argument] = node.arguments;
      if (!argument || !ts.isStringLiteralLike(argument) || fixed[path]?.includes(argument.text)) return [];
      return [`${path}:${lineOf(source, node)}: the label "${argument.text}" belongs into ${labelFile}`];
    });
  });
}

export function labelTable(fixed: Fixed): Rule {
  return sources => {
    const source = sources.get(labelFile);
    if (!source) return [`${labelFile} is missing`];
    const objects = labelObjects(source).map(name => ({ name, properties: propertiesOf(source, name) }));
    const used = new Set<string>();
    for (const [path, other] of sources)
      if (!isTest(path) && path !== labelFile)
        for (const node of nodesOf(other)) if (ts.isPropertyAccessExpression(node)) used.add(node.name.text);
    const textsOf = (name: string) =>
      objects
        .find(each => each.name === name)
        ?.properties.flatMap(property => literalsIn(property.initializer)) ?? [];
    const spaces = [
      oneSpace,
      ...objects.map(({ name }) => [name]).filter(([name]) => !oneSpace.includes(name!)),
    ];
    return [
      ...spaces.flatMap(names => repeated(names.flatMap(textsOf)).map(text => `"${text}" stands twice`)),
      ...objects.flatMap(({ name, properties }) =>
        properties
          .map(property => property.name.getText(source))
          .filter(property => !used.has(property))
          .map(property => `${name}.${property} is never used`),
      ),
    ]
      .map(finding => `${labelFile}: ${finding}`)
      .concat(strayLabels(sources, fixed));
  };
}
