import { expect, test } from 'vitest';
import type { Group } from '#circuits/proof/port.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import type { RangeParameters, RangeStatement } from '#circuits/proof/range.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { encodeScalar, order } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { sample } from './range.sample.ts';
import { entropyOf } from './sample.ts';

const { group } = suite1;
const entropy = entropyOf('range.verify');
const one = sample({ suite: suite1, bits: 16, values: [777n] }, entropy);
const two = sample({ suite: suite1, bits: 8, values: [3n, 250n] }, entropy);

const check = (proof: Uint8Array, statement: RangeStatement = one.statement, parameters = one.parameters) =>
  verifyRange(parameters, statement, proof);

function replaced(proof: Uint8Array, field: number, bytes: Uint8Array): Uint8Array {
  const changed = proof.slice();
  changed.set(bytes, 32 * field);
  return changed;
}

/** A group that counts what it is asked. */
function counted(inner: Group) {
  const counts = { multiScalar: 0, multiply: 0, decode: 0, terms: 0 };
  const outer: Group = {
    ...inner,
    decode(bytes) {
      counts.decode++;
      return inner.decode(bytes);
    },
    multiply(point, scalar) {
      counts.multiply++;
      return inner.multiply(point, scalar);
    },
    multiScalar(scalars, points) {
      counts.multiScalar++;
      counts.terms += points.length;
      return inner.multiScalar(scalars, points);
    },
  };
  return { counts, outer };
}

test('[E2 core] whatever byte of a proof changes, in either of two bits, it is refused', () => {
  expect(() => check(one.proof)).not.toThrow();
  for (let at = 0; at < one.proof.length; at++)
    for (const bit of [at % 8, (at + 5) % 8]) {
      const changed = one.proof.slice();
      changed[at]! ^= 1 << bit;
      expect(() => check(changed), `byte ${at}, bit ${bit}`).toThrow(/^(proof|point|scalar)/);
    }
}, 60_000);

test('a proof of any other length is refused before anything is decoded', () => {
  const { counts, outer } = counted(group);
  const parameters = { ...one.parameters, group: outer };
  for (const length of [0, 1, 447, 449, 384, 416, 480, 512])
    expect(() => check(new Uint8Array(length).fill(255), one.statement, parameters), `${length}`).toThrow(
      'size',
    );
  expect(() => check(two.proof.subarray(0, 447), one.statement, parameters)).toThrow('size');
  expect(counts.decode).toBe(0);
});

test('a proof is verified by one multi-scalar multiplication with the terms of the design', () => {
  const { counts, outer } = counted(group);
  check(one.proof, one.statement, { ...one.parameters, group: outer });
  expect(counts).toEqual({ multiScalar: 1, multiply: 0, decode: 11, terms: 46 });
});

test('the identity is refused in the place of every point', () => {
  for (const field of [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(() => check(replaced(one.proof, field, new Uint8Array(32))), `field ${field}`).toThrow(
      'the identity in a range proof',
    );
});

test('each scalar plus the group order, which would satisfy the equation, is refused', () => {
  for (const field of [0, 4, 5]) {
    const scalar = one.proof.slice(32 * field, 32 * field + 32);
    let carry = 0;
    const raised = scalar.map((byte, i) => {
      const sum = byte + encodeScalar(order)[i]! + carry;
      carry = sum >> 8;
      return sum & 255;
    });
    expect(() => check(replaced(one.proof, field, raised)), `field ${field}`).toThrow('scalar');
  }
});

test('any two fields exchanged, L and R of a round among them, are refused', () => {
  const count = one.proof.length / 32;
  const field = (i: number) => one.proof.slice(32 * i, 32 * i + 32);
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      const changed = replaced(replaced(one.proof, i, field(j)), j, field(i));
      expect(() => check(changed), `fields ${i} and ${j}`).toThrow(/^(proof|point|scalar)/);
    }
});

test('another context, none, commitment or minimum is refused', () => {
  const { commitments, context } = one.statement;
  const longer = Uint8Array.from([...context, 0]);
  const changed = context.map((byte, i) => (i === 35 ? byte ^ 1 : byte));
  for (const other of [longer, changed, context.subarray(1), new Uint8Array(0)])
    expect(() => check(one.proof, { commitments, context: other })).toThrow('proof');
  expect(() => check(one.proof, { commitments })).toThrow('proof');
  const bare = { commitments };
  const proof = proveRange(one.parameters, bare, one.witness);
  expect(() => check(proof, bare)).not.toThrow();
  expect(() => check(proof, { commitments, context: new Uint8Array(0) })).toThrow('proof');
  expect(() => check(one.proof, { commitments, context, minimums: [0] })).not.toThrow();
  expect(() => check(one.proof, { commitments, context, minimums: [1] })).toThrow('proof');
  for (const other of [suite1.valueBase, group.base, group.negate(commitments[0]!)])
    expect(() => check(one.proof, { commitments: [group.add(commitments[0]!, other)], context })).toThrow(
      'proof',
    );
});

test('exchanged lanes are refused, and so are exchanged minimums', () => {
  const { commitments, context } = two.statement;
  const [first, second] = commitments as [(typeof commitments)[0], (typeof commitments)[0]];
  const against = (statement: RangeStatement) => () => check(two.proof, statement, two.parameters);
  expect(against({ commitments, context })).not.toThrow();
  expect(against({ commitments: [second, first], context })).toThrow('proof');
  expect(against({ commitments: [first, first], context })).toThrow('proof');
  expect(against({ commitments, context, minimums: [0, 1] })).toThrow('proof');
  expect(() => check(two.proof, { commitments: [first], context }, two.parameters)).toThrow('commitment');
});

test('one lane of 16 bits is not two lanes of 8: a proof of the same length is refused under the other shape', () => {
  expect(one.proof).toHaveLength(two.proof.length);
  expect(() => check(one.proof, two.statement, two.parameters)).toThrow('proof');
  expect(() => check(two.proof, one.statement, one.parameters)).toThrow('proof');
});

test('other bases, generators or suite are refused', () => {
  const change = (part: Partial<RangeParameters>) => () =>
    check(one.proof, one.statement, { ...one.parameters, ...part });
  const { G, H } = one.parameters.generators();
  expect(change({})).not.toThrow();
  expect(change({ valueBase: suite2.valueBase })).toThrow('proof');
  expect(change({ valueBase: group.base, blindBase: suite1.valueBase })).toThrow('proof');
  expect(change({ generators: () => ({ G: H, H: G }) })).toThrow('proof');
  expect(change({ generators: () => ({ G: G.toReversed(), H }) })).toThrow('proof');
});

test('a transcript that answers zero at any challenge is refused, not divided by', () => {
  for (let zero = 0; zero < 7; zero++) {
    let asked = 0;
    const openTranscript = () => {
      const inner = one.parameters.openTranscript();
      return {
        append: inner.append.bind(inner),
        appendInteger: inner.appendInteger.bind(inner),
        challenge: (name: string) => (asked++ === zero ? 0n : inner.challenge(name)),
      };
    };
    const parameters = { ...one.parameters, openTranscript };
    expect(() => check(one.proof, one.statement, parameters), `challenge ${zero}`).toThrow(
      'challenge is zero',
    );
    expect(asked).toBe(zero + 1);
  }
});
