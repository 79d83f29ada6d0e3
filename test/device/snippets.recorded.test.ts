import { describe, expect, test } from 'vitest';
import { refusals } from '#host/build/dialect.ts';
import { Rewriter } from '#host/build/rewrite.ts';
import { disagreements } from './comparison.ts';
import { readSnippets } from './corpus.ts';
import { answerOf, builds, readRecording } from './golden.ts';

const snippets = readSnippets();
const refused = snippets.filter(({ refusedLine }) => refusedLine !== undefined);

describe('recordings', () => {
  test('at least four hundred snippets are recorded on both builds of one commit', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(400);
    const recordings = builds.map(readRecording);
    for (const recording of recordings) {
      for (const snippet of snippets) answerOf(recording, snippet);
      expect(Object.keys(recording.answers)).toHaveLength(snippets.length);
    }
    const [unicode, plain] = recordings.map(({ firmware }) => firmware);
    expect(unicode).toMatchObject({ build: 'unicode', commit: plain!.commit });
    expect(plain!.build).toBe('plain');
  });

  test('a wrong answer, a missing recording and one of another source are noticed', () => {
    const recording = readRecording('plain');
    const [first, second] = snippets;
    const right = answerOf(recording, first!);
    expect(disagreements(recording, [first!], () => right)).toEqual([]);
    expect(disagreements(recording, [first!], () => `${right}.`)).toHaveLength(1);
    expect(() => answerOf({ ...recording, answers: {} }, second!)).toThrow('not recorded');
    expect(() => answerOf(recording, { ...second!, digest: first!.digest })).toThrow('not recorded');
  });

  test('predicted variables may be wrong by one, or by a twentieth', () => {
    const recording = readRecording('plain');
    const [memory] = snippets.filter(({ topic }) => topic === 'memory');
    const right = Number(answerOf(recording, memory!));
    const wrong = (variables: number) => disagreements(recording, [memory!], () => `${variables}\n`).length;
    expect([right, right + 1, right - 1].map(wrong)).toEqual([0, 0, 0]);
    expect([right + 1 + right / 20, 0, Number.NaN].map(wrong)).toEqual([1, 1, 1]);
  });
});

describe('the dialect check', () => {
  test.each(refused)('refuses, with its line: $name', ({ name, source, refusedLine }) => {
    const { code, map } = new Rewriter(source, () => ({})).run(name);
    expect(refusals(code, map).map(({ file, line }) => `${file}:${line}`)).toContain(
      `${name}:${refusedLine}`,
    );
  });
});
