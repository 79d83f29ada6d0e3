/** Decryption shares: t auditors compute s*R together, each with a proof that it used the share behind its public point.
 *
 * S_i = s_i*R, and log_B(s_i*B) = log_R(S_i). The context ties a share to one order, so that none can be used for another.
 *
 * 1. Any t right shares give one pad, t - 1 give none. (test/circuits/sharing.threshold.test.ts)
 * 2. A wrong, replayed, doubled or foreign share is named by its index. (test/circuits/sharing.adversary.test.ts)
 */
import { u32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Opening } from '../message/sync.ts';
import { transcript } from './label.ts';
import type { Point, Suite } from './port.ts';
import { type KeyShare, type SharedKey, weights } from './sharing.ts';
import { decodeElement, frame, holds, proveSigma, type SigmaStatement, verifySigma } from './sigma.ts';

/** What is decrypted, by whom, and what for. */
export interface Decryption {
  readonly auditors: SharedKey;
  readonly ephemeral: Uint8Array;
  readonly context: Uint8Array;
}

export type DecryptionShare = Opening['shares'][number];

function statementOf(suite: Suite, decryption: Decryption, index: number, point: Uint8Array): SigmaStatement {
  const { auditors, ephemeral, context } = decryption;
  const publicShare = auditors.shares[index - 1];
  if (!publicShare) throw new Fault('share', `auditor ${index}: there is none`);
  return {
    protocol: transcript.decryptionShare,
    context: frame(u32(suite.id), u32(index), auditors.key, context),
    relations: [
      { base: suite.group.base, image: decodeElement(suite, publicShare) },
      { base: decodeElement(suite, ephemeral), image: decodeElement(suite, point) },
    ],
  };
}

export function makeShare(
  suite: Suite,
  decryption: Decryption,
  share: KeyShare,
  noise: Uint8Array,
): DecryptionShare {
  const { index, secret } = share;
  const { group } = suite;
  const point = group.encode(group.multiply(decodeElement(suite, decryption.ephemeral), secret));
  const statement = statementOf(suite, decryption, index, point);
  return { index, point, ...proveSigma(suite, statement, { value: secret, noise }) };
}

function isSound(suite: Suite, decryption: Decryption, share: DecryptionShare): boolean {
  return holds(() => verifySigma(suite, statementOf(suite, decryption, share.index, share.point), share));
}

/** The pad s*R, from t or more shares. Names every auditor whose share is wrong. */
export function combineShares(
  suite: Suite,
  decryption: Decryption,
  shares: readonly DecryptionShare[],
): Point {
  const indices = shares.map(share => share.index);
  const wrong = shares
    .filter((share, i) => indices.indexOf(share.index) !== i || !isSound(suite, decryption, share))
    .map(share => share.index);
  if (wrong.length)
    throw new Fault('share', `wrong or doubled: ${wrong.map(index => `auditor ${index}`).join(', ')}`);
  const { threshold } = decryption.auditors;
  if (shares.length < threshold) throw new Fault('quorum', `${shares.length} shares, ${threshold} open`);
  return suite.group.multiScalar(
    weights(indices),
    shares.map(share => suite.group.decode(share.point)),
  );
}
