/** Opening an escrow: an order of the authority, the auditors' shares, and one append-only log of both.
 *
 * The log is a chain of messages: each order (signed) and each opening (its shares prove themselves) names the id of the
 * entry before it. An auditor folds the log itself and answers nothing that is not in it.
 *
 * 1. An order names one purse; its escrow is decrypted only inside that certificate, bound to its key.
 *    (test/circuits/opening.order.test.ts)
 * 2. No entry can be changed, left out, moved or put in twice. (test/circuits/opening.log.test.ts)
 * 3. The device is named only with its own key's word for this purse; otherwise the issuer is. (test/circuits/opening.verdict.test.ts)
 */
import { equal, toHex } from '../bytes.ts';
import { Fault } from '../fault.ts';
import {
  type Auditors,
  type Factory,
  intermediary as intermediaryShape,
  type Purse,
  purse as purseShape,
} from '../message/certificate.ts';
import { type Trust, type Verified, verifyIntermediary, verifyPurse } from '../message/chain.ts';
import { identify, open, verify } from '../message/cose.ts';
import { encode, parse } from '../message/message.ts';
import { type Order, opening as openingShape, order as orderShape } from '../message/sync.ts';
import { combineShares, type Decryption, type DecryptionShare, makeShare } from '../proof/decryption.ts';
import { deviceIdentity, openIdentity, verifyEscrow } from '../proof/escrow.ts';
import type { Suite } from '../proof/port.ts';
import { checkSharedKey, type KeyShare } from '../proof/sharing.ts';
import { holds } from '../proof/sigma.ts';
import type { Application } from './application.ts';

/** An order with the certificate that it names. All bytes are as they were sent. */
interface OrderEntry {
  readonly order: Uint8Array;
  readonly intermediary: Uint8Array;
  readonly purse: Uint8Array;
}

/** An order, or what auditors did under one. */
export type LogEntry = OrderEntry | { readonly opening: Uint8Array };

/** One order and what has come of it. */
export interface Case {
  readonly order: Order;
  readonly purse: Verified<Purse>;
  /** The point of the device that it names, once opened. */
  readonly identity: Uint8Array | null;
}

export interface OpeningLog {
  readonly auditors: Verified<Auditors>;
  /** Id of the last entry; zeros before the first. */
  readonly head: Uint8Array;
  readonly sequence: number;
  /** By the hex of the order's id. */
  readonly cases: ReadonlyMap<string, Case>;
}

export function openLog(trust: Trust, auditors: Verified<Auditors>): OpeningLog {
  checkSharedKey(trust.suite, auditors.value);
  return { auditors, head: new Uint8Array(32), sequence: 0, cases: new Map() };
}

export function caseOf(log: OpeningLog, orderId: Uint8Array): Case {
  const found = log.cases.get(toHex(orderId));
  if (!found) throw new Fault('order', 'not in the log');
  return found;
}

function checkPlace(log: OpeningLog, entry: { sequence: number; previous: Uint8Array }): void {
  if (entry.sequence !== log.sequence || !equal(entry.previous, log.head))
    throw new Fault('order', `does not follow entry ${log.sequence} of the log`);
}

function append(log: OpeningLog, id: Uint8Array, orderId: Uint8Array, changed: Case): OpeningLog {
  const cases = new Map(log.cases).set(toHex(orderId), changed);
  return { ...log, head: id, sequence: log.sequence + 1, cases };
}

function recordOrder(trust: Trust, log: OpeningLog, entry: OrderEntry): OpeningLog {
  const { suite } = trust;
  const { auditors } = log;
  const order = open(suite, orderShape, entry.order);
  verify(suite, auditors.value.authority, order);
  checkPlace(log, order.value);
  if (!equal(order.value.auditors, auditors.id)) throw new Fault('order', 'to other auditors');
  const intermediary = verifyIntermediary(trust, open(suite, intermediaryShape, entry.intermediary));
  const purse = verifyPurse(trust, intermediary, open(suite, purseShape, entry.purse));
  if (!equal(order.value.purse, purse.id)) throw new Fault('order', 'names another purse');
  const keys = { purseKey: purse.value.key, auditorsKey: auditors.value.key };
  verifyEscrow(suite, keys, purse.value.escrow);
  const id = identify(suite, order);
  return append(log, id, id, { order: order.value, purse, identity: null });
}

