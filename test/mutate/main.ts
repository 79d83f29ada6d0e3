/** `npm run mutate`: every check of verifiers, decoders and policy is removed or inverted, one at a time. All must die.
 *
 * 1. A mutant that lives stands in survivors.json with a reason, and one that stands there lives. (test/mutate.test.ts)
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository, testFiles } from '../outcomes.ts';
import { readTexts } from '../tidy/source.ts';
import { planFor } from './plan.ts';
import type { Answer, SurveyedFile, Task } from './protocol.ts';
import { type Mutant, mutantsOf } from './sites.ts';
import survivors from './survivors.json' with { type: 'json' };
import { isTarget } from './targets.ts';
import { type Fate, verdictOf } from './verdict.ts';

const workersMax = 2;
/** Of one mutant, a test and the starting of a worker included. */
const answerMsMax = 60_000;
const heapMegabytesMax = 900;
const budgetMs = 2_000;
/** For those that nobody has explained, as long as they are few. */
const secondBudgetMs = 6_000;
const secondMax = 20;

/** A process that answers one task at a time, and is replaced where it dies or hangs. */
class Worker {
  #process: ChildProcess | undefined;

  #start(): ChildProcess {
    const path = fileURLToPath(new URL('./worker.ts', import.meta.url));
    const execArgv = [...process.execArgv, `--max-old-space-size=${heapMegabytesMax}`];
    const errors = process.env.MITE_DEBUG ? 'inherit' : 'ignore';
    const started = fork(path, { execArgv, stdio: ['ignore', 'ignore', errors, 'ipc'] });
    started.send({ task: 'begin', texts: [...texts] } satisfies Task);
    return started;
  }

  /** The answer, or undefined where the process died of the task. */
  ask(task: Task): Promise<Answer | undefined> {
    this.#process ??= this.#start();
    const asked = this.#process;
    return new Promise(resolve => {
      const timer = setTimeout(() => asked.kill('SIGKILL'), answerMsMax);
      const finish = (answer: Answer | undefined) => {
        clearTimeout(timer);
        asked.removeAllListeners();
        if (!answer) this.#process = undefined;
        resolve(answer);
      };
      asked.once('message', message => finish(message as Answer));
      asked.once('exit', () => finish(undefined));
      asked.send(task);
    });
  }

  stop(): void {
    this.#process?.kill();
  }
}

const texts = readTexts(repository);
const workers = Array.from({ length: workersMax }, () => new Worker());

/** Hands out tasks until none is left. */
async function share<T>(
  tasks: readonly T[],
  work: (worker: Worker, task: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    workers.map(async worker => {
      while (next < tasks.length) await work(worker, tasks[next++]!);
    }),
  );
}

/** Of a test file and all that it stands on. */
function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0${texts.get(path)}\0`);
  return hash.digest('hex');
}

/** What an earlier run has surveyed, and what has not changed since. */
type Kept = Record<string, { readonly digest: string; readonly surveyed: SurveyedFile }>;
const keptFile = resolve(repository, '.reports/survey.json');

function readKept(): Kept {
  return existsSync(keptFile) ? (JSON.parse(readFileSync(keptFile, 'utf8')) as Kept) : {};
}

async function surveyAll(): Promise<SurveyedFile[]> {
  const kept = readKept();
  const files = testFiles().filter(file => file.startsWith('test/circuits/'));
  const isKept = (file: string) => kept[file] && kept[file].digest === digestOf(kept[file].surveyed.below);
  await share(
    files.filter(file => !isKept(file)),
    async (worker, file) => {
      const answer = await worker.ask({ task: 'survey', file });
      if (answer?.task !== 'survey') console.log(`not surveyed: ${file}`);
      else kept[file] = { digest: digestOf(answer.surveyed.below), surveyed: answer.surveyed };
    },
  );
  mkdirSync(dirname(keptFile), { recursive: true });
  writeFileSync(keptFile, JSON.stringify(kept));
  return files.flatMap(file => kept[file]?.surveyed ?? []);
}

async function tryAll(
  mutants: readonly Mutant[],
  surveyed: readonly SurveyedFile[],
  budgetMs: number,
): Promise<Fate[]> {
  const fates: Fate[] = [];
  const kills = new Map<string, number>();
  const killsOf = (source: string, test: string) => kills.get(`${source} ${test}`) ?? 0;
  await share(mutants, async (worker, mutant) => {
    const plan = planFor(mutant, surveyed, killsOf);
    const answer = await worker.ask({ task: 'try', mutant, plan, budgetMs });
    const tests = plan.reduce((sum, step) => sum + step.tests.length, 0);
    if (fates.length % 100 === 99) console.log(`${fates.length + 1} of ${mutants.length} (${seconds()})`);
    const by = answer?.task === 'try' ? answer.by : null;
    if (by) {
      const killer = `${mutant.file} ${by.split(':')[0]}`;
      kills.set(killer, (kills.get(killer) ?? 0) + 1);
    }
    if (answer?.task === 'try') fates.push({ mutant, tests, by: answer.by, ms: answer.ms });
    else fates.push({ mutant, tests, by: 'the process died', ms: 0 });
  });
  return fates;
}

const began = performance.now();
const seconds = () => `${((performance.now() - began) / 1_000).toFixed(0)} s`;
const [, , only = ''] = process.argv;
const mutants = [...texts]
  .filter(([path]) => isTarget(path) && path.includes(only))
  .flatMap(([path, text]) => mutantsOf(path, text));
const surveyed = await surveyAll();
const tests = surveyed.reduce((sum, file) => sum + file.tests.length, 0);
console.log(`${mutants.length} mutants, ${tests} fast tests in ${surveyed.length} files (${seconds()})`);
if (process.env.MITE_DEBUG)
  for (const { left } of surveyed) for (const line of left) console.log(`left out: ${line}`);
const first = await tryAll(mutants, surveyed, budgetMs);
const open = first.filter(({ by, mutant }) => by === null && !(mutant.key in survivors));
// Many are a work to be done, not to be waited for.
const again = open.length > secondMax ? [] : open;
console.log(`${open.length} live without a reason, ${again.length} once more, with more time (${seconds()})`);
const second = await tryAll(
  again.map(({ mutant }) => mutant),
  surveyed,
  secondBudgetMs,
);
const fates = [...first.filter(fate => !again.includes(fate)), ...second];
for (const worker of workers) worker.stop();
const verdict = verdictOf(fates, survivors, only === '');
if (process.env.MITE_DEBUG)
  for (const { mutant, ms, by } of [...fates].sort((a, b) => b.ms - a.ms).slice(0, 20))
    console.log(`${ms.toFixed(0)} ms ${mutant.key} ${by}`);
console.log(verdict.lines.join('\n'));
console.log(`${seconds()}`);
process.exitCode = verdict.holds ? 0 : 1;
