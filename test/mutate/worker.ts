/** A worker of the mutation run: surveys test files, and tries one mutant after another, all in this process. */
import { readLastOutcomes, repository } from '../outcomes.ts';
import { Graph } from './graph.ts';
import { Memory, remembering } from './memory.ts';
import { type Answer, noMutant, type Step, type Surveyed, type SurveyedFile, type Task } from './protocol.ts';
import { applied, instrumented, type Mutant } from './sites.ts';
import { runWithin, type Staged, stage } from './stage.ts';
import { isTarget } from './targets.ts';

/** Slower tests are no part of the fast subset. All of these are milliseconds of the processor, whatever else runs. */
const testMsMax = 1_500;
/** By vitest's clock, which also counts what else ran. */
const knownMsMax = 6_000;
/** Of the clock: what takes longer hangs. While surveying nothing is known yet, and everything is done for the first time. */
const surveyHangMs = 15_000;
const hangMs = 4_000;

/** By vitest's own measure, where a whole run was kept: what it found slow is not even tried. Order is that of the file. */
const measured = new Map<string, number[]>();
for (const { file, ms } of readLastOutcomes()) measured.set(file, [...(measured.get(file) ?? []), ms]);

process.env.MITE_SEED = 'mutate';
console.log = () => {};

const memory = new Memory();
const suiteFile = 'circuits/proof/suite.noble.ts';

let collected: Staged[] = [];
/** One list for all stages: evaluation takes turns. */
const given = {
  get vitest() {
    return stage({ push: (staged: Staged) => collected.push(staged) } as unknown as Staged[]);
  },
};

function graphOf(change: (path: string, text: string) => string): Graph {
  const graph = new Graph(
    repository,
    new Map([...texts].map(([path, text]) => [path, isTarget(path) ? change(path, text) : text])),
  );
  graph.adapters.set(suiteFile, remembering(memory));
  return graph;
}

let texts: ReadonlyMap<string, string>;
let plain: Graph;
let watched: Graph;

/** All workers see the same sources, whoever edits them meanwhile. */
function begin(sources: readonly (readonly [string, string])[]): void {
  texts = new Map(sources);
  plain = graphOf((_, text) => text);
  watched = graphOf(instrumented);
}

let reached = new Set<string>();
Object.assign(globalThis, { __reached: (file: string, start: number) => reached.add(`${file} ${start}`) });

const processorMs = () => process.cpuUsage().user / 1_000;

function timed<T>(work: () => T): { value: T; ms: number } {
  const began = processorMs();
  const value = work();
  return { value, ms: processorMs() - began };
}

function surveyTest(staged: Staged, index: number, known: number | undefined): Surveyed | string {
  reached = new Set();
  if (known !== undefined && known > knownMsMax) return `${staged.title}: slow`;
  try {
    const { value, ms } = timed(() => runWithin(surveyHangMs, staged.run));
    if (ms > testMsMax) return `${staged.title}: slow`;
    if (value instanceof Promise) return `${staged.title}: waits`;
    return { index, title: staged.title, ms, reached: [...reached] };
  } catch (error) {
    return `${staged.title}: ${(error as Error).message.split('\n')[0]}`;
  }
}

async function survey(file: string): Promise<SurveyedFile> {
  const nothing = { file, loadMs: 0, reached: [], below: [...plain.below(file)], tests: [] };
  try {
    await watched.prepare(file, given);
    await plain.prepare(file, given);
    collected = [];
    reached = new Set();
    const { ms } = timed(() => runWithin(surveyHangMs, () => watched.load(file)));
    const atLoad = [...reached];
    const times = measured.get(file);
    const known = times?.length === collected.length ? times : [];
    const answers = collected.map((staged, i) => surveyTest(staged, i, known[i]));
    return {
      file,
      loadMs: ms,
      reached: atLoad,
      below: [...plain.below(file)],
      tests: answers.filter(answer => typeof answer !== 'string'),
      left: answers.filter(answer => typeof answer === 'string'),
    };
  } catch (error) {
    return { ...nothing, left: [`${file}: ${(error as Error).message.split('\n')[0]}`] };
  }
}

/** The first test of a step that dies, or null. Loading the file may die too. */
function tryStep(step: Step, changed: Parameters<Graph['load']>[1], until: number): string | null {
  collected = [];
  try {
    runWithin(Math.ceil(hangMs + 20 * step.loadMs), () => plain.load(step.file, changed));
  } catch {
    return `${step.file}: loading it`;
  }
  const tests = collected;
  for (const { index, ms } of step.tests) {
    if (processorMs() > until) return null;
    try {
      runWithin(Math.ceil(hangMs + 20 * ms), tests[index]!.run);
    } catch {
      return `${step.file}: ${tests[index]?.title}`;
    }
  }
  return null;
}

function compiledOf(mutant: Mutant): ReturnType<Graph['compile']> | undefined {
  try {
    return plain.compile(mutant.file, applied(texts.get(mutant.file)!, mutant));
  } catch {
    return undefined;
  }
}

function tryMutant({ mutant, plan, budgetMs }: Extract<Task, { task: 'try' }>): string | null {
  const module = compiledOf(mutant);
  if (!module) return noMutant;
  const until = processorMs() + budgetMs;
  for (const step of plan) {
    const by = tryStep(step, { path: mutant.file, module }, until);
    if (by) return by;
    if (processorMs() > until) return null;
  }
  return null;
}

async function answer(task: Exclude<Task, { task: 'begin' }>): Promise<Answer> {
  if (task.task === 'survey') return { task: 'survey', surveyed: await survey(task.file) };
  for (const { file } of task.plan) await plain.prepare(file, given);
  const { value, ms } = timed(() => tryMutant(task));
  return { task: 'try', by: value, ms };
}

process.on('message', async (task: Task) => {
  if (task.task === 'begin') begin(task.texts);
  else process.send!(await answer(task));
});
process.on('disconnect', () => process.exit());
