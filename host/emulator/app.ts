/** Applications of other projects: device TypeScript to the files of a board, lowered and checked as our own is.
 *
 * 1. What the engine of a board cannot run is refused with file and line. (test/host/emulator.example.test.ts)
 */
import { resolve } from 'node:path';

export interface AppOptions {
  /** The program: TypeScript below `device/` of the project. */
  readonly entry: string;
  /** Root of the project: the directory that holds `device/`. */
  readonly root?: string;
  /** As flashing has it. Without it functions and variables keep their names, and `evaluate` finds them. */
  readonly minify?: boolean;
  /** Names that the program reads as if they were written there: `{ 'config.interval': 100 }`. */
  readonly constants?: Readonly<Record<string, string | number | boolean>>;
}

/** Files for `createBoard`. */
export type AppFiles = Readonly<Record<string, string>>;

/** Builds an application without a kernel. An image of Mite's own, with kernel and layout, is what `mite build` makes. */
export async function buildApp({
  entry,
  root,
  minify = false,
  constants = {},
}: AppOptions): Promise<AppFiles> {
  const { bundleDevice } = await import('../build/bundle.ts');
  const { code } = await bundleDevice(entry, { root: resolve(root ?? '.'), minify, constants });
  return { '.bootcde': code };
}
