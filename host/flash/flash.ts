/** `flash`: brings a board's flash to what an image says, shows each step, reads all of it back, and boots it.
 *
 * 1. After it the board holds every byte of the image, or the command fails. (test/host/flash.board.test.ts)
 * 2. A link that drops at any byte loses nothing: the flash goes on where it stopped. (test/host/flash.dropped.test.ts)
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Event, Events } from '../cli/event.ts';
import { Failure } from '../cli/failure.ts';
import { BoardClient, Thrown } from './client.ts';
import type { Firmware } from './firmware.ts';
import { type Link, LinkLost } from './link.ts';
import { digestsOf, isErased, type Page, sameDigests } from './page.ts';
import { checkFree, quiet, readPage, survey, writePage } from './pages.ts';
import { dataOfStep, describeStep, planFlash, type Step } from './plan.ts';
import { type Content, canBoot, checkLock, meet, pagesFor } from './target.ts';

export interface Job extends Content {
  /** Anew after each lost link. */
  open(): Promise<Link>;
  /** Print the steps and stop. */
  readonly planOnly?: boolean;
  /** How long silence is borne at each attempt to meet the board. */
  readonly waitsMs?: readonly number[];
  /** Before the next connection. */
  readonly reconnectMs?: number;
}

/** A self-test at boot takes seconds, and Ctrl-C would end it: so one long look, without. */
const bootMs = 20_000;

/** A link that drops so often in a row, with no page written in between, is no link. */
const dropsMax = 5;
const reconnectWaitMs = 500;

/** What is done, over all connections. */
interface Progress {
  drops: number;
  isVerified: boolean;
  isBooted: boolean;
}

async function* verify(client: BoardClient, pages: readonly Page[]): Events {
  const digests = await survey(client, pages);
  const wrong = pages.filter(page => !sameDigests(digests.get(page.address)!, digestsOf(page.bytes))).length;
  const data = pages.filter(page => !isErased(page.bytes));
  let bytes = 0;
  let unequal = 0;
  for (const page of wrong ? [] : data) {
    const found = await readPage(client, page);
    if (Buffer.compare(found, page.bytes)) unequal++;
    bytes += found.length;
  }
  if (wrong + unequal)
    throw new Failure('verify', `${wrong + unequal} pages do not hold what was written`, 'mite flash again');
  yield {
    text: `verified: ${pages.length} pages by digest, ${bytes} bytes read back equal`,
    data: { verified: true, pages: pages.length, bytes },
  };
}

/** What it says before it answers: of the first image, the findings of its self-test. */
async function* boot(job: Job, client: BoardClient, progress: Progress): Events {
  client.takePrinted();
  if (!progress.isBooted) await client.evaluate('load()');
  progress.isBooted = true;
  await meet(job.board, client, job.waitsMs ?? [bootMs]);
  const lines = client
    .takePrinted()
    .split(/\r?\n/)
    .filter(line => line && !/^>|mite:\[/.test(line));
  for (const said of lines) yield { text: `  ${said}`, data: { said } };
}

async function* run(job: Job, client: BoardClient, step: Step): Events {
  if (step.do === 'quiet') {
    await quiet(client);
    await meet(job.board, client, job.waitsMs);
  } else if (step.do === 'page') await writePage(client, step.page, !step.erase);
  else if (step.do === 'verify') yield* verify(client, step.pages);
}

const told = (step: Step, prefix: string, kind: string): Event => ({
  text: `${prefix}${describeStep(step)}`,
  data: { [kind]: dataOfStep(step) },
});

async function stepsFor(job: Job, client: BoardClient, found: Firmware): Promise<Step[]> {
  await checkLock(job.board, client);
  const pages = pagesFor(job, found);
  await checkFree(
    client,
    pages.filter(({ area }) => area === 'free'),
  );
  const steps = planFlash(pages, await survey(client, pages));
  return canBoot(found) ? steps : steps.filter(step => step.do !== 'boot');
}

async function* perform(job: Job, client: BoardClient, progress: Progress): Events {
  const found = await meet(job.board, client, job.waitsMs);
  yield {
    text: `${job.board.title}: ${found.board} ${found.version}, serial ${found.serial}`,
    data: { board: job.board.name, firmware: found },
  };
  const steps = await stepsFor(job, client, found);
  for (const step of job.planOnly ? steps : []) yield told(step, '', 'plan');
  for (const [at, step] of job.planOnly ? [] : steps.entries()) {
    yield told(step, `${at + 1}/${steps.length} `, 'step');
    if (step.do === 'boot') yield* boot(job, client, progress);
    else yield* run(job, client, step);
    if (step.do === 'page') progress.drops = 0;
    if (step.do === 'verify') progress.isVerified = true;
  }
}

/** One connection: true where all is done, false where it dropped and another may help. */
async function* attempt(job: Job, progress: Progress): AsyncGenerator<Event, boolean, undefined> {
  let client: BoardClient | undefined;
  try {
    client = new BoardClient(await job.open());
    // A boot may end the link: then the board has only to be met again.
    if (progress.isVerified) yield* boot(job, client, progress);
    else yield* perform(job, client, progress);
    return true;
  } catch (error) {
    if (error instanceof Thrown)
      throw new Failure(
        'device',
        `the board says: ${error.message}`,
        'press its reset button, then flash again',
      );
    if (!(error instanceof LinkLost)) throw error;
    // What was never there has not dropped.
    if (!client && progress.drops === 0) throw new Failure('device', error.message, 'mite devices');
    if (++progress.drops > dropsMax)
      throw new Failure('device', `the link is lost: ${error.message}`, 'mite flash again');
    yield { text: `the link is lost (${error.message}): connecting again`, data: { lost: error.message } };
    await wait(job.reconnectMs ?? reconnectWaitMs);
    return false;
  } finally {
    await client?.close();
  }
}

export async function* flash(job: Job): Events {
  const progress: Progress = { drops: 0, isVerified: false, isBooted: false };
  while (!(yield* attempt(job, progress)));
  if (!job.planOnly) yield { text: 'done', data: { done: true } };
}
