/** Identity escrow: ElGamal of the device identity to the auditors, bound to one purse key.
 *
 * D = hash to group of the factory certificate's id, R = r*B, E = r*Y + D. A proof of knowledge of r over purse key,
 * auditors' key, suite and E stands in the certificate. The issuer alone also gets a proof that log_B(R) = log_Y(E - D).
 *
 * 1. Nobody can move or re-randomise another's ciphertext under a key of their own. (test/circuits/escrow.binding.test.ts)
 * 2. The issuer is shown that the sealed identity is that of the device it knows. (test/circuits/escrow.identity.test.ts)
 * 3. Who opens gets exactly one candidate: a device is found by computing its point. (test/circuits/escrow.identity.test.ts)
 */
import { concat } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Escrow } from '../message/certificate.ts';
import { derive as derivation, label, transcript } from './label.ts';
import type { Entropy, Point, Suite } from './port.ts';
import { deriveScalars } from './prf.ts';
import {
  decodeElement,
  frame,
  proveSigma,
  type SigmaProof,
  type SigmaStatement,
  verifySigma,
} from './sigma.ts';

/** Whose escrow it is, and who can open it. */
export interface EscrowKeys {
  readonly purseKey: Uint8Array;
  readonly auditorsKey: Uint8Array;
}

/** Also the device, by the id of its factory certificate. */
export interface EscrowSubject extends EscrowKeys {
  readonly device: Uint8Array;
}

export interface SealedIdentity {
  readonly escrow: Escrow;
  /** `purseRequest.identity`: for the issuer alone. */
  readonly identity: SigmaProof;
}

/** D of a device, named by the id of its factory certificate. */
export function deviceIdentity(suite: Suite, device: Uint8Array): Point {
  if (device.length !== 32) throw new Error('an id has 32 bytes');
  return suite.group.fromUniform(suite.hash.shake256(concat(label.escrowDevice, device), 64));
}

function contextOf(suite: Suite, keys: EscrowKeys, sealed: Uint8Array): Uint8Array {
  return frame(Uint8Array.of(suite.id), keys.purseKey, keys.auditorsKey, sealed);
}

type Ciphertext = Pick<Escrow, 'ephemeral' | 'sealed'>;

function knowledge(suite: Suite, keys: EscrowKeys, escrow: Ciphertext): SigmaStatement {
  return {
    protocol: transcript.escrow,
    context: contextOf(suite, keys, escrow.sealed),
    relations: [{ base: suite.group.base, image: decodeElement(suite, escrow.ephemeral) }],
  };
}

function identityStatement(suite: Suite, subject: EscrowSubject, escrow: Ciphertext): SigmaStatement {
  const { group } = suite;
  const minus = group.negate(deviceIdentity(suite, subject.device));
  return {
    protocol: transcript.escrowIdentity,
    context: contextOf(suite, subject, escrow.sealed),
    relations: [
      { base: group.base, image: decodeElement(suite, escrow.ephemeral) },
      {
        base: decodeElement(suite, subject.auditorsKey),
        image: group.add(decodeElement(suite, escrow.sealed), minus),
      },
    ],
  };
}

/** r hashes who it is for as well as fresh bytes: a stuck generator gives no r twice. */
export function sealIdentity(suite: Suite, subject: EscrowSubject, entropy: Entropy): SealedIdentity {
  const { group, hash } = suite;
  const { purseKey, auditorsKey, device } = subject;
  const context = frame(Uint8Array.of(suite.id), purseKey, auditorsKey, device);
  const value = deriveScalars(hash, entropy(32), { label: derivation.escrow, context }, 1)[0]!;
  const ephemeral = group.encode(group.multiply(group.base, value));
  const pad = group.multiply(decodeElement(suite, auditorsKey), value);
  const sealed = group.encode(group.add(pad, deviceIdentity(suite, device)));
  const ciphertext = { ephemeral, sealed };
  const prove = (statement: SigmaStatement) => proveSigma(suite, statement, { value, noise: entropy(32) });
  return {
    escrow: { ...ciphertext, ...prove(knowledge(suite, subject, ciphertext)) },
    identity: prove(identityStatement(suite, subject, ciphertext)),
  };
}

/** What anyone can check of a certificate's escrow: whoever holds the purse key made it, for these auditors. */
export function verifyEscrow(suite: Suite, keys: EscrowKeys, escrow: Escrow): void {
  decodeElement(suite, keys.auditorsKey);
  decodeElement(suite, escrow.sealed);
  if (!verifySigma(suite, knowledge(suite, keys, escrow), escrow))
    throw new Fault('escrow', 'no proof that its maker holds this purse key');
}

/** What the issuer also checks before it signs: the escrow seals this device. */
export function verifyEscrowIdentity(suite: Suite, subject: EscrowSubject, shown: SealedIdentity): void {
  if (!verifySigma(suite, identityStatement(suite, subject, shown.escrow), shown.identity))
    throw new Fault('escrow', 'no proof that it seals the identity of this device');
}

/** Takes the pad r*Y, which the auditors compute together, off the sealed identity. */
export function openIdentity(suite: Suite, escrow: Escrow, pad: Point): Uint8Array {
  const { group } = suite;
  return group.encode(group.add(decodeElement(suite, escrow.sealed), group.negate(pad)));
}
