/** An intermediary issues a purse: checks the application, then certifies key, hidden budget and escrow.
 *
 * 1. One certificate per key. (test/circuits/issuer.application.test.ts)
 * 2. The escrow is bound to the key and holds this device. (test/circuits/issuer.application.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import {
  type Auditors,
  type Factory,
  type Intermediary,
  type Naming,
  type Purse,
  purse as purseShape,
} from '../message/certificate.ts';
import { type Trust, type Verified, verifyPurse } from '../message/chain.ts';
import { identify, sign, verify } from '../message/cose.ts';
import type { PurseRequest } from '../message/sync.ts';
import { classFor, type Tier } from '../policy/tier.ts';
import { commit } from '../proof/commitment.ts';
import { verifyEscrow, verifyEscrowIdentity } from '../proof/escrow.ts';
import { sealNamed } from '../proof/naming.ts';
import type { Suite } from '../proof/port.ts';
import { parseScalar } from '../proof/scalar.ts';
import type { Application } from './application.ts';

/** The bank's side: its certificate and key, the auditors, and the keys that it has certified. */
export interface Issuer {
  readonly trust: Trust;
  readonly certificate: Verified<Intermediary>;
  readonly auditors: Verified<Auditors>;
  readonly secret: Uint8Array;
  readonly isCertified: (key: Uint8Array) => boolean;
}

/** What the bank grants. The form of the budget is the tier's and the grant's: committed, pinned or one-show. */
export interface Grant {
  readonly tier: Verified<Tier>;
  readonly device: Verified<Factory>;
  readonly from: number;
  /** M, or budget and cap apart, one value a lane. */
  readonly budget: readonly number[];
  /** Number by which the revocation list knows the purse in zero knowledge; 0 for none. */
  readonly identity: number;
  readonly pinned?: Purse['pinned'];
  readonly oneShow?: number;
}

/** M + Rcap stays below 2^bits, so that the range proof cannot wrap around. */
function checkBudget({ tier, budget }: Grant): void {
  const { bits, lanes, respendMax } = tier.value;
  if (budget.length !== lanes) throw new Fault('tier', 'one budget for each lane');
  if (budget.some(value => value + respendMax >= 2 ** bits))
    throw new Fault('tier', 'a budget beyond the range proof');
}

function checkApplication(issuer: Issuer, grant: Grant, { request, attestation }: Application): void {
  const { suite } = issuer.trust;
  const { value } = request;
  if (!suite.signature.isCertifiable(value.key))
    throw new Fault('key', 'the purse key is not of prime order');
  if (issuer.isCertified(value.key)) throw new Fault('key', 'this key has a certificate');
  verify(suite, value.key, request);
  if (!equal(value.device, grant.device.id))
    throw new Fault('escrow', 'the application names another device');
  if (!equal(value.tier, grant.tier.id)) throw new Fault('tier', 'the application is for another tier');
  checkBudget(grant);
  const vouched = attestation.value;
  if (!equal(vouched.key, value.key) || !equal(vouched.request, identify(suite, request)))
    throw new Fault('escrow', 'the device key vouches for another application');
  verify(suite, grant.device.value.key, attestation);
  const subject = { purseKey: value.key, auditorsKey: issuer.auditors.value.key, device: grant.device.id };
  verifyEscrow(suite, subject, value.escrow);
  verifyEscrowIdentity(suite, subject, { escrow: value.escrow, identity: value.identity });
}

function namingOf(suite: Suite, grant: Grant, request: PurseRequest): Naming | null {
  if (grant.tier.value.named !== (request.naming !== null))
    throw new Fault('tier', 'naming is for named tiers');
  if (!request.naming || grant.pinned) return null;
  const secret = parseScalar(request.naming.secret);
  const { points } = request.naming;
  if (secret === 0n) throw new Fault('scalar', 'a naming key of zero');
  return {
    key: suite.group.encode(suite.group.multiply(suite.group.base, secret)),
    points: grant.oneShow === undefined ? points : [points[grant.oneShow]!],
    identity: sealNamed(suite, secret, grant.device.id),
  };
}

function commitmentsOf(suite: Suite, grant: Grant, blindings: readonly Uint8Array[]): Uint8Array[] {
  if (grant.pinned || grant.oneShow !== undefined) return [];
  return grant.budget.map((value, lane) =>
    suite.group.encode(commit(suite, BigInt(value), parseScalar(blindings[lane]!))),
  );
}

function revocationOf(suite: Suite, grant: Grant, blindings: readonly Uint8Array[]): Uint8Array | null {
  if (grant.identity === 0) return null;
  return suite.group.encode(commit(suite, BigInt(grant.identity), parseScalar(blindings[2]!)));
}

/** The certificate for an application, or the fault for which it is refused. */
export function issuePurse(
  issuer: Issuer,
  grant: Grant,
  application: Application,
  noise: Uint8Array,
): Verified<Purse> {
  checkApplication(issuer, grant, application);
  const { suite } = issuer.trust;
  const { value } = application.request;
  const tier = grant.tier.value;
  const certificate: Purse = {
    suite: suite.id,
    key: value.key,
    issuer: issuer.certificate.id,
    from: grant.from,
    until: grant.from + tier.life,
    tier: grant.tier.id,
    class: grant.pinned ? 0 : classFor(tier, Math.min(...grant.budget)),
    commitments: commitmentsOf(suite, grant, value.blindings),
    respend: tier.respendMax > 0 && !grant.pinned && grant.oneShow === undefined,
    escrow: value.escrow,
    pinned: grant.pinned ?? null,
    oneShow: grant.oneShow ?? null,
    revocation: revocationOf(suite, grant, value.blindings),
    naming: namingOf(suite, grant, value),
  };
  const signed = sign(suite, purseShape, certificate, { secret: issuer.secret, noise });
  return verifyPurse(issuer.trust, issuer.certificate, signed);
}
