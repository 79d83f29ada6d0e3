/** Sample messages of every kind, signed and linked, from one seed.
 *
 * Each kind comes at its fullest and, where anything may be absent or short, at its least.
 */
import * as c from '#circuits/message/certificate.ts';
import { identify, type Signed } from '#circuits/message/cose.ts';
import { encodeList, listSalt } from '#circuits/message/list.ts';
import { encode, type Message } from '#circuits/message/message.ts';
import * as payments from '#circuits/message/payment.ts';
import * as syncs from '#circuits/message/sync.ts';
import { type Tier, tier } from '#circuits/policy/tier.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { creditTag, payeeTag } from '#circuits/proof/tag.ts';
import { type Party, type World, world } from './sample.ts';

export interface Sample {
  /** Kind, and `least` for its shortest form. */
  readonly name: string;
  readonly shape: Message<unknown>;
  readonly value: unknown;
  readonly payload: Uint8Array;
  /** Absent for the kinds that nobody signs. */
  readonly signed?: Signed<unknown>;
  readonly key?: Uint8Array;
  readonly by?: Party;
}

function of<T>(name: string, shape: Message<T>, signed: Signed<T>, by: Party): Sample {
  const { value, payload } = signed;
  return { name, shape: shape as Message<unknown>, value, payload, signed, key: by.key, by };
}

function again<T>(name: string, shape: Message<T>, value: T, by: Party): Sample {
  return of(name, shape, by.sign(shape, value), by);
}

function unsigned<T>(name: string, shape: Message<T>, value: T): Sample {
  return { name, shape: shape as Message<unknown>, value, payload: encode(shape, value) };
}

function certificateSamples(w: World): Sample[] {
  const { who } = w;
  return [
    of('root', c.root, w.root, who.root),
    again('root.least', c.root, { ...w.root.value, until: 1, name: '' }, who.root),
    of('dayKey', c.dayKey, w.dayKey, who.root),
    of('intermediary', c.intermediary, w.intermediary, who.root),
    again('intermediary.least', c.intermediary, { ...w.intermediary.value, name: '' }, who.root),
    of('auditors', c.auditors, w.auditors, who.root),
    again(
      'auditors.least',
      c.auditors,
      { ...w.auditors.value, threshold: 1, shares: [w.some.point()] },
      who.root,
    ),
    of('tier', tier, w.tier, who.bank),
    again('tier.least', tier, leastTier(w.tier.value), who.bank),
    of('purse', c.purse, w.payer, who.bank),
    of('purse.least', c.purse, w.payee, who.bank),
    of('purse.oneShow', c.purse, w.oneShow, who.bank),
    of('purse.pinned', c.purse, w.channel, who.bank),
    of('factory', c.factory, w.factory, who.bank),
    again('factory.least', c.factory, { ...w.factory.value, chip: w.some.bytes(4), board: '' }, who.bank),
    of('hop', c.hop, w.transfers[1]!.hop, who.owner),
    of('acceptance', c.acceptance, w.transfers[1]!.acceptance, who.buyer),
  ];
}

function leastTier(full: Tier): Tier {
  const classes = [{ budget: 1, caps: [1] }];
  return { ...full, name: '', currency: '', classes, steps: [1], named: false, payeeClasses: [] };
}

/** One payment from request to receipt, whose ids and bytes follow from one another. */
export function exchange(w: World) {
  const { suite, some, who } = w;
  const own = { suite: suite.id };
  const request = who.payee.sign(payments.request, {
    ...own,
    payee: identify(suite, w.payee),
    number: 41,
    price: 120,
    units: 3,
    amount: 360,
    identity: 0,
    assurance: 0,
    versions: [1, 2],
    suites: [suite.id],
    hidden: true,
    metadata: some.bytes(32),
    ttl: 60,
    session: some.bytes(32),
    salt: some.bytes(16),
  });
  const claim = who.payer.sign(payments.claim, {
    ...own,
    certificate: identify(suite, w.payer),
    ordinal: 2,
    slots: 0b110,
    amount: 360,
    payee: payeeTag(suite, identify(suite, w.payee), request.value.salt),
    request: identify(suite, request),
    previous: some.bytes(32),
    before: some.point(),
    delta: some.scalar(),
    theta: 5_000,
    proof: some.bytes(32),
  });
  const receipt = who.payee.sign(payments.receipt, {
    ...own,
    claim: identify(suite, claim),
    credited: creditTag(suite, claim, 360),
    mode: payments.mode.online,
  });
  const refusal = who.payee.sign(payments.refusal, { ...own, claim: identify(suite, claim), reason: 16 });
  return { request, claim, receipt, refusal };
}

