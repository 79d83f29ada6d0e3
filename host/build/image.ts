/** The image of a board: every byte that flashing puts there, and what was built into it.
 *
 * 1. The same sources give the same bytes, in any folder and at any time. (test/host/image.reproducible.test.ts)
 * 2. An image that fits is never above a budget; one that is above is not made. (test/host/image.budget.test.ts)
 * 3. Parts lie where the layout says; all else is erased. (test/host/image.parts.test.ts)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '#boards/board.ts';
import { concat, none } from '#circuits/bytes.ts';
import { version as protocolVersion } from '#circuits/message/message.ts';
import { packArea, type StoredFile, storedBytes } from './area.ts';
import { isAbove, type Line, linesOf, type Measures, memoryLine, sentenceOf } from './budget.ts';
import { bundleDevice, type Module } from './bundle.ts';
import { repository } from './compile.ts';
import { constantsOf } from './constants.ts';
import { countFunctions } from './count.ts';
import { type Place, placesOf } from './layout.ts';
import {
  encodeManifest,
  type Manifest,
  type ManifestPart,
  manifestBytes,
  type PartName,
  type Profile,
  type Role,
} from './manifest.ts';
import { type Native, nativeOf, sha256 } from './native.ts';
import type { SourceMap } from './sourcemap.ts';
import { variablesOf, widened } from './weigh.ts';

export interface Build {
  readonly board: Board;
  /** Program: TypeScript, a path from the root. */
  readonly entry?: string;
  /** Without kernel and points: for a program that calls none. */
  readonly kernel?: false;
  /** Where device/ lies; the repository unless it is another project. */
  readonly root?: string;
  readonly role?: Role;
  readonly tier?: string;
  /** First certificates, one after the other. */
  readonly certificates?: Uint8Array;
}

/** What was made, before it is put together: also of a build that is above its budget. */
export interface Draft {
  readonly board: Board;
  readonly boot: string;
  readonly code: string;
  readonly maps: { readonly boot: SourceMap; readonly code: SourceMap };
  readonly native: Native | undefined;
  readonly certificates: Uint8Array;
  readonly manifest: Manifest;
  readonly lines: readonly Line[];
  readonly modules: readonly Module[];
}

export interface Image {
  readonly board: Board;
  /** Every byte of Storage, and of the free pages where the board uses them: 0xff is erased. */
  readonly storage: Uint8Array;
  readonly free?: Uint8Array;
  readonly files: readonly StoredFile[];
  readonly manifest: Manifest;
  readonly maps: Draft['maps'];
  readonly lines: readonly Line[];
  readonly modules: readonly Module[];
}

/** More than the board has room for. */
export class AboveBudget extends Error {
  readonly lines: readonly Line[];

  constructor(board: Board, lines: readonly Line[]) {
    super(`${board.name}: ${lines.map(sentenceOf).join('; ')}`);
    this.name = 'AboveBudget';
    this.lines = lines;
  }
}

function refuseAbove(board: Board, lines: readonly Line[]): void {
  const above = lines.filter(isAbove);
  if (above.length) throw new AboveBudget(board, above);
}

/** Names of files in Storage. */
export const fileNames = {
  kernel: 'kernel',
  boot: '.boot0',
  // The firmware leaves it out while the first button is held: the way back of an image that is not locked.
  bundle: '.bootcde',
  certificates: 'certificates',
  manifest: 'manifest',
} as const;

const productVersion = (
  JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
).version;

// A string of the interpreter is bytes, and what the bundler writes is ASCII.
const bytesOf = (code: string) => new Uint8Array(Buffer.from(code, 'latin1'));

function profileOf({ kernel }: Board): Profile {
  if (!kernel) return 'hash';
  return kernel.tables.teeth ? 'tables' : 'native';
}

const partOf = (name: PartName, bytes: Uint8Array, place: Omit<Place, 'bytesMax'>): ManifestPart => ({
  name,
  area: place.area,
  address: place.address,
  bytes: bytes.length,
  sha256: sha256(bytes),
});

/** In the first page, behind the manifest; `others`: parts beside them. */
function certificatesPart(board: Board, certificates: Uint8Array, others: number): ManifestPart[] {
  const { manifest } = placesOf(board);
  if (!certificates.length || !manifest) return [];
  const address = manifest.address + manifestBytes(others + 1);
  return [partOf('certificates', certificates, { area: 'storage', address })];
}

/** Files after the first, with the addresses of their bytes. */
function placeFiles(board: Board, files: readonly [PartName, Uint8Array][]): ManifestPart[] {
  let address = placesOf(board).files;
  return files
    .filter(([, bytes]) => bytes.length)
    .map(([name, bytes]) => {
      const part = partOf(name, bytes, { area: 'storage', address: address + storedBytes(0) });
      address += storedBytes(bytes.length);
      return part;
    });
}

function nativeParts(board: Board, native: Native | undefined): ManifestPart[] {
  const { kernel, points } = placesOf(board);
  if (!native || !kernel || !points) return [];
  return [partOf('kernel', native.kernel, kernel), partOf('points', native.points, points)];
}

