/** A payee and a payer on a kernel, wherever it runs, and the verdict of the core beside that of the kernel. */
import { Fault } from '#circuits/fault.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape, smallPoints, type TableShape } from '#circuits/kernel/tables.ts';
import { type Signed, sign } from '#circuits/message/cose.ts';
import { kinds } from '#circuits/message/message.ts';
import type { Request } from '#circuits/message/payment.ts';
import { beacon as beaconShape } from '#circuits/message/sync.ts';
import type { Payer } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { kernel as onHost } from './wasm.ts';

/** Points of everything that is proven in tests, for two lanes of 32 bits. */
const points: TableShape = { ...smallPoints, parties: 2 };
const claimBytes = 338;

interface Checked {
  readonly code: number;
  readonly claimId: Uint8Array;
  /** Offset and length of certificate, request and claim; offset and number of ordinal, slots and amount. */
  readonly result: readonly number[];
}

/** What a payer says beside the request, and 64 bytes of noise. */
interface Choice {
  readonly slots: number;
  readonly theta: number;
  readonly proof: Uint8Array;
  readonly noise: Uint8Array;
}

/** A list of nobody, where a payee of the core only says that nobody is on it. The kernel takes beacons as verified. */
function emptyBeacon({ trust }: Payee): Uint8Array {
  const { suite, root } = trust;
  const header = { suite: suite.id, issuer: root.id, generation: 0, epoch: 0, time: 0, policy: 0, shard: 0 };
  const value = { ...header, auditors: root.id, list: new Uint8Array(0) };
  const noise = new Uint8Array(32);
  return sign(suite, beaconShape, value, { secret: noise, noise }).bytes;
}

const nobody = new WeakMap<Payee['trust'], Uint8Array>();

function beaconOf(payee: Payee): Uint8Array | undefined {
  if (!payee.isListed) return undefined;
  const known = nobody.get(payee.trust) ?? emptyBeacon(payee);
  nobody.set(payee.trust, known);
  return known;
}
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** Whole-message calls on a kernel. The table stays in its memory. */
export class Till {
  readonly #kernel: Kernel;
  readonly #scratchBytes: number;
  readonly #table: readonly number[];

  constructor(kernel: Kernel, scratchBytes = 1 << 18, shape = points) {
    this.#kernel = kernel;
    this.#scratchBytes = scratchBytes;
    this.#table = [kernel.put(makeTable({ hash: suite1.hash, suite: 1 }, shape)), packShape(shape)];
  }

  #pair(bytes: Uint8Array | undefined): number[] {
    return bytes ? [this.#kernel.put(bytes), bytes.length] : [0, 0];
  }

