/** t of n: every t open, no t - 1 do. All subsets, not some. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import {
  combineShares,
  type Decryption,
  type DecryptionShare,
  makeShare,
} from '#circuits/proof/decryption.ts';
import { deviceIdentity, openIdentity, sealIdentity } from '#circuits/proof/escrow.ts';
import type { Point, Suite } from '#circuits/proof/port.ts';
import { invert, mod } from '#circuits/proof/scalar.ts';
import { makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('sharing.threshold', 'threshold 1');
const context = new Uint8Array([7]);

function setUp(suite: Suite, threshold: number, count: number) {
  const entropy = entropyOf(`${seed} ${suite.id} ${threshold} of ${count}`);
  const { shared: auditors, shares } = makeSharedKey(suite, { threshold, count }, entropy);
  const device = entropy(32);
  const subject = { purseKey: entropy(32), auditorsKey: auditors.key, device };
  const { escrow } = sealIdentity(suite, subject, entropy);
  const decryption: Decryption = { auditors, ephemeral: escrow.ephemeral, context };
  const decrypted = shares.map(share => makeShare(suite, decryption, share, entropy(32)));
  return {
    escrow,
    decryption,
    decrypted,
    identity: toHex(suite.group.encode(deviceIdentity(suite, device))),
  };
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map(rest => [item, ...rest]));
}

/** Lagrange at zero, written a second time: what fewer than t auditors would try by themselves. */
function interpolate(suite: Suite, shares: readonly DecryptionShare[]): Point {
  const weight = (i: number) =>
    shares
      .filter(({ index }) => index !== i)
      .reduce((product, { index: j }) => mod(product * mod(BigInt(j)) * invert(mod(BigInt(j - i)))), 1n);
  return shares
    .map(({ index, point }) => suite.group.multiply(suite.group.decode(point), weight(index)))
    .reduce(suite.group.add);
}

describe.each([suite1, suite2])('suite $id', suite => {
  test('of five auditors every three open the device and no two do', () => {
    const { escrow, decryption, decrypted, identity } = setUp(suite, 3, 5);
    for (const three of subsets(decrypted, 3))
      expect(toHex(openIdentity(suite, escrow, combineShares(suite, decryption, three)))).toBe(identity);

    const seen = new Set<string>();
    for (const two of subsets(decrypted, 2)) {
      expect(() => combineShares(suite, decryption, two)).toThrow(/quorum: 2 shares, 3 open/);
      seen.add(toHex(openIdentity(suite, escrow, interpolate(suite, two))));
    }
    expect(seen.size).toBe(10);
    expect(seen.has(identity)).toBe(false);
    // Positive control: the same arithmetic opens with one share more.
    expect(toHex(openIdentity(suite, escrow, interpolate(suite, decrypted.slice(0, 3))))).toBe(identity);
  });

  test('more shares than needed open the same device', () => {
    const { escrow, decryption, decrypted, identity } = setUp(suite, 3, 5);
    for (const more of [...subsets(decrypted, 4), decrypted])
      expect(toHex(openIdentity(suite, escrow, combineShares(suite, decryption, more)))).toBe(identity);
  });

  test.each([
    [1, 1],
    [1, 3],
    [3, 3],
    [2, 16],
    [16, 16],
  ])('%i of %i: the threshold opens and one less does not', (threshold, count) => {
    const { escrow, decryption, decrypted, identity } = setUp(suite, threshold, count);
    const last = decrypted.slice(-threshold);
    expect(toHex(openIdentity(suite, escrow, combineShares(suite, decryption, last)))).toBe(identity);
    expect(() => combineShares(suite, decryption, last.slice(1))).toThrow('quorum');
    if (threshold === 1) return;
    const alone = openIdentity(suite, escrow, interpolate(suite, last.slice(1)));
    expect(toHex(alone)).not.toBe(identity);
  });
});
