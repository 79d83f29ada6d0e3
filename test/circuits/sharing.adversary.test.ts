/** Holders of shares who cheat, when the key is made and when it is used, are named. */
import { describe, expect, test } from 'vitest';
import { ascii, toHex, u32 } from '#circuits/bytes.ts';
import {
  combineShares,
  type Decryption,
  type DecryptionShare,
  makeShare,
} from '#circuits/proof/decryption.ts';
import { transcript } from '#circuits/proof/label.ts';
import { encodeScalar, mod, order, parseScalar } from '#circuits/proof/scalar.ts';
import {
  checkSharedKey,
  collectShare,
  combineDealings,
  type Dealing,
  deal,
  makeSharedKey,
} from '#circuits/proof/sharing.ts';
import { frame, proveSigma } from '#circuits/proof/sigma.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('sharing.adversary', 'adversary 1');
const zeros = new Uint8Array(32);

describe.each([suite1, suite2])('suite $id: making the key', suite => {
  const { group } = suite;
  const entropy = entropyOf(`${seed} making ${suite.id}`);
  const sharing = { threshold: 3, count: 5, session: entropy(16) };
  const dealt = [1, 2, 3, 4, 5].map(index => deal(suite, sharing, index, entropy));
  const dealings = dealt.map(({ dealing }) => dealing);
  const partsFor = (index: number) => dealt.map(({ parts }) => parts[index - 1]!);
  const withThird = (change: Partial<Dealing>) =>
    dealings.map(dealing => (dealing.index === 3 ? { ...dealing, ...change } : dealing));
  const combine = (changed: readonly Dealing[]) => combineDealings(suite, sharing, changed);

  test('honest dealings combine, and each share fits its public point', () => {
    const { key, shares } = combine(dealings);
    for (const index of [1, 2, 3, 4, 5]) {
      const { secret } = collectShare(suite, sharing, index, { dealings, parts: partsFor(index) });
      expect(toHex(group.encode(group.multiply(group.base, secret)))).toBe(toHex(shares[index - 1]!));
    }
    const sum = dealings.map(({ commitments }) => group.decode(commitments[0]!)).reduce(group.add);
    expect(toHex(group.encode(sum))).toBe(toHex(key));
  });

  test('a rogue dealing that cancels the others is refused', () => {
    const wanted = group.multiply(group.base, 1_234n);
    const others = dealings.slice(0, 4).map(({ commitments }) => group.decode(commitments[0]!));
    const rogue = group.add(wanted, group.negate(others.reduce(group.add)));
    const own = dealings[4]!;
    const commitments = [group.encode(rogue), ...own.commitments.slice(1)];
    // Positive control: without the proof of knowledge it would have worked.
    expect(group.equals([...others, rogue].reduce(group.add), wanted)).toBe(true);
    expect(() => combine([...dealings.slice(0, 4), { ...own, commitments }])).toThrow('dealing: holder 5');
    const context = ascii('any');
    const relations = [{ base: group.base, image: wanted }];
    const statement = { protocol: transcript.dealing, context, relations };
    const proof = proveSigma(suite, statement, { value: 1_234n, noise: zeros });
    expect(() => combine([...dealings.slice(0, 4), { ...own, commitments, proof }])).toThrow('holder 5');
  });

  test('a dealing copied from another holder, or from another ceremony, is refused', () => {
    expect(() => combine(withThird({ ...dealings[0]!, index: 3 }))).toThrow('dealing: holder 3');
    const elsewhere = deal(suite, { ...sharing, session: entropy(16) }, 3, entropy).dealing;
    expect(() => combine(withThird(elsewhere))).toThrow('dealing: holder 3');
    const wider = deal(suite, { ...sharing, count: 6 }, 3, entropy).dealing;
    expect(() => combine(withThird(wider))).toThrow('dealing: holder 3');
  });

  test('another degree, an identity, no point or a changed commitment is refused', () => {
    const { commitments } = dealings[2]!;
    const bad = [
      commitments.slice(0, 2),
      [...commitments, commitments[0]!],
      [],
      [zeros, commitments[1]!, commitments[2]!],
      [commitments[0]!, commitments[1]!, zeros],
      [commitments[0]!, new Uint8Array(32).fill(0xff), commitments[2]!],
      [commitments[0]!, commitments[2]!, commitments[1]!],
    ];
    for (const changed of bad)
      expect(() => combine(withThird({ commitments: changed }))).toThrow('dealing: holder 3');
    expect(() => combine(withThird({ proof: { challenge: zeros, response: zeros } }))).toThrow('holder 3');
  });

  /** A dealing with any coefficients and a good proof: what a dealer with its own program can send. */
  function dealOwn(coefficients: readonly bigint[]): Dealing {
    const commitments = coefficients.map(value => group.encode(group.multiply(group.base, value)));
    const terms = [suite.id, sharing.threshold, sharing.count, 3].map(u32);
    const statement = {
      protocol: transcript.dealing,
      context: frame(...terms, sharing.session, ...commitments),
      relations: [{ base: group.base, image: group.decode(commitments[0]!) }],
    };
    return {
      index: 3,
      commitments,
      proof: proveSigma(suite, statement, { value: coefficients[0]!, noise: zeros }),
    };
  }

  test('with a good proof, too, a polynomial of another degree is refused', () => {
    expect(combine(withThird(dealOwn([5n, 6n, 7n]))).shares).toHaveLength(5);
    for (const coefficients of [[5n], [5n, 6n], [5n, 6n, 7n, 8n], [5n, 6n, 0n], [5n, 0n, 7n]])
      expect(() => combine(withThird(dealOwn(coefficients)))).toThrow('dealing: holder 3');
  });

  test('nobody takes a share from dealings that do not combine', () => {
    const rogue = withThird({ ...dealings[0]!, index: 3 });
    const parts = dealt.map((sent, i) => (i === 2 ? dealt[0]! : sent).parts[1]!);
    expect(() => collectShare(suite, sharing, 2, { dealings: rogue, parts })).toThrow('dealing: holder 3');
  });

  test('doubled, absent and impossible indices are refused', () => {
    expect(() => combine([...dealings.slice(0, 4), dealings[0]!])).toThrow('dealing: holder 1');
    expect(() => combine(dealings.slice(0, 4))).toThrow('quorum: 4 of 5');
    for (const index of [0, -1, 6, 1.5])
      expect(() => combine([...dealings.slice(1), { ...dealings[0]!, index }])).toThrow(`holder ${index}:`);
    for (const index of [0, 6, 2.5]) expect(() => deal(suite, sharing, index, entropy)).toThrow('no holder');
    for (const size of [
      { threshold: 0, count: 3 },
      { threshold: 4, count: 3 },
      { threshold: 1.5, count: 3 },
      { threshold: 3, count: 17 },
      { threshold: 0, count: 0 },
    ])
      expect(() => makeSharedKey(suite, size, entropy)).toThrow('no sharing has');
  });

  test('a wrong part names who sent it', () => {
    const wrong = [
      encodeScalar(mod(parseScalar(partsFor(2)[3]!) + 1n)),
      zeros,
      partsFor(1)[3]!,
      partsFor(2)[2]!,
    ];
    for (const part of wrong) {
      const parts = partsFor(2).map((sent, i) => (i === 3 ? part : sent));
      expect(() => collectShare(suite, sharing, 2, { dealings, parts })).toThrow('dealing: holder 4');
    }
    const wide = encodeScalar(parseScalar(partsFor(2)[3]!) + order);
    for (const part of [wide, new Uint8Array(31)]) {
      const parts = partsFor(2).map((sent, i) => (i === 3 ? part : sent));
      expect(() => collectShare(suite, sharing, 2, { dealings, parts })).toThrow('dealing: holder 4');
    }
  });

  test('share points of another sharing are refused, whichever is exchanged', () => {
    const shared = combine(dealings);
    const other = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy).shared;
    checkSharedKey(suite, shared);
    for (let i = 0; i < 5; i++) {
      const shares = shared.shares.map((point, j) => (i === j ? other.shares[j]! : point));
      expect(() => checkSharedKey(suite, { ...shared, shares })).toThrow('another sharing');
    }
    expect(() => checkSharedKey(suite, { ...shared, key: other.key })).toThrow('a key of another sharing');
    expect(() => checkSharedKey(suite, { ...shared, key: zeros })).toThrow('point');
    expect(() => checkSharedKey(suite, { ...shared, threshold: 2 })).toThrow('another sharing');
    expect(() => checkSharedKey(suite, { ...shared, threshold: 6 })).toThrow('quorum');
    expect(() => checkSharedKey(suite, { ...shared, threshold: 0 })).toThrow('quorum');
  });
});

