/** Range proofs of the kernel against those of the core: the same bytes, the same verdicts. */
import { beforeAll, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { dice } from '../circuits/dice.ts';
import { faultOf } from '../circuits/refusal.ts';
import { seedOf } from '../circuits/sample.ts';
import { type Case, caseOf, prove, stagedOf, verify } from './range.ts';
import { kernel, produced } from './wasm.ts';

const rolls = dice(seedOf('kernel range proofs', 'kernel range proofs'));
const often = process.env.MITE_NIGHTLY ? 10 : 1;

/** bits, lanes, how many of 50. */
const shapes = [
  [8, 1, 28],
  [16, 1, 12],
  [32, 1, 4],
  [16, 2, 4],
  [32, 2, 2],
] as const;

interface Made {
  readonly each: Case;
  readonly staged: ReturnType<typeof stagedOf>;
  readonly proof: Uint8Array;
}
const made: Made[] = [];
const ofFirstSuite = () => made.filter(({ each }) => each.suite === 0);

beforeAll(() => {
  const start = performance.now();
  for (const [bits, lanes, count] of shapes)
    for (let i = 0; i < count * often; i++) {
      const each = caseOf(rolls, bits, lanes);
      const staged = stagedOf(each);
      made.push({ each, staged, proof: proveRange(staged.parameters, staged.statement, staged.witness) });
    }
  console.log(`${made.length} proofs of the core: ${Math.round(performance.now() - start)} ms`);
}, 600_000);

test('50 proofs are byte for byte those of the core, from every kind of table', () => {
  const start = performance.now();
  for (const { each, proof } of made) {
    const ours = prove(kernel, each);
    expect(ours.code).toBe(0);
    expect(toHex(ours.proof)).toBe(toHex(proof));
  }
  console.log(`${made.length} proofs of the kernel: ${Math.round(performance.now() - start)} ms`);
});

test('500 verdicts on right and on changed proofs are those of the core', () => {
  const start = performance.now();
  const seen = new Map<string, number>();
  for (let i = 0; i < 500 * often; i++) {
    const { each, staged, proof } = made[i % (i % 5 ? 28 * often : made.length)]!;
    const changed = proof.slice();
    if (i % 3) changed[rolls.between(0, proof.length - 1)]! ^= 1 << rolls.between(0, 7);
    if (i % 50 === 1) changed.fill(0, 32, 64);
    if (i % 50 === 2) changed.fill(255, 128, 160);
    const theirs = faultOf(() => verifyRange(staged.parameters, staged.statement, changed));
    const code = verify(kernel, { ...each, teeth: rolls.pick([0, 4, 5, 6]) }, changed);
    expect(code).toBe(theirs === 'none' ? 0 : faults[theirs].code);
    seen.set(theirs, (seen.get(theirs) ?? 0) + 1);
  }
  console.log(`500 verdicts: ${Math.round(performance.now() - start)} ms, ${JSON.stringify([...seen])}`);
  for (const verdict of ['none', 'proof', 'point', 'scalar']) expect(seen.get(verdict)).toBeGreaterThan(3);
});

test('a proof for another statement, or of another length, is refused', () => {
  const [{ each, proof }, other] = ofFirstSuite() as [Made, Made];
  expect(verify(kernel, each, proof)).toBe(0);
  const refusal = (change: Partial<Case>) => verify(kernel, { ...each, ...change }, proof);
  expect(refusal({ encoded: other.each.encoded })).toBe(faults.proof.code);
  expect(refusal({ context: rolls.bytes(5) })).toBe(faults.proof.code);
  expect(refusal({ suite: 1 })).toBe(faults.proof.code);
  expect(refusal({ encoded: new Uint8Array(32).fill(255) })).toBe(faults.point.code);
  expect(verify(kernel, each, proof.subarray(32))).toBe(faults.size.code);
});

test('no proof is made for a value outside its range', () => {
  for (const value of [256, 257, 0xffffffff])
    expect(prove(kernel, { ...made[0]!.each, values: [value] }).code).toBe(faults.funds.code);
});

test('a table that lacks the generators is refused', () => {
  const { each, proof } = made.find(one => one.each.values.length === 2)!;
  for (const claims of [
    { teeth: each.teeth, bits: 32, parties: 1 },
    { teeth: each.teeth, bits: 8, parties: 2 },
  ])
    expect(verify(kernel, { ...each, claims }, proof)).toBe(faults.tier.code);
});

test('a table that holds no point where an encoded generator belongs makes no proof, and takes none', () => {
  const { each, proof } = made.find(one => one.each.bits === 16 && one.each.suite === 0)!;
  const claims = { teeth: 0, bits: 16, parties: 2, plain: 8 } as const;
  const entries = makeTable({ hash: suite1.hash, suite: 1 }, claims);
  const stored: Case = { ...each, teeth: 0, claims, entries };
  expect(toHex(prove(kernel, stored).proof)).toBe(toHex(proof));
  expect(verify(kernel, stored, proof)).toBe(0);
  for (const encoded of [0, 7, 8, 15]) {
    const broken = entries.slice();
    broken.fill(255, 64 * (2 + 4 * 8) + 32 * encoded, 64 * (2 + 4 * 8) + 32 * encoded + 32);
    expect(prove(kernel, { ...stored, entries: broken }).code).toBe(faults.point.code);
    expect(verify(kernel, { ...stored, entries: broken }, proof)).toBe(faults.point.code);
  }
});

test('a table of a shape that none has is refused, and base points come without it', () => {
  const { each, proof } = made.find(one => one.each.bits === 8 && one.each.suite === 0)!;
  const secret = rolls.bytes(32);
  for (const claims of [
    { teeth: 7, bits: 32, parties: 2 },
    { teeth: 200, bits: 32, parties: 2 },
    { teeth: 0, bits: 65, parties: 2 },
    { teeth: 0, bits: 16, parties: 2, plain: 17 },
  ]) {
    expect(verify(kernel, { ...each, claims }, proof)).toBe(faults.tier.code);
    expect(prove(kernel, { ...each, claims }).code).toBe(faults.tier.code);
    const key = produced(operations.key, 32, output => [
      ...[kernel.put(secret), output, kernel.allocate(8), packShape(claims)],
    ]);
    expect(toHex(key)).toBe(toHex(suite1.signature.publicKey(secret)));
  }
});
