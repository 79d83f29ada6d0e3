/** Range proofs that nobody here made (test/vectors/range-proofs.json), under the parameters of their makers. */
import { readFileSync } from 'node:fs';
import { ascii, concat, fromHex } from '#circuits/bytes.ts';
import { rangeGenerators } from '#circuits/proof/generators.ts';
import type { RangeParameters, RangeStatement } from '#circuits/proof/range.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { Transcript } from '#circuits/proof/transcript.ts';
import { edwards, eighth, moneroParameters } from './edwards.ts';

interface Bpp {
  A: string;
  A1: string;
  B: string;
  r1: string;
  s1: string;
  d1: string;
  L: string[];
  R: string[];
}
interface File {
  tari_bpplus_ristretto255_n64_m1: {
    proofs: { net: string; commitment: string; proof: string; minimum_value_promise: number }[];
  };
  dalek_bp_ristretto255: { vc: string[]; proofs: string[] };
  monero_bpplus_ed25519_n64_m4: { outPk: string[]; bpp: Bpp[] };
  trezor_bpplus_ed25519_n64_m2: Bpp & { V: string[] };
}

const file: File = JSON.parse(readFileSync(new URL('../vectors/range-proofs.json', import.meta.url), 'utf8'));

export interface Case {
  readonly name: string;
  readonly parameters: RangeParameters;
  readonly statement: RangeStatement;
  readonly proof: Uint8Array;
}

const { group, hash } = suite1;
const label = concat(ascii('TARI CRYPTO NUMS BASEPOINT LABEL - '), new Uint8Array(8));

export const tariParameters: RangeParameters = {
  group,
  valueBase: group.fromUniform(hash.sha512(label)),
  blindBase: group.base,
  bits: 64,
  lanes: 1,
  generators: () => rangeGenerators(suite1, 64, 1),
  openTranscript: () => new Transcript(hash, 'Tari Bulletproofs+'),
};

/** Tari's bytes begin with the degree of the extension, 1: ours have none. */
export function withoutExtension(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 1) throw new Error('not an extension degree of one');
  return bytes.subarray(1);
}

export const tariBytes = file.tari_bpplus_ristretto255_n64_m1.proofs.map(each => fromHex(each.proof));

export const tari: Case[] = file.tari_bpplus_ristretto255_n64_m1.proofs.map((each, i) => ({
  name: `Tari ${each.net} ${i}`,
  parameters: tariParameters,
  statement: {
    commitments: [group.decode(fromHex(each.commitment))],
    minimums: [each.minimum_value_promise],
  },
  proof: withoutExtension(tariBytes[i]!),
}));

function flatten(proof: Bpp): Uint8Array {
  const { d1, A, A1, B, r1, s1, L, R } = proof;
  return fromHex([d1, A, A1, B, r1, s1, ...L.flatMap((left, i) => [left, R[i]!])].join(''));
}

export const monero: Case[] = file.monero_bpplus_ed25519_n64_m4.bpp.map((each, i) => ({
  name: `Monero ${i}`,
  parameters: moneroParameters(4),
  statement: { commitments: file.monero_bpplus_ed25519_n64_m4.outPk.map(eighth) },
  proof: flatten(each),
}));

const { V, ...trezorProof } = file.trezor_bpplus_ed25519_n64_m2;
export const trezor: Case = {
  name: 'Trezor',
  parameters: moneroParameters(2),
  statement: { commitments: V.map(hex => edwards.decode(fromHex(hex))) },
  proof: flatten(trezorProof),
};

export const dalek = file.dalek_bp_ristretto255.proofs.map((hex, i) => ({
  name: `dalek ${8 << (i >> 2)} bits, ${1 << (i & 3)} lanes`,
  bits: 8 << (i >> 2),
  commitments: file.dalek_bp_ristretto255.vc.slice(0, 1 << (i & 3)).map(fromHex),
  proof: fromHex(hex),
}));
