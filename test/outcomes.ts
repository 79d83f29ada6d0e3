/** What the last whole test run has shown, and whether it still speaks of the sources as they are. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly file: string;
  readonly title: string;
  readonly state: string;
  readonly ms: number;
}

export const repository = fileURLToPath(new URL('..', import.meta.url));
export const outcomesFile = '.reports/tests.json';

const rooms = ['circuits', 'device', 'boards', 'host', 'bridge', 'test'];

/** Files of the rooms whose name ends so, sorted, relative to the repository. */
function filesOf(suffix: string, folders: readonly string[] = rooms): string[] {
  return folders
    .filter(folder => existsSync(resolve(repository, folder)))
    .flatMap(folder =>
      readdirSync(resolve(repository, folder), { recursive: true, encoding: 'utf8' }).map(name =>
        join(folder, name),
      ),
    )
    .filter(name => name.endsWith(suffix))
    .sort();
}

export function testFiles(): string[] {
  return filesOf('.test.ts', ['test']);
}

/** The last outcomes, however old; none where no whole run was kept. */
export function readLastOutcomes(): Outcome[] {
  const path = resolve(repository, outcomesFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Outcome[]) : [];
}

/** The outcomes, or undefined where there are none or a file is younger than they are. */
export function readOutcomes(): Outcome[] | undefined {
  const path = resolve(repository, outcomesFile);
  if (!existsSync(path)) return undefined;
  const written = statSync(path).mtimeMs;
  const younger = filesOf('').some(name => statSync(resolve(repository, name)).mtimeMs > written);
  return younger ? undefined : readLastOutcomes();
}
