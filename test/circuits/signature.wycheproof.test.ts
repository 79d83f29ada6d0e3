/** Project Wycheproof's Ed25519 vectors, read from where they are installed: nothing of them is kept here.
 * MITE_WYCHEPROOF names the folder with its json files; else that of the package librust-wycheproof-dev is looked for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromHex } from '#circuits/bytes.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';

interface Group {
  readonly publicKey?: { pk: string };
  readonly key?: { pk: string };
  readonly tests: { tcId: number; msg: string; sig: string; result: string; flags: string[] }[];
}

const registry = '/usr/share/cargo/registry';

function folders(): string[] {
  if (process.env.MITE_WYCHEPROOF) return [process.env.MITE_WYCHEPROOF];
  if (!existsSync(registry)) return [];
  const crates = readdirSync(registry).filter(name => name.startsWith('wycheproof-'));
  return crates.map(name => join(registry, name, 'src/data'));
}

const found = folders()
  .flatMap(folder => ['ed25519_test.json', 'eddsa_test.json'].map(name => join(folder, name)))
  .find(existsSync);
const required = process.env.MITE_REAL === 'required';

test.skipIf(!found && !required)(
  'Wycheproof: each valid Ed25519 signature is accepted, each invalid one refused',
  () => {
    if (!found)
      throw new Error('no Wycheproof vectors: set MITE_WYCHEPROOF to the folder with ed25519_test.json');
    const { testGroups }: { testGroups: Group[] } = JSON.parse(readFileSync(found, 'utf8'));
    const counts = { valid: 0, invalid: 0 };
    for (const group of testGroups) {
      const key = fromHex((group.publicKey ?? group.key)!.pk);
      for (const { tcId, msg, sig, result, flags } of group.tests) {
        if (result !== 'valid' && result !== 'invalid') throw new Error(`test ${tcId} expects ${result}`);
        counts[result]++;
        const accepted = suite1.signature.verify(key, fromHex(msg), fromHex(sig));
        expect(accepted, `${tcId} ${flags}`).toBe(result === 'valid');
      }
    }
    expect(counts.valid).toBeGreaterThanOrEqual(80);
    expect(counts.invalid).toBeGreaterThanOrEqual(50);
  },
);
