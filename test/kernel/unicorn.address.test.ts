import { describe, expect, test } from 'vitest';
import { operations } from '#circuits/kernel/operation.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { compile } from '#host/build/compile.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';
import { boardBuilds, processorOf } from './board.ts';
import { canEmulate } from './machine.ts';

const [secret, noise, message] = [7, 8, 9].map(each => new Uint8Array(64).fill(each)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** At the beginning of flash, at an address that only 4 divides, and across a page of the emulator. */
const addresses = [0x1_0000, 0x6_c04c, 0x6_aff4];

describe.skipIf(!canEmulate).each(boardBuilds)('%s code', build => {
  test('gives the same results by the same path at three addresses', () => {
    const { bytes: code } = compile(build, 'closed');
    const expected = suite1.signature.sign(secret.slice(32), message, noise.slice(32));
    const paths = addresses.map(address => {
      const kernel = openCoreKernel({ processor: processorOf(build), code, address });
      const signature = kernel.allocate(64);
      const block = [kernel.put(secret.slice(32)), kernel.put(noise.slice(32)), kernel.put(message), 64];
      expect(kernel.call(operations.sign, [...block, signature, 0, 0, 0])).toBe(0);
      expect(kernel.read(signature, 64)).toEqual(expected);
      const { path, instructions, cycles } = kernel.takeCost();
      return { same: { path, instructions }, cycles };
    });
    expect(paths[1]!.same).toEqual(paths[0]!.same);
    expect(paths[2]!.same).toEqual(paths[0]!.same);
    // The model counts a load anew where a page of the emulator cuts a block in two, be it that of an inner loop.
    for (const { cycles } of paths)
      expect(Math.abs(cycles - paths[0]!.cycles)).toBeLessThanOrEqual(paths[0]!.cycles / 400);
  });
});
