/** A device's application for a purse: made from its seed, signed by the new purse key and by the device key. */
import type { Auditors, Factory } from '../message/certificate.ts';
import type { Verified } from '../message/chain.ts';
import { identify, type Signed, sign } from '../message/cose.ts';
import {
  type Attestation,
  attestation as attestationShape,
  type PurseRequest,
  purseRequest as requestShape,
} from '../message/sync.ts';
import type { Tier } from '../policy/tier.ts';
import { sealIdentity } from '../proof/escrow.ts';
import { derive as labels } from '../proof/label.ts';
import { namingPoints, namingSecrets } from '../proof/naming.ts';
import type { Entropy, Suite } from '../proof/port.ts';
import { derive } from '../proof/prf.ts';
import { commitmentBlindings, purseSecret } from '../proof/purse.ts';
import { encodeScalar } from '../proof/scalar.ts';

export interface Application {
  readonly request: Signed<PurseRequest>;
  readonly attestation: Signed<Attestation>;
}

/** The device and the new seed that its purse comes from. */
export interface Applicant {
  readonly suite: Suite;
  readonly device: Verified<Factory>;
  readonly deviceSecret: Uint8Array;
  readonly seed: Uint8Array;
}

export function apply(
  applicant: Applicant,
  tier: Verified<Tier>,
  auditors: Verified<Auditors>,
  entropy: Entropy,
): Application {
  const { suite, device, seed, deviceSecret } = applicant;
  const secret = purseSecret(suite, seed);
  const key = suite.signature.publicKey(secret);
  const subject = { purseKey: key, auditorsKey: auditors.value.key, device: device.id };
  // Hedged by the seed: a predictable generator alone would give the escrow away.
  const hedged: Entropy = length =>
    derive(suite.hash, seed, { label: labels.application, context: entropy(32) }, length);
  const sealed = sealIdentity(suite, subject, hedged);
  const naming = tier.value.named ? namingSecrets(suite, seed) : null;
  const value: PurseRequest = {
    suite: suite.id,
    key,
    device: device.id,
    tier: tier.id,
    escrow: sealed.escrow,
    identity: sealed.identity,
    blindings: commitmentBlindings(suite, seed).map(encodeScalar),
    naming: naming && { secret: encodeScalar(naming.key), points: namingPoints(suite, naming) },
  };
  const request = sign(suite, requestShape, value, { secret, noise: entropy(32) });
  const word: Attestation = { suite: suite.id, key, request: identify(suite, request) };
  const attestation = sign(suite, attestationShape, word, { secret: deviceSecret, noise: entropy(32) });
  return { request, attestation };
}
