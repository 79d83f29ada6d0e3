/** Finds and reads `flash.config.ts`: that of the current directory, else the one that comes with Mite.
 *
 * 1. A configuration that no board could have is refused with its place. (test/host/config.read.test.ts)
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { boards } from '#boards/all.ts';
import type { Board, BoardName } from '#boards/board.ts';
import { presets } from '#circuits/policy/presets.ts';
import { repository } from '../build/compile.ts';
import { roles } from '../build/manifest.ts';
import { Failure } from '../cli/failure.ts';
import { nearest } from '../cli/nearest.ts';
import type { BuildChoice, FlashConfig } from './define.ts';

const fileName = 'flash.config.ts';

export interface FoundConfig {
  readonly path: string;
  /** Paths in it begin here. */
  readonly root: string;
  readonly config: FlashConfig;
}

const radios = ['ble', 'nfc', 'wifi'];

/** The first thing that is wrong with a build, or undefined. */
function wrongWith(board: Board, { role, tier, kernel, radios: own = [] }: BuildChoice): string | undefined {
  if (!roles.includes(role)) return `role is one of ${roles.join(', ')}`;
  if (own.includes('nfc') && !board.radio.nfc) return 'it has no NFC';
  if (own.includes('wifi') && !board.radio.wifi) return 'it has no Wi-Fi';
  if (tier === undefined) return undefined;
  const terms = Object.entries(presets).find(([name]) => name === tier)?.[1];
  if (!terms) return `no tier is called "${tier}": there are ${Object.keys(presets).join(', ')}`;
  if (kernel === false || !board.kernel) return 'it has no native code, so it takes part without a tier';
  const slots = Math.max(...terms.classes.map(({ caps }) => caps.length));
  if (slots > board.budget.slots)
    return `tier ${tier} has ${slots} slots, its journal keeps ${board.budget.slots}`;
  if (terms.bits > board.kernel.provesBits)
    return `tier ${tier} asks for proofs of ${terms.bits} bits, it makes those of ${board.kernel.provesBits} in time`;
  return undefined;
}

function check({ lot, service, radios: all, boards: builds }: FlashConfig): string | undefined {
  if (!/^[\w-]{1,32}$/.test(lot)) return 'lot: 1 to 32 letters, digits, - or _';
  if (!URL.canParse(service)) return 'service: not an address';
  if (!all.every(radio => radios.includes(radio))) return `radios: each is one of ${radios.join(', ')}`;
  for (const [name, build] of Object.entries(builds)) {
    const board = Object.values(boards).find(each => each.name === name);
    if (!board)
      return `boards.${name}: no such board, perhaps ${nearest(name, Object.keys(boards)) ?? 'puckjs'}`;
    const wrong = wrongWith(board, build);
    if (wrong) return `boards.${name}: ${wrong}`;
  }
  return undefined;
}

/** A function, a class or a loop in it would not be data. */
const isData = (value: unknown) => {
  try {
    return JSON.stringify(structuredClone(value)) === JSON.stringify(value);
  } catch {
    return false;
  }
};

/** Whatever the project's own package says of modules: the file is made one, with what it imports. */
async function load(path: string): Promise<FlashConfig | undefined> {
  const made = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  }).catch((error: Error) => {
    throw new Failure('usage', `${path}: ${error.message}`, 'mend that line');
  });
  const source = Buffer.from(made.outputFiles[0]!.contents).toString('base64');
  return ((await import(`data:text/javascript;base64,${source}`)) as { default?: FlashConfig }).default;
}

export async function readConfig(directory: string): Promise<FoundConfig> {
  const own = join(directory, fileName);
  const path = existsSync(own) ? own : join(repository, fileName);
  const config = await load(path);
  const wrong = config && isData(config) ? check(config) : 'it exports no data by default';
  if (wrong) throw new Failure('usage', `${path}: ${wrong}`, 'mite boards');
  return { path, root: dirname(path), config: config! };
}

/** What the configuration says of a board; a board that it does not name only tests itself. */
export const choiceOf = ({ config }: FoundConfig, name: BoardName): BuildChoice =>
  config.boards[name] ?? { role: 'test' };
