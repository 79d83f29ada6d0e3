/** RFC 9591, Appendix E.1: FROST(Ed25519, SHA-512), signers 1 and 3 of three. */
import { expect, test } from 'vitest';
import { ascii, fromHex, toHex } from '#circuits/bytes.ts';
import { parseScalar } from '#circuits/proof/scalar.ts';
import { checkSharedKey } from '#circuits/proof/sharing.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import {
  aggregate,
  commitNonces,
  type SigningSession,
  signingArithmetic,
  signShare,
} from '#circuits/proof/threshold.noble.ts';

const groupKey = '15d21ccd7ee42959562fc8aa63224c8851fb3ec85a3faf66040d380fb9738673';
const shares = [
  '929dcc590407aae7d388761cddb0c0db6f5627aea8e217f4a033f2ec83d93509',
  'a91e66e012e4364ac9aaa405fcafd370402d9859f7b6685c07eed76bf409e80d',
  'd3cb090a075eb154e82fdb4b3cb507f110040905468bb9c46da8bdea643a9a02',
];
const randomness: Record<number, string[]> = {
  1: [
    '0fd2e39e111cdc266f6c0f4d0fd45c947761f1f5d3cb583dfcb9bbaf8d4c9fec',
    '69cd85f631d5f7f2721ed5e40519b1366f340a87c2f6856363dbdcda348a7501',
  ],
  3: [
    '86d64a260059e495d0fb4fcc17ea3da7452391baa494d4b00321098ed2a0062f',
    '13e6b25afb2eba51716a9a7d44130c0dbae0004a9ef8d7b5550c8a0e07c61775',
  ],
};
const commitments: Record<number, string[]> = {
  1: [
    'b5aa8ab305882a6fc69cbee9327e5a45e54c08af61ae77cb8207be3d2ce13de3',
    '67e98ab55aa310c3120418e5050c9cf76cf387cb20ac9e4b6fdb6f82a469f932',
  ],
  3: [
    'cfbdb165bd8aad6eb79deb8d287bcc0ab6658ae57fdcc98ed12c0669e90aec91',
    '7487bc41a6e712eea2f2af24681b58b1cf1da278ea11fe4e8b78398965f13552',
  ],
};
const signatureShares: Record<number, string> = {
  1: '001719ab5a53ee1a12095cd088fd149702c0720ce5fd2f29dbecf24b7281b603',
  3: 'bd86125de990acc5e1f13781d8e32c03a9bbd4c53539bbc106058bfd14326007',
};
const signature =
  '36282629c383bb820a88b71cae937d41f2f2adfcc3d02e55507e2fb9e2dd3cbe' +
  'bd9d2b0844e49ae0f3fa935161e1419aab7b47d21a37ebeae1f17d4987b3160b';

const secrets = shares.map((share, i) => ({ index: i + 1, secret: parseScalar(fromHex(share)) }));

test('both rounds give the bytes of RFC 9591 E.1, and suite 1 verifies the signature', () => {
  const signing = [1, 3].map(index => {
    const parts = randomness[index]!.map(fromHex);
    return { secret: secrets[index - 1]!, ...commitNonces(secrets[index - 1]!, () => parts.shift()!) };
  });
  for (const { commitment } of signing)
    expect([commitment.hiding, commitment.binding].map(toHex)).toEqual(commitments[commitment.index]);

  const points = secrets.map(({ secret }) =>
    signingArithmetic.group.encode(signingArithmetic.group.multiply(signingArithmetic.group.base, secret)),
  );
  const session: SigningSession = {
    shared: { threshold: 2, key: fromHex(groupKey), shares: points },
    message: ascii('test'),
    commitments: signing.map(({ commitment }) => commitment),
  };
  const sent = signing.map(({ secret, nonces }) => signShare(session, secret, nonces));
  for (const { index, value } of sent) expect(toHex(value)).toBe(signatureShares[index]);

  const made = aggregate(session, sent);
  expect(toHex(made)).toBe(signature);
  expect(suite1.signature.verify(fromHex(groupKey), ascii('test'), made)).toBe(true);
});

test('the shares of RFC 9591 E.1 are one sharing of its key', () => {
  const points = secrets.map(({ secret }) =>
    signingArithmetic.group.encode(signingArithmetic.group.multiply(signingArithmetic.group.base, secret)),
  );
  const shared = { threshold: 2, key: fromHex(groupKey), shares: points };
  checkSharedKey(signingArithmetic, shared);
  expect(() => checkSharedKey(signingArithmetic, { ...shared, shares: [...points].reverse() })).toThrow(
    'share',
  );
});
