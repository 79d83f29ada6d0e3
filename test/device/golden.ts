/** Recordings: what the interpreter printed for each snippet, one file per build of the firmware. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Snippet } from './corpus.ts';
import type { Firmware } from './interpreter.ts';

interface Answer {
  readonly digest: string;
  readonly printed: string;
}

/** What a program of a board did when it booted. */
interface Booted extends Answer {
  /** JsVars that it took. */
  readonly variables: number;
}

export interface Recording {
  readonly firmware: Firmware;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly programs: Readonly<Record<string, Booted>>;
}

export const builds = ['unicode', 'plain'] as const;

const fileOf = (build: Firmware['build']): string =>
  fileURLToPath(new URL(`golden/${build}.json`, import.meta.url));

export function readRecording(build: Firmware['build']): Recording {
  const path = fileOf(build);
  if (!existsSync(path))
    throw new Error(`no recording of the ${build} build: MITE_RECORD=1 npm run test:device`);
  return JSON.parse(readFileSync(path, 'utf8')) as Recording;
}

const sorted = <Value>(named: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(named).sort(([left], [right]) => (left < right ? -1 : 1)));

/** Parts that are not given stay as they were recorded. */
export function writeRecording(heard: Pick<Recording, 'firmware'> & Partial<Recording>): void {
  const { build } = heard.firmware;
  const old = existsSync(fileOf(build)) ? readRecording(build) : { answers: {}, programs: {} };
  const { firmware, answers, programs }: Recording = { ...old, ...heard };
  mkdirSync(fileURLToPath(new URL('golden/', import.meta.url)), { recursive: true });
  const recording = { firmware, answers: sorted(answers), programs: sorted(programs) };
  writeFileSync(fileOf(build), `${JSON.stringify(recording, null, 1)}\n`);
}

/** The recorded answer to this very source. */
export function answerOf(recording: Recording, snippet: Snippet): string {
  const answer = recording.answers[snippet.name];
  if (answer?.digest !== snippet.digest)
    throw new Error(`${snippet.name} is not recorded: ESPRUINO=... MITE_RECORD=1 npm run test:device`);
  return answer.printed;
}

export function bootedOf({ programs }: Recording, name: string, digest: string): Booted {
  const booted = programs?.[name];
  if (booted?.digest !== digest)
    throw new Error(
      `this program of ${name} is not recorded: ESPRUINO=... MITE_RECORD=1 npm run test:device`,
    );
  return booted;
}
