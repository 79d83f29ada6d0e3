/** Range proofs by a kernel's entry: random cases, and what the core makes of them. */
import { concat } from '#circuits/bytes.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape, type TableShape } from '#circuits/kernel/tables.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { derive } from '#circuits/proof/label.ts';
import { deriveScalars } from '#circuits/proof/prf.ts';
import { randomnessCount, rangeParameters } from '#circuits/proof/range.ts';
import { encodeScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import type { Dice } from '../circuits/dice.ts';

const suites = [suite1, suite2] as const;
const teethOf = [0, 4, 5, 6] as const;
type Teeth = (typeof teethOf)[number];

/** Of both suites: points without teeth and combs of each width, for two lanes of 32 bits. The upper points of suite 1 are
 * encoded, as on small boards. */
const tables = suites.map((suite, i) =>
  teethOf.map(teeth => {
    const plain = teeth === 0 && i === 0 ? { plain: 16 } : {};
    const shape: TableShape = { teeth, bits: 32, parties: 2, ...plain };
    return { entries: makeTable({ hash: suite.hash, suite: i === 0 ? 1 : 2 }, shape), shape };
  }),
);

export interface Case {
  readonly suite: 0 | 1;
  readonly bits: number;
  readonly values: readonly number[];
  readonly blindings: readonly bigint[];
  readonly context: Uint8Array | undefined;
  readonly key: Uint8Array;
  readonly prfContext: Uint8Array;
  /** The commitments, encoded one after the other. */
  readonly encoded: Uint8Array;
  readonly teeth: Teeth;
  /** Says that the table holds less than it does. */
  readonly claims?: TableShape;
  /** Instead of the table's own. */
  readonly entries?: Uint8Array;
}

export function caseOf(rolls: Dice, bits: number, lanes: number): Case {
  const most = 2 ** bits - 1;
  const lane = <T>(make: () => T) => Array.from({ length: lanes }, make);
  const edges = [0, 1, most - 1, most, 2 ** (bits - 1)];
  const suite = rolls.percent(25) ? 1 : 0;
  const values = lane(() => (rolls.percent(30) ? rolls.pick(edges) : rolls.between(0, most - 1)));
  const blindings = lane(() => reduceScalar(rolls.bytes(64)));
  const using = suites[suite];
  const commitments = values.map((value, j) => using.group.encode(commit(using, value, blindings[j]!)));
  return {
    ...{ suite, bits, values, blindings, encoded: concat(...commitments), teeth: rolls.pick(teethOf) },
    context: rolls.percent(10) ? undefined : rolls.bytes(rolls.between(0, 300)),
    key: rolls.bytes(32),
    prfContext: rolls.bytes(rolls.between(0, 64)),
  };
}

/** The same case as the core takes it. */
export function stagedOf({ suite, bits, values, blindings, context, key, prfContext, encoded }: Case) {
  const using = suites[suite];
  const commitments = values.map((_, j) => using.group.decode(encoded.subarray(32 * j, 32 * j + 32)));
  const name = { label: derive.range, context: prfContext };
  const randomness = deriveScalars(using.hash, key, name, randomnessCount(bits * values.length));
  return {
    parameters: rangeParameters(using, bits, values.length),
    statement: context ? { commitments, context } : { commitments },
    witness: { values: values.map(BigInt), blindings, randomness },
  };
}

/** The words of a parameter block that every range operation begins with. */
function blockOf(kernel: Kernel, each: Case): number[] {
  const { suite, bits, values, context, encoded, teeth, claims } = each;
  const { entries, shape } = tables[suite]![teethOf.indexOf(teeth)]!;
  const place = context ? kernel.put(concat(context, new Uint8Array(1))) : 0;
  return [
    ...[suite + 1, bits, values.length, place, context?.length ?? 0, kernel.put(encoded)],
    ...[kernel.put(each.entries ?? entries), packShape(claims ?? shape)],
  ];
}

function scratchOf(kernel: Kernel, block: readonly number[]) {
  const [prove, verify, proof] = kernel.ask(operations.rangeScratch, [...block, 0, 0, 0]).block.slice(8);
  return { prove: prove!, verify: verify!, proof: proof! };
}

export function prove(kernel: Kernel, each: Case): { code: number; proof: Uint8Array } {
  return kernel.scope(() => {
    const block = blockOf(kernel, each);
    const scratch = scratchOf(kernel, block);
    const output = kernel.allocate(scratch.proof);
    const values = kernel.put(new Uint8Array(Uint32Array.from(each.values).buffer));
    const witness = [values, kernel.put(concat(...each.blindings.map(encodeScalar))), kernel.put(each.key)];
    const prf = [kernel.put(each.prfContext), each.prfContext.length];
    const place = kernel.allocate(scratch.prove);
    const code = kernel.call(operations.rangeProve, [...block, ...witness, ...prf, output], place);
    return { code, proof: kernel.read(output, scratch.proof) };
  });
}

export function verify(kernel: Kernel, each: Case, proof: Uint8Array): number {
  return kernel.scope(() => {
    const block = blockOf(kernel, each);
    const scratch = kernel.allocate(scratchOf(kernel, block).verify);
    return kernel.call(operations.rangeVerify, [...block, kernel.put(proof), proof.length], scratch);
  });
}
