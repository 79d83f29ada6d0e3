import { describe, expect, test } from 'vitest';
import { operations } from '#circuits/kernel/operation.ts';
import { hash } from '#circuits/proof/suite.noble.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';

describe.skipIf(!findUnicorn())('the stand-in for the WebAssembly kernel', () => {
  test('answers as any kernel, a long chain of steps in slices', async () => {
    const { kernel, produced } = await import('./board.ts');
    const data = new Uint8Array(1_000).fill(7);
    const digest = produced(operations.sha2, 32, output => [0, kernel.put(data), data.length, output]);
    expect(digest).toEqual(hash.sha256(data));
    const value = kernel.put(new Uint8Array(32));
    kernel.takeCost();
    expect(kernel.call(operations.chain, [value, 1_000])).toBe(0);
    expect(kernel.takeCost().slices).toBeGreaterThan(1);
  });
});
