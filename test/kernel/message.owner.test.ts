/** Ownership of a device, the pinned root, beacons and their lists, and guilt of two claims: as the core, fault by fault. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import * as c from '#circuits/message/certificate.ts';
import {
  openTrust,
  verifyDated,
  verifyDayKey,
  verifyFactory,
  verifyIntermediary,
} from '#circuits/message/chain.ts';
import { identify, open, type Signed, sign } from '#circuits/message/cose.ts';
import { encodeList, isListed, listSalt } from '#circuits/message/list.ts';
import { encode } from '#circuits/message/message.ts';
import { type Transfer, verifyOwnership } from '#circuits/message/ownership.ts';
import { type Claim, claim as claimShape } from '#circuits/message/payment.ts';
import { beacon as beaconShape, evidence, guilt } from '#circuits/message/sync.ts';
import { verifyEvidence } from '#circuits/proof/guilt.ts';
import { pay } from '#circuits/proof/payer.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { Party, world } from '../circuits/sample.ts';
import { openWorld, request } from '../circuits/world.ts';
import { codeOf, pairOf } from './till.ts';
import { kernel } from './wasm.ts';

const w = world(suite1, 'kernel owners');
const { who, some } = w;
const trust = openTrust(suite1, w.root.bytes);
const maker = verifyIntermediary(trust, w.intermediary);
const factory = verifyFactory(trust, maker, w.factory);
const ask = (operation: number, block: readonly number[]) => kernel.ask(operation, block, 2_048).code;

function certify(kind: number, bytes: Uint8Array, issuer?: Uint8Array) {
  return kernel.scope(() => {
    const id = kernel.allocate(32);
    const code = ask(operations.certify, [kind, ...pairOf(bytes), ...(issuer ? pairOf(issuer) : [0, 0]), id]);
    return { code, id: kernel.read(id, 32) };
  });
}

describe('ownership', () => {
  /** Hop by hop; the code of the first that is refused. */
  function inKernel(transfers: readonly Transfer[]): number {
    let [owner, kind] = [maker.bytes, c.intermediary.kind];
    for (const [i, { hop, acceptance }] of transfers.entries()) {
      const code = kernel.scope(() => {
        const id = kernel.allocate(32);
        const parts = [...pairOf(hop.bytes), ...pairOf(acceptance.bytes), ...pairOf(owner)];
        const block = [...parts, kind, kernel.put(factory.id), i + 1, id];
        const result = ask(operations.hopVerify, block);
        if (result === 0) expect(toHex(kernel.read(id, 32))).toBe(toHex(identify(suite1, hop)));
        return result;
      });
      if (code !== 0) return code;
      [owner, kind] = [hop.bytes, c.hop.kind];
    }
    return 0;
  }

  function agreed(...transfers: Transfer[]): number {
    const expected = codeOf(() => verifyOwnership(trust, { maker, factory }, transfers));
    expect(inKernel(transfers)).toBe(expected);
    return expected;
  }

  const [first, second] = w.transfers as [Transfer, Transfer];
  function transfer(by: Party, to: Party, hop: c.Hop, accepter = to): Transfer {
    const signed = by.sign(c.hop, hop);
    const acceptance = accepter.sign(c.acceptance, { suite: 1, hop: identify(suite1, signed) });
    return { hop: signed, acceptance };
  }

  test('leads from the maker to the present owner, and every other chain is refused as by the core', () => {
    const thief = new Party(suite1, 'thief');
    const next = { ...second.hop.value, sequence: 3, issuer: identify(suite1, second.hop) };
    const third = { ...next, key: thief.key };
    for (const chain of [[], [first], [first, second], [first, second, transfer(who.buyer, thief, third)]])
      expect(agreed(...chain)).toBe(0);
    const changed = (change: Partial<c.Hop>) =>
      transfer(who.bank, who.owner, { ...first.hop.value, ...change });
    const seen = new Set([
      agreed(second),
      agreed(first, first),
      agreed(first, second, transfer(who.owner, thief, third)),
      agreed(changed({ device: some.bytes(32) })),
      agreed(changed({ sequence: 2 })),
      agreed(changed({ issuer: some.bytes(32) })),
      agreed(changed({ from: 49 })),
      agreed(changed({ from: 5_001 })),
      agreed(changed({ key: new Uint8Array(32).fill(1, 0, 1) })),
      agreed(transfer(who.owner, who.owner, first.hop.value)),
      agreed(transfer(who.bank, who.owner, first.hop.value, who.bank)),
      agreed({ hop: first.hop, acceptance: second.acceptance }),
    ]);
    expect(seen).toEqual(new Set([faults.chain.code, faults.key.code, faults.signature.code]));
  });
});

