import { describe, expect, test } from 'vitest';
import * as c from '#circuits/message/certificate.ts';
import { openTrust, verifyFactory, verifyIntermediary } from '#circuits/message/chain.ts';
import { identify, type Signed } from '#circuits/message/cose.ts';
import { type Transfer, verifyOwnership } from '#circuits/message/ownership.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { Party, type World, world } from './sample.ts';

const worlds = [suite1, suite2].map(suite => world(suite, 'ownership'));

describe.each(worlds.map(w => [w.suite.id, w] as const))('suite %i', (_, w: World) => {
  const { suite, who } = w;
  const trust = openTrust(suite, w.root.bytes);
  const maker = verifyIntermediary(trust, w.intermediary);
  const factory = verifyFactory(trust, maker, w.factory);
  const [first, second] = w.transfers as [Transfer, Transfer];
  const owner = (transfers: readonly Transfer[]) => verifyOwnership(trust, { maker, factory }, transfers);
  const transfer = (by: Party, to: Party, hop: c.Hop, accepter = to): Transfer => {
    const signed = by.sign(c.hop, hop);
    const acceptance = accepter.sign(c.acceptance, { suite: suite.id, hop: identify(suite, signed) });
    return { hop: signed, acceptance };
  };
  const refused = (...transfers: Transfer[]) => faultOf(() => owner(transfers));

  test('[A14 core] a chain of two co-signed hops leads from the maker to the present owner; former ones are refused', () => {
    expect(owner([])).toEqual({ key: who.bank.key, sequence: 0 });
    expect(owner([first])).toEqual({ key: who.owner.key, sequence: 1 });
    expect(owner([first, second])).toEqual({ key: who.buyer.key, sequence: 2 });
    // What a former owner signs after the hop: a third one in place of the buyer, or the second hop once more.
    const thief = new Party(suite, 'thief');
    const third = { ...second.hop.value, key: thief.key, sequence: 3, issuer: identify(suite, second.hop) };
    expect(refused(first, second, transfer(who.owner, thief, third))).toBe('signature');
    expect(refused(first, second, transfer(who.bank, thief, third))).toBe('signature');
    expect(owner([first, second, transfer(who.buyer, thief, third)])).toEqual({
      key: thief.key,
      sequence: 3,
    });
    const sideways = { ...third, issuer: identify(suite, first.hop) };
    expect(refused(first, second, transfer(who.owner, thief, sideways))).toBe('chain');
  });

  test('hops are neither left out, exchanged, repeated nor taken from another device', () => {
    expect(refused(second)).toBe('chain');
    expect(refused(second, first)).toBe('chain');
    expect(refused(first, first)).toBe('chain');
    expect(refused(first, second, second)).toBe('chain');
    const foreign = { ...first.hop.value, device: w.some.bytes(32) };
    expect(refused(transfer(who.bank, who.owner, foreign))).toBe('chain');
    for (const sequence of [0, 2, 0xffffffff])
      expect(refused(transfer(who.bank, who.owner, { ...first.hop.value, sequence }))).toBe('chain');
    const orphan = { ...first.hop.value, issuer: w.some.bytes(32) };
    expect(refused(transfer(who.bank, who.owner, orphan))).toBe('chain');
  });

  test('both sides sign: the former owner the hop, the new one that very hop', () => {
    expect(refused(transfer(who.owner, who.owner, first.hop.value))).toBe('signature');
    expect(refused(transfer(who.bank, who.owner, first.hop.value, who.bank))).toBe('signature');
    expect(refused({ hop: first.hop, acceptance: second.acceptance })).toBe('chain');
    const later = transfer(who.bank, who.owner, { ...first.hop.value, from: 70 });
    expect(refused({ hop: later.hop, acceptance: first.acceptance })).toBe('chain');
  });

  test('a hop begins while its former owner owned, and hands to a key of prime order', () => {
    const early = { ...second.hop.value, from: first.hop.value.from - 1 };
    expect(refused(first, transfer(who.owner, who.buyer, early))).toBe('chain');
    const late = { ...first.hop.value, from: w.intermediary.value.until + 1 };
    expect(refused(transfer(who.bank, who.owner, late))).toBe('chain');
    const hop = who.bank.sign(c.hop, { ...first.hop.value, key: new Uint8Array(32) });
    expect(refused({ hop, acceptance: first.acceptance })).toBe('key');
  });

  test('a device of another maker has another chain', () => {
    const value = { ...w.intermediary.value, key: who.owner.key };
    const other = verifyIntermediary(trust, who.root.sign(c.intermediary, value) as Signed<c.Intermediary>);
    expect(faultOf(() => verifyOwnership(trust, { maker: other, factory }, []))).toBe('chain');
  });
});
