/** A payee's check by the kernel, with what the TypeScript core's payee knows, and both verdicts side by side. */
import { Fault } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import type { Signed } from '#circuits/message/cose.ts';
import type { Request } from '#circuits/message/payment.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { kernel } from './wasm.ts';

const shape = { teeth: 0, bits: 32, parties: 2 };
const table = makeTable({ hash: suite1.hash, suite: 1 }, shape);
export const shapeWord = packShape(shape);
/** In the kernel's memory for as long as the test runs. */
export const tableAddress = kernel.put(table);
/** More than any statement takes on a host. */
export const scratchBytes = 1 << 18;

/** The list that a payee holds: its bytes, and the 48 bytes of its beacon that salt it. */
export interface Shard {
  readonly list: Uint8Array;
  readonly salt: Uint8Array;
}

export interface Checked {
  readonly code: number;
  readonly claimId: Uint8Array;
  /** Offset and length of certificate, request and claim; amount, slots, ordinal. */
  readonly result: readonly number[];
}

export function pairOf(bytes: Uint8Array | undefined): [number, number] {
  return bytes ? [kernel.put(bytes), bytes.length] : [0, 0];
}

const nobody: Shard = { list: new Uint8Array(0), salt: new Uint8Array(48) };

export function checkInKernel(
  payee: Payee,
  asked: Signed<Request>,
  payment: Uint8Array,
  shard = nobody,
): Checked {
  return kernel.scope(() => {
    const claimId = kernel.allocate(32);
    const listed = payee.isListed ? pairOf(shard.list) : [0, 0];
    const block = [
      ...pairOf(payment),
      ...pairOf(asked.bytes),
      ...pairOf(payee.intermediary.bytes),
      kernel.put(payee.intermediary.id),
      ...pairOf(payee.tier.bytes),
      kernel.put(payee.tier.id),
      kernel.put(payee.purse.id),
      kernel.put(payee.purse.value.key),
      payee.epoch,
      ...listed,
      kernel.put(shard.salt),
      ...pairOf(payee.known?.bytes),
      tableAddress,
      shapeWord,
      claimId,
      ...new Array<number>(9).fill(0),
    ];
    const answer = kernel.ask(operations.paymentVerify, block, scratchBytes);
    return { code: answer.code, claimId: kernel.read(claimId, 32), result: [...answer.block.slice(21)] };
  });
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
  const { code } = checkInKernel(payee, asked, payment);
  if (code !== expected)
    throw new Error(`kernel ${code}, core ${expected}: ${Buffer.from(payment).toString('hex')}`);
  return code;
}