  check(payee: Payee, asked: Signed<Request>, payment: Uint8Array, beacon = beaconOf(payee)): Checked {
    const kernel = this.#kernel;
    return kernel.scope(() => {
      const claimId = kernel.allocate(32);
      const block = [
        ...[...this.#pair(payment), ...this.#pair(asked.bytes), ...this.#pair(payee.known?.bytes)],
        ...[...this.#pair(payee.intermediary.bytes), ...this.#pair(payee.tier.bytes), payee.epoch],
        ...[...this.#pair(beacon), kernel.put(payee.purse.id), kernel.put(payee.purse.value.key), 0],
        ...[...this.#table, ...this.#pair(payee.gaps?.dayKey.bytes), payee.gaps?.epochMin ?? 0, claimId],
        ...new Array<number>(12).fill(0),
      ];
      const answer = kernel.ask(operations.paymentVerify, block, this.#scratchBytes);
      return { code: answer.code, claimId: kernel.read(claimId, 32), result: [...answer.block.slice(22)] };
    });
  }

  /** The idle proof of this position. */
  prove(payer: Payer, tierBytes: Uint8Array, theta: number): { code: number; proof: Uint8Array } {
    const kernel = this.#kernel;
    return kernel.scope(() => {
      const proof = kernel.allocate(640);
      const { position, certificate, tier } = payer;
      const block = [
        ...[kernel.put(payer.seed), ...this.#pair(certificate.bytes), ...this.#pair(tierBytes)],
        ...[position.ordinal, theta, position.spent, kernel.put(position.before)],
        ...[kernel.put(encodeScalar(position.blinding)), kernel.put(words(...payer.budget))],
        ...[proof, 0, 0, 0, 0, ...this.#table],
      ];
      const { code } = kernel.ask(operations.idleProve, block, this.#scratchBytes);
      const length = 32 * (6 + 2 * Math.log2(tier.bits * tier.lanes));
      return { code, proof: kernel.read(proof, length) };
    });
  }

  /** Who signs and where it goes: the words that every signature begins with. */
  #signing(payer: Payer, noise: Uint8Array, room: { made: number; length: number; id: number }): number[] {
    const { position, certificate, seed } = payer;
    const key = position.ordinal % 2 ? this.#kernel.put(certificate.value.key) : 0;
    const { made, length, id } = room;
    return [this.#kernel.put(seed), 1, this.#kernel.put(noise), ...this.#table, key, made, length, id];
  }

  /** Signed claim, its id, and the 64 bytes of the position after it. */
  claim(payer: Payer, asked: Signed<Request>, choice: Choice) {
    const kernel = this.#kernel;
    return kernel.scope(() => {
      const { position, certificate } = payer;
      const [made, id, next] = [kernel.allocate(claimBytes), kernel.allocate(32), kernel.allocate(64)];
      // The delta's noise comes behind the signature's.
      const noise = Uint8Array.from([...choice.noise.slice(32), ...choice.noise.slice(0, 32)]);
      const block = [
        ...this.#signing(payer, noise, { made, length: claimBytes, id }),
        ...[...this.#pair(asked.bytes), kernel.put(certificate.id)],
        ...[position.ordinal, choice.slots, choice.theta],
        ...[kernel.put(position.before), kernel.put(position.previous)],
        ...[kernel.put(encodeScalar(position.blinding)), ...this.#pair(choice.proof), next],
      ];
      const { code } = kernel.ask(operations.claimSign, block, this.#scratchBytes);
      return {
        code,
        claim: kernel.read(made, claimBytes),
        id: kernel.read(id, 32),
        next: kernel.read(next, 64),
      };
    });
  }

  assemble(payer: Payer, signed: Uint8Array, proof: Uint8Array): { code: number; payment: Uint8Array } {
    const kernel = this.#kernel;
    return kernel.scope(() => {
      const payment = kernel.allocate(4_096);
      const { bytes, value } = payer.certificate;
      const fields = [...this.#pair(bytes), 0, 0, ...this.#pair(signed), ...this.#pair(proof), 0, 0, 0, 0];
      const items = kernel.put(words(...fields, ...this.#pair(new Uint8Array(0))));
      const seed = value.naming ? kernel.put(payer.seed) : 0;
      const block = [seed, 1, 0, 0, 0, 0, payment, 4_096, 0, kinds.payment, items];
      const answer = kernel.ask(operations.messageSign, block, this.#scratchBytes);
      return { code: answer.code, payment: kernel.read(payment, answer.block[7]!) };
    });
  }
}

export const host = new Till(onHost);

export function pairOf(bytes: Uint8Array): [number, number] {
  return [onHost.put(bytes), bytes.length];
}

export function codeOf(run: () => unknown): number {
  try {
    run();
    return 0;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

/** The verdict of both; an error where they differ. */
export function agreedCode(payee: Payee, asked: Signed<Request>, payment: Uint8Array): number {
  const expected = codeOf(() => verifyPayment(payee, asked, payment));
  const { code } = host.check(payee, asked, payment);
  if (code !== expected)
    throw new Error(`kernel ${code}, core ${expected}: ${Buffer.from(payment).toString('hex')}`);
  return code;
}
