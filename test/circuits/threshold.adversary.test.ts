/** Signers who cheat are named, and cannot make the others repeat a nonce. */
import { describe, expect, test } from 'vitest';
import { ascii, fromHex } from '#circuits/bytes.ts';
import { encodeScalar, mod, order, parseScalar } from '#circuits/proof/scalar.ts';
import { combineDealings, deal, makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import {
  aggregate,
  commitNonces,
  type NonceCommitment,
  type SigningSession,
  signingArithmetic,
  signShare,
} from '#circuits/proof/threshold.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const entropy = entropyOf(seedOf('threshold.adversary', 'cheating 1'));
const { shared, shares } = makeSharedKey(signingArithmetic, { threshold: 3, count: 5 }, entropy);
const message = ascii('certify this');

function begin(indices: readonly number[], about = message) {
  const signing = indices.map(index => ({
    share: shares[index - 1]!,
    ...commitNonces(shares[index - 1]!, entropy),
  }));
  const session: SigningSession = {
    shared,
    message: about,
    commitments: signing.map(({ commitment }) => commitment),
  };
  return { session, signing };
}

function finish(indices: readonly number[]) {
  const { session, signing } = begin(indices);
  return { session, sent: signing.map(({ share, nonces }) => signShare(session, share, nonces)) };
}

const { session, sent } = finish([1, 3, 4]);
const replaced = (index: number, value: Uint8Array) =>
  sent.map(share => (share.index === index ? { index, value } : share));

test('the honest shares aggregate', () => {
  expect(suite1.signature.verify(shared.key, message, aggregate(session, sent))).toBe(true);
});

describe('a wrong share is named', () => {
  const shifted = encodeScalar(mod(parseScalar(sent[1]!.value) + 1n));
  test.each([
    ['off by one', shifted],
    ['zero', new Uint8Array(32)],
    ['another signer’s', sent[0]!.value],
    ['not reduced', encodeScalar(parseScalar(sent[1]!.value) + order)],
    ['too short', new Uint8Array(31)],
    ['of another session', finish([1, 3, 4]).sent[1]!.value],
  ])('%s', (_, value) => {
    expect(() => aggregate(session, replaced(3, value))).toThrow(/^cosigner: .* of signer 3$/);
  });

  test('two cheats are both named', () => {
    const both = [sent[0]!, { ...sent[1]!, value: shifted }, { ...sent[2]!, value: shifted }];
    expect(() => aggregate(session, both)).toThrow(/signer 3, signer 4$/);
  });

  test('a doubled share, a stranger’s and one of a signer who did not begin', () => {
    expect(() => aggregate(session, [...sent, sent[0]!])).toThrow(/cosigner: .* signer 1$/);
    for (const index of [0, 2, 6])
      expect(() => aggregate(session, [...sent, { index, value: sent[0]!.value }])).toThrow(
        `cosigner: wrong or doubled shares of signer ${index}`,
      );
  });
});

test('a share for another message is named', () => {
  const { session: other, signing } = begin([1, 3, 4]);
  const shareOf = (at: number, about: SigningSession) =>
    signShare(about, signing[at]!.share, signing[at]!.nonces);
  const mixed = [
    shareOf(0, other),
    shareOf(1, { ...other, message: ascii('certify that') }),
    shareOf(2, other),
  ];
  expect(() => aggregate(other, mixed)).toThrow(/signer 3$/);
});

describe('malformed nonce commitments', () => {
  const identity = signingArithmetic.group.encode(signingArithmetic.group.identity);
  const torsion = fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
  const { session: open, signing } = begin([1, 3, 4]);
  test.each<[string, Partial<NonceCommitment>]>([
    ['the identity', { hiding: identity }],
    ['a point of low order', { binding: torsion }],
    ['no point', { binding: new Uint8Array(32).fill(0xff) }],
    ['too short', { hiding: new Uint8Array(31) }],
    ['another’s index', { index: 1 }],
    ['index 0', { index: 0 }],
    ['an index past the last', { index: 6 }],
  ])('%s is named before anyone signs', (_, change) => {
    const commitments = open.commitments.map((commitment, i) =>
      i === 1 ? { ...commitment, ...change } : commitment,
    );
    const named = new RegExp(`cosigner: malformed or doubled nonces of signer ${change.index ?? 3}$`);
    const { share, nonces } = signing[0]!;
    expect(() => signShare({ ...open, commitments }, share, nonces)).toThrow(named);
    expect(() => aggregate({ ...open, commitments }, sent)).toThrow(named);
  });
});

test('nonces are used once', () => {
  const { session: open, signing } = begin([2, 4, 5]);
  const { share, nonces } = signing[0]!;
  signShare(open, share, nonces);
  expect(() => signShare({ ...open, message: ascii('again') }, share, nonces)).toThrow('already used');
});

test('a signer whose own commitment was exchanged does not sign', () => {
  const { session: open, signing } = begin([2, 4, 5]);
  const commitments = [
    { ...open.commitments[0]!, hiding: open.commitments[1]!.hiding },
    ...open.commitments.slice(1),
  ];
  expect(() => signShare({ ...open, commitments }, signing[0]!.share, signing[0]!.nonces)).toThrow(
    'incorrect signer commitment',
  );
});

test('two of three suffice for nothing', () => {
  const { session: open, signing } = begin([1, 3]);
  expect(() => signShare(open, signing[0]!.share, signing[0]!.nonces)).toThrow('quorum');
  const { session: all, signing: three } = begin([1, 3, 4]);
  const two = three.slice(1).map(({ share, nonces }) => signShare(all, share, nonces));
  expect(() => aggregate(all, two)).toThrow('quorum');
});

test('a root key chosen after the others dealt is refused', () => {
  const sharing = { threshold: 2, count: 3, session: entropy(16) };
  const honest = [1, 2].map(index => deal(signingArithmetic, sharing, index, entropy).dealing);
  const { group } = signingArithmetic;
  const wanted = group.multiply(group.base, 77n);
  const rogue = honest
    .map(({ commitments }) => group.negate(group.decode(commitments[0]!)))
    .reduce(group.add, wanted);
  const own = deal(signingArithmetic, sharing, 3, entropy).dealing;
  const commitments = [group.encode(rogue), own.commitments[1]!];
  expect(() => combineDealings(signingArithmetic, sharing, [...honest, { ...own, commitments }])).toThrow(
    'dealing: holder 3',
  );
});
