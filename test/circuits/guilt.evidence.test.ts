/** Guilt as portable evidence: found from signed bytes, checked with the root alone, forged by nobody. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import { openTrust } from '#circuits/message/chain.ts';
import { type Signed, sign } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { type Claim, claim as claimShape } from '#circuits/message/payment.ts';
import {
  type Close,
  close as closeShape,
  type Evidence,
  evidence as evidenceShape,
  guilt,
} from '#circuits/message/sync.ts';
import { findGuilt, type PurseFile, verifyEvidence } from '#circuits/proof/guilt.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { commitmentBlindings, purseSecret } from '#circuits/proof/purse.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { openWorld, request, type World } from './world.ts';

function fileOf(world: World, claims: readonly Signed<Claim>[], more: Partial<PurseFile> = {}): PurseFile {
  const { economy, payer } = world;
  return {
    trust: economy.trust,
    intermediary: economy.intermediary,
    purse: payer.certificate,
    claims,
    ...more,
  };
}

const spend = (world: World, payer: Payer, amount: number) =>
  pay(payer, request(world, amount), world.entropy);

/** Signs a claim as the holder of the purse key, whatever it says. */
function rewrite(world: World, claim: Signed<Claim>, change: Partial<Claim>): Signed<Claim> {
  const { suite, seed } = world.payer;
  return sign(
    suite,
    claimShape,
    { ...claim.value, ...change },
    { secret: purseSecret(suite, seed), noise: world.entropy(32) },
  );
}

function closeOf(world: World, slots: number, opened = true): Signed<Close> {
  const { suite, seed, certificate } = world.payer;
  const value: Close = {
    suite: suite.id,
    purse: certificate.id,
    slots,
    opening: opened ? { spent: 700, blinding: new Uint8Array(32) } : null,
    requests: new Uint8Array(8),
    floor: 0,
    nextKey: world.entropy(32),
    nonce: world.entropy(16),
  };
  return sign(suite, closeShape, value, { secret: purseSecret(suite, seed), noise: world.entropy(32) });
}

/** M, as only the issuer can open it. */
function openingOf(world: World, amount = world.payer.budget[0]!): NonNullable<Evidence['overspent']> {
  const blinding = commitmentBlindings(world.payer.suite, world.payer.seed)[0];
  return { tier: world.tier.bytes, amount, blinding: encodeScalar(blinding) };
}

/** One class of two slots: the second is free for what the holder signs besides. */
const small = { classes: [{ budget: 1_000, caps: [700, 300] }] };

const kindsOf = (file: PurseFile) => findGuilt(file).map(found => found.guilt);

/** A stranger: a suite, and the bytes of the root. */
function judge(world: World, evidence: Evidence): number {
  const trust = openTrust(world.payer.suite, world.economy.trust.root.bytes);
  return verifyEvidence(trust, encode(evidenceShape, evidence)).guilt;
}

describe.each([suite1, suite2])('suite %$', suite => {
  const world = openWorld({ suite });
  const honest = spend(world, world.payer, 700);
  const next = spend(world, honest.payer, 450);
  const twice = spend(world, world.payer, 650);

  test('[D5] two claims in one slot, shown to a stranger, convict with public data alone', () => {
    const [evidence] = findGuilt(fileOf(world, [honest.claim, twice.claim]));
    expect(judge(world, evidence!)).toBe(guilt.reuse);
  });

  test('[D5] a claim that does not follow from the one before it convicts', () => {
    const forked = spend(world, twice.payer, 900);
    const slots = rewrite(world, forked.claim, { slots: 0b1000 });
    const found = findGuilt(fileOf(world, [honest.claim, slots]));
    expect(found.map(evidence => judge(world, evidence))).toEqual([guilt.fork]);
  });

  test('[D5] a claim whose slot its close calls unused convicts', () => {
    const close = closeOf(world, 0b0010);
    const found = findGuilt(fileOf(world, [honest.claim], { close }));
    expect(found.map(evidence => judge(world, evidence))).toEqual([guilt.hidden]);
  });

  test('[D5] claims above the opened budget convict', () => {
    const poor = openWorld({ suite, terms: small, grant: { budget: [1_000] } });
    const first = spend(poor, poor.payer, 700);
    // The holder lies about what it spent: its own books say that nothing was.
    const liar = { ...first.payer, position: { ...first.payer.position, spent: 0 } };
    const claim = rewriteSecond(poor, liar, first.claim);
    const file = fileOf(poor, [first.claim, claim], { opening: openingOf(poor) });
    expect(findGuilt(file).map(evidence => judge(poor, evidence))).toEqual([guilt.overspent]);
  });

  test('an honest history shows no guilt, with close and opening', () => {
    const close = closeOf(world, honest.payer.position.slots | next.payer.position.slots);
    const file = fileOf(world, [honest.claim, next.claim], { close, opening: openingOf(world) });
    expect(kindsOf(file)).toEqual([]);
  });

  test('a stale close opens nothing and calls no slot unused', () => {
    const close = closeOf(world, 0, false);
    expect(kindsOf(fileOf(world, [honest.claim], { close }))).toEqual([]);
    const forged = {
      ...findGuilt(fileOf(world, [honest.claim], { close: closeOf(world, 0) }))[0]!,
      close: close.bytes,
    };
    expect(() => judge(world, forged)).toThrow('evidence');
  });
});

