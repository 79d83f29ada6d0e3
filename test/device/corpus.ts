/** The snippets: small programs that print, each under a name, in files by topic.
 *
 * A file opens with a line that says its topic. A snippet is `=== name` and its lines up to the next one.
 * `=== name | refused 2` marks a construct in line 2 that the dialect check refuses: such a snippet is
 * recorded, to show why, but no emulated board has to run it. `=== name | lowered` is lowered before it runs.
 * `=== name | differs: reason` says why an emulated board answers otherwise.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lower } from '#host/build/lower.ts';

export interface Snippet {
  /** `topic/name`, the key of its recording. */
  readonly name: string;
  readonly topic: string;
  readonly source: string;
  /** What runs: the source, or what lowering makes of it. */
  readonly program: string;
  /** First 16 hex digits of the SHA-256 of the source: a recording speaks of this text only. */
  readonly digest: string;
  /** Line of the construct that the dialect check refuses, from 1. */
  readonly refusedLine?: number;
  /** Why an emulated board answers otherwise. */
  readonly difference?: string;
}

const folder = new URL('snippets/', import.meta.url);
const suffix = '.snippets';

function parseSnippet(topic: string, part: string): Snippet {
  const end = part.indexOf('\n');
  const [title, mark] = part.slice(0, end).split(' | ');
  const source = `${part.slice(end + 1).trim()}\n`;
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const name = `${topic}/${title!.trim()}`;
  const snippet = { name, topic, source, program: source, digest };
  if (mark === undefined) return snippet;
  if (mark === 'lowered') return { ...snippet, program: lower(source, { file: name }).code };
  const difference = /^differs: (.+)$/.exec(mark)?.[1];
  if (difference) return { ...snippet, difference };
  const line = /^refused (\d+)$/.exec(mark)?.[1];
  if (!line) throw new Error(`${topic}: what does "${mark}" mean?`);
  return { ...snippet, refusedLine: Number(line) };
}

function readTopic(file: string): Snippet[] {
  const topic = file.slice(0, -suffix.length);
  const text = readFileSync(fileURLToPath(new URL(file, folder)), 'utf8');
  const parts = text.split(/^=== /m).slice(1);
  return parts.map(part => parseSnippet(topic, part));
}

function assertDistinct(snippets: readonly Snippet[]): void {
  for (const key of ['name', 'source'] as const) {
    const seen = new Set<string>();
    for (const snippet of snippets) {
      if (seen.has(snippet[key])) throw new Error(`two snippets of one ${key}: ${snippet.name}`);
      seen.add(snippet[key]);
    }
  }
}

export function readSnippets(): Snippet[] {
  const files = readdirSync(folder)
    .filter(name => name.endsWith(suffix))
    .sort();
  const snippets = files.flatMap(readTopic);
  assertDistinct(snippets);
  return snippets;
}
