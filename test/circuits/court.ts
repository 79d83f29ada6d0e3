/** The ground of opening tests: a root, a bank, five auditors with their authority, devices and their purses. */

import {
  answerOrder,
  caseOf,
  type Defence,
  type LogEntry,
  makeOpening,
  type OpeningLog,
  openLog,
  record,
} from '#circuits/issue/opening.ts';
import type { Escrow, Factory, Intermediary, Purse } from '#circuits/message/certificate.ts';
import * as shapes from '#circuits/message/certificate.ts';
import {
  openTrust,
  type Verified,
  verifyAuditors,
  verifyFactory,
  verifyIntermediary,
  verifyPurse,
} from '#circuits/message/chain.ts';
import { identify, type Signed } from '#circuits/message/cose.ts';
import { attestation, type Order, order, type PurseRequest, purseRequest } from '#circuits/message/sync.ts';
import { sealIdentity } from '#circuits/proof/escrow.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { makeSharedKey } from '#circuits/proof/sharing.ts';
import { draw, entropyOf, Party } from './sample.ts';

export interface TestDevice {
  readonly party: Party;
  readonly factory: Verified<Factory>;
}

/** A purse, its key, and what the device told the bank. */
export interface TestPurse {
  readonly holder: Party;
  readonly certificate: Signed<Purse>;
  readonly kept: Defence;
}

export function openCourt(suite: Suite, seed: string) {
  const some = draw(suite, `${seed} ${suite.id}`);
  const entropy = entropyOf(`${seed} ${suite.id} entropy`);
  const party = (name: string) => new Party(suite, `${seed} ${suite.id} ${name}`);
  const [root, bank, authority] = [party('root'), party('bank'), party('authority')];
  const own = { suite: suite.id, from: 0, until: 9_000 };
  const zeros = new Uint8Array(32);
  const rootSigned = root.sign(shapes.root, { ...own, key: root.key, issuer: zeros, name: 'root' });
  const trust = openTrust(suite, rootSigned.bytes);
  const under = { ...own, issuer: trust.root.id };

  const bankOf = (name: string, key: Uint8Array): Signed<Intermediary> =>
    root.sign(shapes.intermediary, { ...under, key, name, shard: 1 });
  const intermediary = verifyIntermediary(trust, bankOf('bank', bank.key));

  function auditorsOf(ceremony: ReturnType<typeof makeSharedKey>) {
    const { threshold, key, shares } = ceremony.shared;
    const value = { ...under, authority: authority.key, threshold, key, shares: [...shares] };
    return verifyAuditors(trust, root.sign(shapes.auditors, value));
  }
  const ceremony = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
  const auditors = auditorsOf(ceremony);

  function makeDevice(name: string): TestDevice {
    const device = party(name);
    const value = { ...own, issuer: intermediary.id, key: device.key, chip: some.bytes(8) };
    const rest = { board: 'emulated', firmware: some.bytes(32), lot: some.bytes(16) };
    const signed = bank.sign(shapes.factory, { ...value, ...rest });
    return { party: device, factory: verifyFactory(trust, intermediary, signed) };
  }

  function certify(holder: Party, escrow: Escrow, tier: Uint8Array, by = bank, issuer = intermediary.id) {
    const value: Purse = {
      ...own,
      key: holder.key,
      issuer,
      tier,
      class: 0,
      commitments: [some.point()],
      respend: false,
      escrow,
      pinned: null,
      oneShow: null,
      revocation: null,
      naming: null,
    };
    return by.sign(shapes.purse, value);
  }

  /** An honest device applies, an honest bank certifies. */
  function makePurse(device: TestDevice, name: string): TestPurse {
    const holder = party(`purse ${name}`);
    const subject = { purseKey: holder.key, auditorsKey: auditors.value.key, device: device.factory.id };
    const sealed = sealIdentity(suite, subject, entropy);
    const tier = some.bytes(32);
    const asked: PurseRequest = {
      suite: suite.id,
      key: holder.key,
      device: device.factory.id,
      tier,
      escrow: sealed.escrow,
      identity: sealed.identity,
      blindings: some.many(3, some.scalar),
      naming: null,
    };
    const request = holder.sign(purseRequest, asked);
    const word = { suite: suite.id, key: holder.key, request: identify(suite, request) };
    const kept = { device: device.factory, request, attestation: device.party.sign(attestation, word) };
    return { holder, certificate: certify(holder, sealed.escrow, tier), kept };
  }

  function orderFor(log: OpeningLog, purse: Uint8Array, change: Partial<Order> = {}, by = authority) {
    const place = { sequence: log.sequence, previous: log.head };
    return by.sign(order, {
      suite: suite.id,
      purse,
      auditors: log.auditors.id,
      ...place,
      reason: 'case 7',
      ...change,
    });
  }

  function entryOf(signed: Signed<Order>, purse: Signed<Purse>): LogEntry {
    return { order: signed.bytes, intermediary: intermediary.bytes, purse: purse.bytes };
  }

  /** An order for this purse, recorded. */
  function ask(log: OpeningLog, purse: Signed<Purse>) {
    const signed = orderFor(log, identify(suite, purse));
    return { orderId: identify(suite, signed), log: record(trust, log, entryOf(signed, purse)) };
  }

  function answers(log: OpeningLog, orderId: Uint8Array, indices: readonly number[]) {
    return indices.map(index =>
      answerOrder(suite, log, orderId, { share: ceremony.shares[index - 1]!, noise: entropy(32) }),
    );
  }

  /** Order, answers of auditors 2, 4 and 5, opening: recorded. */
  function openPurse(log: OpeningLog, purse: Signed<Purse>) {
    const asked = ask(log, purse);
    const shares = answers(asked.log, asked.orderId, [2, 4, 5]);
    const opened = record(trust, asked.log, makeOpening(suite, asked.log, asked.orderId, shares));
    return { log: opened, found: caseOf(opened, asked.orderId) };
  }

  return {
    suite,
    some,
    entropy,
    party,
    trust,
    bank,
    bankOf,
    authority,
    intermediary,
    ceremony,
    auditors,
    auditorsOf,
    emptyLog: openLog(trust, auditors),
    makeDevice,
    certify,
    makePurse,
    orderFor,
    entryOf,
    ask,
    answers,
    openPurse,
    verifyPurse: (signed: Signed<Purse>) => verifyPurse(trust, intermediary, signed),
  };
}
export type Court = ReturnType<typeof openCourt>;
