/** Tiers: limits as data, signed by the intermediary, the same for all its users. */
import { id } from '../message/certificate.ts';
import { kinds, message } from '../message/message.ts';
import { flag, type Infer, list, record, small, text, u32 } from '../message/schema.ts';

export const identityLevel = { anonymous: 0, pseudonymous: 1, identified: 2 } as const;
export const assuranceLevel = { bare: 0, element: 1 } as const;

/** Amounts are in units of 10^-exponent of the currency's major unit. */
export const tier = message(kinds.tier, 2_048, {
  issuer: id,
  name: text(16),
  currency: text(3),
  exponent: small(6),
  /** Bits of the range proof, 16 or 32; 1 or 2 lanes. */
  bits: u32,
  lanes: small(2, 1),
  /** Budget classes, rising, each with its ladder of slot caps. */
  classes: list(record({ budget: u32, caps: list(u32, 16, 1) }), 8, 1),
  minimum: u32,
  maximum: u32,
  /** Per payment where the payee lacks the fitting revocation shard. */
  unlisted: u32,
  holding: u32,
  /** Theta: the tier maximum first, falling. */
  steps: list(u32, 4, 1),
  /** Epochs: life of a purse, grace after it, allowed gap between two sides, and jump of a peer's beacon. */
  life: u32,
  grace: u32,
  gap: u32,
  jump: u32,
  /** Sum of a class's caps, at most this many percent of the class. */
  phiPercent: u32,
  /** Rcap: how much received money may be spent again within one purse; 0 without respend. */
  respendMax: u32,
  /** p: unexpired certificates per device. */
  pursesMax: small(16, 1),
  identity: small(2),
  assurance: small(1),
  named: flag,
  oneShow: flag,
  /** Payee classes that may be paid; empty for all. */
  payeeClasses: list(u32, 8),
});

export type Tier = Infer<typeof tier>;
