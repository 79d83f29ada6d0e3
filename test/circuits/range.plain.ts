/** A second prover and verifier of Bulletproofs+, written from the paper (ePrint 2020/735) one step at a time:
 * the verifier folds statement and generators round by round, and the prover asks nothing about its witness.
 * With an honest witness it is a cross-check, with any other a forger. */
import { ascii, concat } from '#circuits/bytes.ts';
import type { Point, Scalar } from '#circuits/proof/port.ts';
import type { RangeParameters, RangeStatement, RangeTranscript } from '#circuits/proof/range.ts';
import { rangeProofBytes } from '#circuits/proof/range.ts';
import { encodeScalar, invert, mod, parseScalar, power } from '#circuits/proof/scalar.ts';

/** Vectors and blindings that a prover claims: bits, bits minus one, and one blinding for each lane. */
export interface PlainWitness {
  readonly left: readonly bigint[];
  readonly right: readonly bigint[];
  readonly blindings: readonly Scalar[];
  readonly randomness: readonly Scalar[];
}

/** left and right of an honest prover. */
export function digits(bits: number, values: readonly bigint[]) {
  const left = values.flatMap(value =>
    Array.from({ length: bits }, (_, i) => (BigInt.asUintN(bits, value) >> BigInt(i)) & 1n),
  );
  return { left, right: left.map(bit => bit - 1n) };
}

class Plain {
  readonly parameters: RangeParameters;
  readonly transcript: RangeTranscript;
  G: readonly Point[];
  H: readonly Point[];
  y = 0n;
  z = 0n;

  constructor(parameters: RangeParameters, statement: RangeStatement) {
    const { bits, lanes, group } = parameters;
    const transcript = parameters.openTranscript();
    if (statement.context) transcript.append('context', statement.context);
    transcript.append('dom-sep', ascii('Bulletproofs+ Range Proof'));
    transcript.append('H', group.encode(parameters.valueBase));
    transcript.append('G', group.encode(parameters.blindBase));
    for (const [name, value] of Object.entries({ N: bits, T: 1, M: lanes }))
      transcript.appendInteger(name, value);
    for (const point of statement.commitments) transcript.append('Ci', group.encode(point));
    for (const minimum of statement.minimums ?? new Array(lanes).fill(0))
      transcript.appendInteger('vi - minimum_value', minimum);
    this.parameters = parameters;
    this.transcript = transcript;
    ({ G: this.G, H: this.H } = parameters.generators());
  }

  get size(): number {
    return this.parameters.bits * this.parameters.lanes;
  }

  sum(...terms: (readonly [bigint, Point])[]): Point {
    const { group } = this.parameters;
    return group.multiScalar(
      terms.map(([scalar]) => mod(scalar)),
      terms.map(([, point]) => point),
    );
  }

  ask(points: Record<string, Uint8Array>, name: string): Scalar {
    for (const [label, bytes] of Object.entries(points)) this.transcript.append(label, bytes);
    return this.transcript.challenge(name);
  }

  begin(A: Uint8Array): void {
    this.y = this.ask({ A }, 'y');
    this.z = this.ask({}, 'z');
  }

  /** z^(2(j+1)) * 2^i * y^(size - index): what the bit at an index weighs in b. */
  weight(index: number): bigint {
    const { bits } = this.parameters;
    const lane = power(this.z, 2 * (Math.floor(index / bits) + 1));
    return mod(lane * power(this.y, this.size - index)) << BigInt(index % bits);
  }

  foldGenerators(e: Scalar): void {
    const half = this.G.length / 2;
    const shifted = mod(e * invert(power(this.y, half)));
    const fold = (row: readonly Point[], low: Scalar, high: Scalar) =>
      Array.from({ length: half }, (_, i) => this.sum([low, row[i]!], [high, row[half + i]!]));
    this.G = fold(this.G, invert(e), shifted);
    this.H = fold(this.H, e, invert(e));
  }
}

/** Sum of a_i * y^(i + first) * b_i. */
function product(a: readonly bigint[], b: readonly bigint[], y: Scalar, first: number): bigint {
  return a.reduce((sum, each, i) => mod(sum + each * mod(b[i]! * power(y, i + first))), 0n);
}

const pair = (row: readonly bigint[], points: readonly Point[]) =>
  row.map((scalar, i) => [scalar, points[i]!] as const);

/** L, R and the folded vectors of one round, and what its blindings add to alpha. */
function proveRound(
  run: Plain,
  a: readonly bigint[],
  b: readonly bigint[],
  [dL, dR]: readonly [Scalar, Scalar],
) {
  const { group, valueBase, blindBase } = run.parameters;
  const half = a.length / 2;
  const shift = power(run.y, half);
  const [aLow, aHigh, bLow, bHigh] = [a.slice(0, half), a.slice(half), b.slice(0, half), b.slice(half)];
  const L = run.sum(
    ...pair(
      aLow.map(each => each * invert(shift)),
      run.G.slice(half),
    ),
    ...pair(bHigh, run.H),
    [product(aLow, bHigh, run.y, 1), valueBase],
    [dL, blindBase],
  );
  const R = run.sum(
    ...pair(
      aHigh.map(each => each * shift),
      run.G,
    ),
    ...pair(bLow, run.H.slice(half)),
    [product(aHigh, bLow, run.y, half + 1), valueBase],
    [dR, blindBase],
  );
  const fields = { L: group.encode(L), R: group.encode(R) };
  const e = run.ask(fields, 'e');
  const inverse = invert(e);
  run.foldGenerators(e);
  return {
    fields: [fields.L, fields.R],
    a: aLow.map((low, i) => mod(e * low + mod(inverse * shift) * aHigh[i]!)),
    b: bLow.map((low, i) => mod(inverse * low + e * bHigh[i]!)),
    blinding: dL * mod(e * e) + dR * mod(inverse * inverse),
  };
}

