/** What `flash` does to a board, as data: pure, printable, made from what the board holds and what it shall hold.
 *
 * 1. Pages that are equal are left alone, but for those of boot files; so a cut flash goes on where it stopped. (test/host/flash.plan.test.ts)
 * 2. Nothing outside of the image's own pages is erased or written. (test/host/flash.plan.test.ts)
 */
import { bootPagesOf } from './bootfile.ts';
import { digestsOf, isErased, type Page, sameDigests } from './page.ts';

export type Step =
  /** Boot files go and the interpreter restarts: no code runs from the pages that are about to change. */
  | { readonly do: 'quiet' }
  | { readonly do: 'page'; readonly page: Page; readonly erase: boolean; readonly bytes: number }
  | { readonly do: 'verify'; readonly pages: readonly Page[] }
  | { readonly do: 'boot' };

export type Digests = ReadonlyMap<number, readonly number[]>;

const erasedDigests = (bytes: number) => digestsOf(new Uint8Array(bytes).fill(0xff));

const bytesToWrite = ({ bytes }: Page) => (isErased(bytes) ? 0 : bytes.length);

/** Equal ones with a boot file change too, when those are erased so that nothing runs. */
function bootPages(pages: readonly Page[]): Page[] {
  const storage = pages.filter(({ area }) => area === 'storage');
  const whole = Uint8Array.from(storage.flatMap(({ bytes }) => [...bytes]));
  return [...bootPagesOf(whole, storage[0]?.bytes.length ?? 1)].map(number => storage[number]!);
}

/** `found`: digests of each page by its address, as the board gave them. */
export function planFlash(pages: readonly Page[], found: Digests): Step[] {
  const digests = (page: Page) => found.get(page.address) ?? [];
  const differs = (page: Page) => !sameDigests(digests(page), digestsOf(page.bytes));
  const touched = pages.some(differs) ? bootPages(pages) : [];
  const writes = pages
    .filter(page => differs(page) || touched.includes(page))
    .map((page): Step => {
      const erase = !sameDigests(digests(page), erasedDigests(page.bytes.length));
      return { do: 'page', page, erase, bytes: bytesToWrite(page) };
    });
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
