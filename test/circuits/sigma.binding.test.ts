/** A sigma proof holds for what it was made for, and for nothing else. */
import { describe, expect, test } from 'vitest';
import { ascii, none, toHex } from '#circuits/bytes.ts';
import { encodeScalar, mod, reduceScalar } from '#circuits/proof/scalar.ts';
import { frame, proveSigma, type SigmaStatement, verifySigma } from '#circuits/proof/sigma.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('sigma.binding', 'sigma 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const { group } = suite;
  const entropy = entropyOf(`${seed} ${suite.id}`);
  const scalar = () => reduceScalar(entropy(64));
  const point = () => group.fromUniform(entropy(64));
  const value = scalar();
  const relate = (base = point(), secret = value) => ({ base, image: group.multiply(base, secret) });
  const secret = () => ({ value, noise: entropy(32) });
  const knowledge: SigmaStatement = {
    protocol: 'test one',
    context: ascii('context'),
    relations: [relate(group.base)],
  };
  const equality: SigmaStatement = { ...knowledge, relations: [relate(group.base), relate()] };

  test.each([
    ['knowledge of one logarithm', knowledge],
    ['equality of two logarithms', equality],
  ])('a proof of %s holds', (_, statement) => {
    for (let i = 0; i < 5; i++)
      expect(verifySigma(suite, statement, proveSigma(suite, statement, secret()))).toBe(true);
  });

  test.each([
    ['knowledge', knowledge],
    ['equality', equality],
  ])('any change of what a proof of %s says breaks it', (_, statement) => {
    const proof = proveSigma(suite, statement, secret());
    const [first, second] = statement.relations;
    const changed: SigmaStatement[] = [
      { ...statement, protocol: 'test two' },
      { ...statement, context: none },
      { ...statement, context: ascii('context ') },
      { ...statement, relations: [{ ...first!, base: point() }, ...statement.relations.slice(1)] },
      { ...statement, relations: [{ ...first!, image: point() }, ...statement.relations.slice(1)] },
      { ...statement, relations: [first!, ...(second ? [] : [relate()])] },
    ];
    if (second) {
      changed.push({ ...statement, relations: [second, first!] });
      changed.push({ ...statement, relations: [first!, { ...second, base: point() }] });
      changed.push({ ...statement, relations: [first!, { ...second, image: point() }] });
    }
    for (const other of changed) expect(verifySigma(suite, other, proof)).toBe(false);
    expect(verifySigma(suite, statement, proof)).toBe(true);
  });

  test('each flipped bit of a proof breaks it', () => {
    const proof = proveSigma(suite, equality, secret());
    for (const field of ['challenge', 'response'] as const)
      for (let bit = 0; bit < 256; bit++) {
        const bytes = proof[field].slice();
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        let holds = false;
        try {
          holds = verifySigma(suite, equality, { ...proof, [field]: bytes });
        } catch (error) {
          expect(String(error)).toContain('scalar');
        }
        expect(holds).toBe(false);
      }
  });

  test('two different logarithms give no proof, nor does a wrong secret', () => {
    const unequal = { ...equality, relations: [relate(group.base), relate(point(), scalar())] };
    expect(() => proveSigma(suite, unequal, secret())).toThrow('does not fit');
    expect(() => proveSigma(suite, knowledge, { value: scalar(), noise: none })).toThrow('does not fit');
  });

  test('a stuck generator repeats no nonce over two statements', () => {
    const stuck = { value, noise: new Uint8Array(32) };
    const nonceOf = (statement: SigmaStatement) => {
      const { challenge, response } = proveSigma(suite, statement, stuck);
      return toHex(encodeScalar(mod(reduceScalar(response) - reduceScalar(challenge) * value)));
    };
    const nonces = [
      knowledge,
      equality,
      { ...knowledge, protocol: 'test two' },
      { ...knowledge, context: none },
      { ...knowledge, context: ascii('context '), protocol: 'test one' },
    ].map(nonceOf);
    expect(new Set(nonces).size).toBe(nonces.length);
    expect(nonceOf(knowledge)).toBe(nonces[0]);
    expect(toHex(proveSigma(suite, knowledge, secret()).challenge)).not.toBe(
      toHex(proveSigma(suite, knowledge, secret()).challenge),
    );
  });
});

test('framed parts never join to the same bytes', () => {
  const parts = ['', 'a', 'b', 'ab', '\0\0\0\x01a'].map(ascii);
  const seen = new Set<string>();
  let count = 0;
  for (const one of parts) {
    seen.add(toHex(frame(one)));
    count += 1;
    for (const two of parts) {
      seen.add(toHex(frame(one, two)));
      count += 1;
    }
  }
  expect(seen.size).toBe(count);
});
