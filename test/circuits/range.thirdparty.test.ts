import { expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { rangeGenerators } from '#circuits/proof/generators.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { verifyDalek } from './bulletproof.dalek.ts';
import { initialTranscript } from './edwards.ts';
import {
  type Case,
  dalek,
  monero,
  tari,
  tariBytes,
  tariParameters,
  trezor,
  withoutExtension,
} from './thirdparty.ts';

const check = ({ parameters, statement, proof }: Case) => verifyRange(parameters, statement, proof);

/** One bit of one 32-byte field, another in each field and proof. */
function flipField(proof: Uint8Array, field: number, salt: number): Uint8Array {
  const changed = proof.slice();
  const bit = (37 * field + 101 * salt + 11) % 256;
  changed[32 * field + (bit >> 3)]! ^= 1 << (bit & 7);
  return changed;
}

const fieldsOf = (proof: Uint8Array) => Array.from({ length: proof.length / 32 }, (_, i) => i);

/** Refusals by fault, of each field of each proof with one bit changed. */
function refusals(cases: readonly Case[]): Map<string, number> {
  const counts = new Map<string, number>();
  cases.forEach((each, salt) => {
    for (const field of fieldsOf(each.proof)) {
      let fault = 'none';
      try {
        check({ ...each, proof: flipField(each.proof, field, salt) });
      } catch (error) {
        fault = (error as { fault?: string }).fault ?? String(error);
      }
      expect(fault, `${each.name}, field ${field}`).toMatch(/^(proof|point|scalar)$/);
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    }
  });
  return counts;
}

test("every proof of Tari, Monero and Trezor is accepted by our own verifier under its maker's parameters", () => {
  expect(tari).toHaveLength(16);
  for (const each of [...tari, ...monero, trezor]) expect(() => check(each), each.name).not.toThrow();
});

test('the ports to the parameters of others give the constants that they publish', () => {
  const { group } = suite1;
  expect(toHex(group.encode(tariParameters.valueBase))).toBe(
    'ce389841c0c8698ab95b70242aeea64840b1eac5f644b7d008ac0587cf471d70',
  );
  expect(toHex(initialTranscript).slice(0, 8)).toBe('4a677c90');
  const { G, H } = rangeGenerators(suite1, 64, 1);
  expect(toHex(group.encode(G[0]!))).toMatch(/^fc3b2580.*fe2d$/);
  expect(toHex(group.encode(H[0]!))).toMatch(/^ba698f6d.*df73$/);
});

test('every original Bulletproof of dalek is accepted: transcript and generators are those of 8 to 64 bits and 1 to 8 lanes', () => {
  expect(dalek).toHaveLength(16);
  for (const { name, commitments, bits, proof } of dalek)
    expect(verifyDalek(suite1, commitments, bits, proof), name).toBe(true);
});

test('one changed bit in any of the 18 fields of any Tari proof is refused', () => {
  for (const each of tari) expect(fieldsOf(each.proof)).toHaveLength(18);
  const counts = refusals(tari);
  expect(counts.get('proof')).toBeGreaterThan(50);
}, 60_000);

test('one changed bit in any field of the Monero and Trezor proofs is refused', () => {
  const counts = refusals([...monero, trezor]);
  expect(counts.get('proof')).toBeGreaterThan(10);
});

test('one changed bit in any field of any dalek proof is refused', () => {
  dalek.forEach(({ name, commitments, bits, proof }, salt) => {
    for (const field of fieldsOf(proof)) {
      let accepted = false;
      try {
        accepted = verifyDalek(suite1, commitments, bits, flipField(proof, field, salt));
      } catch {}
      expect(accepted, `${name}, field ${field}`).toBe(false);
    }
  });
}, 60_000);

test('a Tari proof under another commitment, minimum or label is refused', () => {
  const [first, second] = [tari[0]!, tari[1]!];
  const { statement, parameters } = first;
  expect(() => check({ ...first, statement: second.statement })).toThrow('proof');
  expect(() => check({ ...first, statement: { ...statement, minimums: [1] } })).toThrow('proof');
  expect(() => check({ ...first, statement: { ...statement, context: new Uint8Array(0) } })).toThrow('proof');
  expect(() =>
    check({
      ...first,
      parameters: { ...parameters, valueBase: parameters.blindBase, blindBase: parameters.valueBase },
    }),
  ).toThrow('proof');
  expect(() =>
    check({ ...first, parameters: { ...parameters, openTranscript: monero[0]!.parameters.openTranscript } }),
  ).toThrow('proof');
});

test('whatever byte of a Tari proof changes, it is refused', () => {
  const { parameters, statement } = tari[5]!;
  for (let at = 0; at < tariBytes[5]!.length; at++) {
    const changed = tariBytes[5]!.slice();
    changed[at]! ^= 1 << (at % 8);
    expect(() => verifyRange(parameters, statement, withoutExtension(changed)), `byte ${at}`).toThrow();
  }
}, 60_000);
