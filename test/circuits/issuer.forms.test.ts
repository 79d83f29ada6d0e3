/** What an issuer writes into each form of purse, and the halves of its checks that only one wrong part breaks. */
import { describe, expect, test } from 'vitest';
import { apply } from '#circuits/issue/application.ts';
import { type Grant, issuePurse } from '#circuits/issue/issuer.ts';
import { type Signed, sign } from '#circuits/message/cose.ts';
import { attestation as attestationShape, purseRequest as requestShape } from '#circuits/message/sync.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { openWorld } from './world.ts';

const { economy, entropy, tier, device, till } = openWorld({ seed: 'forms' });
const { trust, auditors, intermediary } = economy;
const issuer = {
  trust,
  certificate: intermediary,
  auditors,
  secret: economy.intermediarySecret,
  isCertified: () => false,
};
const seed = entropy(32);
const applicant = { suite: suite1, device: device.certificate, deviceSecret: device.secret, seed };
const respending = economy.publish({ ...tier.value, respendMax: 1, phiPercent: 150 });
const twoLanes = economy.publish({ ...tier.value, lanes: 2 });
const named = economy.publish({ ...tier.value, named: true });
const pinned = { payee: till.certificate.id, budget: 5_000 };

/** The certificate under a tier, of an application for it. */
function granted(terms: Partial<Grant>) {
  const grant: Grant = {
    tier,
    device: device.certificate,
    from: 100,
    budget: [10_000],
    identity: 0,
    ...terms,
  };
  return issuePurse(issuer, grant, apply(applicant, grant.tier, auditors, entropy), entropy(32)).value;
}

describe('a purse', () => {
  test.each<[string, Partial<Grant>, boolean]>([
    ['is staged where its tier allows no respend', {}, false],
    ['may spend again what it received where its tier allows it', { tier: respending }, true],
    ['with a pinned payee never does', { tier: respending, pinned }, false],
    ['with one slot never does', { tier: respending, oneShow: 1 }, false],
  ])('%s', (_, terms, respend) => {
    expect(granted(terms).respend).toBe(respend);
  });

  test('holds a committed identity only where it has one', () => {
    expect(granted({ identity: 0 }).revocation).toBeNull();
    expect(granted({ identity: 1 }).revocation).not.toBeNull();
  });

  test('with a pinned payee carries no naming key', () => {
    expect(granted({ tier: named }).naming).not.toBeNull();
    expect(granted({ tier: named, pinned }).naming).toBeNull();
  });

  test('of two lanes is of the class that the smaller one fills, and both must fit the proof', () => {
    expect(granted({ tier: twoLanes, budget: [3_000, 10_000] }).class).toBe(0);
    expect(granted({ tier: twoLanes, budget: [10_000, 10_000] }).class).toBe(1);
    for (const budget of [
      [10_000, 65_536],
      [65_536, 10_000],
    ])
      expect(faultOf(() => granted({ tier: twoLanes, budget }))).toBe('tier');
  });
});

describe('an application is refused', () => {
  const grant: Grant = { tier, device: device.certificate, from: 100, budget: [10_000], identity: 0 };
  const application = apply(applicant, tier, auditors, entropy);
  const word = application.attestation.value;
  const attest = (change: Partial<typeof word>) =>
    sign(suite1, attestationShape, { ...word, ...change }, { secret: device.secret, noise: entropy(32) });
  const outcome = (attestation: Signed<typeof word>, request = application.request) =>
    faultOf(() => issuePurse(issuer, grant, { request, attestation }, entropy(32)));

  test('unless the device vouches for its key and for its request', () => {
    expect(outcome(attest({}))).toBe('none');
    expect(outcome(attest({ key: entropy(32) }))).toBe('escrow');
    expect(outcome(attest({ request: entropy(32) }))).toBe('escrow');
  });

  test('where the escrow seals the device but does not show who made it', () => {
    const { value } = application.request;
    const escrow = { ...value.escrow, response: value.escrow.challenge };
    const secret = purseSecret(suite1, seed);
    const request = sign(suite1, requestShape, { ...value, escrow }, { secret, noise: entropy(32) });
    expect(outcome(attest({ request: suite1.digest(request.payload) }), request)).toBe('escrow');
  });
});
