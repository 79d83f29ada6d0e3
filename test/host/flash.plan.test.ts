import { describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import type { Board, Chip } from '#boards/board.ts';
import { digestsOf, type Page, pagesOf } from '#host/flash/page.ts';
import { dataOfStep, describeStep, planFlash, type Step } from '#host/flash/plan.ts';
import { dice } from '../circuits/dice.ts';

const seed = process.env.MITE_SEED ?? 'flash-plan';

/** Where SoftDevice, bootloader and partition table lie: Nordic's and Espressif's maps, and the board files of the firmware. */
const forbidden: Readonly<Record<Chip, readonly (readonly [number, number])[]>> = {
  nrf52832: [
    [0, 0x1f000],
    [0x78000, 0x80000],
  ],
  nrf52833: [
    [0, 0x1f000],
    [0x78000, 0x80000],
  ],
  nrf52840: [
    [0, 0x26000],
    [0xf8000, 0x100000],
  ],
  esp32: [[0, 0x10000]],
  esp32c3: [[0, 0x10000]],
  esp32s3: [[0, 0x10000]],
};

const allPages = (board: Board, fill: number) => {
  const { storage, free } = board.flash;
  const full = (pages: number) => new Uint8Array(pages * board.flash.pageBytes).fill(fill);
  const freePages = free ? pagesOf(board, { area: 'free', bytes: full(free.pages) }) : [];
  return [...pagesOf(board, { area: 'storage', bytes: full(storage.pages) }), ...freePages];
};

/** NOR flash: erased to ones, written to zeros. */
class Flash {
  readonly pages = new Map<number, Uint8Array>();

  digests = () => new Map([...this.pages].map(([address, bytes]) => [address, digestsOf(bytes)]));

  take(step: Step): void {
    if (step.do !== 'page') return;
    const { address, bytes } = step.page;
    if (step.erase) this.pages.set(address, new Uint8Array(bytes.length).fill(0xff));
    const held = this.pages.get(address)!;
    if (step.bytes) for (let at = 0; at < bytes.length; at++) held[at]! &= bytes[at]!;
  }
}

/** Some pages as they shall be, some erased, some with other bytes. */
function flashFor(pages: readonly Page[], roll: ReturnType<typeof dice>): Flash {
  const flash = new Flash();
  for (const { address, bytes } of pages) {
    const kind = roll.pick(['same', 'erased', 'other', 'half'] as const);
    const held = kind === 'same' ? bytes.slice() : new Uint8Array(bytes.length).fill(0xff);
    if (kind === 'other') held.set(roll.bytes(bytes.length));
    if (kind === 'half') held.set(bytes.subarray(0, bytes.length / 2));
    flash.pages.set(address, held);
  }
  return flash;
}

function imageFor(board: Board, roll: ReturnType<typeof dice>): Page[] {
  const storage = new Uint8Array(10 * 4096).fill(0xff);
  storage.set(roll.bytes(roll.between(1, storage.length)));
  return pagesOf(board, { area: 'storage', bytes: storage });
}

const holds = (flash: Flash, pages: readonly Page[]) =>
  pages.every(({ address, bytes }) => Buffer.compare(flash.pages.get(address)!, bytes) === 0);

describe('a plan', () => {
  test.each(Object.values(boards))(
    'of $name touches its own pages, whatever the image, and no bootloader',
    board => {
      const pages = allPages(board, 0);
      for (const step of planFlash(pages, new Map())) {
        if (step.do !== 'page') continue;
        const { address, bytes } = step.page;
        const area = step.page.area === 'storage' ? board.flash.storage : board.flash.free!;
        expect(address).toBeGreaterThanOrEqual(area.address);
        expect(address + bytes.length).toBeLessThanOrEqual(area.address + area.pages * 4096);
        if (board.name === 'emulated') continue;
        for (const [from, to] of forbidden[board.chip]) {
          // External flash, from 0x60000000 on, is a space of its own.
          expect(address + bytes.length <= from || address >= to).toBe(true);
        }
      }
    },
  );

  test.each(Object.values(boards))('of $name is refused for an image larger than its Storage', board => {
    const bytes = new Uint8Array(board.flash.storage.pages * 4096 + 1);
    expect(() => pagesOf(board, { area: 'storage', bytes })).toThrow('bytes for');
  });

  test('leads to the image from any content, and from any step at which it was cut', () => {
    console.log(`MITE_SEED=${seed}`);
    const roll = dice(seed);
    for (let round = 0; round < 40; round++) {
      const pages = imageFor(boards.puckjs, roll);
      const flash = flashFor(pages, roll);
      const steps = planFlash(pages, flash.digests());
      const cut = roll.between(0, steps.length);
      for (const step of steps.slice(0, cut)) flash.take(step);
      const rest = planFlash(pages, flash.digests());
      const count = (some: readonly Step[]) => some.filter(step => step.do === 'page').length;
      expect(count(rest)).toBe(count(steps.slice(cut)));
      for (const step of rest) flash.take(step);
      expect(holds(flash, pages)).toBe(true);
      expect(planFlash(pages, flash.digests()).map(step => step.do)).toEqual(['verify', 'boot']);
    }
  });

  test('writes the pages of boot files again when anything else is written, wherever their headers lie', () => {
    const header = (name: string, bytes: number) => {
      const all = new Uint8Array(32 + 4 * Math.ceil(bytes / 4)).fill(65);
      new DataView(all.buffer).setUint32(0, bytes, true);
      all.set(Buffer.from(name.padEnd(28, '\0'), 'latin1'), 4);
      return all;
    };
    // The name of the boot file lies at every word around the end of the first page.
    for (let gap = 4000; gap < 4100; gap += 4) {
      const files = [header('kernel', gap - 32), header('.bootcde', 40), header('log', 9000)];
      const storage = Buffer.concat(files);
      const pages = pagesOf(boards.puckjs, { area: 'storage', bytes: new Uint8Array(storage) });
      const same = new Map(pages.map(({ address, bytes }) => [address, digestsOf(bytes)]));
      expect(planFlash(pages, same).map(step => step.do)).toEqual(['verify', 'boot']);
      same.set(pages[3]!.address, [0, 0, 0, 0]);
      const written = planFlash(pages, same).flatMap(step => (step.do === 'page' ? [step.page] : []));
      expect(written).toEqual([pages[gap + 4 < 4096 ? 0 : 1], pages[3]]);
    }
  });

  test('that forgets to erase is seen by the same model', () => {
    const roll = dice('no erase');
    const pages = imageFor(boards.puckjs, roll);
    const flash = new Flash();
    for (const { address } of pages) flash.pages.set(address, new Uint8Array(4096));
    const steps = planFlash(pages, flash.digests());
    for (const step of steps) flash.take(step.do === 'page' ? { ...step, erase: false } : step);
    expect(holds(flash, pages)).toBe(false);
  });

  test('stops what runs before the first page, and verifies before it boots', () => {
    const pages = imageFor(boards.mdbt42q, dice('order'));
    const kinds = planFlash(pages, new Map()).map(step => step.do);
    expect([kinds[0], kinds.at(-2), kinds.at(-1)]).toEqual(['quiet', 'verify', 'boot']);
    expect(new Set(kinds.slice(1, -2))).toEqual(new Set(['page']));
  });

  test('is printed as a line a step, and as data without the bytes', () => {
    const pages = imageFor(boards.puckjs, dice('print'));
    const steps = planFlash(pages, new Map());
    const lines = steps.map(describeStep);
    expect(lines[1]).toBe('storage page 0x6c000: erase, write 4096 bytes');
    expect(dataOfStep(steps[1]!)).toEqual({
      step: 'page',
      address: 0x6c000,
      area: 'storage',
      erase: true,
      bytes: 4096,
    });
    expect(lines).toHaveLength(new Set(lines).size);
  });
});
