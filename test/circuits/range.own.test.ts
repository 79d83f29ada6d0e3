import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '#circuits/bytes.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { rangeParameters } from '#circuits/proof/range.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { parseScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';

interface Frozen {
  readonly suite: number;
  readonly bits: number;
  readonly lanes: number;
  readonly values: string[];
  readonly minimums?: number[];
  readonly context: string;
  readonly blindings: string[];
  readonly randomness: string[];
  readonly commitments: string[];
  readonly proof: string;
}

const { proofs }: { proofs: Frozen[] } = JSON.parse(
  readFileSync(new URL('../vectors/range-own.json', import.meta.url), 'utf8'),
);

function read(frozen: Frozen) {
  const suite = frozen.suite === 1 ? suite1 : suite2;
  const { bits, lanes, minimums } = frozen;
  const witness = {
    values: frozen.values.map(BigInt),
    blindings: frozen.blindings.map(hex => parseScalar(fromHex(hex))),
    randomness: frozen.randomness.map(hex => parseScalar(fromHex(hex))),
  };
  const statement = {
    commitments: frozen.commitments.map(hex => suite.group.decode(fromHex(hex))),
    context: fromHex(frozen.context),
    ...(minimums && { minimums }),
  };
  return { suite, parameters: rangeParameters(suite, bits, lanes), statement, witness };
}

const name = ({ suite, bits, lanes, values }: Frozen) => `suite ${suite}, ${lanes} x ${bits}: ${values}`;

test('frozen proofs of both suites are accepted for ever', () => {
  expect(proofs.length).toBeGreaterThanOrEqual(16);
  for (const frozen of proofs) {
    const { parameters, statement } = read(frozen);
    expect(() => verifyRange(parameters, statement, fromHex(frozen.proof)), name(frozen)).not.toThrow();
  }
});

test('frozen commitments and proofs are made again byte for byte', () => {
  for (const frozen of proofs) {
    const { suite, parameters, statement, witness } = read(frozen);
    const commitments = witness.values.map((value, j) => commit(suite, value, witness.blindings[j]!));
    expect(
      commitments.map(point => toHex(suite.group.encode(point))),
      name(frozen),
    ).toEqual(frozen.commitments);
    expect(toHex(proveRange(parameters, statement, witness)), name(frozen)).toBe(frozen.proof);
  }
}, 60_000);
