import { describe, expect, test } from 'vitest';
import { faults } from '#circuits/fault.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { randomnessCount, rangeParameters } from '#circuits/proof/range.ts';
import { makeTable } from '#host/build/tables.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { suite1 } from '#host/suite.ts';
import { boardOf } from './board.ts';
import { Fenced } from './fenced.ts';

const shape = { teeth: 0, bits: 32, parties: 1 };
const table = makeTable({ hash: suite1.hash, suite: 1 }, shape);
const scratchBytes = 13_312;
const parameters = rangeParameters(suite1, 16, 1);
const blinding = 1234567n;
const randomness = Array.from({ length: randomnessCount(16) }, (_, i) => BigInt(i + 3));

const commitmentTo = (value: bigint) => commit(suite1, value, blinding);

/** An honest proof that this value, of this commitment, has 16 bits. */
const prove = (value: bigint) =>
  proveRange(
    parameters,
    { commitments: [commitmentTo(value)] },
    { values: [value], blindings: [blinding], randomness },
  );

function verify(kernel: Kernel, value: bigint, proof: Uint8Array): number {
  return kernel.scope(() => {
    const commitment = kernel.put(suite1.group.encode(commitmentTo(value)));
    const statement = [1, 16, 1, 0, 0, commitment, kernel.put(table), packShape(shape)];
    const block = [...statement, kernel.put(proof), proof.length];
    return kernel.ask(operations.rangeVerify, block, scratchBytes).code;
  });
}

describe.skipIf(!findUnicorn()).each(['thumb.small', 'thumb.full'] as const)(
  '[E2 core] the machine code of a board, %s, emulated,',
  build => {
    const kernel = findUnicorn() ? new Fenced(boardOf(build), 'after') : undefined;

    test('accepts honest proofs that what remains is not negative', () => {
      for (const value of [0n, 1n, 9_300n, 65_535n]) expect(verify(kernel!, value, prove(value))).toBe(0);
    });

    test('refuses a proof of another balance, and of a negative one', () => {
      const proof = prove(9_300n);
      for (const value of [9_301n, 65_536n, 65_536n + 9_300n, -1n, -9_300n])
        expect(verify(kernel!, value, proof)).toBe(faults.proof.code);
    });

    test('refuses a proof with any of its fields changed, and one of another length', () => {
      const proof = prove(9_300n);
      expect(proof.length).toBe(448);
      for (let field = 0; field < proof.length / 32; field++) {
        const forged = proof.slice();
        forged[32 * field]! ^= 1;
        const verdict = verify(kernel!, 9_300n, forged);
        expect([faults.proof.code, faults.point.code, faults.scalar.code, faults.encoding.code]).toContain(
          verdict,
        );
      }
      expect(verify(kernel!, 9_300n, proof.slice(0, 447))).not.toBe(0);
    });
  },
);
