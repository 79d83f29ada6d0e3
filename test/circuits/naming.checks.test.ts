/** Who answers one slot twice is named; nobody is by less. */
import { describe, expect, test } from 'vitest';
import { u32 } from '#circuits/bytes.ts';
import type { Purse } from '#circuits/message/certificate.ts';
import type { Signed } from '#circuits/message/cose.ts';
import type { Claim } from '#circuits/message/payment.ts';
import {
  nameCulprit,
  namingPoints,
  namingSecrets,
  revealNaming,
  sealNamed,
  verifyNaming,
} from '#circuits/proof/naming.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';

const identity = new Uint8Array(32).map((_, i) => i);

describe.each([suite1, suite2])('suite $id', suite => {
  const secrets = namingSecrets(suite, new Uint8Array(32).fill(3));
  const key = suite.group.encode(suite.group.multiply(suite.group.base, secrets.key));
  const points = namingPoints(suite, secrets).slice(0, 4);
  const certificate = {
    oneShow: null,
    naming: { key, points, identity: sealNamed(suite, secrets.key, identity) },
  } as unknown as Purse;
  const claimed = (slots: number, number = 0) =>
    ({ payload: u32(slots * 16 + number), value: { slots } }) as unknown as Signed<Claim>;
  const answered = (slots: number, number = 0) => {
    const claim = claimed(slots, number);
    return { claim, taus: revealNaming(suite, secrets, claim) };
  };
  const verified = (named: ReturnType<typeof answered>, of = certificate) =>
    faultOf(() => verifyNaming(suite, of, named));

  test('an answer holds for its slot and its claim alone', () => {
    const named = answered(0b0110);
    expect(verified(named)).toBe('none');
    expect(verified({ ...named, taus: [...named.taus].reverse() })).toBe('naming');
    expect(verified({ ...named, claim: claimed(0b0110, 1) })).toBe('naming');
  });

  test('there is one answer for each slot that the claim names, and none where nobody is named', () => {
    const named = answered(0b0110);
    expect(verified({ ...named, taus: named.taus.slice(0, 1) })).toBe('naming');
    expect(verified({ ...named, taus: [...named.taus, named.taus[0]!] })).toBe('naming');
    const unnamed = { ...certificate, naming: null };
    expect(verified({ ...named, taus: [] }, unnamed)).toBe('none');
    expect(verified(named, unnamed)).toBe('naming');
  });

  test('a slot without a point is refused', () => {
    const named = answered(0b10000);
    expect(verified(named)).toBe('slots');
  });

  test('two claims with a common slot name the device, wherever the slot stands in them', () => {
    for (const [first, second] of [
      [0b0001, 0b0001],
      [0b0011, 0b0010],
      [0b0110, 0b1100],
      [0b1001, 0b1000],
    ] as const)
      expect(nameCulprit(suite, certificate, answered(first, 1), answered(second, 2))).toEqual(identity);
  });

  test('without a common slot, from one claim twice, from a false answer or from a silent certificate nobody is named', () => {
    const outcome = (
      first: ReturnType<typeof answered>,
      second: ReturnType<typeof answered>,
      of = certificate,
    ) => faultOf(() => nameCulprit(suite, of, first, second));
    const [one, other] = [answered(0b0001, 1), answered(0b0001, 2)];
    expect(outcome(one, other)).toBe('none');
    expect(outcome(one, answered(0b0010, 2))).toBe('evidence');
    expect(outcome(one, one)).toBe('evidence');
    expect(outcome(one, { ...other, taus: one.taus })).toBe('naming');
    expect(outcome({ ...one, taus: other.taus }, other)).toBe('naming');
    expect(outcome(one, other, { ...certificate, naming: null })).toBe('evidence');
  });
});
