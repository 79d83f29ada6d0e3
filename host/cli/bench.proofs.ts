/** `mite bench proofs`: milliseconds, terms and bytes of every proof and signature, against one scalar multiplication. */
import { randomBytes } from 'node:crypto';
import { openEconomy } from '#circuits/issue/economy.ts';
import { cipher } from '#circuits/link/cipher.noble.ts';
import { acceptSession, finishSession, openSession } from '#circuits/link/session.ts';
import { open } from '#circuits/message/cose.ts';
import { encode, parse, version } from '#circuits/message/message.ts';
import { claim as claimShape, payment as paymentShape } from '#circuits/message/payment.ts';
import { presets } from '#circuits/policy/presets.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { sealIdentity, verifyEscrow } from '#circuits/proof/escrow.ts';
import { ask } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import type { Point, Scalar, Suite } from '#circuits/proof/port.ts';
import { verifyRangeBatch } from '#circuits/proof/range.batch.ts';
import { proveRange } from '#circuits/proof/range.prove.ts';
import { randomnessCount, rangeParameters, rangeTerms } from '#circuits/proof/range.ts';
import { verifyRange } from '#circuits/proof/range.verify.ts';
import { reduceScalar } from '#circuits/proof/scalar.ts';
import { makeSharedKey } from '#circuits/proof/sharing.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { aggregate, commitNonces, signingArithmetic, signShare } from '#circuits/proof/threshold.noble.ts';
import { type Effort, eventOf, type Line, measure, quick, thorough } from './bench.ts';
import type { Events } from './event.ts';

const suite = suite1;
const entropy = (length: number) => new Uint8Array(randomBytes(length));
const scalar = (): Scalar => reduceScalar(entropy(64));
const unitOfWork = 'scalar multiplication';
const epoch = 100;

type Sized = { readonly terms?: number; readonly bytes?: number };

/** Lines of one run, each measured beside noble's own scalar multiplication. */
class Run {
  readonly effort: Effort;
  readonly #point = suite.group.fromUniform(entropy(64));

  constructor(effort: Effort) {
    this.effort = effort;
  }