type Exchange = ReturnType<typeof exchange>;

function tapSamples(w: World, x: Exchange): Sample[] {
  const { some, who } = w;
  const { request, claim } = x;
  const least = {
    ...request.value,
    number: null,
    versions: [1],
    suites: [w.suite.id],
    metadata: some.bytes(0),
  };
  const standing = { gap: gapOf(w).bytes, proof: some.bytes(576) };
  const payment = { suite: w.suite.id, claim: claim.bytes, proof: some.bytes(448), naming: [] };
  const voucher = {
    suite: w.suite.id,
    certificate: identify(w.suite, w.channel),
    sequence: 3,
    units: 2,
    price: 50,
    total: 300,
    anchor: null,
  };
  return [
    of('request', payments.request, request, who.payee),
    again('request.least', payments.request, least, who.payee),
    of('claim', payments.claim, claim, who.payer),
    unsigned('payment', payments.payment, {
      ...payment,
      certificate: w.payer.bytes,
      request: request.bytes,
      standing,
      naming: some.many(4, some.scalar),
    }),
    unsigned('payment.least', payments.payment, {
      ...payment,
      certificate: null,
      request: null,
      proof: some.bytes(0),
      standing: null,
    }),
    of('receipt', payments.receipt, x.receipt, who.payee),
    of('refusal', payments.refusal, x.refusal, who.payee),
    again(
      'voucher',
      payments.voucher,
      { ...voucher, anchor: { tip: some.bytes(32), ticks: 600, price: 1 } },
      who.channel,
    ),
    again('voucher.least', payments.voucher, voucher, who.channel),
  ];
}

function gapOf(w: World): Signed<syncs.Gap> {
  const value = { suite: w.suite.id, issuer: identify(w.suite, w.dayKey), generation: 3, epoch: 100 };
  return w.who.day.sign(syncs.gap, { ...value, left: 1_000, right: 9_000_000 });
}

function daySamples(w: World): Sample[] {
  const { some, who } = w;
  const issuer = identify(w.suite, w.dayKey);
  const header = { suite: w.suite.id, issuer, generation: 3, epoch: 100, time: 1_800_000_000, shard: 7 };
  const revoked = some.many(12, () => some.bytes(32));
  const beacon = {
    ...header,
    policy: 5,
    auditors: identify(w.suite, w.auditors),
    list: encodeList(w.suite, listSalt(header), revoked),
  };
  const order = {
    suite: w.suite.id,
    purse: identify(w.suite, w.payer),
    auditors: identify(w.suite, w.auditors),
    sequence: 9,
    previous: some.bytes(32),
    reason: 'Court of Somewhere, file 12-345',
  };
  const opening = { suite: w.suite.id, order: some.bytes(32), sequence: 10, previous: some.bytes(32) };
  const share = () => ({
    index: some.number(1, 16),
    point: some.point(),
    challenge: some.scalar(),
    response: some.scalar(),
  });
  return [
    again('beacon', syncs.beacon, beacon, who.day),
    again('beacon.least', syncs.beacon, { ...beacon, list: some.bytes(0) }, who.day),
    of('gap', syncs.gap, gapOf(w), who.day),
    again('order', syncs.order, order, who.authority),
    again('order.least', syncs.order, { ...order, reason: '' }, who.authority),
    again('opening', syncs.opening, { ...opening, shares: some.many(3, share) }, who.authority),
    again('opening.least', syncs.opening, { ...opening, shares: [share()] }, who.authority),
  ];
}

