/** Recordings: what the interpreter printed for each snippet, one file per build of the firmware. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Snippet } from './corpus.ts';
import type { Firmware } from './interpreter.ts';

interface Answer {
  readonly digest: string;
  readonly printed: string;
}

export interface Recording {
  readonly firmware: Firmware;
  readonly answers: Readonly<Record<string, Answer>>;
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

export function writeRecording(recording: Recording): void {
  const path = fileOf(recording.firmware.build);
  mkdirSync(fileURLToPath(new URL('golden/', import.meta.url)), { recursive: true });
  const answers = Object.fromEntries(
    Object.entries(recording.answers).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  writeFileSync(path, `${JSON.stringify({ ...recording, answers }, null, 1)}\n`);
}

/** The recorded answer to this very source. */
export function answerOf(recording: Recording, snippet: Snippet): string {
  const answer = recording.answers[snippet.name];
  if (answer?.digest !== snippet.digest)
    throw new Error(`${snippet.name} is not recorded: ESPRUINO=... MITE_RECORD=1 npm run test:device`);
  return answer.printed;
}
