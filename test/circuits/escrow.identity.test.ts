/** The issuer is shown whose identity is sealed, and the auditors find exactly that device. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { deviceIdentity, openIdentity, sealIdentity, verifyEscrowIdentity } from '#circuits/proof/escrow.ts';
import { reduceScalar } from '#circuits/proof/scalar.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('escrow.identity', 'identity 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const { group } = suite;
  const entropy = entropyOf(`${seed} ${suite.id}`);
  const secret = reduceScalar(entropy(64));
  const auditorsKey = group.encode(group.multiply(group.base, secret));
  const subject = { purseKey: entropy(32), auditorsKey, device: entropy(32) };
  const shown = sealIdentity(suite, subject, entropy);
  const other = sealIdentity(suite, { ...subject, device: entropy(32) }, entropy);
  const refusal = /^(escrow|point|scalar):/;

  test('the proof of the sealed device holds, and for no other device', () => {
    verifyEscrowIdentity(suite, subject, shown);
    for (let i = 0; i < 20; i++)
      expect(() => verifyEscrowIdentity(suite, { ...subject, device: entropy(32) }, shown)).toThrow(refusal);
  });

  test('a proof of another escrow, key or auditors is refused', () => {
    expect(() => verifyEscrowIdentity(suite, subject, { ...shown, identity: other.identity })).toThrow(
      refusal,
    );
    expect(() => verifyEscrowIdentity(suite, subject, { ...shown, escrow: other.escrow })).toThrow(refusal);
    expect(() => verifyEscrowIdentity(suite, { ...subject, purseKey: entropy(32) }, shown)).toThrow(refusal);
    const foreign = group.encode(group.fromUniform(entropy(64)));
    expect(() => verifyEscrowIdentity(suite, { ...subject, auditorsKey: foreign }, shown)).toThrow(refusal);
  });

  test('the proof in the certificate does not pass for it', () => {
    const { challenge, response } = shown.escrow;
    const identity = { challenge, response };
    expect(() => verifyEscrowIdentity(suite, subject, { ...shown, identity })).toThrow(refusal);
  });

  test('an escrow that pads with nothing is refused', () => {
    const sealed = group.encode(deviceIdentity(suite, subject.device));
    const bare = { ...shown, escrow: { ...shown.escrow, sealed } };
    expect(() => verifyEscrowIdentity(suite, subject, bare)).toThrow('point');
  });

  test('a device is named by a whole id', () => {
    for (const length of [0, 31, 33])
      expect(() => deviceIdentity(suite, new Uint8Array(length))).toThrow('32 bytes');
  });

  test('who opens finds the device among a thousand, and only it', () => {
    const pad = group.multiply(group.decode(shown.escrow.ephemeral), secret);
    const opened = toHex(openIdentity(suite, shown.escrow, pad));
    const devices = Array.from({ length: 1_000 }, (_, i) => (i === 617 ? subject.device : entropy(32)));
    const found = devices.flatMap((device, i) =>
      toHex(group.encode(deviceIdentity(suite, device))) === opened ? [i] : [],
    );
    expect(found).toEqual([617]);
  });
});
