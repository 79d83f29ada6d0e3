/** An escrow belongs to the purse key it was made for: nobody can plant it, move it or make it look like another. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import type { Escrow } from '#circuits/message/certificate.ts';
import { deviceIdentity, sealIdentity, verifyEscrow } from '#circuits/proof/escrow.ts';
import { transcript } from '#circuits/proof/label.ts';
import { encodeScalar, mod, parseScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { proveSigma } from '#circuits/proof/sigma.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { entropyOf, seedOf } from './sample.ts';

const seed = seedOf('escrow.binding', 'escrow 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const { group } = suite;
  const entropy = entropyOf(`${seed} ${suite.id}`);
  const random = () => reduceScalar(entropy(64));
  const point = () => group.encode(group.fromUniform(entropy(64)));
  const auditorsSecret = random();
  const auditorsKey = group.encode(group.multiply(group.base, auditorsSecret));
  const subject = { purseKey: entropy(32), auditorsKey, device: entropy(32) };
  const { escrow, identity } = sealIdentity(suite, subject, entropy);
  const refused = (keys: { purseKey: Uint8Array; auditorsKey: Uint8Array }, changed: Escrow) =>
    expect(() => verifyEscrow(suite, keys, changed)).toThrow(/^(escrow|point|scalar):/);

  test('it holds under its own keys', () => verifyEscrow(suite, subject, escrow));

  test('planted under another purse key or other auditors it is refused', () => {
    refused({ ...subject, purseKey: entropy(32) }, escrow);
    refused({ ...subject, auditorsKey: point() }, escrow);
    const other = subject.purseKey.slice();
    other[31]! ^= 1;
    refused({ ...subject, purseKey: other }, escrow);
  });

  test('re-randomised it is refused: whoever adds to r does not know r', () => {
    const more = random();
    const ephemeral = group.encode(
      group.add(group.decode(escrow.ephemeral), group.multiply(group.base, more)),
    );
    const sealed = group.encode(
      group.add(group.decode(escrow.sealed), group.multiply(group.decode(auditorsKey), more)),
    );
    // Positive control: it is a good ciphertext of the same device, so only the proof stands in the way.
    const opened = group.add(
      group.decode(sealed),
      group.negate(group.multiply(group.decode(ephemeral), auditorsSecret)),
    );
    expect(toHex(group.encode(opened))).toBe(toHex(group.encode(deviceIdentity(suite, subject.device))));

    const thief = { ...subject, purseKey: entropy(32) };
    refused(thief, { ...escrow, ephemeral, sealed });
    refused(subject, { ...escrow, ephemeral, sealed });
    // Shifting the response answers for r + more only if the challenge stayed, and it hashes ephemeral and sealed.
    const shifted = reduceScalar(escrow.response) + reduceScalar(escrow.challenge) * more;
    const response = encodeScalar(mod(shifted));
    refused(thief, { ...escrow, ephemeral, sealed, response });
    refused(subject, { ...escrow, ephemeral, sealed, response });
  });

  test('another sealed identity under the same proof is refused', () => {
    const victim = deviceIdentity(suite, entropy(32));
    const own = deviceIdentity(suite, subject.device);
    const moved = group.add(group.decode(escrow.sealed), group.add(victim, group.negate(own)));
    refused(subject, { ...escrow, sealed: group.encode(moved) });
  });

  test('the issuer’s proof does not pass for the certificate’s, nor one of another protocol', () => {
    refused(subject, { ...escrow, ...identity });
    const value = random();
    const ephemeral = group.multiply(group.base, value);
    const foreign = {
      protocol: transcript.dealing,
      context: new Uint8Array(0),
      relations: [{ base: group.base, image: ephemeral }],
    };
    const proof = proveSigma(suite, foreign, { value, noise: entropy(32) });
    refused(subject, { ...escrow, ephemeral: group.encode(ephemeral), ...proof });
  });

  test('every changed byte is refused', () => {
    for (const field of ['ephemeral', 'sealed', 'challenge', 'response'] as const)
      for (let i = 0; i < 32; i++) {
        const bytes = escrow[field].slice();
        bytes[i]! ^= 1 + (i % 255);
        refused(subject, { ...escrow, [field]: bytes });
      }
  });

  test('identity points are refused', () => {
    const zeros = new Uint8Array(32);
    for (const field of ['ephemeral', 'sealed'] as const)
      expect(() => verifyEscrow(suite, subject, { ...escrow, [field]: zeros })).toThrow('point');
    expect(() => verifyEscrow(suite, { ...subject, auditorsKey: zeros }, escrow)).toThrow('point');
    expect(() => sealIdentity(suite, { ...subject, auditorsKey: zeros }, entropy)).toThrow('point');
    const nothing = { ephemeral: zeros, sealed: zeros, challenge: zeros, response: zeros };
    expect(() => verifyEscrow(suite, subject, nothing)).toThrow('point');
  });

  test('two escrows of one device share no byte string that would link them', () => {
    const again = sealIdentity(suite, { ...subject, purseKey: entropy(32) }, entropy).escrow;
    for (const field of ['ephemeral', 'sealed', 'challenge', 'response'] as const)
      expect(toHex(again[field])).not.toBe(toHex(escrow[field]));
  });

  test('a stuck generator gives two purses two values of r', () => {
    const stuck = (length: number) => new Uint8Array(length);
    const one = sealIdentity(suite, subject, stuck).escrow;
    const two = sealIdentity(suite, { ...subject, purseKey: entropy(32) }, stuck).escrow;
    expect(toHex(one.ephemeral)).not.toBe(toHex(two.ephemeral));
    expect(parseScalar(one.response)).not.toBe(parseScalar(two.response));
  });
});
