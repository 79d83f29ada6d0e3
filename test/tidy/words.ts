/** Words: what no file says, what each header says, and that what a text names exists. */
import { posix } from 'node:path';
import ts from 'typescript';
import { headerOf, isTest, lineOf, nodesOf, type Rule, type Texts } from './source.ts';

/** Holds the words themselves. */
const wordsFile = 'test/tidy/words.json';

function findLines(texts: Texts, pattern: RegExp, what: string): string[] {
  return [...texts].flatMap(([path, text]) =>
    path === wordsFile
      ? []
      : text
          .split('\n')
          .flatMap((line, i) =>
            pattern.test(line) ? [`${path}:${i + 1}: ${what}: ${line.trim().slice(0, 80)}`] : [],
          ),
  );
}

export interface Words {
  /** Work left undone, told by a mark instead of by doing it. */
  readonly unfinished: readonly string[];
  readonly praise: readonly string[];
  /** First folders of paths that exist on one machine only. */
  readonly folders: readonly string[];
}

export function bannedWords({ unfinished, praise, folders }: Words): Rule {
  const marks = new RegExp(`\\b(${unfinished.join('|')})\\b`);
  const adverts = new RegExp(`\\b(${praise.join('|')})\\b`, 'i');
  const absolute = new RegExp(`(^|[\\s'"\`(=:])(/(${folders.join('|')})/|\\.\\./shared\\b)`);
  return (_, texts) => [
    ...findLines(texts, marks, 'unfinished work'),
    ...findLines(texts, adverts, 'praise instead of a fact'),
    ...findLines(texts, absolute, 'a path of one machine'),
  ];
}

/** Headers: one line of what the file is; each numbered invariant names its test. Tests speak by their titles. */
export const headers: Rule = sources =>
  [...sources].flatMap(([path, source]) => {
    if (/\.(test|config)\.ts$/.test(path)) return [];
    const header = headerOf(source);
    if (!header) return [`${path}: no header that says what it is`];
    return header
      .split(/^(?=\d+\. )/m)
      .filter(part => /^\d+\. /.test(part) && !/\btest\/\S+\.test\.ts/.test(part))
      .map(part => `${path}: an invariant without its test: ${part.split('\n')[0]}`);
  });

/** Every path that a comment or a document names is a file. */
export const namedFiles: Rule = (_, texts) =>
  [...texts].flatMap(([path, text]) => {
    const named = text.matchAll(
      /(?<![\w/.'"`#-])(?:test|circuits|host|device|bridge)\/[\w./-]*\.(?:ts|mjs|json|cddl|md)\b/g,
    );
    return [...named]
      .map(([name]) => posix.normalize(name))
      .filter(name => !texts.has(name) && !name.includes('vectors/'))
      .map(name => `${path}: names ${name}, which does not exist`);
  });

function titleOf(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (!ts.isCallExpression(node) || !/^(test|it|describe)\b/.test(node.expression.getText(source)))
    return undefined;
  const [title] = node.arguments;
  return title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))
    ? title.getText(source)
    : undefined;
}

/** Tags name rows of the scoreboard, at the beginning of a title; no test runs alone; nothing of ours is replaced. */
export function titles(rowIds: readonly string[]): Rule {
  return sources =>
    [...sources].flatMap(([path, source]) =>
      !isTest(path) || !path.endsWith('.test.ts')
        ? []
        : [...nodesOf(source)].flatMap(node => {
            const at = `${path}:${lineOf(source, node)}`;
            if (
              ts.isPropertyAccessExpression(node) &&
              /^(test|it|describe)\.only$|^vi\.mock$/.test(node.getText(source))
            )
              return [`${at}: ${node.getText(source)}`];
            const tags = [...(titleOf(node, source)?.matchAll(/\[([A-Z]\d+)( [^\]]*)?\]/g) ?? [])];
            return tags
              .filter(([, id, rest]) => !rowIds.includes(id!) || (rest !== undefined && rest !== ' core'))
              .map(([tag]) => `${at}: ${tag} is no row of the scoreboard`);
          }),
    );
}
