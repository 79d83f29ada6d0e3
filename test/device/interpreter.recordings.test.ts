import { describe, expect, test } from 'vitest';
import { readSnippets } from './corpus.ts';
import { answerOf, bootedOf, type Recording, readRecording, writeRecording } from './golden.ts';
import { forAll, type Interpreter, openInterpreters, runProgram } from './interpreter.ts';
import { linuxBoard } from './linux.board.ts';
import { buildPrograms } from './programs.ts';
import { replay } from './replay.ts';

const interpreters = await openInterpreters(process.env.ESPRUINO);
const isRecording = process.env.MITE_RECORD === '1';
const timeLimitMs = 300_000;

/** Timers run by the real clock: a process that was held up meets two of them at once, so it gets another chance. */
const attemptsMax = 3;

/** What this build prints for each snippet now. */
async function hearSnippets(path: string, recorded?: Recording): Promise<Recording['answers']> {
  const answers: Record<string, Recording['answers'][string]> = {};
  await forAll(readSnippets(), async ({ name, program, digest }) => {
    let printed = await runProgram(path, program);
    const wanted = recorded?.answers[name]?.printed ?? printed;
    for (let i = 1; i < attemptsMax && printed !== wanted; i++) printed = await runProgram(path, program);
    answers[name] = { digest, printed };
  });
  return answers;
}

/** What each program of a board prints now, and the variables that it takes. */
async function hearPrograms({ path, firmware }: Interpreter): Promise<Recording['programs']> {
  const board = linuxBoard(firmware.build);
  const empty = await replay(path, board, []);
  const programs: Record<string, Recording['programs'][string]> = {};
  for (const { name, digest, image } of await buildPrograms(board)) {
    const { printed, variables } = await replay(path, board, image.files);
    programs[name] = { digest, printed, variables: variables - empty.variables };
  }
  return programs;
}

describe.skipIf(interpreters.length === 0)('the interpreter', () => {
  test('it answers every snippet as recorded', { timeout: timeLimitMs }, async () => {
    for (const { path, firmware } of interpreters) {
      const answers = await hearSnippets(path, isRecording ? undefined : readRecording(firmware.build));
      if (isRecording) writeRecording({ firmware, answers });
      const recorded = readRecording(firmware.build);
      expect(firmware).toEqual(recorded.firmware);
      for (const snippet of readSnippets())
        expect
          .soft(answers[snippet.name]!.printed, `${snippet.name}, ${firmware.build} strings`)
          .toBe(answerOf(recorded, snippet));
    }
  });

  test('it boots every program of a board as recorded', { timeout: timeLimitMs }, async () => {
    for (const interpreter of interpreters) {
      const { firmware } = interpreter;
      const programs = await hearPrograms(interpreter);
      if (isRecording) writeRecording({ firmware, programs });
      const recorded = readRecording(firmware.build);
      for (const [name, booted] of Object.entries(programs))
        expect(booted, `${name}, ${firmware.build} strings`).toEqual(bootedOf(recorded, name, booted.digest));
    }
  });
});
