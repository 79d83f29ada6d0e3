/** Certificates: CWTs (RFC 8392) with the key in `cnf` (RFC 8747) and our fields under one private claim.
 *
 * {8: {1: {1: 1, -1: curve, -2: key}}, -65537: [kind, version, suite, issuer, from, until, ...]}
 * Epochs are the only clock a device has, so `exp` and `nbf` are left out: two clocks could disagree.
 *
 * 1. One map, in one order, with the curve of its suite. (test/circuits/certificate.cwt.test.ts)
 */
import { Fault } from '../fault.ts';
import { major, type Reader, type Writer } from './cbor.ts';
import { type Body, kinds, type Message, message } from './message.ts';
import {
  bytes,
  bytesBetween,
  flag,
  type Infer,
  list,
  optional,
  record,
  type Shape,
  small,
  text,
  u32,
} from './schema.ts';

const privateClaim = -65537;

/** COSE curve of the keys of each suite: Ed25519, and a private-use id for ristretto255. */
const curves: Record<number, number> = { 1: 6, 2: -65601 };

export const id = bytes(32);
export const point = bytes(32);
export const scalar = bytes(32);
const keyBytes = bytes(32);

type Fields = Record<string, Shape<never>>;

function writeKey(writer: Writer, suite: number, key: Uint8Array): void {
  const curve = curves[suite];
  if (curve === undefined) throw new Fault('suite', `no curve for suite ${suite}`);
  writer.head(major.map, 2);
  writer.integer(8);
  writer.head(major.map, 1);
  writer.integer(1);
  writer.head(major.map, 3);
  for (const part of [1, 1, -1, curve, -2]) writer.integer(part);
  keyBytes.write(writer, key);
  writer.integer(privateClaim);
}

function expect(reader: Reader, kind: number, argument: number): void {
  if (reader.head(kind) !== argument) throw new Fault('encoding', 'not the claims of a certificate');
}

function expectInteger(reader: Reader, value: number): void {
  if (reader.integer() !== value) throw new Fault('encoding', 'not the claims of a certificate');
}

function readKey(reader: Reader): { curve: number; key: Uint8Array } {
  expect(reader, major.map, 2);
  expectInteger(reader, 8);
  expect(reader, major.map, 1);
  expectInteger(reader, 1);
  expect(reader, major.map, 3);
  for (const part of [1, 1, -1]) expectInteger(reader, part);
  const curve = reader.integer();
  expectInteger(reader, -2);
  const key = keyBytes.read(reader);
  expectInteger(reader, privateClaim);
  return { curve, key };
}

/** What every certificate holds: its key, the id of its issuer's certificate, and its first and last epoch. */
const validity = { issuer: id, from: u32, until: u32 };
type Validity = { suite: number; key: Uint8Array; issuer: Uint8Array; from: number; until: number };
type Certified<F> = Validity & { [K in keyof F]: Infer<F[K]> };

function checkSpan(value: Pick<Validity, 'from' | 'until'>): void {
  if (value.until < value.from) throw new Fault('encoding', 'ends before it begins');
}

function certificate<F extends { [K in keyof F]: Shape<Infer<F[K]>> }>(
  kind: number,
  bytesMax: number,
  fields: F,
): Message<Certified<F>> {
  const body = message(kind, bytesMax, { ...validity, ...fields } as unknown as Fields);
  return {
    kind,
    bytesMax,
    write(writer, value) {
      checkSpan(value);
      writeKey(writer, value.suite, value.key);
      body.write(writer, value as unknown as Body<Fields>);
    },
    read(reader) {
      const { curve, key } = readKey(reader);
      const value = body.read(reader) as unknown as Validity;
      if (curves[value.suite] !== curve) throw new Fault('suite', `curve ${curve} in suite ${value.suite}`);
      checkSpan(value);
      return { ...value, key } as Certified<F>;
    },
  };
}

/** The central bank's root: its own issuer is all zeros. Its key may be a threshold key. */
export const root = certificate(kinds.root, 256, { name: text(32) });

/** Signs beacons and revocation gaps within its epochs. */
export const dayKey = certificate(kinds.dayKey, 256, { generation: u32 });

/** A bank of owners: signs tiers, purses and statements. Its purses are listed in its shard. */
export const intermediary = certificate(kinds.intermediary, 256, { name: text(32), shard: u32 });

/** A device as it left the line. Goes to the service only, never to a peer. */
export const factory = certificate(kinds.factory, 320, {
  chip: bytesBetween(4, 16),
  board: text(16),
  firmware: bytes(32),
  lot: bytes(16),
});

/** ElGamal of the device identity to the auditors, and a proof of knowledge bound to the purse key. */
export const escrow = record({ ephemeral: point, sealed: point, challenge: scalar, response: scalar });

/** The second key whose use in two payments of one slot names the device. */
export const naming = record({ key: point, points: list(point, 16, 1), identity: bytesBetween(1, 48) });

/** A sub-wallet: a key over a hidden budget. Budgets are commitments (one lane or two), unless it is pinned or one-show. */
export const purse = certificate(kinds.purse, 1_200, {
  tier: id,
  class: small(7),
  commitments: list(point, 2),
  respend: flag,
  escrow,
  pinned: optional(record({ payee: id, budget: u32 })),
  oneShow: optional(small(15)),
  revocation: optional(point),
  naming: optional(naming),
});

/** One hop of a device's ownership, signed by the former owner; its key is the new owner's, who signs an acceptance. */
export const hop = certificate(kinds.hop, 320, { device: id, sequence: u32 });
export const acceptance = message(kinds.acceptance, 64, { hop: id });

/** The auditors' threshold key, its shares' public points, and whose orders they follow. Signed by the root. */
export const auditors = message(kinds.auditors, 800, {
  issuer: id,
  from: u32,
  until: u32,
  /** Key that signs orders. */
  authority: bytes(32),
  threshold: small(16, 1),
  key: point,
  shares: list(point, 16, 1),
});

export type Root = Infer<typeof root>;
export type DayKey = Infer<typeof dayKey>;
export type Intermediary = Infer<typeof intermediary>;
export type Factory = Infer<typeof factory>;
export type Purse = Infer<typeof purse>;
export type Hop = Infer<typeof hop>;
export type Acceptance = Infer<typeof acceptance>;
export type Auditors = Infer<typeof auditors>;
export type Escrow = Infer<typeof escrow>;
export type Naming = Infer<typeof naming>;
