/** Tier option `named`: who uses a slot twice names itself, without auditors.
 *
 * For each slot a claim adds tau = rho + k*x, k a hash of the claim. Two of them under one rho give
 * x = (tau1 - tau2) / (k1 - k2), and x opens the identity that the certificate holds. x signs nothing: no money follows from it.
 */
import { concat, none } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Naming, Purse } from '../message/certificate.ts';
import type { Signed } from '../message/cose.ts';
import type { Claim } from '../message/payment.ts';
import { slotsOf } from '../policy/tier.ts';
import { label, derive as labels } from './label.ts';
import type { Scalar, Suite } from './port.ts';
import { deriveScalars } from './prf.ts';
import { encodeScalar, invert, mod, parseScalar, reduceScalar } from './scalar.ts';

export interface NamingSecrets {
  readonly key: Scalar;
  readonly nonces: readonly Scalar[];
}

const slotsMax = 16;

/** x, and one rho for each slot: PRF of seed, X and slot. */
export function namingSecrets(suite: Suite, seed: Uint8Array): NamingSecrets {
  const key = deriveScalars(suite.hash, seed, { label: labels.namingKey, context: none }, 1)[0]!;
  const context = suite.group.encode(suite.group.multiply(suite.group.base, key));
  return { key, nonces: deriveScalars(suite.hash, seed, { label: labels.namingNonce, context }, slotsMax) };
}

export function namingPoints(suite: Suite, secrets: NamingSecrets): Uint8Array[] {
  return secrets.nonces.map(nonce => suite.group.encode(suite.group.multiply(suite.group.base, nonce)));
}

/** The identity under a key that only x gives. XOR with a hash: each x seals one identity, once. */
export function sealNamed(suite: Suite, key: Scalar, identity: Uint8Array): Uint8Array {
  const pad = suite.hash.shake256(concat(label.namingIdentity, encodeScalar(key)), identity.length);
  return pad.map((byte, i) => byte ^ identity[i]!);
}

function challenge(suite: Suite, claim: Signed<Claim>): Scalar {
  return reduceScalar(suite.hash.shake256(concat(label.namingChallenge, claim.payload), 64));
}

/** The rho*B of a slot: a one-show certificate has only its own. */
function pointOf(certificate: Purse, naming: Naming, slot: number): Uint8Array {
  const point = naming.points[certificate.oneShow === null ? slot : 0];
  if (!point) throw new Fault('slots', `slot ${slot} has no point`);
  return point;
}

/** One tau for each slot that the claim names, lowest slot first. */
export function revealNaming(suite: Suite, secrets: NamingSecrets, claim: Signed<Claim>): Uint8Array[] {
  const k = challenge(suite, claim);
  return slotsOf(claim.value.slots).map(slot => encodeScalar(mod(secrets.nonces[slot]! + k * secrets.key)));
}

export function verifyNaming(suite: Suite, certificate: Purse, { claim, taus }: NamedClaim): void {
  const { group } = suite;
  const { naming } = certificate;
  const slots = slotsOf(claim.value.slots);
  if (taus.length !== (naming ? slots.length : 0)) throw new Fault('naming', `${taus.length} answers`);
  if (!naming) return;
  const k = challenge(suite, claim);
  const key = group.decode(naming.key);
  for (const [i, slot] of slots.entries()) {
    const point = group.decode(pointOf(certificate, naming, slot));
    const sum = group.multiScalar([mod(-parseScalar(taus[i]!)), k, 1n], [group.base, key, point]);
    if (!group.equals(sum, group.identity))
      throw new Fault('naming', `the answer of slot ${slot} does not hold`);
  }
}

/** A claim with the answers shown beside it. */
export interface NamedClaim {
  readonly claim: Signed<Claim>;
  readonly taus: readonly Uint8Array[];
}

/** The identity of whoever answered one slot in two different claims. */
export function nameCulprit(
  suite: Suite,
  certificate: Purse,
  first: NamedClaim,
  second: NamedClaim,
): Uint8Array {
  if (!certificate.naming) throw new Fault('evidence', 'the certificate names nobody');
  for (const named of [first, second]) verifyNaming(suite, certificate, named);
  const [ours, theirs] = [slotsOf(first.claim.value.slots), slotsOf(second.claim.value.slots)];
  const shared = ours.find(slot => theirs.includes(slot));
  const difference = mod(challenge(suite, first.claim) - challenge(suite, second.claim));
  if (shared === undefined || difference === 0n) throw new Fault('evidence', 'no slot was used twice');
  const [one, other] = [first.taus[ours.indexOf(shared)]!, second.taus[theirs.indexOf(shared)]!];
  const key = mod((parseScalar(one) - parseScalar(other)) * invert(difference));
  return sealNamed(suite, key, certificate.naming.identity);
}
