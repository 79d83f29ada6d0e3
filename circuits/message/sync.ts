/** What devices, service and auditors say: reports, statements, closes, beacons, evidence, orders, purse requests. */
import { escrow, id, point, scalar } from './certificate.ts';
import { kinds, message } from './message.ts';
import { bytes, bytesBetween, flag, type Infer, list, optional, record, small, text, u32 } from './schema.ts';

const signedClaim = bytesBetween(1, 350);
const signedRequest = bytesBetween(1, 340);
const signedCertificate = bytesBetween(1, 1_300);

/** Claims out and in, and refusals, since the last acknowledgement. Never moves budget. Signed by the purse. */
export const report = message(kinds.report, 131_072, {
  purse: id,
  sequence: u32,
  sent: list(record({ claim: signedClaim, request: signedRequest }), 64),
  received: list(
    record({ claim: signedClaim, request: signedRequest, certificate: optional(signedCertificate) }),
    64,
  ),
  refusals: list(bytesBetween(1, 160), 64),
});

export const settled = { booked: 0, returned: 1, waiting: 2, paidPerhapsNotServed: 3, unknown: 4 } as const;

/** The service's answer to one report or close: the same bytes for the same question. Signed by the intermediary. */
export const statement = message(kinds.statement, 16_384, {
  purse: id,
  answers: id,
  epoch: u32,
  policy: u32,
  frozen: flag,
  settled: list(record({ claim: id, state: small(4) }), 128),
  next: optional(record({ certificate: signedCertificate, budget: u32 })),
});

/** Ends a purse for ever. Without an opening it comes from a stale image: it opens nothing and calls no slot unused. */
export const close = message(kinds.close, 384, {
  purse: id,
  slots: u32,
  opening: optional(record({ spent: u32, blinding: scalar })),
  requests: bytesBetween(0, 128),
  floor: u32,
  nextKey: bytes(32),
  nonce: bytes(16),
});

/** The day's word: epoch, policy, auditors, and one complete shard of the revocation list. Signed by a day key. */
export const beacon = message(kinds.beacon, 1_280, {
  issuer: id,
  generation: u32,
  epoch: u32,
  time: u32,
  policy: u32,
  auditors: id,
  shard: u32,
  list: bytesBetween(0, 1_024),
});

/** Two neighbours of the sorted list of revoked identities, signed as a pair by a day key. */
export const gap = message(kinds.gap, 64, { issuer: id, generation: u32, epoch: u32, left: u32, right: u32 });

export const guilt = { reuse: 1, hidden: 2, fork: 3, overspent: 4 } as const;

/** A portable accusation: everything that a stranger needs who trusts only the root. Nobody need sign it. */
export const evidence = message(kinds.evidence, 16_384, {
  guilt: small(4, 1),
  intermediary: bytesBetween(1, 400),
  purse: signedCertificate,
  claims: list(signedClaim, 16, 1),
  close: optional(bytesBetween(1, 480)),
  overspent: optional(record({ tier: bytesBetween(1, 2_148), amount: u32, blinding: scalar })),
});

/** Tells the auditors to open one purse. Signed by their authority, and chained to the log's entry before it. */
export const order = message(kinds.order, 320, {
  purse: id,
  auditors: id,
  sequence: u32,
  previous: id,
  reason: text(96),
});

/** What auditors did under one order: their decryption shares, each with its proof. Chained into the same log as orders. */
export const opening = message(kinds.opening, 2_048, {
  order: id,
  sequence: u32,
  previous: id,
  shares: list(record({ index: small(16, 1), point, challenge: scalar, response: scalar }), 16, 1),
});

/** Asks for a purse certificate; signed by the new purse key. Goes to the issuer only. */
export const purseRequest = message(kinds.purseRequest, 1_200, {
  key: bytes(32),
  device: id,
  tier: id,
  escrow,
  /** Shows the issuer that the escrow holds this device's identity. */
  identity: record({ challenge: scalar, response: scalar }),
  blindings: list(scalar, 3, 3),
  naming: optional(record({ secret: scalar, points: list(point, 16, 1) })),
});

/** The device key's word for one purse request: without it an opened escrow counts against the issuer. */
export const attestation = message(kinds.attestation, 96, { key: bytes(32), request: id });

/** A receipt's amount without its payee, or its payee without its amount. */
export const disclosure = message(kinds.disclosure, 4_096, {
  part: small(1),
  intermediary: bytesBetween(1, 400),
  purse: signedCertificate,
  signed: bytesBetween(1, 350),
  statement: optional(bytesBetween(1, 1_024)),
});

export type Report = Infer<typeof report>;
export type Statement = Infer<typeof statement>;
export type Close = Infer<typeof close>;
export type Beacon = Infer<typeof beacon>;
export type Gap = Infer<typeof gap>;
export type Evidence = Infer<typeof evidence>;
export type Order = Infer<typeof order>;
export type Opening = Infer<typeof opening>;
export type PurseRequest = Infer<typeof purseRequest>;
export type Attestation = Infer<typeof attestation>;
export type Disclosure = Infer<typeof disclosure>;
