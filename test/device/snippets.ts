/** The tests of one build of the firmware: every snippet that is not refused runs on an emulated board. */
import { expect, test } from 'vitest';
import { disagreements } from './comparison.ts';
import { readSnippets } from './corpus.ts';
import { runOnBoard } from './emulated.ts';
import { readRecording } from './golden.ts';
import type { Firmware } from './interpreter.ts';

export function testSnippets(build: Firmware['build']): void {
  const snippets = readSnippets().filter(({ refusedLine }) => refusedLine === undefined);
  const same = snippets.filter(({ difference }) => difference === undefined);
  const recording = readRecording(build);
  const topics = [...new Set(snippets.map(({ topic }) => topic))];
  test.each(topics)(`%s: a board of ${build} strings answers as the interpreter did`, topic => {
    const own = same.filter(snippet => snippet.topic === topic);
    expect(disagreements(recording, own, program => runOnBoard(build, program))).toEqual([]);
  });

  test(`no snippet is called different that is not, on ${build} strings`, () => {
    const different = snippets.filter(({ difference }) => difference !== undefined);
    const found = disagreements(recording, different, program => runOnBoard(build, program));
    expect(found.map(({ name }) => name)).toEqual(different.map(({ name }) => name));
  });
}
