/** Project Wycheproof's Ed25519 vectors (Apache-2.0; provenance in the file). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex } from '#circuits/bytes.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';

interface Group {
  readonly key: string;
  readonly tests: { id: number; comment: string; msg: string; sig: string; result: 'valid' | 'invalid' }[];
}

const file = new URL('../vectors/wycheproof-ed25519.json', import.meta.url);
const { groups }: { groups: Group[] } = JSON.parse(readFileSync(file, 'utf8'));

test('Wycheproof: each valid Ed25519 signature is accepted, each invalid one refused', () => {
  const counts = { valid: 0, invalid: 0 };
  for (const { key, tests } of groups) {
    for (const { id, comment, msg, sig, result } of tests) {
      counts[result]++;
      const accepted = suite1.signature.verify(fromHex(key), fromHex(msg), fromHex(sig));
      expect(accepted, `${id} ${comment}`).toBe(result === 'valid');
    }
  }
  expect(counts).toEqual({ valid: 88, invalid: 62 });
});
