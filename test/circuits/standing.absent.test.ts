import { expect, test } from 'vitest';
import { sign } from '#circuits/message/cose.ts';
import { gap as gapShape } from '#circuits/message/sync.ts';
import { proveStanding, verifyStanding } from '#circuits/proof/standing.ts';
import { faultOf } from './refusal.ts';
import { openWorld } from './world.ts';

test('a purse without a committed identity can neither prove its standing nor be taken to have', () => {
  const { payer, economy, entropy } = openWorld({ seed: 'standing', grant: { identity: 0 } });
  const { suite } = payer;
  const value = { suite: 1, issuer: economy.dayKey.id, generation: 0, epoch: 1, left: 0, right: 9 };
  const gap = sign(suite, gapShape, value, { secret: economy.daySecret, noise: entropy(32) });
  expect(faultOf(() => proveStanding(payer, payer, gap))).toBe('revoked');
  expect(faultOf(() => verifyStanding(payer, gap, new Uint8Array(576)))).toBe('revoked');
});
