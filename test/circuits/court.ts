/** The ground of opening tests: a root, a bank, five auditors with their authority, devices and their purses. */
import {
  answerOrder,
  type Case,
  caseOf,
  type Defence,
  type LogEntry,
  makeOpening,
  type OpeningLog,
  openLog,
  record,
} from '#circuits/issue/opening.ts';
import type { Auditors, Escrow, Factory, Intermediary, Purse } from '#circuits/message/certificate.ts';
import * as shapes from '#circuits/message/certificate.ts';
import {
  openTrust,
  type Trust,
  type Verified,
  verifyAuditors,
  verifyFactory,
  verifyIntermediary,
} from '#circuits/message/chain.ts';
import { identify, type Signed } from '#circuits/message/cose.ts';
import { attestation, type Order, order, purseRequest } from '#circuits/message/sync.ts';
import type { DecryptionShare } from '#circuits/proof/decryption.ts';
import { sealIdentity } from '#circuits/proof/escrow.ts';
import type { Entropy, Suite } from '#circuits/proof/port.ts';
import { type KeyShare, makeSharedKey, type SharedKey } from '#circuits/proof/sharing.ts';
import { draw, entropyOf, Party } from './sample.ts';

export interface TestDevice {
  readonly party: Party;
  readonly factory: Verified<Factory>;
}

/** A purse, its key, and what the device told the bank. */
interface TestPurse {
  readonly holder: Party;
  readonly certificate: Signed<Purse>;
  readonly kept: Defence;
}

const span = { from: 0, until: 9_000 };

export class Court {
  readonly suite: Suite;
  readonly some: ReturnType<typeof draw>;
  readonly entropy: Entropy;
  readonly trust: Trust;
  readonly bank: Party;
  readonly authority: Party;
  readonly intermediary: Verified<Intermediary>;
  readonly auditors: Verified<Auditors>;
  readonly shares: readonly KeyShare[];
  readonly emptyLog: OpeningLog;
  readonly #root: Party;
  readonly #seed: string;

  constructor(suite: Suite, seed: string) {
    this.suite = suite;
    this.#seed = `${seed} ${suite.id}`;
    this.some = draw(suite, this.#seed);
    this.entropy = entropyOf(`${this.#seed} entropy`);
    this.#root = this.party('root');
    this.bank = this.party('bank');
    this.authority = this.party('authority');
    const own = { ...span, suite: suite.id, key: this.#root.key, issuer: new Uint8Array(32), name: 'root' };
    this.trust = openTrust(suite, this.#root.sign(shapes.root, own).bytes);
    this.intermediary = verifyIntermediary(this.trust, this.bankOf(this.bank.key));
    const { shared, shares } = makeSharedKey(suite, { threshold: 3, count: 5 }, this.entropy);
    this.shares = shares;
    this.auditors = this.auditorsOf(shared);
    this.emptyLog = openLog(this.trust, this.auditors);
  }

  party(name: string): Party {
    return new Party(this.suite, `${this.#seed} ${name}`);
  }

  #under() {
    return { ...span, suite: this.suite.id, issuer: this.trust.root.id };
  }

  bankOf(key: Uint8Array): Signed<Intermediary> {
    return this.#root.sign(shapes.intermediary, { ...this.#under(), key, name: 'bank', shard: 1 });
  }

  auditorsOf({ threshold, key, shares }: SharedKey): Verified<Auditors> {
    const terms = { authority: this.authority.key, threshold, key, shares: [...shares] };
    return verifyAuditors(this.trust, this.#root.sign(shapes.auditors, { ...this.#under(), ...terms }));
  }

  makeDevice(name: string): TestDevice {
    const party = this.party(name);
    const { bytes } = this.some;
    const made = { chip: bytes(8), board: 'emulated', firmware: bytes(32), lot: bytes(16) };
    const value = { ...span, suite: this.suite.id, issuer: this.intermediary.id, key: party.key, ...made };
    const factory = verifyFactory(this.trust, this.intermediary, this.bank.sign(shapes.factory, value));
    return { party, factory };
  }

  /** A certificate over any escrow: whatever a bank can do that checks nothing. */
  certify(holder: Party, escrow: Escrow, tier: Uint8Array, by = this.bank): Signed<Purse> {
    return by.sign(shapes.purse, {
      ...span,
      suite: this.suite.id,
      key: holder.key,
      issuer: this.intermediary.id,
      tier,
      class: 0,
      commitments: [this.some.point()],
      respend: false,
      escrow,
      pinned: null,
      oneShow: null,
      revocation: null,
      naming: null,
    });
  }

  seal(holder: Party, device: TestDevice) {
    const subject = {
      purseKey: holder.key,
      auditorsKey: this.auditors.value.key,
      device: device.factory.id,
    };
    return sealIdentity(this.suite, subject, this.entropy);
  }

  /** An honest device applies, an honest bank certifies. */
  makePurse(device: TestDevice, name: string): TestPurse {
    const holder = this.party(`purse ${name}`);
    const { escrow, identity } = this.seal(holder, device);
    const tier = this.some.bytes(32);
    const request = holder.sign(purseRequest, {
      suite: this.suite.id,
      key: holder.key,
      device: device.factory.id,
      tier,
      escrow,
      identity,
      blindings: this.some.many(3, this.some.scalar),
      naming: null,
    });
    const word = { suite: this.suite.id, key: holder.key, request: identify(this.suite, request) };
    const kept = { device: device.factory, request, attestation: device.party.sign(attestation, word) };
    return { holder, certificate: this.certify(holder, escrow, tier), kept };
  }

  orderFor(log: OpeningLog, purse: Uint8Array, change: Partial<Order> = {}, by = this.authority) {
    const place = { sequence: log.sequence, previous: log.head, auditors: log.auditors.id };
    return by.sign(order, { suite: this.suite.id, purse, ...place, reason: 'case 7', ...change });
  }

  entryOf(signed: Signed<Order>, purse: Signed<Purse>): LogEntry {
    return { order: signed.bytes, intermediary: this.intermediary.bytes, purse: purse.bytes };
  }

  /** An order for this purse, recorded. */
  ask(log: OpeningLog, purse: Signed<Purse>): { orderId: Uint8Array; log: OpeningLog } {
    const signed = this.orderFor(log, identify(this.suite, purse));
    const recorded = record(this.trust, log, this.entryOf(signed, purse));
    return { orderId: identify(this.suite, signed), log: recorded };
  }

  answers(log: OpeningLog, orderId: Uint8Array, indices: readonly number[]): DecryptionShare[] {
    return indices.map(index => {
      const auditor = { share: this.shares[index - 1]!, noise: this.entropy(32) };
      return answerOrder(this.suite, log, orderId, auditor);
    });
  }

  /** Order, answers of auditors 2, 4 and 5, opening: all recorded in a log of its own. */
  openPurse(purse: Signed<Purse>): Case {
    const { log, orderId } = this.ask(this.emptyLog, purse);
    const opening = makeOpening(this.suite, log, orderId, this.answers(log, orderId, [2, 4, 5]));
    return caseOf(record(this.trust, log, opening), orderId);
  }
}