  readonly multiplication = () => suite.group.multiply(this.#point, scalar());

  line(name: string, target: number, work: () => unknown, size: Sized = {}): Line {
    const [value, one] = measure(this.effort, work, this.multiplication) as [number, number];
    return {
      bench: 'proofs',
      name,
      value,
      unit: 'ms',
      ...size,
      ratio: value / one,
      ratioTo: unitOfWork,
      target,
    };
  }
}

function rangeSample(bits: number, lanes: number) {
  const parameters = rangeParameters(suite, bits, lanes);
  const blindings = Array.from({ length: lanes }, scalar);
  const values = blindings.map((_, lane) => BigInt(200 + lane));
  const statement = { commitments: values.map((value, lane) => commit(suite, value, blindings[lane]!)) };
  const randomness = Array.from({ length: randomnessCount(bits * lanes) }, scalar);
  const prove = () => proveRange(parameters, statement, { values, blindings, randomness });
  return { parameters, statement, prove };
}

/** Prove and verify, each with the ratio that is asked of it. */
const rangeTargets = [
  { lanes: 1, bits: 16, prove: 140, verify: 13 },
  { lanes: 1, bits: 32, prove: 270, verify: 22 },
  { lanes: 2, bits: 16, prove: 270, verify: 22 },
  { lanes: 2, bits: 32, prove: 500, verify: 38 },
];

function* rangeLines(run: Run): Generator<Line> {
  for (const { lanes, bits, prove, verify } of rangeTargets) {
    const sample = rangeSample(bits, lanes);
    const proof = sample.prove();
    const shape = `${lanes}x${bits}`;
    yield run.line(`range prove ${shape}`, prove, sample.prove, { bytes: proof.length });
    yield run.line(
      `range verify ${shape}`,
      verify,
      () => verifyRange(sample.parameters, sample.statement, proof),
      { terms: rangeTerms(bits, lanes), bytes: proof.length },
    );
  }
}

/** What one more proof costs in a batch: the shared points are paid once. */
function* batchLines(run: Run): Generator<Line> {
  const { parameters, statement, prove } = rangeSample(16, 1);
  const proof = prove();
  for (const [count, target] of [
    [8, 5],
    [64, 4],
  ] as const) {
    const claims = new Array(count).fill({ statement, proof });
    const whole = () => verifyRangeBatch(parameters, claims, entropy);
    const first = () => verifyRangeBatch(parameters, claims.slice(0, 1), entropy);
    const [many, single, one] = measure(run.effort, whole, first, run.multiplication) as [
      number,
      number,
      number,
    ];
    const value = (many - single) / (count - 1);
    yield {
      bench: 'proofs',
      name: `range verify 1x16, marginal in ${count}`,
      value,
      unit: 'ms',
      terms: rangeTerms(16, 1, 2) - rangeTerms(16, 1),
      bytes: proof.length,
      ratio: value / one,
      ratioTo: unitOfWork,
      target,
    };
  }
}

function* signatureLines(run: Run): Generator<Line> {
  const { signature } = suite;
  const [secret, message] = [entropy(32), entropy(280)];
  const key = signature.publicKey(secret);
  const signed = signature.sign(secret, message, entropy(32));
  // Signing makes its key anew and verifies what it made.
  yield run.line('sign', 2.5, () => signature.sign(secret, message, entropy(32)), { bytes: signed.length });
  yield run.line('verify', 1.7, () => signature.verify(key, message, signed), {
    terms: 2,
    bytes: signed.length,
  });
  const { shared, shares } = makeSharedKey(signingArithmetic, { threshold: 3, count: 5 }, entropy);
  const sign = () => {
    const rounds = shares.slice(0, 3).map(share => ({ share, ...commitNonces(share, entropy) }));
    const session = { shared, message, commitments: rounds.map(({ commitment }) => commitment) };
    return aggregate(
      session,
      rounds.map(({ share, nonces }) => signShare(session, share, nonces)),
    );
  };
  yield run.line('threshold sign, 3 of 5, all parts', 180, sign, { bytes: sign().length });
}

function* escrowLines(run: Run): Generator<Line> {
  const { shared } = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
  const keys = { purseKey: entropy(32), auditorsKey: shared.key };
  const seal = () => sealIdentity(suite, { ...keys, device: entropy(32) }, entropy);
  const { escrow } = seal();
  yield run.line('escrow seal, with both proofs', 13, seal, { bytes: 128 });
  yield run.line('escrow verify', 2.2, () => verifyEscrow(suite, keys, escrow), { terms: 2, bytes: 128 });
}

function* sessionLines(run: Run): Generator<Line> {
  const prologue = Uint8Array.of(version);
  const handshake = () => {
    const opening = openSession(cipher, prologue, entropy(32));
    const { session, message } = acceptSession(cipher, prologue, entropy(32), opening.message);
    return { ours: finishSession(opening, message), theirs: session };
  };
  yield run.line('session handshake, both ends', 6, handshake, { bytes: 80 });
  const text = entropy(1_187);
  const { ours, theirs } = handshake();
  yield run.line('session seal and open', 0.5, () => theirs.open(ours.seal(text)), { bytes: text.length });
}

interface Sum {
  readonly scalars: readonly Scalar[];
  readonly points: readonly Point[];
}

/** The suite with every multi-scalar multiplication kept, to be done again bare. */
function recording(): { recorded: Sum[]; suite: Suite } {
  const recorded: Sum[] = [];
  const group = {
    ...suite.group,
    multiScalar(scalars: readonly Scalar[], points: readonly Point[]) {
      recorded.push({ scalars, points });
      return suite.group.multiScalar(scalars, points);
    },
  };
  return { recorded, suite: { ...suite, group } };
}

function paymentSample(suite: Suite, tierOf: keyof typeof presets) {
  const economy = openEconomy(suite, entropy);
  const tier = economy.publish(presets[tierOf]);
  const grant = { tier, from: epoch, budget: [tier.value.classes[0]!.budget], identity: 0 };
  const [payer, till] = ['payer', 'payee'].map(name => economy.fund(economy.makeDevice(name), grant)) as [
    ReturnType<typeof economy.fund>,
    ReturnType<typeof economy.fund>,
  ];
  const request = ask(till, { number: 1, price: 250, units: 1, session: entropy(32) }, entropy);
  const { payment } = pay(payer, request, entropy);
  const { trust, intermediary } = economy;
  const payee: Payee = { trust, purse: till.certificate, intermediary, tier, epoch, isListed: () => false };
  return {
    request,
    payment,
    prove: () => pay(payer, request, entropy),
    verify: () => verifyPayment(payee, request, payment),
  };
}

/** Signatures of a payment that brings its certificate: the intermediary's and the claim's, one equation each. */
const signatureCount = 2;

function* paymentLines(run: Run): Generator<Line> {
  const recorder = recording();
  const sample = paymentSample(recorder.suite, 'pocket');
  sample.verify();
  recorder.recorded.length = 0;
  sample.verify();
  const sums = recorder.recorded.slice();
  for (let i = 0; i < signatureCount; i++)
    sums.push({
      scalars: [scalar(), scalar()],
      points: [suite.group.base, suite.group.fromUniform(entropy(64))],
    });
  const plain = paymentSample(suite, 'pocket');
  const bare = () => sums.map(({ scalars, points }) => suite.group.multiScalar(scalars, points));
  const longer = { ...run.effort, budgetMs: 4 * run.effort.budgetMs };
  const [verify, alone] = measure(longer, plain.verify, bare) as [number, number];
  const terms = sums.reduce((total, { points }) => total + points.length, 0);
  yield run.line('payment make 1x16, nothing ready', 150, plain.prove, { bytes: plain.payment.length });
  yield run.line('payment verify 1x16', 18, plain.verify, { terms, bytes: plain.payment.length });
  yield {
    bench: 'proofs',
    name: 'payment verify 1x16 / bare multi-scalar multiplications in it',
    value: verify / alone,
    unit: 'times',
    terms,
    ratio: verify / alone,
    ratioTo: 'bare multi-scalar multiplications',
    target: 1.3,
  };
  const wide = paymentSample(suite, 'micro');
  yield run.line('payment verify 1x32', 27, wide.verify, { bytes: wide.payment.length });
  const message = parse(paymentShape, plain.payment);
  yield run.line('payment decode', 0.02, () => parse(paymentShape, plain.payment), {
    bytes: plain.payment.length,
  });
  yield run.line('payment encode', 0.02, () => encode(paymentShape, message), {
    bytes: plain.payment.length,
  });
  yield run.line('claim decode', 0.02, () => open(suite, claimShape, message.claim), {
    bytes: message.claim.length,
  });
}

function* lines(run: Run): Generator<Line> {
  const [value] = measure(run.effort, run.multiplication) as [number];
  yield { bench: 'proofs', name: unitOfWork, value, unit: 'ms', terms: 1 };
  yield* rangeLines(run);
  yield* batchLines(run);
  yield* signatureLines(run);
  yield* escrowLines(run);
  yield* paymentLines(run);
  yield* sessionLines(run);
}

export async function* benchProofs(options: { readonly quick: boolean }): Events {
  for (const line of lines(new Run(options.quick ? quick : thorough))) yield eventOf(line);
}
