/** The central bank's root key is shared; what it signs is an ordinary certificate. */
import { expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { openEconomy } from '#circuits/issue/economy.ts';
import { type Intermediary, intermediary, type Root, root } from '#circuits/message/certificate.ts';
import { openTrust, verifyIntermediary } from '#circuits/message/chain.ts';
import { assemble, contentToSign, identify, open } from '#circuits/message/cose.ts';
import type { Message } from '#circuits/message/message.ts';
import { makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import {
  aggregate,
  commitNonces,
  signingArithmetic,
  signShare,
  thresholdSigner,
} from '#circuits/proof/threshold.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const entropy = entropyOf(seedOf('threshold.signing', 'signing 1'));
const { shared, shares } = makeSharedKey(signingArithmetic, { threshold: 3, count: 5 }, entropy);

function signTogether(message: Uint8Array, indices: readonly number[]): Uint8Array {
  const signing = indices.map(index => {
    const share = shares[index - 1]!;
    return { share, ...commitNonces(share, entropy) };
  });
  const session = { shared, message, commitments: signing.map(({ commitment }) => commitment) };
  return aggregate(
    session,
    signing.map(({ share, nonces }) => signShare(session, share, nonces)),
  );
}

function certify<T>(shape: Message<T>, value: T, indices: readonly number[]) {
  const signature = signTogether(contentToSign(suite1, shape, value), indices);
  return assemble(suite1, shape, value, { key: shared.key, signature });
}

const rootValue: Root = {
  suite: 1,
  key: shared.key,
  issuer: new Uint8Array(32),
  from: 0,
  until: 9_000,
  name: 'Central Bank',
};

test('three of five root signers make a root and an intermediary that anyone verifies', () => {
  const rootSigned = certify(root, rootValue, [1, 3, 5]);
  const trust = openTrust(suite1, rootSigned.bytes);
  const bank: Intermediary = {
    suite: 1,
    key: suite1.signature.publicKey(entropy(32)),
    issuer: identify(suite1, rootSigned),
    from: 10,
    until: 400,
    name: 'First Bank',
    shard: 1,
  };
  const bankSigned = certify(intermediary, bank, [2, 3, 4]);
  expect(bankSigned.signature).toHaveLength(64);
  const seen = verifyIntermediary(trust, open(suite1, intermediary, bankSigned.bytes));
  expect(seen.value.name).toBe('First Bank');
});

test('an economy stands on a root that nobody holds alone', () => {
  const economy = openEconomy(suite1, entropy, thresholdSigner(shared, shares.slice(2), entropy));
  expect(toHex(economy.trust.root.value.key)).toBe(toHex(shared.key));
  const two = thresholdSigner(shared, shares.slice(3), entropy);
  expect(() => openEconomy(suite1, entropy, two)).toThrow('quorum');
});

test('the shared key is one that may be certified', () => {
  expect(suite1.signature.isCertifiable(shared.key)).toBe(true);
});

test('every three of five, and more, sign for the same key', () => {
  const message = entropy(40);
  const groups = [];
  for (let mask = 0; mask < 32; mask++) {
    const indices = [1, 2, 3, 4, 5].filter(index => (mask >> (index - 1)) & 1);
    if (indices.length >= 3) groups.push(indices);
  }
  expect(groups).toHaveLength(16);
  const made = groups.map(indices => signTogether(message, indices));
  for (const signature of made) expect(suite1.signature.verify(shared.key, message, signature)).toBe(true);
  expect(new Set(made.map(toHex)).size).toBe(16);
});

test('a signature of other signers, or of another value, is not assembled', () => {
  const signature = signTogether(contentToSign(suite1, root, rootValue), [1, 2, 3]);
  const other = makeSharedKey(signingArithmetic, { threshold: 2, count: 2 }, entropy).shared.key;
  expect(() => assemble(suite1, root, rootValue, { key: other, signature })).toThrow('signature');
  const changed = { ...rootValue, until: 9_001 };
  expect(() => assemble(suite1, root, changed, { key: shared.key, signature })).toThrow('signature');
  expect(assemble(suite1, root, rootValue, { key: shared.key, signature }).value.until).toBe(9_000);
});
