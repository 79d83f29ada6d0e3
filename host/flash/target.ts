/** The board at the other end: is it the one that was meant, may it be written, and which of its pages are the image's?
 *
 * 1. Another board, older firmware or a locked board is refused before the first write. (test/host/flash.refused.test.ts)
 */
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { manifestFile } from '../build/layout.ts';
import { manifestBytesMax, openManifest } from '../build/manifest.ts';
import { Failure } from '../cli/failure.ts';
import type { BoardClient } from './client.ts';
import { checkFirmware, type Firmware, interpreter, readFirmware } from './firmware.ts';
import { isErased, type Page, pagesOf } from './page.ts';

/** What is to be on a board. */
export interface Content {
  readonly board: Board;
  /** From the start of Storage. */
  readonly storage: Uint8Array;
  /** From the start of the free pages. */
  readonly free?: Uint8Array;
}

/** The interpreter on a computer has no pages beside its Storage, and no more of that than this. */
function standIn(storage: readonly Page[]): Page[] {
  const { storagePages } = interpreter;
  if (storage.slice(storagePages).some(page => !isErased(page.bytes)))
    throw new Failure('refused', `the interpreter has ${storagePages} pages of Storage`, 'mite devices');
  return storage.slice(0, storagePages);
}

/** An image runs at the addresses of its board, which a stand-in has not. */
export const canBoot = (found: Firmware) => found.board !== interpreter.board;

export function pagesFor({ board, storage: bytes, free }: Content, found: Firmware): Page[] {
  if (!canBoot(found))
    return standIn(pagesOf(board, { area: 'storage', bytes, address: interpreter.storageAddress }));
  const storage = pagesOf(board, { area: 'storage', bytes });
  return free?.length ? [...storage, ...pagesOf(board, { area: 'free', bytes: free })] : storage;
}

/** `waitsMs`: how long silence is borne, at each attempt. */
export async function meet(
  board: Board,
  client: BoardClient,
  waitsMs: readonly number[] | undefined,
): Promise<Firmware> {
  const found = await readFirmware(client, waitsMs);
  if (!found)
    throw new Failure(
      'device',
      'nothing answers there: it is not an Espruino board, it sleeps, or its console is locked away',
      'press its reset button, or run: mite devices',
    );
  checkFirmware(board, found, Object.values(boards));
  return found;
}

/** A dev image never replaces what an owner has locked, even where its console still answers. */
export async function checkLock(board: Board, client: BoardClient): Promise<void> {
  const { name, offset } = manifestFile(board);
  const file = await client.receiveFile(name, { from: offset, bytesMax: manifestBytesMax });
  if (file && openManifest(file)?.locked)
    throw new Failure(
      'refused',
      'the board is locked',
      'flash another board: the owner of this one locked it',
    );
}
