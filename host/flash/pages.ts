/** A board's flash, by its module `Flash`, over its console.
 *
 * 1. Each write is compared with what the flash holds after it; a page that differs is erased and written again, for
 *    words must not be written twice, and a failing flash says nothing. (test/host/flash.failing.test.ts)
 * 2. A page that does not erase is named as locked. (test/host/flash.failing.test.ts)
 */
import { Failure } from '../cli/failure.ts';
import { bootFiles } from './bootfile.ts';
import type { BoardClient } from './client.ts';
import { digestsOf, isErased, type Page, pieceBytes, sameDigests } from './page.ts';

/** Of one page, before it is called broken. */
const attemptsMax = 3;
/** Of digests, in one request. */
const piecesMax = 32;
/** A page erases in 90 ms, external flash in up to 400. */
const eraseTimeoutMs = 15_000;

const hex = (address: number) => `0x${address.toString(16)}`;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** After it nothing runs but the console. */
export async function quiet(client: BoardClient): Promise<void> {
  await client.evaluate(`${JSON.stringify(bootFiles)}.map(n=>{require("Storage").erase(n)}).length`);
  await client.evaluate('reset()');
}

/** Digests of each page. */
export async function survey(client: BoardClient, pages: readonly Page[]): Promise<Map<number, number[]>> {
  const pieces = pages.flatMap(page => digestsOf(page.bytes).map((_, at) => page.address + at * pieceBytes));
  const digests: number[] = [];
  for (let at = 0; at < pieces.length; at += piecesMax) {
    const some = pieces.slice(at, at + piecesMax);
    const given = await client.evaluate(
      `[${some}].map(a=>E.CRC32(require("Flash").read(${pieceBytes},a)))`,
      eraseTimeoutMs,
    );
    digests.push(...(given as number[]));
  }
  const each = pages.map(page => {
    const count = page.bytes.length / pieceBytes;
    return [page.address, digests.splice(0, count)] as const;
  });
  return new Map(each);
}

/** Pages that the firmware names as free: what it says there stands above what our data say. */
export async function checkFree(client: BoardClient, pages: readonly Page[]): Promise<void> {
  if (pages.length === 0) return;
  const free = (await client.evaluate('require("Flash").getFree().map(f=>[f.addr,f.length])')) as [
    number,
    number,
  ][];
  const taken = pages.find(
    ({ address, bytes }) =>
      !free.some(([start, length]) => address >= start && address + bytes.length <= start + length),
  );
  if (taken)
    throw new Failure(
      'refused',
      `its firmware does not name the page ${hex(taken.address)} as free`,
      'mite boards',
    );
}

async function erase(client: BoardClient, { address, bytes }: Page): Promise<void> {
  const end = address + bytes.length;
  await client.evaluate(
    `(f=>{for(var a=${address};a<${end};a+=f.getPage(a).length)f.erasePage(a)})(require("Flash"))`,
    eraseTimeoutMs,
  );
}

async function writeChunk(client: BoardClient, address: number, bytes: Uint8Array): Promise<boolean> {
  const digest = await client.evaluate(
    `(d=>{var f=require("Flash");f.write(d,${address});return E.CRC32(f.read(${bytes.length},${address}))})(atob("${base64(bytes)}"))`,
  );
  return sameDigests([digest as number], digestsOf(bytes));
}

async function writeOnce(client: BoardClient, page: Page): Promise<boolean> {
  for (let at = 0; at < page.bytes.length; at += client.chunkBytes) {
    const chunk = page.bytes.subarray(at, at + client.chunkBytes);
    if (!isErased(chunk) && !(await writeChunk(client, page.address + at, chunk))) return false;
  }
  return true;
}

/** `erased`: it need not be, at first. */
export async function writePage(client: BoardClient, page: Page, erased: boolean): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if (!erased || attempt > 1) {
      await erase(client, page);
      const blank = { ...page, bytes: new Uint8Array(page.bytes.length).fill(0xff) };
      const found = (await survey(client, [blank])).get(page.address)!;
      if (!sameDigests(found, digestsOf(blank.bytes)) && attempt === attemptsMax)
        throw new Failure(
          'refused',
          `the page ${hex(page.address)} does not erase: it is locked until reset, or worn out`,
          'switch the board off and on while holding its button, then flash again',
        );
      if (!sameDigests(found, digestsOf(blank.bytes))) continue;
    }
    if (await writeOnce(client, page)) return;
  }
  throw new Failure(
    'verify',
    `the page ${hex(page.address)} does not hold what was written, ${attemptsMax} times: it is worn out, or locked until reset`,
    'switch the board off and on and flash again; if that fails too, flash another board',
  );
}

/** Every byte of a page, as the board reads it. */
export async function readPage(client: BoardClient, page: Page): Promise<Uint8Array> {
  const bytes = new Uint8Array(page.bytes.length);
  const most = (client.chunkBytes * 3) / 4;
  for (let at = 0; at < bytes.length; at += most) {
    const count = Math.min(most, bytes.length - at);
    const part = await client.evaluate(`btoa(require("Flash").read(${count},${page.address + at}))`);
    bytes.set(Buffer.from(part as string, 'base64'), at);
  }
  return bytes;
}
