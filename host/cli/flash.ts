/** `mite flash` and `mite monitor`: from the words of a command line to a board and its image. */
import type { Board } from '#boards/board.ts';
import { type Build, draftImage } from '../build/image.ts';
import { mapsOf } from '../build/output.ts';
import { readConfig } from '../config/read.ts';
import { emulatedConsoles } from '../flash/emulated.ts';
import { flash } from '../flash/flash.ts';
import { monitor } from '../flash/monitor.ts';
import { closeRadio, openerOf } from '../flash/port.ts';
import { traceReader } from '../flash/trace.ts';
import { boardNamed, buildOf, finishImage } from './build.ts';
import type { Events } from './event.ts';
import { Failure } from './failure.ts';
import type { Words } from './verbs.ts';

type Options = Words['options'];

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

/** Where one emulated board runs it needs no name. */
function portOf(verb: string, options: Options): string {
  const port = text(options.port);
  if (port !== undefined) return port;
  const emulated = emulatedConsoles();
  if (emulated.length === 1) return `tcp://127.0.0.1:${emulated[0]!.port}`;
  throw new Failure('device', `${verb} needs --port: which board is meant?`, 'mite devices');
}

const buildFor = async (board: Board, options: Options): Promise<Build> =>
  buildOf(await readConfig(process.cwd()), board, options);

export async function* flashVerb(options: Options): Events {
  const board = boardNamed('flash', options.board);
  const open = openerOf(portOf('flash', options), board.console.baud);
  const { storage, free } = await finishImage(await buildFor(board, options));
  try {
    yield* flash({ board, storage, ...(free ? { free } : {}), open, planOnly: options.plan === true });
  } finally {
    await closeRadio();
  }
}

/** A number of seconds, or undefined for no end. */
function millisecondsOf(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (Number(seconds) > 0) return Number(seconds) * 1000;
  throw new Failure('usage', `"${seconds}" is no number of seconds`, 'mite monitor --seconds 10');
}

export async function* monitorVerb(options: Options): Events {
  const board = options.board === undefined ? undefined : boardNamed('monitor', options.board);
  const open = openerOf(portOf('monitor', options), board?.console.baud ?? 9600);
  const forMs = millisecondsOf(text(options.seconds));
  const maps = board ? mapsOf(await draftImage(await buildFor(board, options))) : {};
  try {
    yield* monitor({ open, read: traceReader(maps), ...(forMs === undefined ? {} : { forMs }) });
  } finally {
    await closeRadio();
  }
}
