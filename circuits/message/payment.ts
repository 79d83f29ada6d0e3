/** What two devices say at a tap: request, claim, payment, receipt, refusal; and vouchers of a channel. */
import { id, point, scalar } from './certificate.ts';
import { kinds, message } from './message.ts';
import { bytes, bytesBetween, flag, type Infer, list, optional, record, small, u32 } from './schema.ts';

/** Asks for price x units. Signed by the payee's purse. Without a number it only challenges a re-emission. */
export const request = message(kinds.request, 256, {
  payee: id,
  number: optional(u32),
  price: u32,
  units: u32,
  amount: u32,
  /** Least identity and assurance level that the payee takes. */
  identity: small(2),
  assurance: small(1),
  versions: list(small(23, 1), 4, 1),
  suites: list(small(23, 1), 4, 1),
  /** True asks for non-revocation in zero knowledge instead of a look into the list. */
  hidden: flag,
  metadata: bytesBetween(0, 32),
  ttl: u32,
  session: bytes(32),
  /** Keeps the payee out of reach of whoever sees only the claim: 128 bits that only the two sides know. */
  salt: bytes(16),
});

/** The payment itself: journaled, uploaded and kept. Signed by the payer's purse. */
export const claim = message(kinds.claim, 280, {
  certificate: id,
  ordinal: u32,
  slots: u32,
  amount: u32,
  /** Digest of payee and salt: a claim alone does not say who was paid. */
  payee: id,
  request: id,
  previous: id,
  before: point,
  delta: scalar,
  theta: u32,
  proof: id,
});

/** What the payer shows beside the claim. */
export const payment = message(kinds.payment, 4_096, {
  certificate: optional(bytesBetween(1, 1_300)),
  request: optional(bytesBetween(1, 340)),
  claim: bytesBetween(1, 350),
  proof: bytesBetween(0, 576),
  standing: optional(record({ gap: bytesBetween(1, 200), proof: bytes(576) })),
  naming: list(scalar, 16),
});

export const mode = { offline: 0, online: 1 } as const;

/** Says that the claim was booked. The credited sum stands in it as a salted digest, so that it can be shown without. */
export const receipt = message(kinds.receipt, 96, { claim: id, credited: id, mode: small(1) });

/** Final: the payee will never book this claim. The reason is a fault code. */
export const refusal = message(kinds.refusal, 64, { claim: id, reason: u32 });

/** A channel's running total: it rises by exactly price x units. An anchor reserves its maximum for streaming. */
export const voucher = message(kinds.voucher, 128, {
  certificate: id,
  sequence: u32,
  units: u32,
  price: u32,
  total: u32,
  anchor: optional(record({ tip: bytes(32), ticks: u32, price: u32 })),
});

export type Request = Infer<typeof request>;
export type Claim = Infer<typeof claim>;
export type Payment = Infer<typeof payment>;
export type Receipt = Infer<typeof receipt>;
export type Refusal = Infer<typeof refusal>;
export type Voucher = Infer<typeof voucher>;
