import { describe, expect, test } from 'vitest';
import * as c from '#circuits/message/certificate.ts';
import { encode, kinds, parse, version } from '#circuits/message/message.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { decodeIndependently, encodeIndependently } from './oracle.ts';
import { faultOf } from './refusal.ts';
import { type World, world } from './sample.ts';

const worlds = [suite1, suite2].map(suite => world(suite, 'cwt'));
type Claims = Map<number, unknown>;

describe.each(worlds.map(w => [w.suite.id, w] as const))('suite %i', (id, w: World) => {
  const curve = { 1: 6, 2: -65601 }[id]!;
  const read = () => decodeIndependently(w.payee.payload) as Claims;
  const keyOf = (claims: Claims) => (claims.get(8) as Map<number, Map<number, unknown>>).get(1)!;

  test('a certificate is a CWT: the key as a COSE_Key in `cnf`, our fields under one private claim', () => {
    const claims = read();
    expect([...claims.keys()]).toEqual([8, -65537]);
    expect([...keyOf(claims).entries()]).toEqual([
      [1, 1],
      [-1, curve],
      [-2, w.who.payee.key],
    ]);
    expect((claims.get(-65537) as unknown[]).slice(0, 3)).toEqual([kinds.purse, version, id]);
  });

  test('every other label, key type, curve or number of claims is refused', () => {
    const change = (spoil: (claims: Claims) => unknown) => {
      const claims = read();
      spoil(claims);
      return faultOf(() => parse(c.purse, new Uint8Array(encodeIndependently(claims))));
    };
    const rename = (map: Map<number, unknown>, from: number, to: number) => {
      map.set(to, map.get(from));
      map.delete(from);
    };
    expect(change(() => undefined)).toBe('none');
    expect(change(claims => rename(claims, 8, 9))).toBe('encoding');
    expect(change(claims => rename(claims, -65537, -65538))).toBe('encoding');
    expect(change(claims => rename(keyOf(claims), -2, -3))).toBe('encoding');
    expect(change(claims => rename(keyOf(claims), 1, 2))).toBe('encoding');
    expect(change(claims => keyOf(claims).set(1, 2))).toBe('encoding');
    expect(change(claims => keyOf(claims).set(3, -19))).toBe('encoding');
    expect(change(claims => claims.set(4, 1))).toBe('encoding');
    for (const other of [6, -65601, 7, 0, 4].filter(value => value !== curve))
      expect(change(claims => keyOf(claims).set(-1, other))).toBe('suite');
    for (const length of [0, 31, 33, 64])
      expect(change(claims => keyOf(claims).set(-2, new Uint8Array(length)))).toBe('size');
    const body = (claims: Claims) => claims.get(-65537) as unknown[];
    expect(change(claims => (body(claims)[2] = 3 - id))).toBe('suite');
    expect(change(claims => (body(claims)[2] = 3))).toBe('suite');
    expect(change(claims => (body(claims)[0] = kinds.intermediary))).toBe('kind');
    expect(change(claims => (body(claims)[1] = 2))).toBe('version');
  });

  test('it cannot end before it begins, nor be of a suite that has no curve: neither read nor written', () => {
    const { value } = w.payee;
    expect(faultOf(() => encode(c.purse, { ...value, from: 7, until: 7 }))).toBe('none');
    expect(faultOf(() => encode(c.purse, { ...value, from: 8, until: 7 }))).toBe('encoding');
    expect(faultOf(() => encode(c.purse, { ...value, suite: 3 }))).toBe('suite');
    expect(faultOf(() => encode(c.purse, { ...value, key: new Uint8Array(31) }))).toBe('size');
    const claims = read();
    (claims.get(-65537) as unknown[])[5] = new Uint8Array(4);
    expect(faultOf(() => parse(c.purse, new Uint8Array(encodeIndependently(claims))))).toBe('encoding');
  });
});