function reportSamples(w: World, x: Exchange): Sample[] {
  const { some, who } = w;
  const own = { suite: w.suite.id, purse: identify(w.suite, w.payer) };
  const pair = { claim: x.claim.bytes, request: x.request.bytes };
  const report = {
    ...own,
    sequence: 4,
    sent: [pair],
    received: [
      { ...pair, certificate: w.payer.bytes },
      { ...pair, certificate: null },
    ],
    refusals: [x.refusal.bytes],
  };
  const statement = {
    ...own,
    answers: some.bytes(32),
    epoch: 101,
    policy: 5,
    frozen: true,
    settled: some.many(3, () => ({ claim: some.bytes(32), state: 3 })),
    next: { certificate: w.payee.bytes, budget: 2_000 },
  };
  const close = {
    ...own,
    slots: 0b1111,
    opening: { spent: 900, blinding: some.scalar() },
    requests: some.bytes(128),
    floor: 12,
    nextKey: who.payee.key,
    nonce: some.bytes(16),
  };
  return [
    again('report', syncs.report, report, who.payer),
    again('report.least', syncs.report, { ...report, sent: [], received: [], refusals: [] }, who.payer),
    again('statement', syncs.statement, statement, who.bank),
    again(
      'statement.least',
      syncs.statement,
      { ...statement, frozen: false, settled: [], next: null },
      who.bank,
    ),
    again('close', syncs.close, close, who.payer),
    again('close.least', syncs.close, { ...close, opening: null, requests: some.bytes(0) }, who.payer),
  ];
}

function accusationSamples(w: World, x: Exchange): Sample[] {
  const { some } = w;
  const files = { suite: w.suite.id, intermediary: w.intermediary.bytes, purse: w.payer.bytes };
  const close = w.who.payer.sign(syncs.close, {
    suite: w.suite.id,
    purse: identify(w.suite, w.payer),
    slots: 1,
    opening: null,
    requests: some.bytes(8),
    floor: 0,
    nextKey: w.who.payee.key,
    nonce: some.bytes(16),
  });
  return [
    unsigned('evidence', syncs.evidence, {
      ...files,
      guilt: syncs.guilt.overspent,
      claims: [x.claim.bytes, x.claim.bytes],
      close: close.bytes,
      overspent: { tier: w.tier.bytes, amount: 2_000, blinding: some.scalar() },
    }),
    unsigned('evidence.least', syncs.evidence, {
      ...files,
      guilt: syncs.guilt.reuse,
      claims: [x.claim.bytes],
      close: null,
      overspent: null,
    }),
    unsigned('disclosure', syncs.disclosure, {
      ...files,
      part: 1,
      signed: x.receipt.bytes,
      statement: some.bytes(72),
    }),
    unsigned('disclosure.least', syncs.disclosure, {
      ...files,
      part: 0,
      signed: x.receipt.bytes,
      statement: null,
    }),
  ];
}

function purseRequestSamples(w: World): Sample[] {
  const { some, who } = w;
  const full = {
    suite: w.suite.id,
    key: who.payer.key,
    device: identify(w.suite, w.factory),
    tier: identify(w.suite, w.tier),
    escrow: w.payer.value.escrow,
    identity: { challenge: some.scalar(), response: some.scalar() },
    blindings: some.many(3, some.scalar),
    naming: { secret: some.scalar(), points: some.many(4, some.point) },
  };
  const request = who.payer.sign(syncs.purseRequest, full);
  const attestation = { suite: w.suite.id, key: who.payer.key, request: identify(w.suite, request) };
  return [
    of('purseRequest', syncs.purseRequest, request, who.payer),
    again('purseRequest.least', syncs.purseRequest, { ...full, naming: null }, who.payer),
    again('attestation', syncs.attestation, attestation, who.device),
  ];
}

export function samples(suite: Suite, seed: string): Sample[] {
  const w = world(suite, seed);
  const x = exchange(w);
  return [
    ...certificateSamples(w),
    ...tapSamples(w, x),
    ...daySamples(w),
    ...reportSamples(w, x),
    ...accusationSamples(w, x),
    ...purseRequestSamples(w),
  ];
}

/** One sample of each kind, at its fullest. */
export function fullest(all: readonly Sample[]): Sample[] {
  return all.filter(sample => !sample.name.includes('.'));
}