/** A share is for one order: it cannot be shown under another. */
function decryptionOf(log: OpeningLog, orderId: Uint8Array): Decryption {
  const { ephemeral } = caseOf(log, orderId).purse.value.escrow;
  return { auditors: log.auditors.value, ephemeral, context: orderId };
}

function recordOpening(suite: Suite, log: OpeningLog, payload: Uint8Array): OpeningLog {
  const value = parse(openingShape, payload);
  if (value.suite !== suite.id) throw new Fault('suite', 'an opening of another suite');
  checkPlace(log, value);
  const found = caseOf(log, value.order);
  if (found.identity) throw new Fault('order', 'opened before');
  const pad = combineShares(suite, decryptionOf(log, value.order), value.shares);
  const identity = openIdentity(suite, found.purse.value.escrow, pad);
  return append(log, suite.digest(payload), value.order, { ...found, identity });
}

/** The next state of the log. Everything in an entry is checked again by whoever folds it. */
export function record(trust: Trust, log: OpeningLog, entry: LogEntry): OpeningLog {
  return 'order' in entry ? recordOrder(trust, log, entry) : recordOpening(trust.suite, log, entry.opening);
}

/** One auditor's answer to an order that stands in its log. */
export function answerOrder(
  suite: Suite,
  log: OpeningLog,
  orderId: Uint8Array,
  auditor: { readonly share: KeyShare; readonly noise: Uint8Array },
): DecryptionShare {
  return makeShare(suite, decryptionOf(log, orderId), auditor.share, auditor.noise);
}

/** The entry that opens an order. Recording it gives the identity: nothing is opened that is not logged. */
export function makeOpening(
  suite: Suite,
  log: OpeningLog,
  orderId: Uint8Array,
  shares: readonly DecryptionShare[],
): LogEntry {
  const { head: previous, sequence } = log;
  const value = { suite: suite.id, order: orderId, sequence, previous, shares: [...shares] };
  return { opening: encode(openingShape, value) };
}

/** What an issuer keeps of each purse: the device's application and its factory certificate. */
export interface Defence extends Application {
  readonly device: Verified<Factory>;
}

export type Verdict =
  | { readonly named: 'device'; readonly device: Uint8Array }
  | { readonly named: 'issuer'; readonly issuer: Uint8Array; readonly reason: string };

/** Why the device's word is missing, if it is. */
function weaknessOf(suite: Suite, found: Case, defence: Defence): string | null {
  const { device, request, attestation } = defence;
  const { key, tier, escrow } = found.purse.value;
  const asked = request.value;
  if (!equal(suite.group.encode(deviceIdentity(suite, device.id)), found.identity!)) return 'another device';
  if (!equal(asked.key, key) || !equal(attestation.value.key, key)) return 'another key';
  if (!equal(asked.device, device.id) || !equal(asked.tier, tier))
    return 'another device or tier was asked for';
  if (!equal(asked.escrow.ephemeral, escrow.ephemeral) || !equal(asked.escrow.sealed, escrow.sealed))
    return 'another escrow';
  if (!equal(attestation.value.request, identify(suite, request))) return 'another request';
  const isSigned = holds(() => {
    verify(suite, key, request);
    verify(suite, device.value.key, attestation);
    return true;
  });
  return isSigned ? null : 'a signature that does not hold';
}

/** Whom an opened order names. An issuer that cannot show the device's word made the escrow itself, and is named. */
export function judge(suite: Suite, found: Case, defence: Defence | null): Verdict {
  if (!found.identity) throw new Fault('order', 'not opened yet');
  const reason = defence ? weaknessOf(suite, found, defence) : 'no application is shown';
  if (!reason) return { named: 'device', device: defence!.device.id };
  return { named: 'issuer', issuer: found.purse.value.issuer, reason };
}
