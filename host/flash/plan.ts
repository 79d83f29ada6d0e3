/** What `flash` does to a board, as data: pure, printable, made from what the board holds and what it shall hold.
 *
 * 1. Pages that are equal are left alone, so a flash that was cut goes on where it stopped. (test/host/flash.plan.test.ts)
 * 2. Nothing outside of the image's own pages is erased or written. (test/host/flash.plan.test.ts)
 */
import { digestsOf, isErased, type Page, sameDigests } from './page.ts';

export type Step =
  /** Boot files go and the interpreter restarts: no code runs from the pages that are about to change. */
  | { readonly do: 'quiet' }
  | { readonly do: 'page'; readonly page: Page; readonly erase: boolean; readonly bytes: number }
  | { readonly do: 'verify'; readonly pages: readonly Page[] }
  | { readonly do: 'boot' };

export type Digests = ReadonlyMap<number, readonly number[]>;

const erasedDigests = (bytes: number) => digestsOf(new Uint8Array(bytes).fill(0xff));

function stepOf(page: Page, found: readonly number[]): Step[] {
  if (sameDigests(found, digestsOf(page.bytes))) return [];
  const erase = !sameDigests(found, erasedDigests(page.bytes.length));
  return [{ do: 'page', page, erase, bytes: isErased(page.bytes) ? 0 : page.bytes.length }];
}

/** `found`: digests of each page by its address, as the board gave them. */
export function planFlash(pages: readonly Page[], found: Digests): Step[] {
  const writes = pages.flatMap(page => stepOf(page, found.get(page.address) ?? []));
  const last: Step[] = [{ do: 'verify', pages }, { do: 'boot' }];
  return writes.length ? [{ do: 'quiet' }, ...writes, ...last] : last;
}

const hex = (address: number) => `0x${address.toString(16)}`;

export function describeStep(step: Step): string {
  if (step.do === 'quiet') return 'stop what runs: erase the boot files, reset the interpreter';
  if (step.do === 'boot') return 'boot the image';
  if (step.do === 'verify') {
    const data = step.pages.filter(page => !isErased(page.bytes));
    return `compare ${step.pages.length} pages by digest and read back the ${data.length} that hold bytes`;
  }
  const acts = [step.erase ? 'erase' : '', step.bytes ? `write ${step.bytes} bytes` : ''].filter(Boolean);
  return `${step.page.area} page ${hex(step.page.address)}: ${acts.join(', ')}`;
}

/** For programs: no bytes. */
export function dataOfStep(step: Step): Record<string, unknown> {
  if (step.do === 'page')
    return {
      step: 'page',
      address: step.page.address,
      area: step.page.area,
      erase: step.erase,
      bytes: step.bytes,
    };
  if (step.do === 'verify') return { step: 'verify', pages: step.pages.length };
  return { step: step.do };
}