describe.each([suite1, suite2])('suite $id: using the key', suite => {
  const { group } = suite;
  const entropy = entropyOf(`${seed} using ${suite.id}`);
  const { shared: auditors, shares } = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
  const ephemeral = () => group.encode(group.fromUniform(entropy(64)));
  const decryption: Decryption = { auditors, ephemeral: ephemeral(), context: ascii('order one') };
  const answer = (about: Decryption) => shares.map(share => makeShare(suite, about, share, entropy(32)));
  const honest = answer(decryption);
  const combine = (given: readonly DecryptionShare[]) => combineShares(suite, decryption, given);
  const with2 = (share: DecryptionShare) => [honest[0]!, share, honest[2]!, honest[3]!];
  const named2 = /^share: wrong or doubled: auditor 2$/;

  test('a share of another ciphertext or for another order is named', () => {
    const replayed = answer({ ...decryption, ephemeral: ephemeral() })[1]!;
    const foreign = answer({ ...decryption, context: ascii('order two') })[1]!;
    // Positive control: the point of a share for another order is the same; only its proof is not.
    expect(toHex(foreign.point)).toBe(toHex(honest[1]!.point));
    for (const share of [replayed, foreign, { ...honest[1]!, point: replayed.point }])
      expect(() => combine(with2(share))).toThrow(named2);
  });

  test('a share of other auditors, under a changed index, or of an auditor that does not exist', () => {
    const others = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
    const theirs = makeShare(
      suite,
      { ...decryption, auditors: others.shared },
      others.shares[1]!,
      entropy(32),
    );
    expect(() => combine(with2(theirs))).toThrow(named2);
    expect(() => combine(with2({ ...honest[4]!, index: 2 }))).toThrow(named2);
    for (const index of [0, 6, -1])
      expect(() => combine([...honest.slice(0, 3), { ...honest[3]!, index }])).toThrow(`auditor ${index}`);
  });

  test('two equal shares count once, and are named', () => {
    expect(() => combine([honest[0]!, honest[1]!, honest[1]!])).toThrow(named2);
  });

  test('points off by anything, identities and malformed fields are named', () => {
    const { point, response } = honest[1]!;
    const shifted = group.encode(group.add(group.decode(point), group.base));
    const changes: Partial<DecryptionShare>[] = [
      { point: shifted },
      { point: zeros },
      { point: new Uint8Array(32).fill(0xff) },
      { point: new Uint8Array(0) },
      { challenge: zeros },
      { response: encodeScalar(mod(parseScalar(response) + 1n)) },
      { response: encodeScalar(parseScalar(response) + order) },
      { point: zeros, challenge: zeros, response: zeros },
    ];
    for (const change of changes) expect(() => combine(with2({ ...honest[1]!, ...change }))).toThrow(named2);
  });

  test('every wrong share is named at once, before the count is looked at', () => {
    const spoil = (share: DecryptionShare) => ({ ...share, point: ephemeral() });
    expect(() => combine(honest.map(spoil))).toThrow('auditor 1, auditor 2, auditor 3, auditor 4, auditor 5');
    expect(() => combine([honest[0]!, spoil(honest[4]!)])).toThrow('auditor 5');
    expect(() => combine([])).toThrow('quorum: 0 shares, 3 open');
  });

  test('a share that does not fit its public point cannot even be made', () => {
    expect(() => makeShare(suite, decryption, { index: 2, secret: 5n }, entropy(32))).toThrow('does not fit');
    expect(() => makeShare(suite, decryption, { index: 6, secret: 5n }, entropy(32))).toThrow('auditor 6');
    const nothing = { ...decryption, ephemeral: zeros };
    expect(() => makeShare(suite, nothing, shares[0]!, entropy(32))).toThrow('point');
  });
});
