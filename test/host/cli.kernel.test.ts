import { describe, expect, test } from 'vitest';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { mite } from './run.ts';

const costs = ['key', 'sign', 'verify', 'x25519', 'prove 1x16', 'verify 1x16'];
const messages = ['idle proof 1x16', 'claim', 'payment verify 1x16'];

describe('bench kernel', () => {
  test('compares the host with noble, and the code with what a board holds', () => {
    const { code, events } = mite('bench', 'kernel', '--quick', '--json');
    expect(code).toBe(0);
    const [sum, size] = events();
    expect(sum).toMatchObject({ name: '80-term sum', ratio: expect.any(Number), target: 9 });
    expect(size).toMatchObject({ name: 'code', unit: 'bytes', target: 16_224 });
  });

  test.skipIf(!findUnicorn())(
    '[E6] tells time, energy, memory and code of every call, per board, emulated',
    () => {
      const lines = mite('bench', 'kernel', '--quick', '--json')
        .events()
        .filter(({ emulated }) => emulated);
      const boards = new Set(lines.map(({ board }) => board));
      expect(boards.size).toBe(2);
      for (const each of boards) {
        const names = lines.filter(({ board }) => board === each).map(({ name }) => name);
        expect(names).toEqual([...costs, ...messages]);
      }
      for (const line of lines) {
        const { value, least, microjoules, instructions, cycles } = line as Record<string, number>;
        expect(line).toMatchObject({
          unit: 'ms',
          stackBytes: expect.any(Number),
          fits: expect.any(Boolean),
          scratchBytes: expect.any(Number),
        });
        expect(least!).toBeLessThan(value!);
        expect(instructions!).toBeLessThan(cycles!);
        expect(value!).toBeCloseTo(cycles! / 64_000, 0);
        expect(microjoules! / value!).toBeGreaterThan(9);
      }
    },
  );
});