function placeParts(
  board: Board,
  native: Native | undefined,
  files: readonly [PartName, Uint8Array][],
): ManifestPart[] {
  const code = nativeParts(board, native);
  if (!placesOf(board).manifest) return [...code, ...placeFiles(board, files)];
  const parts = [...code, ...placeFiles(board, files.slice(0, -1))];
  return [...parts, ...certificatesPart(board, files.at(-1)![1], parts.length)];
}

function measure(draft: Omit<Draft, 'lines'>): Measures {
  const { native, boot, code, certificates, manifest } = draft;
  const stored = (length: number) => (length ? storedBytes(length) : 0);
  const papers = [certificates.length, encodeManifest(manifest).length] as const;
  const isInPage = placesOf(draft.board).manifest !== undefined;
  return {
    kernelBytes: native?.kernel.length ?? 0,
    pointsBytes: native?.points.length ?? 0,
    bundleBytes: stored(boot.length) + stored(code.length),
    certificateBytes: isInPage ? papers[0] + papers[1] : stored(papers[0]) + stored(papers[1]),
    functions: countFunctions(boot) + countFunctions(code),
  };
}

/** The same board, as far as a program without native code sees it. Its journal stays where it is. */
function withoutKernel({ kernel: _, ...board }: Board): Board {
  return board;
}

/** Compiles and measures. */
export async function draftImage(build: Build): Promise<Draft> {
  const { role = 'test', tier = '', certificates = none, root = repository } = build;
  const board = build.kernel === false ? withoutKernel(build.board) : build.board;
  const native = nativeOf(board);
  const constants = constantsOf(board, { role, product: productVersion, kernel: native?.kernel ?? none });
  // The boot file is always ours.
  const boot = await bundleDevice('device/boot.ts', { constants });
  const main = await bundleDevice(build.entry ?? 'device/main.ts', { constants, root });
  const manifest: Manifest = {
    board: board.name,
    tier,
    role,
    profile: profileOf(board),
    locked: false,
    protocolVersion,
    tierVersion: protocolVersion,
    firmware: board.firmware.least,
    product: productVersion,
    parts: placeParts(board, native, [
      ['boot', bytesOf(boot.code)],
      ['bundle', bytesOf(main.code)],
      ['certificates', certificates],
    ]),
  };
  const draft = {
    board,
    boot: boot.code,
    code: main.code,
    maps: { boot: boot.map, code: main.map },
    native,
    certificates,
    manifest,
    modules: [...boot.modules, ...main.modules],
  };
  return { ...draft, lines: linesOf(board, measure(draft)) };
}

/** What has an address of its own, and the rest erased up to an end. */
function lay(draft: Draft, start: number, end: number): Uint8Array {
  const { kernel, points, manifest } = placesOf(draft.board);
  const bytes = new Uint8Array(end - start).fill(0xff);
  if (draft.native) {
    bytes.set(draft.native.kernel, kernel!.address - start);
    bytes.set(draft.native.points, points!.address - start);
  }
  if (manifest)
    bytes.set(concat(encodeManifest(draft.manifest), draft.certificates), manifest.address - start);
  return bytes;
}

/** Files of Storage, in their order. */
function filesOf(draft: Draft): StoredFile[] {
  const { board, certificates, manifest } = draft;
  const places = placesOf(board);
  const start = board.flash.storage.address + storedBytes(0);
  const papers = [
    { name: fileNames.certificates, bytes: certificates },
    { name: fileNames.manifest, bytes: encodeManifest(manifest) },
  ];
  return [
    ...(places.raw.area === 'storage'
      ? [{ name: fileNames.kernel, bytes: lay(draft, start, places.files) }]
      : []),
    { name: fileNames.boot, bytes: bytesOf(draft.boot) },
    { name: fileNames.bundle, bytes: bytesOf(draft.code) },
    ...(places.manifest ? [] : papers.filter(({ bytes }) => bytes.length)),
  ];
}

/** Puts the parts together. */
function packImage(draft: Draft): Image {
  const { board, lines, manifest, maps, modules } = draft;
  refuseAbove(board, lines);
  const { flash } = board;
  const { raw } = placesOf(board);
  const files = filesOf(draft);
  const { free } = flash;
  return {
    board,
    storage: packArea(files, flash.storage.pages * flash.pageBytes),
    ...(free && raw.area === 'free'
      ? { free: lay(draft, free.address, free.address + free.pages * flash.pageBytes) }
      : {}),
    files,
    manifest,
    maps,
    lines,
    modules,
  };
}

const withMemory = (lines: readonly Line[], image: Image): Line[] => [
  ...lines,
  memoryLine(image.board, variablesOf(image)),
];

/** All budgets of a build beside what it takes, also where it is above them. */
export async function linesOfBuild(build: Build): Promise<readonly Line[]> {
  const draft = await draftImage(build);
  if (!draft.lines.some(isAbove)) return withMemory(draft.lines, packImage(draft));
  const board = widened(build.board);
  const wide = board && (await draftImage({ ...build, board }));
  return wide && !wide.lines.some(isAbove) ? withMemory(draft.lines, packImage(wide)) : draft.lines;
}

export async function buildImage(build: Build): Promise<Image> {
  const image = packImage(await draftImage(build));
  const lines = withMemory(image.lines, image);
  refuseAbove(image.board, lines);
  return { ...image, lines };
}
