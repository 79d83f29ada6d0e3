/** Small programs in the language of device authors, and the ways to run them: Node, our engine, the real interpreter. */
import { readdirSync, readFileSync } from 'node:fs';
import { Engine } from '#host/emulator/engine/engine.ts';

export interface Program {
  /** `topic: name`. */
  readonly title: string;
  readonly source: string;
}

const folder = new URL('lower/', import.meta.url);
const suffix = '.programs';

/** A file opens with its topic; a program is `=== name` and the lines up to the next one. */
function readTopic(file: string): Program[] {
  const topic = file.slice(0, -suffix.length);
  const parts = readFileSync(new URL(file, folder), 'utf8').split(/^=== /m).slice(1);
  return parts.map(part => {
    const end = part.indexOf('\n');
    return { title: `${topic}: ${part.slice(0, end)}`, source: `${part.slice(end + 1).trim()}\n` };
  });
}

export const programs: readonly Program[] = readdirSync(folder)
  .filter(name => name.endsWith(suffix))
  .sort()
  .flatMap(readTopic);

/** What JavaScript says that it prints. Every value is printed as its text. */
export async function printedByNode(source: string): Promise<string> {
  const lines: string[] = [];
  const print = (...values: unknown[]) => lines.push(values.map(String).join(' '));
  new Function('print', `'use strict';${source}`)(print);
  // Promises settle before timers.
  await new Promise(resolve => setTimeout(resolve, 0));
  return lines.join('\n');
}

export function printedByEngine(source: string): string {
  let printed = '';
  const engine = new Engine({
    print: text => {
      printed += text;
    },
  });
  engine.run(source);
  engine.idle();
  return printed.replaceAll('\r', '').replace(/\n$/, '');
}
