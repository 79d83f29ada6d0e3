/** `mite flash` and `mite monitor`: from the words of a command line to a board and its image. */
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { buildImage, fileNames } from '../build/image.ts';
import { emulatedConsoles } from '../flash/emulated.ts';
import { flash } from '../flash/flash.ts';
import { monitor } from '../flash/monitor.ts';
import { closeRadio, openerOf } from '../flash/port.ts';
import { traceReader } from '../flash/trace.ts';
import type { Events } from './event.ts';
import { Failure } from './failure.ts';
import { nearest } from './nearest.ts';

type Options = Readonly<Record<string, string | boolean | undefined>>;

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function boardOf(verb: string, options: Options): Board {
  const name = text(options.board);
  const board = Object.values(boards).find(each => each.name === name);
  if (board) return board;
  const names = Object.keys(boards);
  const near = nearest(name ?? '', names) ?? names[0];
  const said = name === undefined ? `${verb} needs --board` : `no board is called "${name}"`;
  throw new Failure('usage', said, `mite ${verb} --board ${near}`);
}

/** One emulated board that runs needs no name. */
function portOf(verb: string, options: Options): string {
  const port = text(options.port);
  if (port !== undefined) return port;
  const emulated = emulatedConsoles();
  if (emulated.length === 1) return `tcp://127.0.0.1:${emulated[0]!.port}`;
  throw new Failure('device', `${verb} needs --port: which board is meant?`, 'mite devices');
}

const buildOf = (board: Board, options: Options) => {
  const entry = text(options.entry);
  return { board, ...(entry === undefined ? {} : { entry }) };
};

export async function* flashVerb(options: Options): Events {
  const board = boardOf('flash', options);
  const open = openerOf(portOf('flash', options), board.console.baud);
  const image = await buildImage(buildOf(board, options));
  const { storage, free } = image;
  try {
    yield* flash({ board, storage, ...(free ? { free } : {}), open, planOnly: options.plan === true });
  } finally {
    await closeRadio();
  }
}

export async function* monitorVerb(options: Options): Events {
  const board = text(options.board) === undefined ? undefined : boardOf('monitor', options);
  const open = openerOf(portOf('monitor', options), board?.console.baud ?? 9600);
  const seconds = Number(text(options.seconds) ?? Number.NaN);
  const maps = board ? (await buildImage(buildOf(board, options))).maps : undefined;
  const named = maps ? { [fileNames.boot]: maps.boot, [fileNames.bundle]: maps.code } : {};
  const forMs = Number.isFinite(seconds) ? { forMs: seconds * 1000 } : {};
  try {
    yield* monitor({ open, read: traceReader(named), ...forMs });
  } finally {
    await closeRadio();
  }
}
