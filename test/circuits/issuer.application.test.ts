/** What an issuer refuses: whatever would let a purse, its budget or its escrow be another's. */
import { expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { type Application, apply } from '#circuits/issue/application.ts';
import { type Grant, issuePurse } from '#circuits/issue/issuer.ts';
import { sign } from '#circuits/message/cose.ts';
import {
  attestation as attestationShape,
  type PurseRequest,
  purseRequest as requestShape,
} from '#circuits/message/sync.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { sealIdentity } from '#circuits/proof/escrow.ts';
import { commitmentBlindings, purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { openWorld, type World } from './world.ts';

const world = openWorld();
const { economy, entropy, tier, device } = world;
const { trust, auditors } = economy;
const seed = entropy(32);
const applicant = { suite: suite1, device: device.certificate, deviceSecret: device.secret, seed };
const application = apply(applicant, tier, auditors, entropy);
const grant: Grant = { tier, device: device.certificate, from: 100, budget: [9_999], identity: 5 };
const issuer = {
  trust,
  certificate: economy.intermediary,
  auditors,
  secret: economy.intermediarySecret,
  isCertified: () => false,
};

function outcome(changed: Partial<Application> = {}, terms: Partial<Grant> = {}, at = issuer): string {
  try {
    issuePurse(at, { ...grant, ...terms }, { ...application, ...changed }, entropy(32));
    return 'issued';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

/** The application as the holder of the new purse key may rewrite it, the device vouching for it again. */
function rewritten(change: Partial<PurseRequest>): Partial<Application> {
  const value = { ...application.request.value, ...change };
  const request = sign(suite1, requestShape, value, {
    secret: purseSecret(suite1, seed),
    noise: entropy(32),
  });
  const word = { suite: 1, key: value.key, request: suite1.digest(request.payload) };
  const attestation = sign(suite1, attestationShape, word, { secret: device.secret, noise: entropy(32) });
  return { request, attestation };
}

test('an honest application is granted, and commits to the budget under its own blinding', () => {
  const purse = issuePurse(issuer, grant, application, entropy(32));
  const [blinding] = commitmentBlindings(suite1, seed);
  expect(purse.value.commitments).toEqual([suite1.group.encode(commit(suite1, 9_999n, blinding))]);
  expect(outcome(rewritten({}))).toBe('issued');
});

test('one certificate per key, and none for a key that is not of prime order', () => {
  expect(outcome({}, {}, { ...issuer, isCertified: () => true })).toBe('key');
  expect(outcome(rewritten({ key: new Uint8Array(32) }))).toBe('key');
});

test('the application is signed by the key that it asks for', () => {
  expect(outcome(rewritten({ key: world.till.certificate.value.key }))).toBe('signature');
});

test('an escrow of another purse, another device or a victim is refused', () => {
  const other = economy.makeDevice('victim');
  const theirs = apply(
    { ...applicant, device: other.certificate, seed: entropy(32) },
    tier,
    auditors,
    entropy,
  );
  const { escrow, identity } = theirs.request.value;
  expect(outcome(rewritten({ escrow, identity }))).toBe('escrow');
  expect(outcome(rewritten({ device: other.certificate.id }))).toBe('escrow');
  const sameKey = apply({ ...applicant, device: other.certificate }, tier, auditors, entropy).request.value;
  // The proof of knowledge holds, but what it seals is the victim.
  expect(outcome(rewritten({ escrow: sameKey.escrow, identity: sameKey.identity }))).toBe('escrow');
});

test('no purse without the word of the device key for exactly this application', () => {
  const { attestation } = apply({ ...applicant, seed: entropy(32) }, tier, auditors, entropy);
  expect(outcome({ attestation })).toBe('escrow');
  const stranger = { ...applicant, deviceSecret: entropy(32) };
  expect(outcome(apply(stranger, tier, auditors, entropy))).toBe('signature');
});

test('a budget that could wrap around the range proof is refused, its last value is not', () => {
  const wrap = { ...world, tier: economy.publish({ ...tier.value, respendMax: 500, phiPercent: 150 }) };
  const asked = apply(applicant, wrap.tier, auditors, entropy);
  const at = (budget: number[]) => outcome(asked, { tier: wrap.tier, budget });
  expect(at([65_035])).toBe('issued');
  expect(at([65_036])).toBe('tier');
  expect(at([])).toBe('tier');
  expect(at([5_000, 5_000])).toBe('tier');
});

test('an application for another tier, or with naming where the tier has none, is refused', () => {
  const other = economy.publish({ ...tier.value, name: 'other' });
  expect(outcome({}, { tier: other })).toBe('tier');
  const named = economy.publish({ ...tier.value, named: true });
  const forNamed = apply(applicant, named, auditors, entropy);
  expect(outcome(forNamed, { tier: named })).toBe('issued');
  const { naming } = forNamed.request.value;
  expect(outcome(rewritten({ naming }))).toBe('tier');
  const zero = { secret: new Uint8Array(32), points: naming!.points };
  const rewrittenNamed = rewritten({ tier: named.id, naming: zero });
  expect(outcome(rewrittenNamed, { tier: named })).toBe('scalar');
});

test('a bank can be asked for its books: world and issuer agree on who is certified', () => {
  const again = () => economy.fund(device, { tier, from: 100, budget: [3_000], identity: 0 });
  expect(again().certificate.id).not.toEqual(again().certificate.id);
  expect((world as World).payer.certificate.value.revocation).not.toBeNull();
});

test('a stuck generator repeats no escrow randomness over two seeds', () => {
  const stuck = (length: number) => new Uint8Array(length);
  const ephemerals = [entropy(32), entropy(32)].map(
    other => apply({ ...applicant, seed: other }, tier, auditors, stuck).request.value.escrow.ephemeral,
  );
  expect(ephemerals[0]).not.toEqual(ephemerals[1]);
  const purseKey = suite1.signature.publicKey(purseSecret(suite1, seed));
  const subject = { purseKey, auditorsKey: auditors.value.key, device: device.certificate.id };
  const predicted = sealIdentity(suite1, subject, stuck).escrow.ephemeral;
  expect(apply(applicant, tier, auditors, stuck).request.value.escrow.ephemeral).not.toEqual(predicted);
});
