import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import * as c from '#circuits/message/certificate.ts';
import {
  openTrust,
  verifyAuditors,
  verifyDated,
  verifyDayKey,
  verifyFactory,
  verifyIntermediary,
  verifyPurse,
  verifyTier,
} from '#circuits/message/chain.ts';
import { identify, open, type Signed } from '#circuits/message/cose.ts';
import { type Beacon, beacon, type Gap } from '#circuits/message/sync.ts';
import { tier } from '#circuits/policy/tier.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { samples } from './sample.message.ts';
import { type Party, type World, world } from './sample.ts';

/** A key that `isCertifiable` refuses: the base point plus the point of order 2, or the identity in suite 2. */
function badKey(suite: Suite): Uint8Array {
  if (suite.id === 2) return new Uint8Array(32);
  const { BASE, Fp } = ed25519.Point;
  return ed25519.Point.fromAffine({ x: Fp.neg(BASE.x), y: Fp.neg(BASE.y) }).toBytes();
}

const worlds = [suite1, suite2].map(suite => world(suite, 'chain'));

describe.each(worlds.map(w => [w.suite.id, w] as const))('suite %i', (_, w: World) => {
  const { suite, who } = w;
  const trust = openTrust(suite, w.root.bytes);
  const bank = verifyIntermediary(trust, w.intermediary);
  const day = verifyDayKey(trust, w.dayKey);
  const again = <T>(shape: Parameters<Party['sign']>[0], by: Party, value: T) =>
    by.sign(shape, value) as Signed<T>;

  test('a whole chain holds', () => {
    expect(verifyPurse(trust, bank, w.payer).id).toEqual(identify(suite, w.payer));
    expect(verifyFactory(trust, bank, w.factory).value).toEqual(w.factory.value);
    expect(verifyAuditors(trust, w.auditors).value.threshold).toBe(3);
    expect(verifyTier(trust, bank, w.tier).value.currency).toBe('EUR');
    for (const purse of [w.payee, w.oneShow, w.channel]) verifyPurse(trust, bank, purse);
  });

  test('a root is its own issuer, certifiable, and whole', () => {
    const { value } = w.root;
    expect(
      faultOf(() => openTrust(suite, again(c.root, who.root, { ...value, issuer: who.bank.key }).bytes)),
    ).toBe('chain');
    expect(faultOf(() => openTrust(suite, again(c.root, who.bank, value).bytes))).toBe('signature');
    expect(
      faultOf(() => openTrust(suite, again(c.root, who.root, { ...value, key: badKey(suite) }).bytes)),
    ).toBe('key');
    expect(faultOf(() => openTrust(suite, w.intermediary.bytes))).toBe('kind');
  });

  test('the certificate of one role is never read as another', () => {
    const shapes = {
      root: c.root,
      dayKey: c.dayKey,
      intermediary: c.intermediary,
      factory: c.factory,
      purse: c.purse,
      hop: c.hop,
    };
    const found = samples(suite, 'roles').filter(sample => sample.name in shapes);
    expect(found).toHaveLength(6);
    for (const sample of found)
      for (const [name, shape] of Object.entries(shapes)) {
        const { bytes } = sample.signed!;
        const other = bytes.length > shape.bytesMax + 83 ? 'size' : 'kind';
        const fault = faultOf(() => open(suite, shape as never, bytes));
        expect(fault, `${sample.name} as ${name}`).toBe(name === sample.name ? 'none' : other);
      }
  });

  test('a purse, a day key or a device makes no purses, and an intermediary makes no intermediaries', () => {
    const bad = (by: Party, issuer: Signed<unknown>) =>
      again(c.purse, by, { ...w.payee.value, issuer: identify(suite, issuer) });
    for (const [by, issuer] of [
      [who.payer, w.payer],
      [who.day, w.dayKey],
      [who.device, w.factory],
      [who.root, w.root],
    ] as const)
      expect(faultOf(() => verifyPurse(trust, bank, bad(by, issuer)))).toBe('chain');
    const made = again(c.intermediary, who.bank, { ...w.intermediary.value, issuer: bank.id });
    expect(faultOf(() => verifyIntermediary(trust, made))).toBe('chain');
    const dayMade = again(c.dayKey, who.bank, { ...w.dayKey.value, issuer: bank.id });
    expect(faultOf(() => verifyDayKey(trust, dayMade))).toBe('chain');
    const auditorsMade = again(c.auditors, who.bank, { ...w.auditors.value, issuer: bank.id });
    expect(faultOf(() => verifyAuditors(trust, auditorsMade))).toBe('chain');
  });

  test('the named issuer must also have signed', () => {
    for (const by of [who.root, who.payer, who.device])
      expect(faultOf(() => verifyPurse(trust, bank, again(c.purse, by, w.payee.value)))).toBe('signature');
    for (const by of [who.bank, who.day]) {
      expect(faultOf(() => verifyIntermediary(trust, again(c.intermediary, by, w.intermediary.value)))).toBe(
        'signature',
      );
      expect(faultOf(() => verifyDayKey(trust, again(c.dayKey, by, w.dayKey.value)))).toBe('signature');
      expect(faultOf(() => verifyAuditors(trust, again(c.auditors, by, w.auditors.value)))).toBe('signature');
    }
    expect(faultOf(() => verifyTier(trust, bank, again(tier, who.root, w.tier.value)))).toBe('signature');
    expect(faultOf(() => verifyFactory(trust, bank, again(c.factory, who.owner, w.factory.value)))).toBe(
      'signature',
    );
  });

  test('another issuer of the same key is another issuer: ids are over the whole payload', () => {
    const twin = verifyIntermediary(
      trust,
      again(c.intermediary, who.root, { ...w.intermediary.value, shard: 8 }),
    );
    expect(faultOf(() => verifyPurse(trust, twin, w.payer))).toBe('chain');
    expect(faultOf(() => verifyFactory(trust, twin, w.factory))).toBe('chain');
    expect(faultOf(() => verifyTier(trust, twin, w.tier))).toBe('chain');
  });

  test('keys that are not of prime order are certified by nobody', () => {
    const key = badKey(suite);
    expect(suite.signature.isCertifiable(key)).toBe(false);
    expect(
      faultOf(() =>
        verifyIntermediary(trust, again(c.intermediary, who.root, { ...w.intermediary.value, key })),
      ),
    ).toBe('key');
    expect(faultOf(() => verifyDayKey(trust, again(c.dayKey, who.root, { ...w.dayKey.value, key })))).toBe(
      'key',
    );
    expect(
      faultOf(() => verifyFactory(trust, bank, again(c.factory, who.bank, { ...w.factory.value, key }))),
    ).toBe('key');
    const authority = again(c.auditors, who.root, { ...w.auditors.value, authority: key });
    expect(faultOf(() => verifyAuditors(trust, authority))).toBe('key');
  });

  test('auditors are points, and at least as many as their threshold', () => {
    const change = (part: Partial<c.Auditors>) =>
      faultOf(() => verifyAuditors(trust, again(c.auditors, who.root, { ...w.auditors.value, ...part })));
    expect(change({ threshold: 5 })).toBe('none');
    expect(change({ threshold: 6 })).toBe('chain');
    expect(change({ key: new Uint8Array(32) })).toBe('point');
    expect(change({ key: new Uint8Array(32).fill(255) })).toBe('point');
    expect(change({ shares: [...w.auditors.value.shares, new Uint8Array(32)] })).toBe('point');
    expect(change({ shares: [...w.auditors.value.shares, new Uint8Array(32).fill(255)] })).toBe('point');
  });

  test('a day key speaks for its epochs and its generation alone: no beacon of epoch 2^32 - 1', () => {
    const sampled = samples(suite, 'chain').find(sample => sample.name === 'beacon')!
      .signed as Signed<Beacon>;
    const say = (part: Partial<Beacon>, by = who.day) =>
      faultOf(() => verifyDated(trust, day, again(beacon, by, { ...sampled.value, ...part })));
    expect(say({})).toBe('none');
    for (const epoch of [w.dayKey.value.from, w.dayKey.value.until]) expect(say({ epoch })).toBe('none');
    for (const epoch of [0, w.dayKey.value.from - 1, w.dayKey.value.until + 1, 0xffffffff])
      expect(say({ epoch })).toBe('chain');
    for (const generation of [2, 4]) expect(say({ generation })).toBe('chain');
    expect(say({ issuer: bank.id })).toBe('chain');
    expect(say({ list: Uint8Array.of(0, 1, 255) })).toBe('encoding');
    expect(say({}, who.bank)).toBe('signature');
    const pair = samples(suite, 'chain').find(sample => sample.name === 'gap')!.signed as Signed<Gap>;
    expect(verifyDated(trust, day, pair).value.right).toBe(9_000_000);
  });
});
