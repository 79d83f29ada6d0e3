import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { rangeParameters } from '#circuits/proof/range.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { kernelDirectory } from '#host/build/compile.ts';
import { makeTable } from '#host/build/tables.ts';
import { canCompile } from './machine.ts';
import { hasQemu, memoryAddress, runInQemu } from './qemu.ts';

/** Lays pieces out behind one another, as a board's memory holds them. */
class Layout {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  put(bytes: Uint8Array): number {
    const address = memoryAddress + this.#length;
    const padded = new Uint8Array((bytes.length + 7) & ~7);
    padded.set(bytes);
    this.#pieces.push(padded);
    this.#length += padded.length;
    return address;
  }

  words(...words: number[]): number {
    return this.put(new Uint8Array(Uint32Array.from(words).buffer));
  }

  get memory(): Uint8Array {
    const memory = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      memory.set(piece, at);
      at += piece.length;
    }
    return memory;
  }
}

const budget = 0xffffffff;
const [bits, blinding, value] = [16, 7n ** 90n % 2n ** 250n, 200n];

describe.skipIf(!canCompile || !hasQemu())('a whole Cortex-M4 board in QEMU', () => {
  test('signs, verifies, proves and verifies a range as the emulated processor does', () => {
    const layout = new Layout();
    const shape = { teeth: 5, bits: 32, parties: 1 };
    const table = [layout.put(makeTable({ hash: suite1.hash, suite: 1 }, shape)), packShape(shape)] as const;
    const secret = new Uint8Array(32).fill(7);
    const [secretAt, message] = [layout.put(secret), layout.put(new Uint8Array(100).fill(3))];
    const [key, signature] = [layout.put(suite1.signature.publicKey(secret)), layout.put(new Uint8Array(64))];
    const commitment = commit(suite1, value, blinding);
    const statement = [1, bits, 1, 0, 0, layout.put(suite1.group.encode(commitment)), ...table];
    const proof = layout.put(new Uint8Array(448));
    const scratch = layout.put(new Uint8Array(16_384));
    const witness = [layout.words(Number(value)), layout.put(encodeScalar(blinding)), secretAt, 0, 0, proof];
    const blocks = [
      [operations.sign, [secretAt, secretAt, message, 100, signature, ...table, key]],
      [operations.verify, [key, message, 100, signature]],
      [operations.rangeProve, [...statement, ...witness]],
      [operations.rangeVerify, [...statement, proof, 448]],
    ] as const;
    const calls = blocks.map(([operation, block]) => [operation, layout.words(...block), scratch, budget]);
    const code = new Uint8Array(readFileSync(join(kernelDirectory, 'blobs/thumb.full.bin')));
    const { results, memory } = runInQemu({ code, memory: layout.memory, calls });
    expect([...results]).toEqual([0, 0, 0, 0]);
    const read = (address: number, length: number) =>
      memory.slice(address - memoryAddress, address - memoryAddress + length);
    const data = new Uint8Array(100).fill(3);
    expect(read(signature, 64)).toEqual(suite1.signature.sign(secret, data, secret));
    const made = read(proof, 448);
    expect(() =>
      verifyRange(rangeParameters(suite1, bits, 1), { commitments: [commitment] }, made),
    ).not.toThrow();
    made[0]! ^= 1;
    expect(() =>
      verifyRange(rangeParameters(suite1, bits, 1), { commitments: [commitment] }, made),
    ).toThrow();
  });
});