test('the root is read alone; nothing that is not its own issuer, or that another signed, is one', () => {
  const same = (bytes: Uint8Array) => {
    const expected = codeOf(() => openTrust(suite1, bytes));
    const { code, id } = certify(c.root.kind, bytes);
    expect(code).toBe(expected);
    if (code === 0) expect(toHex(id)).toBe(toHex(trust.root.id));
    return code;
  };
  expect(same(w.root.bytes)).toBe(0);
  const { value } = w.root;
  expect(same(who.root.sign(c.root, { ...value, issuer: maker.id }).bytes)).toBe(faults.chain.code);
  expect(same(who.bank.sign(c.root, value).bytes)).toBe(faults.signature.code);
  expect(same(who.root.sign(c.root, { ...value, key: new Uint8Array(32) }).bytes)).toBe(faults.key.code);
});

test('a beacon is adopted with its whole list or not at all, and names who is listed', () => {
  const day = verifyDayKey(trust, w.dayKey);
  const header = { issuer: day.id, generation: 3, epoch: 100, time: 9, shard: 7 };
  const ids = some.many(40, () => some.bytes(32));
  const list = encodeList(suite1, listSalt(header), ids);
  const signed = (change: { list: Uint8Array }) =>
    who.day.sign(beaconShape, { suite: 1, ...header, policy: 1, auditors: day.id, ...change });
  for (const each of [
    list,
    list.slice(0, 0),
    list.slice(0, -1),
    Uint8Array.of(...list, 0),
    list.slice(0, 1),
  ]) {
    const { bytes } = signed({ list: each });
    const expected = codeOf(() => verifyDated(trust, day, open(suite1, beaconShape, bytes)));
    expect(certify(beaconShape.kind, bytes, day.bytes).code).toBe(expected);
  }
  const beacon = signed({ list });
  const listed = (id: Uint8Array) =>
    kernel.scope(() => ask(operations.listed, [...pairOf(beacon.bytes), kernel.put(id)]));
  for (const id of [...ids, ...some.many(40, () => some.bytes(32))])
    expect(listed(id)).toBe(isListed(suite1, beacon.value, id) ? faults.revoked.code : 0);
});

describe('guilt of two claims', () => {
  const base = openWorld({ seed: 'kernel guilt' });
  const { payer, economy } = base;
  const secret = purseSecret(suite1, payer.seed);
  const before = pay(payer, request(base, 100), base.entropy);
  const after = pay(before.payer, request(base, 200), base.entropy);

  function agreed(kind: number, claims: [Signed<Claim>, Signed<Claim>]): number {
    const file = {
      suite: 1,
      guilt: kind,
      intermediary: economy.intermediary.bytes,
      purse: payer.certificate.bytes,
      claims: claims.map(({ bytes }) => bytes),
      close: null,
      overspent: null,
    };
    const expected = codeOf(() => verifyEvidence(economy.trust, encode(evidence, file)));
    const code = kernel.scope(() => {
      const [first, second] = claims.map(({ bytes }) => pairOf(bytes));
      const block = [...pairOf(payer.certificate.bytes), ...first!, ...second!, Number(kind === guilt.fork)];
      return ask(operations.guiltVerify, block);
    });
    expect(code).toBe(expected);
    return code;
  }
  const again = (claim: Signed<Claim>, change: Partial<Claim>, by = secret) =>
    sign(suite1, claimShape, { ...claim.value, ...change }, { secret: by, noise: base.entropy(32) });

  test('is shown, or not, as by the core', () => {
    const [first, second] = [before.claim, after.claim];
    const { reuse, fork } = guilt;
    expect(agreed(reuse, [first, second])).toBe(faults.evidence.code);
    expect(agreed(fork, [first, second])).toBe(faults.evidence.code);
    expect(agreed(reuse, [first, first])).toBe(faults.evidence.code);
    expect(agreed(reuse, [first, again(second, { slots: first.value.slots })])).toBe(0);
    expect(agreed(reuse, [first, again(second, { ordinal: 0 })])).toBe(0);
    expect(agreed(reuse, [first, again(second, { ordinal: 0 }, base.entropy(32))])).toBe(
      faults.signature.code,
    );
    expect(agreed(reuse, [first, again(second, { certificate: base.tier.id, ordinal: 0 })])).toBe(
      faults.evidence.code,
    );
    expect(agreed(fork, [first, again(second, { previous: base.tier.id })])).toBe(0);
    expect(agreed(fork, [first, again(second, { before: first.value.before })])).toBe(0);
    expect(agreed(fork, [first, again(second, { ordinal: 2 })])).toBe(faults.evidence.code);
    expect(agreed(fork, [second, first])).toBe(faults.evidence.code);
    const broken = again(first, { delta: new Uint8Array(32).fill(255) });
    const follows = again(second, { previous: identify(suite1, broken) });
    expect(agreed(fork, [broken, follows])).toBe(faults.scalar.code);
    const pointless = again(first, { before: new Uint8Array(32).fill(255) });
    expect(agreed(fork, [pointless, again(second, { previous: identify(suite1, pointless) })])).toBe(
      faults.point.code,
    );
  });
});