/** A second claim in a fresh slot, made without a proof: what counts as guilt is the signature. */
function rewriteSecond(world: World, payer: Payer, before: Signed<Claim>): Signed<Claim> {
  const second = {
    ordinal: 1,
    slots: 0b10,
    amount: 900,
    previous: payer.position.previous,
    before: payer.position.before,
  };
  return rewrite(world, before, second);
}

describe('evidence that shows nothing is refused', () => {
  const world = openWorld();
  const honest = spend(world, world.payer, 700);
  const next = spend(world, honest.payer, 1_450);
  const twice = spend(world, world.payer, 650);
  const [reuse] = findGuilt(fileOf(world, [honest.claim, twice.claim]));
  const refusal = (change: Partial<Evidence>): string => {
    try {
      return `guilt ${judge(world, { ...reuse!, ...change })}`;
    } catch (error) {
      return error instanceof Fault ? error.fault : String(error);
    }
  };
  const bytesOf = (...claims: Signed<Claim>[]) => claims.map(claim => claim.bytes);

  test('the positive control convicts', () => expect(refusal({})).toBe('guilt 1'));

  test('claims of an honest history, one claim twice, or one too many', () => {
    expect(refusal({ claims: bytesOf(honest.claim, next.claim) })).toBe('evidence');
    expect(refusal({ guilt: guilt.fork, claims: bytesOf(honest.claim, next.claim) })).toBe('evidence');
    expect(refusal({ guilt: guilt.fork, claims: bytesOf(next.claim, honest.claim) })).toBe('evidence');
    expect(refusal({ claims: bytesOf(honest.claim, honest.claim) })).toBe('evidence');
    expect(refusal({ claims: bytesOf(honest.claim) })).toBe('evidence');
    expect(refusal({ claims: bytesOf(honest.claim, twice.claim, next.claim) })).toBe('evidence');
  });

  test('one claim signed twice is one claim: ids are over the payload', () => {
    const again = rewrite(world, honest.claim, {});
    expect(again.bytes).not.toEqual(honest.claim.bytes);
    expect(refusal({ claims: bytesOf(honest.claim, again) })).toBe('evidence');
  });

  test('a claim that the purse key did not sign, or of another purse', () => {
    const other = openWorld({ seed: 'other' });
    const foreign = spend(other, other.payer, 650).claim;
    expect(refusal({ claims: bytesOf(honest.claim, foreign) })).toBe('evidence');
    const renamed = sign(
      suite1,
      claimShape,
      { ...honest.claim.value, amount: 1 },
      { secret: world.entropy(32), noise: world.entropy(32) },
    );
    expect(refusal({ claims: bytesOf(honest.claim, renamed) })).toBe('signature');
  });

  test('a bank cannot replace the purse certificate, nor a stranger the bank', () => {
    const other = openWorld({ seed: 'other' });
    expect(refusal({ intermediary: other.economy.intermediary.bytes })).toBe('chain');
    expect(refusal({ purse: world.till.certificate.bytes })).toBe('evidence');
    expect(refusal({ purse: other.payer.certificate.bytes })).toBe('chain');
  });

  test('a wrong opening, of another amount or of another tier', () => {
    const claims = bytesOf(honest.claim, next.claim);
    const overspent = { guilt: guilt.overspent, claims };
    const other = openWorld({ seed: 'other' });
    expect(refusal({ ...overspent, overspent: openingOf(world) })).toBe('evidence');
    expect(refusal({ ...overspent, overspent: openingOf(world, 10) })).toBe('evidence');
    expect(refusal({ ...overspent, overspent: null })).toBe('evidence');
    expect(refusal({ ...overspent, overspent: { ...openingOf(world), tier: other.tier.bytes } })).toBe(
      'chain',
    );
  });

  test('every byte of the evidence is bound', () => {
    const bytes = encode(evidenceShape, reuse!);
    const trust = openTrust(suite1, world.economy.trust.root.bytes);
    for (const index of bytes.keys()) {
      const copy = bytes.slice();
      copy[index]! ^= 1;
      let verdict = 'refused';
      try {
        verifyEvidence(trust, copy);
        verdict = 'convicts';
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
      expect(verdict, `byte ${index}`).toBe('refused');
    }
  });

  test('evidence is parsed again byte for byte', () => {
    const bytes = encode(evidenceShape, reuse!);
    expect(encode(evidenceShape, parse(evidenceShape, bytes))).toEqual(bytes);
  });
});

test('a respending purse between M and M + Rcap has a debt, above it guilt', () => {
  const world = openWorld({
    terms: { respendMax: 500, phiPercent: 150, classes: [{ budget: 1_000, caps: [900, 600] }] },
    grant: { budget: [1_000] },
  });
  const first = spend(world, world.payer, 900);
  const claims = (amount: number) => [
    first.claim,
    rewrite(world, first.claim, { ...rewriteSecond(world, first.payer, first.claim).value, amount }),
  ];
  const opening = openingOf(world);
  expect(kindsOf(fileOf(world, claims(600), { opening }))).toEqual([]);
  expect(kindsOf(fileOf(world, claims(601), { opening }))).toEqual([guilt.overspent]);
});
