/** `mite build` and `mite size`: images, and what is in them. */
import { resolve } from 'node:path';
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { toHex } from '#circuits/bytes.ts';
import { isAbove, type Line, sentenceOf } from '../build/budget.ts';
import { AboveBudget, type Build, buildImage, draftImage, type Image, linesOfBuild } from '../build/image.ts';
import { encodeManifest } from '../build/manifest.ts';
import { sha256 } from '../build/native.ts';
import { writeImage } from '../build/output.ts';
import { choiceOf, type FoundConfig, readConfig } from '../config/read.ts';
import type { Event, Events } from './event.ts';
import { Failure } from './failure.ts';
import { nearest } from './nearest.ts';
import type { Words } from './verbs.ts';

type Options = Words['options'];

/** The board that is named. */
export function boardNamed(verb: string, name: string | boolean | undefined): Board {
  if (typeof name !== 'string')
    throw new Failure('usage', `${verb} needs --board`, `mite ${verb} --board puckjs`);
  const found = Object.values(boards).find(each => each.name === name);
  if (found) return found;
  const near = nearest(name, Object.keys(boards)) ?? 'puckjs';
  throw new Failure('usage', `no board is called "${name}"`, `mite ${verb} --board ${near}`);
}

/** The board that is named, or all of the configuration. */
function chosenBoards(verb: string, found: FoundConfig, options: Options): Board[] {
  if (options.board !== undefined) return [boardNamed(verb, options.board)];
  return Object.values(boards).filter(({ name }) => found.config.boards[name]);
}

/** What the configuration, and the words beside it, make of a board. */
export function buildOf(found: FoundConfig, board: Board, options: Options = {}): Build {
  const { role, tier, entry: configured, kernel } = choiceOf(found, board.name);
  const { entry, 'no-kernel': without } = options;
  const isWithout = without === true || kernel === false;
  const named = typeof entry === 'string' ? { entry, root: process.cwd() } : undefined;
  const program = named ?? (configured ? { entry: configured, root: found.root } : {});
  // Without native code a board has no tier.
  const native = isWithout ? { kernel: false as const } : tier ? { tier } : {};
  return { board, role, ...native, ...program };
}

const number = (value: number) => value.toLocaleString('en');

const lineText = ({ part, unit, used, most }: Line) =>
  `  ${part.padEnd(26)}${number(used).padStart(9)} of ${number(most).padStart(9)} ${unit}`;

/** First eight digits of the manifest's digest name an image. */
const identityOf = (image: Image) => toHex(sha256(encodeManifest(image.manifest)));

function imageEvent(image: Image, files: readonly string[]): Event {
  const { board, lines, manifest } = image;
  const identity = identityOf(image);
  const { profile, firmware, role, tier } = manifest;
  const head = `${board.name}  ${identity.slice(0, 8)}  ${profile}, ${role}, firmware ${firmware} or later`;
  return {
    text: [head, ...lines.map(lineText), ...files.map(path => `  wrote ${path}`)].join('\n'),
    data: {
      board: board.name,
      built: true,
      identity,
      profile,
      role,
      tier,
      firmware,
      budget: lines,
      storageBytes: image.storage.length,
      freeBytes: image.free?.length ?? 0,
      storageSha256: toHex(sha256(image.storage)),
      files,
    },
  };
}

/** A build that is above its budget, with all of its budget. */
class OutOfRoom extends Failure {
  readonly lines: readonly Line[];

  constructor({ name }: Board, { message }: AboveBudget, lines: readonly Line[]) {
    super('refused', message, `mite size --board ${name}`);
    this.lines = lines;
  }
}

const roomEvent = ({ name }: Board, lines: readonly Line[]): Event => ({
  text: [`${name}  not built`, ...lines.map(lineText)].join('\n'),
  data: { board: name, built: false, budget: lines },
});

/** Refused, with what is above it, where the build is above its budget. */
export async function finishImage(build: Build): Promise<Image> {
  try {
    return await buildImage(build);
  } catch (error) {
    if (!(error instanceof AboveBudget)) throw error;
    throw new OutOfRoom(build.board, error, await linesOfBuild(build));
  }
}

/** The same failures as one. */
function joined(failures: readonly Failure[]): Failure {
  const [first] = failures;
  return failures.length === 1
    ? first!
    : new Failure(first!.exit, failures.map(({ message }) => message).join('\n'), first!.next);
}

function written(image: Image, folder: string): string[] {
  try {
    return writeImage(image, resolve(folder));
  } catch (error) {
    throw new Failure('usage', (error as Error).message, 'mite build --out FOLDER');
  }
}

/** One board that is above its budget does not keep the others from being built; at the end it fails. */
export async function* buildVerb(options: Options): Events {
  const found = await readConfig(process.cwd());
  const { out } = options;
  const failures: Failure[] = [];
  for (const board of chosenBoards('build', found, options))
    try {
      const image = await finishImage(buildOf(found, board, options));
      yield imageEvent(image, typeof out === 'string' ? written(image, out) : []);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      if (error instanceof OutOfRoom) yield roomEvent(board, error.lines);
    }
  if (failures.length) throw joined(failures);
}

/** With the kernel, unless it is told otherwise: a configuration may leave it out for want of room. */
function wholeOf({ kernel: _, ...build }: Build, options: Options): Build {
  return options['no-kernel'] ? { kernel: false, ...build } : build;
}

/** Also of a build that is above its budget: that is when one asks. */
export async function* sizeVerb(options: Options): Events {
  const found = await readConfig(process.cwd());
  for (const board of chosenBoards('size', found, options)) {
    const build = wholeOf(buildOf(found, board, options), options);
    const draft = await draftImage(build);
    const lines = await linesOfBuild(build);
    yield {
      text: [board.name, ...lines.map(lineText)].join('\n'),
      data: { board: board.name, budget: lines },
    };
    const modules = [...draft.modules].sort((a, b) => b.bytes - a.bytes);
    for (const { path, bytes } of modules)
      yield {
        text: `    ${path.padEnd(40)}${number(bytes).padStart(9)} bytes before lowering`,
        data: { board: board.name, module: path, bytes },
      };
    for (const line of lines.filter(isAbove))
      yield {
        text: `  above its budget: ${sentenceOf(line)}`,
        data: { board: board.name, above: line.part },
      };
  }
}