export function provePlain(
  parameters: RangeParameters,
  statement: RangeStatement,
  witness: PlainWitness,
): Uint8Array {
  const { group, valueBase, blindBase } = parameters;
  const run = new Plain(parameters, statement);
  const random = [...witness.randomness];
  const take = () => random.shift()!;
  let alpha = take();
  const bits = [...pair(witness.left, run.G), ...pair(witness.right, run.H)];
  const A = group.encode(run.sum(...bits, [alpha, blindBase]));
  run.begin(A);
  const { y, z } = run;
  let a = witness.left.map(bit => mod(bit - z));
  let b = witness.right.map((bit, i) => mod(bit + z + run.weight(i)));
  witness.blindings.forEach((blinding, j) => {
    alpha = mod(alpha + power(z, 2 * (j + 1)) * mod(blinding * power(y, run.size + 1)));
  });
  const rounds: Uint8Array[] = [];
  while (a.length > 1) {
    const round = proveRound(run, a, b, [take(), take()]);
    ({ a, b } = round);
    alpha = mod(alpha + round.blinding);
    rounds.push(...round.fields);
  }
  const [r, s, delta, eta] = [take(), take(), take(), take()];
  const mixed = r * mod(y * b[0]!) + s * mod(y * a[0]!);
  const A1 = group.encode(run.sum([r, run.G[0]!], [s, run.H[0]!], [mixed, valueBase], [delta, blindBase]));
  const B = group.encode(run.sum([r * mod(y * s), valueBase], [eta, blindBase]));
  const e = run.ask({ A1, B }, 'e');
  const d1 = encodeScalar(mod(eta + delta * e + alpha * mod(e * e)));
  const [r1, s1] = [encodeScalar(mod(r + a[0]! * e)), encodeScalar(mod(s + b[0]! * e))];
  return concat(d1, A, A1, B, r1, s1, ...rounds);
}

/** The commitment to a and b that the rounds fold: A, shifted by z and the weights, and the values. */
function foldStatement(run: Plain, statement: RangeStatement, A: Point): Point {
  const { y, z, size } = run;
  const { valueBase } = run.parameters;
  const yEnd = power(y, size + 1);
  let [sumY, sumWeights] = [0n, 0n];
  for (let i = 0; i < size; i++) {
    sumY = mod(sumY + power(y, i + 1));
    sumWeights = mod(sumWeights + run.weight(i) * power(y, i + 1));
  }
  // weight(i) * y^(i+1) is y^(size+1) times the weight of bit i.
  return run.sum(
    [1n, A],
    ...run.G.map(point => [-z, point] as const),
    ...run.H.map((point, i) => [z + run.weight(i), point] as const),
    [mod(z - z * z) * sumY - z * sumWeights, valueBase],
    ...statement.commitments.map((V, j) => [power(z, 2 * (j + 1)) * yEnd, V] as const),
    ...(statement.minimums ?? []).map(
      (minimum, j) => [-BigInt(minimum) * mod(power(z, 2 * (j + 1)) * yEnd), valueBase] as const,
    ),
  );
}

export function verifyPlain(
  parameters: RangeParameters,
  statement: RangeStatement,
  proof: Uint8Array,
): boolean {
  const { group, valueBase, blindBase, bits, lanes } = parameters;
  if (proof.length !== rangeProofBytes(bits, lanes)) return false;
  const field = (i: number) => proof.subarray(32 * i, 32 * i + 32);
  const [d1, r1, s1] = [parseScalar(field(0)), parseScalar(field(4)), parseScalar(field(5))];
  const run = new Plain(parameters, statement);
  run.begin(field(1));
  const { y } = run;
  let current = foldStatement(run, statement, group.decode(field(1)));
  for (let i = 6; i < proof.length / 32; i += 2) {
    const [L, R] = [field(i), field(i + 1)];
    const e = run.ask({ L, R }, 'e');
    current = run.sum([e * e, group.decode(L)], [1n, current], [invert(e) ** 2n, group.decode(R)]);
    run.foldGenerators(e);
  }
  const e = run.ask({ A1: field(2), B: field(3) }, 'e');
  const shown = run.sum([e * e, current], [e, group.decode(field(2))], [1n, group.decode(field(3))]);
  const claimed = run.sum(
    [r1 * e, run.G[0]!],
    [s1 * e, run.H[0]!],
    [r1 * mod(y * s1), valueBase],
    [d1, blindBase],
  );
  return group.equals(shown, claimed);
}
