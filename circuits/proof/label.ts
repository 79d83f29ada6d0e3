/** Every label that separates one use of a hash, transcript or PRF from another. */
import { ascii } from '../bytes.ts';

export const generatorChain = ascii('GeneratorsChain');

export const label = {
  valueBase: ascii('mite value base 1'),
  valueBaseKeccak: ascii('mite value base 2'),
  signatureNoise: ascii('mite hedged nonce'),
  schnorrKey: ascii('mite schnorr key'),
  schnorrNonce: ascii('mite schnorr nonce'),
  schnorrChallenge: ascii('mite schnorr challenge'),
  idle: ascii('mite idle proof'),
  standing: ascii('mite standing proof'),
  proofHash: ascii('mite proof hash'),
  namingChallenge: ascii('mite naming challenge'),
  namingIdentity: ascii('mite naming identity'),
  tick: ascii('mite tick'),
  revocation: ascii('mite revocation handle'),
  payeeTag: ascii('mite payee tag'),
  creditTag: ascii('mite credit tag'),
  creditSalt: ascii('mite credit salt'),
  escrowDevice: ascii('mite escrow device'),
  link: ascii('mite link'),
  noise: ascii('Noise_NN_25519_ChaChaPoly_SHA256'),
};

/** Labels of transcripts: the protocol's name, and each appended or squeezed field. */
export const transcript = {
  range: 'mite range 1',
  rangeStep: ascii('Bulletproofs+ Range Proof'),
  escrow: 'mite escrow 1',
  escrowIdentity: 'mite escrow identity 1',
  dealing: 'mite dealing 1',
  decryptionShare: 'mite decryption share 1',
};

/** Labels of the PRF over the purse seed. */
export const derive = {
  range: 'range blindings',
  purseKey: 'purse key',
  application: 'application noise',
  commitments: 'commitment blindings',
  delta: 'delta',
  namingKey: 'naming key',
  namingNonce: 'naming nonces',
  escrow: 'escrow randomness',
  dealing: 'dealing coefficients',
  sigmaNonce: 'sigma nonce',
};

/** Fields of a range proof's transcript: Tari's, and the context before them. */
export const rangeField = {
  context: 'context',
  step: 'dom-sep',
  valueBase: 'H',
  blindBase: 'G',
  bits: 'N',
  blindings: 'T',
  lanes: 'M',
  commitment: 'Ci',
  minimum: 'vi - minimum_value',
  A: 'A',
  y: 'y',
  z: 'z',
  L: 'L',
  R: 'R',
  e: 'e',
  A1: 'A1',
  B: 'B',
};

/** Fields of a sigma proof's transcript. */
export const sigmaField = { context: 'context', base: 'B', image: 'P', nonce: 'R', challenge: 'c' };
