import { expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { buildImage } from '#host/build/image.ts';
import { createBoard, World } from '#host/emulator/entry.ts';

const count = 200;
/** An address space is a megabyte and a half, of which the system gives what is touched. */
const megabytesMax = 6;

test('hundreds of boards boot their image and test themselves in one process', async () => {
  const image = await buildImage({ board: boards.emulated });
  const world = new World();
  const [before, began] = [process.memoryUsage().rss, performance.now()];
  const all = Array.from({ length: count }, (_, i) => createBoard({ image, world, name: `board ${i}` }));
  for (const board of all) board.powerOn();
  world.run({ ms: 5_000 });
  const ms = (performance.now() - began) / count;
  const megabytes = (process.memoryUsage().rss - before) / 1e6 / count;
  console.log(`${count} boards: ${ms.toFixed(1)} ms and ${megabytes.toFixed(1)} MB a board`);
  expect(all.filter(({ output }) => output.includes('self-test passed'))).toHaveLength(count);
  expect(new Set(all.map(board => board.machine.radio.address)).size).toBe(count);
  expect(megabytes).toBeLessThan(megabytesMax);
});
