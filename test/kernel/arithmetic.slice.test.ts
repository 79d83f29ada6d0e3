/** Proofs in slices: state in scratch that moves, other calls between. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { type Kernel, kernelOn } from '#circuits/kernel/kernel.ts';
import { instantiate } from '#circuits/kernel/kernel.wasm.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { messageCalls, paymentSample } from '#host/cli/bench.message.ts';
import { openCoreKernel } from '#host/emulator/kernel.core.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { boardOf } from './board.ts';
import { caseOf, prove, verify } from './range.ts';
import { kernel } from './wasm.ts';

const rolls = dice(seedOf('kernel slices', 'kernel slices'));

/** More than any proof of the shapes here takes. */
const scratchBytes = 32_768;

/** A kernel that gets so many thousand field multiplications a slice, and scratch in another place each time. */
function openSliced(budget = 1): { sliced: Kernel; slices: () => number } {
  const { memory, heapBase, functions } = instantiate(Buffer.from(kernelWasm, 'base64'));
  memory.grow(32);
  const bytes = new Uint8Array(memory.buffer);
  const places = [1_000_000, 1_100_004, 1_200_008];
  const otherBlock = 1_300_000;
  let count = 0;
  const sliced = kernelOn({
    start: heapBase,
    reserve: () => {},
    read: (address, length) => bytes.slice(address, address + length),
    write: (address, data) => bytes.set(data, address),
    enter(operation, block, scratch) {
      const place = places[count++ % places.length]!;
      bytes.copyWithin(place, scratch, scratch + scratchBytes);
      const code = functions.kernel!(operation, block, place, budget);
      bytes.copyWithin(scratch, place, place + scratchBytes);
      bytes.fill(0xa5, place, place + scratchBytes);
      // Another call between, with a block and data of its own.
      new Uint32Array(memory.buffer, otherBlock, 1)[0] = otherBlock + 8;
      functions.kernel!(operations.keccak, otherBlock, place, 1);
      return code;
    },
  });
  return { sliced, slices: () => count };
}

test.each([0, 5] as const)('with %i teeth even slices without a budget come to an end', teeth => {
  const each = { ...caseOf(rolls, 8, 1), teeth };
  const { sliced, slices } = openSliced(0);
  const { proof } = prove(sliced, each);
  expect(toHex(proof)).toBe(toHex(prove(kernel, each).proof));
  expect(verify(sliced, each, proof)).toBe(0);
  expect(slices()).toBeGreaterThan(1_000);
});

test.each([0, 4, 5, 6] as const)(
  'with %i teeth a sliced proof is the whole one, however scratch moves',
  teeth => {
    for (const [bits, lanes] of [
      [8, 1],
      [16, 1],
      [16, 2],
    ] as const) {
      const each = { ...caseOf(rolls, bits, lanes), teeth };
      const whole = prove(kernel, each);
      const { sliced, slices } = openSliced();
      const inSlices = prove(sliced, each);
      expect(toHex(inSlices.proof)).toBe(toHex(whole.proof));
      expect(slices()).toBeGreaterThan((8 * bits * lanes) / 4);
      expect(verify(sliced, each, whole.proof)).toBe(0);
      whole.proof[70]! ^= 1;
      expect(verify(sliced, each, whole.proof)).not.toBe(0);
    }
  },
);

describe.skipIf(!findUnicorn()).each(['thumb.small', 'thumb.full'] as const)('on %s', build => {
  test('no slice of a whole message takes above 2 M instructions', () => {
    const kernel = openCoreKernel({ ...boardOf(build), budget: 4 });
    const shape = { teeth: build === 'thumb.small' ? 0 : 5, bits: 32, parties: 1 };
    const table: [number, number] = [
      kernel.put(makeTable({ hash: suite1.hash, suite: 1 }, shape)),
      packShape(shape),
    ];
    for (const call of messageCalls(paymentSample())) {
      const block = call.block(kernel, table);
      const scratch = kernel.allocate(13_312);
      kernel.takeCost();
      expect(kernel.call(call.operation, block, scratch)).toBe(0);
      const { slices, sliceInstructionsMax } = kernel.takeCost();
      expect(slices, call.name).toBeGreaterThan(1);
      expect(sliceInstructionsMax, call.name).toBeLessThan(2_000_000);
    }
  });
});
