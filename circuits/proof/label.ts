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
};

/** Labels of transcripts: the protocol's name, and each appended or squeezed field. */
export const transcript = {
  range: 'mite range 1',
  rangeStep: 'Bulletproofs+ Range Proof',
};

/** Labels of the PRF over the purse seed. */
export const derive = {
  range: 'range blindings',
};
