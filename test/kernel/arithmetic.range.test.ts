/** Range proofs of the kernel against those of the core: the same bytes, the same verdicts. */
import { beforeAll, expect, test } from 'vitest';
import { concat, toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { derive } from '#circuits/proof/label.ts';
import { deriveScalars } from '#circuits/proof/prf.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { randomnessCount, rangeParameters } from '#circuits/proof/range.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { encodeScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { dice } from '../circuits/dice.ts';
import { faultOf } from '../circuits/refusal.ts';
import { seedOf } from '../circuits/sample.ts';
import { kernel } from './wasm.ts';

const rolls = dice(seedOf('kernel range proofs', 'kernel range proofs'));
const often = process.env.MITE_NIGHTLY ? 10 : 1;
const suites = [suite1, suite2] as const;

/** Of both suites: points without teeth and combs of each width, for two lanes of 32 bits. */
const tables = suites.map((suite, i) =>
  [0, 4, 5, 6].map(teeth => {
    const shape = { teeth, bits: 32, parties: 2 };
    return { entries: makeTable({ hash: suite.hash, suite: i === 0 ? 1 : 2 }, shape), shape };
  }),
);

interface Case {
  readonly suite: 0 | 1;
  readonly bits: number;
  readonly values: readonly number[];
  readonly blindings: readonly bigint[];
  readonly context: Uint8Array | undefined;
  readonly key: Uint8Array;
  readonly prfContext: Uint8Array;
}

function nextCase(bits: number, lanes: number, suite: 0 | 1): Case {
  const most = 2 ** bits - 1;
  const lane = <T>(make: () => T) => Array.from({ length: lanes }, make);
  const edges = [0, 1, most - 1, most, 2 ** (bits - 1)];
  return {
    suite,
    bits,
    values: lane(() => (rolls.percent(30) ? rolls.pick(edges) : rolls.between(0, most - 1))),
    blindings: lane(() => reduceScalar(rolls.bytes(64))),
    context: rolls.percent(10) ? undefined : rolls.bytes(rolls.between(0, 300)),
    key: rolls.bytes(32),
    prfContext: rolls.bytes(rolls.between(0, 64)),
  };
}

function stagedOf({ suite, bits, values, blindings, context, key, prfContext }: Case) {
  const using = suites[suite];
  const commitments = values.map((value, j) => commit(using, value, blindings[j]!));
  const parameters = rangeParameters(using, bits, values.length);
  const statement = context ? { commitments, context } : { commitments };
  const encoded = concat(...commitments.map(point => using.group.encode(point)));
  const name = { label: derive.range, context: prfContext };
  const randomness = deriveScalars(using.hash, key, name, randomnessCount(bits * values.length));
  return { parameters, statement, encoded, witness: { values: values.map(BigInt), blindings, randomness } };
}

/** The words of a parameter block that every range operation begins with. */
function blockOf({ suite, bits, values, context }: Case, encoded: Uint8Array, table: number): number[] {
  const { entries, shape } = tables[suite]![table]!;
  const place = context ? kernel.put(concat(context, new Uint8Array(1))) : 0;
  return [
    ...[suite + 1, bits, values.length, place, context?.length ?? 0, kernel.put(encoded)],
    ...[kernel.put(entries), packShape(shape)],
  ];
}

function scratchOf(block: readonly number[]) {
  const [prove, verify, proof] = kernel.ask(operations.rangeScratch, [...block, 0, 0, 0]).block.slice(8);
  return { prove: prove!, verify: verify!, proof: proof! };
}

function proveOurs(each: Case, encoded: Uint8Array, table: number): { code: number; proof: Uint8Array } {
  return kernel.scope(() => {
    const block = blockOf(each, encoded, table);
    const scratch = scratchOf(block);
    const output = kernel.allocate(scratch.proof);
    const values = kernel.put(new Uint8Array(Uint32Array.from(each.values).buffer));
    const witness = [values, kernel.put(concat(...each.blindings.map(encodeScalar))), kernel.put(each.key)];
    const prf = [kernel.put(each.prfContext), each.prfContext.length];
    const code = kernel.call(
      operations.rangeProve,
      [...block, ...witness, ...prf, output],
      kernel.allocate(scratch.prove),
    );
    return { code, proof: kernel.read(output, scratch.proof) };
  });
}

function verifyOurs(each: Case, encoded: Uint8Array, proof: Uint8Array, table: number): number {
  return kernel.scope(() => {
    const block = blockOf(each, encoded, table);
    const scratch = kernel.allocate(scratchOf(block).verify);
    return kernel.call(operations.rangeVerify, [...block, kernel.put(proof), proof.length], scratch);
  });
}

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

beforeAll(() => {
  const start = performance.now();
  for (const [bits, lanes, count] of shapes)
    for (let i = 0; i < count * often; i++) {
      const each = nextCase(bits, lanes, i % 4 === 3 ? 1 : 0);
      const staged = stagedOf(each);
      made.push({ each, staged, proof: proveRange(staged.parameters, staged.statement, staged.witness) });
    }
  console.log(`${made.length} proofs of the core: ${Math.round(performance.now() - start)} ms`);
}, 600_000);

test('50 proofs are byte for byte those of the core, from every kind of table', () => {
  const start = performance.now();
  made.forEach(({ each, staged, proof }, i) => {
    const ours = proveOurs(each, staged.encoded, i % 4);
    expect(ours.code).toBe(0);
    expect(toHex(ours.proof)).toBe(toHex(proof));
  });
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
    const code = verifyOurs(each, staged.encoded, changed, rolls.between(0, 3));
    expect(code).toBe(theirs === 'none' ? 0 : faults[theirs].code);
    seen.set(theirs, (seen.get(theirs) ?? 0) + 1);
  }
  console.log(`500 verdicts: ${Math.round(performance.now() - start)} ms, ${JSON.stringify([...seen])}`);
  for (const verdict of ['none', 'proof', 'point', 'scalar']) expect(seen.get(verdict)).toBeGreaterThan(3);
});

test('a proof for another statement, or of another length, is refused', () => {
  const { each, staged, proof } = made[0]!;
  expect(verifyOurs(each, staged.encoded, proof, 2)).toBe(0);
  const other = made[4]!;
  expect(verifyOurs(each, other.staged.encoded, proof, 2)).toBe(faults.proof.code);
  expect(verifyOurs({ ...each, context: rolls.bytes(5) }, staged.encoded, proof, 2)).toBe(faults.proof.code);
  expect(verifyOurs({ ...each, suite: 1 }, staged.encoded, proof, 2)).toBe(faults.proof.code);
  expect(verifyOurs(each, staged.encoded, proof.subarray(32), 2)).toBe(faults.size.code);
  expect(verifyOurs(each, new Uint8Array(32).fill(255), proof, 2)).toBe(faults.point.code);
});

test('no proof is made for a value outside its range', () => {
  const { each, staged } = made[0]!;
  for (const value of [256, 257, 0xffffffff])
    expect(proveOurs({ ...each, values: [value] }, staged.encoded, 0).code).toBe(faults.funds.code);
});

test('a table that lacks the generators is refused', () => {
  const { each, staged, proof } = made.find(one => one.each.values.length === 2)!;
  const code = kernel.scope(() => {
    const block = blockOf(each, staged.encoded, 1);
    block[7] = packShape({ teeth: 4, bits: 32, parties: 1 });
    return kernel.call(
      operations.rangeVerify,
      [...block, kernel.put(proof), proof.length],
      kernel.allocate(20_000),
    );
  });
  expect(code).toBe(faults.tier.code);
});
