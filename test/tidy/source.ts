/** The repository as the rules of tidiness see it: parsed sources, and every text file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Path to text, relative to the repository, with forward slashes. */
export type Texts = ReadonlyMap<string, string>;

/** Parsed TypeScript and JavaScript by path. */
export type Sources = ReadonlyMap<string, ts.SourceFile>;

/** A rule finds what is wrong: one line each, nothing where all is well. */
export type Rule = (sources: Sources, texts: Texts) => string[];

const skipped = new Set(['node_modules', '.git', '.reports', 'dist', 'coverage', 'vectors']);
const textual = /\.(ts|mjs|js|json|md|cddl|yml|sh|sql|html|css)$|\/run$|^\.[a-z]+$/;

export function readTexts(root: string, folder = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (skipped.has(entry.name) || path === 'package-lock.json' || path === 'LICENSE') continue;
    if (entry.isDirectory()) for (const [name, text] of readTexts(root, path)) texts.set(name, text);
    else if (textual.test(path)) texts.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return texts;
}

export function parseSources(texts: Texts): Map<string, ts.SourceFile> {
  const sources = new Map<string, ts.SourceFile>();
  for (const [path, text] of texts)
    if (/\.(ts|mjs)$/.test(path))
      sources.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return sources;
}

/** Every node below this one, and it. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, child => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

export const isTest = (path: string) => path.startsWith('test/');

/** The comment that opens a file, without its stars. */
export function headerOf(source: ts.SourceFile): string | undefined {
  const text = source.text.replace(/^#!.*\n/, '');
  return /^\/\*\*([\s\S]*?)\*\//
    .exec(text)?.[1]
    ?.replace(/^ *\* ?/gm, '')
    .trim();
}
