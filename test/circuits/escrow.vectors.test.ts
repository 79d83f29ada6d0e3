/** Frozen escrows: what once opened, opens for ever; and the same seed still gives the same bytes.
 *
 * MITE_FREEZE=1 writes the file anew: only for a new version of the formats.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ascii, fromHex, toHex } from '#circuits/bytes.ts';
import { claim as claimShape } from '#circuits/message/payment.ts';
import { combineShares, type Decryption, makeShare } from '#circuits/proof/decryption.ts';
import {
  deviceIdentity,
  openIdentity,
  sealIdentity,
  verifyEscrow,
  verifyEscrowIdentity,
} from '#circuits/proof/escrow.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { checkSharedKey, makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { creditTag, payeeTag } from '#circuits/proof/tag.ts';
import { draw, entropyOf, Party } from './sample.ts';

const file = new URL('../vectors/escrow.json', import.meta.url);

/** JSON with byte strings in hex. */
type Frozen = { [name: string]: Frozen } | Frozen[] | string | number;

function freeze(value: unknown): Frozen {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(freeze);
  if (typeof value === 'object' && value)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, freeze(item)]));
  return value as string | number;
}

function thaw(value: Frozen): unknown {
  if (typeof value === 'string') return fromHex(value);
  if (Array.isArray(value)) return value.map(thaw);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, thaw(item)]));
  return value;
}

function make(suite: Suite) {
  const seed = `frozen escrow ${suite.id}`;
  const entropy = entropyOf(seed);
  const some = draw(suite, `${seed} claim`);
  const { shared, shares } = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
  const subject = { purseKey: entropy(32), auditorsKey: shared.key, device: entropy(32) };
  const { escrow, identity } = sealIdentity(suite, subject, entropy);
  const decryption: Decryption = { auditors: shared, ephemeral: escrow.ephemeral, context: entropy(32) };
  const [payee, salt] = [entropy(32), entropy(16)];
  const claim = new Party(suite, seed).sign(claimShape, {
    suite: suite.id,
    certificate: some.bytes(32),
    ordinal: 0,
    slots: 1,
    amount: 250,
    payee: payeeTag(suite, payee, salt),
    request: some.bytes(32),
    previous: some.bytes(32),
    before: some.point(),
    delta: some.scalar(),
    theta: 500,
    proof: some.bytes(32),
  });
  return {
    suite: suite.id,
    shared,
    subject,
    escrow,
    identity,
    context: decryption.context,
    shares: [2, 3, 5].map(index => makeShare(suite, decryption, shares[index - 1]!, entropy(32))),
    device: suite.group.encode(deviceIdentity(suite, subject.device)),
    tags: {
      payee,
      salt,
      payeeTag: claim.value.payee,
      claim: claim.payload,
      creditTag: creditTag(suite, claim, 250),
    },
  };
}
type Vector = ReturnType<typeof make>;

if (process.env.MITE_FREEZE)
  writeFileSync(
    file,
    `${JSON.stringify(
      [suite1, suite2].map(s => freeze(make(s))),
      null,
      1,
    )}\n`,
  );
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Frozen[];

describe.each([
  [suite1, vectors[0]!],
  [suite2, vectors[1]!],
] as const)('suite $id', (suite, frozen) => {
  const vector = thaw(frozen) as Vector;

  test('the frozen escrow verifies, opens, and names its device', () => {
    checkSharedKey(suite, vector.shared);
    verifyEscrow(suite, vector.subject, vector.escrow);
    verifyEscrowIdentity(suite, vector.subject, vector);
    const { shared: auditors, context, escrow } = vector;
    const decryption = { auditors, ephemeral: escrow.ephemeral, context };
    const opened = openIdentity(suite, escrow, combineShares(suite, decryption, vector.shares));
    expect(toHex(opened)).toBe(toHex(vector.device));
    expect(toHex(suite.group.encode(deviceIdentity(suite, vector.subject.device)))).toBe(toHex(opened));
    const wrong = { ...decryption, context: ascii('another') };
    expect(() => combineShares(suite, wrong, vector.shares)).toThrow('auditor 2, auditor 3, auditor 5');
  });

  test('the same seed gives the same bytes', () => expect(freeze(make(suite))).toEqual(frozen));
});
