import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { openEconomy } from '#circuits/issue/economy.ts';
import { encode } from '#circuits/message/message.ts';
import { evidence as evidenceShape } from '#circuits/message/sync.ts';
import { presets } from '#circuits/policy/presets.ts';
import { findGuilt } from '#circuits/proof/guilt.ts';
import { ask } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf } from '../circuits/sample.ts';
import { elsewhere, mite } from './run.ts';

function save(name: string, bytes: Uint8Array): string {
  const path = join(elsewhere, name);
  writeFileSync(path, bytes);
  return path;
}

/** A purse that paid twice from one slot: its evidence, and the root that it is verified against. */
function doubleSpend(suite: Suite) {
  const entropy = entropyOf(`evidence file ${suite.id}`);
  const economy = openEconomy(suite, entropy);
  const tier = economy.publish(presets.pocket);
  const grant = { tier, from: 100, budget: [tier.value.classes[0]!.budget], identity: 0 };
  const purse = (name: string) => economy.fund(economy.makeDevice(name), grant);
  const [payer, till] = [purse('payer'), purse('payee')];
  const claims = [100, 200].map((price, number) => {
    const request = ask(till, { number, price, units: 1, session: entropy(32) }, entropy);
    return pay(payer, request, entropy).claim;
  });
  const { trust, intermediary } = economy;
  const [found] = findGuilt({ trust, intermediary, purse: payer.certificate, claims });
  return { file: encode(evidenceShape, found!), root: trust.root.bytes, purse: toHex(payer.certificate.id) };
}

describe.each([suite1, suite2])('an evidence file of suite $id', suite => {
  const { file, root, purse } = doubleSpend(suite);
  const rootPath = save(`root.${suite.id}`, root);

  test('is verified by anyone who trusts the root', () => {
    const { code, events } = mite('evidence', save(`case.${suite.id}`, file), '--root', rootPath, '--json');
    expect(code).toBe(0);
    expect(events()).toEqual([expect.objectContaining({ verdict: 'guilty', guilt: 'reuse', purse })]);
  });

  test('is refused with code 5 where one bit of it is changed', () => {
    const changed = file.slice();
    changed[changed.length - 5]! ^= 1;
    const { code, err } = mite('evidence', save(`changed.${suite.id}`, changed), '--root', rootPath);
    expect(code).toBe(5);
    expect(err).toContain('next: ');
  });

  test('is refused with code 5 under another root', () => {
    const other = save(`other.${suite.id}`, openEconomy(suite, entropyOf('another root')).trust.root.bytes);
    expect(mite('evidence', save(`case.${suite.id}`, file), '--root', other).code).toBe(5);
  });
});
