/** A purse from its own side: what its seed gives, where it stands, the idle proof, and the next claim.
 *
 * 1. An idle proof is made again from the seed, byte for byte. (test/circuits/purse.remake.test.ts)
 * 2. Two statements never share a blinding, even where two purses share a seed. (test/circuits/purse.remake.test.ts)
 */
import { concat, none, u32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Purse } from '../message/certificate.ts';
import type { Verified } from '../message/chain.ts';
import { identify, type Signed } from '../message/cose.ts';
import { version } from '../message/message.ts';
import type { Claim, Request } from '../message/payment.ts';
import type { Tier } from '../policy/tier.ts';
import { label, derive as labels } from './label.ts';
import type { Point, Scalar, Suite } from './port.ts';
import { derive, deriveScalars } from './prf.ts';
import { proveRange } from './range.prove.ts';
import { type RangeParameters, type RangeStatement, randomnessCount, rangeParameters } from './range.ts';
import { encodeScalar, mod } from './scalar.ts';
import { payeeTag } from './tag.ts';

/** What both sides know of a purse. */
export interface PurseView {
  readonly suite: Suite;
  readonly certificate: Verified<Purse>;
  readonly tier: Tier;
}

/** Where a purse stands after its last claim: T, its blinding, and the public C_T. */
export interface Position {
  readonly ordinal: number;
  readonly slots: number;
  readonly spent: number;
  readonly blinding: Scalar;
  readonly before: Uint8Array;
  readonly previous: Uint8Array;
}

/** Nothing spent: the identity, and no claim before. */
export const untouched: Position = {
  ordinal: 0,
  slots: 0,
  spent: 0,
  blinding: 0n,
  before: new Uint8Array(32),
  previous: new Uint8Array(32),
};

export function purseSecret(suite: Suite, seed: Uint8Array): Uint8Array {
  return derive(suite.hash, seed, { label: labels.purseKey, context: none }, 32);
}

/** Blindings of the two lanes and of the revocation identity. The issuer learns them, nobody else. */
export function commitmentBlindings(suite: Suite, seed: Uint8Array): [Scalar, Scalar, Scalar] {
  return deriveScalars(suite.hash, seed, { label: labels.commitments, context: none }, 3) as [
    Scalar,
    Scalar,
    Scalar,
  ];
}

/** A fresh delta, hedged: seed, request and noise. */
export function freshDelta(
  suite: Suite,
  seed: Uint8Array,
  request: Uint8Array,
  noise: Uint8Array,
): Uint8Array {
  const name = { label: labels.delta, context: concat(request, noise) };
  return encodeScalar(deriveScalars(suite.hash, seed, name, 1)[0]!);
}

/** The statement of an idle proof: M (+ Rcap) - T - theta lies in [0, 2^bits), for each lane. */
export interface IdleStatement {
  readonly parameters: RangeParameters;
  readonly statement: RangeStatement;
}

export function idleStatement(
  view: PurseView,
  at: Pick<Claim, 'ordinal' | 'before' | 'theta'>,
): IdleStatement {
  const { suite, certificate, tier } = view;
  const { group } = suite;
  const lanes = certificate.value.commitments.length;
  if (lanes !== tier.lanes)
    throw new Fault('tier', `${lanes} lanes in the certificate, ${tier.lanes} in the tier`);
  const before = group.decode(at.before);
  const received = certificate.value.respend ? tier.respendMax : 0;
  const shift = group.multiScalar([mod(BigInt(received - at.theta)), mod(-1n)], [suite.valueBase, before]);
  const commitments = certificate.value.commitments.map(bytes => group.add(group.decode(bytes), shift));
  const context = concat(
    label.idle,
    Uint8Array.of(version, suite.id),
    certificate.id,
    Uint8Array.of(tier.bits, lanes),
    u32(at.ordinal),
    at.before,
    u32(at.theta),
  );
  return { parameters: rangeParameters(suite, tier.bits, lanes), statement: { commitments, context } };
}

/** Blindings of a proof: a PRF of the seed and of the whole statement, commitments included. */
export function statementRandomness(
  suite: Suite,
  seed: Uint8Array,
  { parameters, statement }: { parameters: RangeParameters; statement: RangeStatement },
): Scalar[] {
  const encoded = statement.commitments.map((point: Point) => suite.group.encode(point));
  const context = suite.digest(concat(statement.context ?? none, ...encoded));
  const count = randomnessCount(parameters.bits * parameters.lanes);
  return deriveScalars(suite.hash, seed, { label: labels.range, context }, count);
}

/** Made before the tap. The budget holds one value a lane: M, or budget and cap apart. */
export function proveIdle(
  view: PurseView,
  secrets: { readonly seed: Uint8Array; readonly budget: readonly number[] },
  position: Position,
  theta: number,
): Uint8Array {
  const { certificate, tier, suite } = view;
  const idle = idleStatement(view, { ...position, theta });
  const received = certificate.value.respend ? tier.respendMax : 0;
  const blindings = commitmentBlindings(suite, secrets.seed);
  const lanes = secrets.budget.slice(0, tier.lanes);
  return proveRange(idle.parameters, idle.statement, {
    values: lanes.map(value => BigInt(value + received - position.spent - theta)),
    blindings: lanes.map((_, lane) => mod(blindings[lane]! - position.blinding)),
    randomness: statementRandomness(suite, secrets.seed, idle),
  });
}

/** What a payer adds to a request to answer it. */
export interface Answer {
  readonly request: Signed<Request>;
  readonly slots: number;
  readonly theta: number;
  readonly delta: Uint8Array;
  readonly proof: Uint8Array;
}

export function proofHash(suite: Suite, proof: Uint8Array): Uint8Array {
  return suite.digest(concat(label.proofHash, proof));
}

/** The claim that answers a request from this position. */
export function claimFor(view: PurseView, position: Position, answer: Answer): Claim {
  const { suite, certificate } = view;
  const { request } = answer;
  return {
    suite: suite.id,
    certificate: certificate.id,
    ordinal: position.ordinal,
    slots: answer.slots,
    amount: request.value.amount,
    payee: payeeTag(suite, request.value.payee, request.value.salt),
    request: identify(suite, request),
    previous: position.previous,
    before: position.before,
    delta: answer.delta,
    theta: answer.theta,
    proof: proofHash(suite, answer.proof),
  };
}
