import { beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import type { Board } from '#boards/board.ts';
import { buildImage, type Image } from '#host/build/image.ts';
import { placesOf } from '#host/build/layout.ts';
import { createBoard } from '#host/emulator/board.ts';

const passed = 'self-test passed';

/** Boots an image until its program has said what it found. */
function boot(image: Image) {
  const board = createBoard({ image });
  board.powerOn();
  board.world.run({ ms: 3_000 });
  return board;
}

/** The same image with one byte of a part changed. */
function changed(image: Image, address: number): Image {
  const { storage, free } = image.board.flash;
  const [area, start] =
    free && image.free && address < storage.address
      ? (['free', free.address] as const)
      : (['storage', storage.address] as const);
  const bytes = image[area]!.slice();
  bytes[address - start]! ^= 1;
  return { ...image, [area]: bytes };
}

describe.each(Object.values(boards))('the first image of $name', board => {
  let image: Image;
  beforeAll(async () => {
    image = await buildImage({ board });
  });

  test('[G1 core] [G2] boots in the emulator, and the board passes its own test', () => {
    const emulated = boot(image);
    expect(emulated.state).toBe('running');
    expect(emulated.output).toContain(`mite 0.1.0 on ${board.name}`);
    expect(emulated.output).toContain(passed);
  });

  test('shows by its lights that it passed', () => {
    const emulated = createBoard({ image });
    emulated.powerOn();
    const light = board.leds.length > 1 ? 'LED2' : 'LED1';
    emulated.world.run({ ms: 1_000 });
    expect(emulated.isLit(light)).toBe(true);
    emulated.world.run({ ms: 3_000 });
    expect(emulated.isLit(light)).toBe(false);
  });
});

const native = Object.values(boards).filter((each): each is Board => each.kernel !== undefined);

describe.each(native)('a kernel on $name', board => {
  let image: Image;
  beforeAll(async () => {
    image = await buildImage({ board });
  });

  test('with another byte anywhere is never entered, and the board says so', () => {
    const { address } = placesOf(board).kernel!;
    const { bytes } = image.manifest.parts.find(({ name }) => name === 'kernel')!;
    for (const offset of [0, bytes >> 1, bytes - 1]) {
      const emulated = boot(changed(image, address + offset));
      expect(emulated.state).toBe('running');
      expect(emulated.output).toContain('kernel: FAILED, is not what was built');
      expect(emulated.costs().kernelCycles).toBe(0);
    }
  });
});

test.each(Object.values(boards))(
  '$name boots without a kernel, and nothing native is called',
  async board => {
    const image = await buildImage({ board, kernel: false });
    const emulated = boot(image);
    expect(emulated.output).toContain(passed);
    expect(emulated.output).not.toContain('kernel:');
    expect(placesOf(image.board).raw).toEqual(placesOf(board).raw);
  },
);

test('who holds the first button at power-on gets the console without the program', async () => {
  const emulated = createBoard({ image: await buildImage({ board: boards.nrf52840dk }) });
  emulated.press('BTN1');
  emulated.powerOn();
  emulated.world.run({ ms: 1_000 });
  expect(emulated.output).not.toContain('mite 0.1.0');
  expect(emulated.evaluate('1 + 1')).toBe(2);
});
