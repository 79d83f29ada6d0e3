/** `flash`: brings a board's flash to what an image says, shows each step, and reads all of it back.
 *
 * 1. After it the board holds every byte of the image, or the command fails. (test/host/flash.board.test.ts)
 * 2. A link that drops at any packet loses nothing: the flash goes on where it stopped. (test/host/flash.dropped.test.ts)
 * 3. Another board, older firmware or a locked board is refused before the first write. (test/host/flash.refused.test.ts)
 */
import { setTimeout as wait } from 'node:timers/promises';
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { fileNames } from '../build/image.ts';
import { parseManifest } from '../build/manifest.ts';
import type { Event, Events } from '../cli/event.ts';
import { Failure } from '../cli/failure.ts';
import { BoardClient, Thrown } from './client.ts';
import { checkFirmware, type Firmware, interpreter, readFirmware } from './firmware.ts';
import { type Link, LinkLost } from './link.ts';
import { isErased, type Page, pagesOf } from './page.ts';
import { checkFree, quiet, readPage, survey, writePage } from './pages.ts';
import { dataOfStep, describeStep, planFlash, type Step } from './plan.ts';

export interface Job {
  readonly board: Board;
  /** From the start of Storage. */
  readonly storage: Uint8Array;
  /** From the start of the free pages. */
  readonly free?: Uint8Array;
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

/** A link that drops so often in a row, with nothing done in between, is no link. */
const dropsMax = 5;
const reconnectWaitMs = 500;

interface Progress {
  /** Steps done since the last drop. */
  steps: number;
}

/** The interpreter on a computer has no pages beside its Storage, and no more of that than this. */
function standIn(storage: readonly Page[]): Page[] {
  const { storagePages } = interpreter;
  if (storage.slice(storagePages).some(page => !isErased(page.bytes)))
    throw new Failure('refused', `the interpreter has ${storagePages} pages of Storage`, 'mite devices');
  return storage.slice(0, storagePages);
}

function pagesFor(job: Job, found: Firmware): Page[] {
  const standsIn = found.board === interpreter.board;
  const address = standsIn ? { address: interpreter.storageAddress } : {};
  const storage = pagesOf(job.board, { area: 'storage', bytes: job.storage, ...address });
  if (standsIn) return standIn(storage);
  return job.free?.length ? [...storage, ...pagesOf(job.board, { area: 'free', bytes: job.free })] : storage;
}

async function meet(job: Job, client: BoardClient, waitsMs = job.waitsMs): Promise<Firmware> {
  const found = await readFirmware(client, waitsMs);
  if (!found)
    throw new Failure(
      'device',
      'nothing answers there: it is not an Espruino board, it sleeps, or its console is locked away',
      'press its reset button, or run: mite devices',
    );
  checkFirmware(job.board, found, Object.values(boards));
  return found;
}

/** A dev image never replaces what an owner has locked, even where its console still answers. */
async function checkLock(client: BoardClient): Promise<void> {
  const file = await client.receiveFile(fileNames.manifest);
  if (file && parseManifest(file)?.locked)
    throw new Failure(
      'refused',
      'the board is locked',
      'flash another board: the owner of this one locked it',
    );
}

async function* verify(client: BoardClient, pages: readonly Page[]): Events {
  const digests = await survey(client, pages);
  const wrong = planFlash(pages, digests).filter(step => step.do === 'page');
  const data = pages.filter(page => !isErased(page.bytes));
  let bytes = 0;
  for (const page of wrong.length ? [] : data) {
    const found = await readPage(client, page);
    if (Buffer.compare(found, page.bytes)) wrong.push({ do: 'page', page, erase: true, bytes: 0 });
    bytes += found.length;
  }
  if (wrong.length)
    throw new Failure('verify', `${wrong.length} pages do not hold what was written`, 'mite flash again');
  yield {
    text: `verified: ${pages.length} pages by digest, ${bytes} bytes read back equal`,
    data: { verified: true, pages: pages.length, bytes },
  };
}

async function* run(job: Job, client: BoardClient, step: Step): Events {
  if (step.do === 'quiet') {
    await quiet(client);
    await meet(job, client);
  } else if (step.do === 'page') await writePage(client, step.page, !step.erase);
  else if (step.do === 'verify') yield* verify(client, step.pages);
  else yield* boot(job, client);
}

/** What it says before it answers: of the first image, the findings of its self-test. */
async function* boot(job: Job, client: BoardClient): Events {
  client.takePrinted();
  await client.evaluate('load()');
  await meet(job, client, job.waitsMs ?? [bootMs]);
  const lines = client
    .takePrinted()
    .split(/\r?\n/)
    .filter(line => line && !/^>|mite:\[/.test(line));
  for (const said of lines) yield { text: `  ${said}`, data: { said } };
}

const told = (step: Step, prefix: string, kind: string): Event => ({
  text: `${prefix}${describeStep(step)}`,
  data: { [kind]: dataOfStep(step) },
});

async function* once(job: Job, client: BoardClient, progress: Progress): Events {
  const found = await meet(job, client);
  yield {
    text: `${job.board.title}: ${found.board} ${found.version}, serial ${found.serial}`,
    data: { board: job.board.name, firmware: found },
  };
  await checkLock(client);
  const pages = pagesFor(job, found);
  await checkFree(
    client,
    pages.filter(({ area }) => area === 'free'),
  );
  const standsIn = found.board === interpreter.board;
  const whole = planFlash(pages, await survey(client, pages));
  // An image runs at the addresses of its board, which a stand-in has not.
  const steps = standsIn ? whole.filter(step => step.do !== 'boot') : whole;
  for (const step of job.planOnly ? steps : []) yield told(step, '', 'plan');
  for (const [at, step] of job.planOnly ? [] : steps.entries()) {
    yield told(step, `${at + 1}/${steps.length} `, 'step');
    yield* run(job, client, step);
    progress.steps++;
  }
}

async function openClient(job: Job, drops: number): Promise<BoardClient> {
  try {
    return new BoardClient(await job.open());
  } catch (error) {
    if (error instanceof LinkLost && drops === 0) throw new Failure('device', error.message, 'mite devices');
    throw error;
  }
}

/** One connection; true where it dropped and another may help. */
async function* attempt(job: Job, drops: number): AsyncGenerator<Event, number, undefined> {
  const progress: Progress = { steps: 0 };
  let client: BoardClient | undefined;
  try {
    client = await openClient(job, drops);
    yield* once(job, client, progress);
    return 0;
  } catch (error) {
    if (error instanceof Thrown)
      throw new Failure(
        'device',
        `the board says: ${error.message}`,
        'press its reset button, then flash again',
      );
    if (!(error instanceof LinkLost)) throw error;
    const again = progress.steps > 0 ? 1 : drops + 1;
    if (again > dropsMax)
      throw new Failure('device', `the link is lost: ${error.message}`, 'mite flash again');
    yield { text: `the link is lost (${error.message}): connecting again`, data: { lost: error.message } };
    await wait(job.reconnectMs ?? reconnectWaitMs);
    return again;
  } finally {
    await client?.close();
  }
}

export async function* flash(job: Job): Events {
  let drops = 0;
  do drops = yield* attempt(job, drops);
  while (drops > 0);
  if (!job.planOnly) yield { text: 'done', data: { done: true } };
}
