/** Snippets against their recordings: who disagrees, and in what. */
import type { Snippet } from './corpus.ts';
import { answerOf, type Recording } from './golden.ts';

export interface Disagreement {
  readonly name: string;
  readonly program: string;
  readonly recorded: string;
  readonly answered: string;
}

/** Of predicted JsVars, and at least one. */
const memoryShareMax = 0.05;

function isNear(recorded: string, answered: string): boolean {
  const [expected, got] = [Number(recorded), Number(answered)];
  return Math.abs(got - expected) <= Math.max(1, memoryShareMax * expected);
}

export function disagreements(
  recording: Recording,
  snippets: readonly Snippet[],
  run: (program: string) => string,
): Disagreement[] {
  return snippets.flatMap(snippet => {
    const { name, topic, program } = snippet;
    const recorded = answerOf(recording, snippet);
    const answered = run(program);
    const agrees = topic === 'memory' ? isNear(recorded, answered) : recorded === answered;
    return agrees ? [] : [{ name, program, recorded, answered }];
  });
}
