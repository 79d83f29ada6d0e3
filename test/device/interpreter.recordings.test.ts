import { describe, expect, test } from 'vitest';
import { readSnippets } from './corpus.ts';
import { answerOf, type Recording, readRecording, writeRecording } from './golden.ts';
import { forAll, type Interpreter, openInterpreters, runProgram } from './interpreter.ts';

const interpreters = await openInterpreters(process.env.ESPRUINO);
const recording = process.env.MITE_RECORD === '1';

/** What this build prints for each snippet now. */
async function listen({ path, firmware }: Interpreter): Promise<Recording> {
  const answers: Record<string, { digest: string; printed: string }> = {};
  await forAll(readSnippets(), async ({ name, program, digest }) => {
    answers[name] = { digest, printed: await runProgram(path, program) };
  });
  return { firmware, answers };
}

describe.skipIf(interpreters.length === 0)('the interpreter', () => {
  test.each(interpreters)(
    '$firmware.build strings: it answers every snippet as recorded',
    async interpreter => {
      const heard = await listen(interpreter);
      if (recording) writeRecording(heard);
      const recorded = readRecording(interpreter.firmware.build);
      expect(heard.firmware).toEqual(recorded.firmware);
      for (const snippet of readSnippets())
        expect.soft(answerOf(heard, snippet), snippet.name).toBe(answerOf(recorded, snippet));
    },
  );
});
