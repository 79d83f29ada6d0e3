/** A verifier of original Bulletproofs in dalek's format: ground truth for what both kinds of proof share,
 * transcript, generator chain and group. Bytes: A | S | T1 | T2 | t_x | t~x | e~ | (L R)* | a | b. */
import { sha3_512 } from '@noble/hashes/sha3.js';
import { ascii } from '#circuits/bytes.ts';
import { rangeGenerators } from '#circuits/proof/generators.ts';
import type { Point, Scalar, Suite } from '#circuits/proof/port.ts';
import { encodeScalar, invert, mod, parseScalar, power } from '#circuits/proof/scalar.ts';
import { Transcript } from '#circuits/proof/transcript.ts';

class Sum {
  readonly scalars: Scalar[] = [];
  readonly points: Point[] = [];
  add(scalar: bigint, point: Point): void {
    this.scalars.push(mod(scalar));
    this.points.push(point);
  }
}

interface Inputs {
  readonly commitments: readonly Uint8Array[];
  readonly bits: number;
  readonly fields: readonly Uint8Array[];
}

/** The challenges y, z, x, w, those of the rounds, and a last one as the weight between the two equations. */
function challengesOf(suite: Suite, { commitments, bits, fields }: Inputs) {
  const transcript = new Transcript(suite.hash, 'Deserialize-And-Verify Test');
  transcript.append('dom-sep', ascii('rangeproof v1'));
  transcript.appendInteger('n', bits);
  transcript.appendInteger('m', commitments.length);
  for (const commitment of commitments) transcript.append('V', commitment);
  transcript.append('A', fields[0]!);
  transcript.append('S', fields[1]!);
  const [y, z] = [transcript.challenge('y'), transcript.challenge('z')];
  transcript.append('T_1', fields[2]!);
  transcript.append('T_2', fields[3]!);
  const x = transcript.challenge('x');
  for (const [i, name] of ['t_x', 't_x_blinding', 'e_blinding'].entries())
    transcript.append(name, encodeScalar(parseScalar(fields[4 + i]!)));
  const w = transcript.challenge('w');
  transcript.append('dom-sep', ascii('ipp v1'));
  transcript.appendInteger('n', bits * commitments.length);
  const rounds: Scalar[] = [];
  for (let i = 7; i < fields.length - 2; i += 2) {
    transcript.append('L', fields[i]!);
    transcript.append('R', fields[i + 1]!);
    rounds.push(transcript.challenge('u'));
  }
  transcript.append('a', fields.at(-2)!);
  transcript.append('b', fields.at(-1)!);
  return { y, z, x, w, rounds, weight: transcript.challenge('weight') };
}

function addFixed(suite: Suite, sum: Sum, inputs: Inputs, c: ReturnType<typeof challengesOf>): void {
  const { commitments, bits, fields } = inputs;
  const size = bits * commitments.length;
  const { G, H } = rangeGenerators(suite, bits, commitments.length);
  const [a, b] = [parseScalar(fields.at(-2)!), parseScalar(fields.at(-1)!)];
  const inverses = c.rounds.map(invert);
  const folded = Array.from({ length: size }, (_, i) =>
    c.rounds.reduce(
      (product, u, j) => mod(product * ((i >> (c.rounds.length - 1 - j)) & 1 ? u : inverses[j]!)),
      1n,
    ),
  );
  const yInverse = invert(c.y);
  for (let i = 0, shrink = 1n; i < size; i++, shrink = mod(shrink * yInverse)) {
    const weight = power(c.z, 2 + Math.floor(i / bits)) << BigInt(i % bits);
    sum.add(-c.z - a * folded[i]!, G[i]!);
    sum.add(c.z + shrink * mod(weight - b * folded[size - 1 - i]!), H[i]!);
  }
}

/** What t(x) must be besides the values: (z - z^2) * sum of y^i - sum over lanes of z^(3+j) * (2^bits - 1). */
function delta({ bits, commitments }: Inputs, { y, z }: { y: Scalar; z: Scalar }): bigint {
  let [sumY, sumZ] = [0n, 0n];
  for (let i = 0, each = 1n; i < bits * commitments.length; i++, each = mod(each * y)) sumY += each;
  for (let j = 0; j < commitments.length; j++) sumZ += power(z, 3 + j);
  return mod((z - z * z) * sumY - sumZ * ((1n << BigInt(bits)) - 1n));
}

/** Throws for undecodable fields; says whether the equation holds for the others. */
export function verifyDalek(
  suite: Suite,
  commitments: readonly Uint8Array[],
  bits: number,
  proof: Uint8Array,
): boolean {
  const { group } = suite;
  const fields = Array.from({ length: proof.length / 32 }, (_, i) => proof.subarray(32 * i, 32 * i + 32));
  const inputs = { commitments, bits, fields };
  if (fields.length !== 9 + 2 * Math.log2(bits * commitments.length)) throw new Error('length');
  const c = challengesOf(suite, inputs);
  const [tx, txBlinding, eBlinding] = [
    parseScalar(fields[4]!),
    parseScalar(fields[5]!),
    parseScalar(fields[6]!),
  ];
  const blindBase = group.fromUniform(sha3_512(group.encode(group.base)));
  const sum = new Sum();
  const at = (index: number) => group.decode(fields[index]!);
  sum.add(1n, at(0));
  sum.add(c.x, at(1));
  sum.add(c.weight * c.x, at(2));
  sum.add(c.weight * mod(c.x * c.x), at(3));
  c.rounds.forEach((u, j) => {
    sum.add(u * u, at(7 + 2 * j));
    sum.add(invert(u) ** 2n, at(8 + 2 * j));
  });
  sum.add(-eBlinding - c.weight * txBlinding, blindBase);
  const product = parseScalar(fields.at(-2)!) * parseScalar(fields.at(-1)!);
  sum.add(c.w * mod(tx - product) + c.weight * mod(delta(inputs, c) - tx), group.base);
  addFixed(suite, sum, inputs, c);
  commitments.forEach((commitment, j) => {
    sum.add(c.weight * power(c.z, 2 + j), group.decode(commitment));
  });
  return group.equals(group.multiScalar(sum.scalars, sum.points), group.identity);
}
