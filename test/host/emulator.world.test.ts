import { describe, expect, test } from 'vitest';
import { openChance } from '#host/emulator/chance.ts';
import { World } from '#host/emulator/world.ts';
import { Worker } from './emulator.actor.ts';
import { randomSource } from './emulator.seed.ts';

describe('chance', () => {
  test('the same seed and names draw the same, in whatever order streams are made', () => {
    const draw = (seed: string, first: string, second: string) => {
      const chance = openChance(seed);
      const [a, b] = [chance.stream(first), chance.stream(second)];
      return { [first]: [a.word(), a.word()], [second]: [b.word(), b.word()] };
    };
    expect(draw('x', 'a', 'b')).toEqual(draw('x', 'b', 'a'));
    expect(draw('x', 'a', 'b')).not.toEqual(draw('y', 'a', 'b'));
  });

  test('draws are even enough to tell a broken generator', () => {
    const chance = openChance('even');
    const counts = new Uint32Array(16);
    for (let i = 0; i < 16_000; i++) counts[chance.below(16)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });
});

describe('a world', () => {
  test('lets things happen by time, then by order, against a sorted list', () => {
    const next = randomSource('agenda');
    const world = new World();
    const expected: { atUs: number; i: number }[] = [];
    const seen: number[] = [];
    for (let i = 0; i < 500; i++) {
      const atUs = Math.floor(next() * 100);
      const handle = world.at(atUs, () => seen.push(i));
      if (next() < 0.2) handle.cancel();
      else expected.push({ atUs, i });
    }
    world.run();
    expect(seen).toEqual(expected.sort((a, b) => a.atUs - b.atUs || a.i - b.i).map(({ i }) => i));
  });

  test('nothing happens to who is busy, and nothing is lost by that', () => {
    const world = new World();
    const busy = new Worker('busy');
    const seen: [string, number][] = [];
    const note = (name: string, us: number) => () => {
      seen.push([name, busy.clockUs()]);
      busy.spend(us);
    };
    world.at(100, note('first', 1_000), busy);
    world.at(200, note('second', 10), busy);
    world.at(150, () => seen.push(['other', world.nowUs]));
    world.run();
    expect(seen).toEqual([
      ['first', 100],
      ['other', 150],
      ['second', 1_100],
    ]);
  });

  test('who waits in a loop sees what others do meanwhile, and is not called itself', () => {
    const world = new World();
    const [loop, other] = [new Worker('loop'), new Worker('other')];
    const seen: string[] = [];
    world.at(500, () => seen.push('other'), other);
    world.at(400, () => seen.push('own'), loop);
    world.at(
      0,
      () => {
        while (!seen.includes('other')) {
          loop.spend(100);
          world.catchUp(loop);
        }
        seen.push('saw it');
      },
      loop,
    );
    world.run();
    expect(seen).toEqual(['other', 'saw it', 'own']);
  });

  test('stops when told to, or after so many milliseconds', () => {
    const world = new World();
    let count = 0;
    const tick = () => {
      count += 1;
      world.at(world.nowUs + 1_000, tick);
    };
    tick();
    expect(world.run({ until: () => count === 5 })).toBe(true);
    expect(world.nowUs).toBe(4_000);
    expect(world.run({ ms: 10 })).toBe(false);
    expect(world.nowUs).toBe(14_000);
  });
});
