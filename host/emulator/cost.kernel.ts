/** What kernel calls cost on a Cortex-M4 where they run as WebAssembly: estimates from cycles measured on the Thumb-2 blob.
 *
 * Measured with host/emulator/core.ts on the Thumb-2 blob without tables; repeated, with its tolerance, by
 * the test below. With tables signing and proving cost less: for exact cycles a board runs its kernel in mode `thumb`.
 *
 * 1. Estimates are within a third of what the blob takes. (test/host/emulator.kernel.test.ts)
 */
import { operations } from '#circuits/kernel/operation.ts';

/** A thousand field multiplications, with what is between them: 294 thousand in a sum of points. */
export const cyclesOfUnit = 300_000;

interface Cost {
  readonly fixed: number;
  readonly perByte?: number;
  /** Of the parameter block: where the number of bytes stands. */
  readonly lengthAt?: number;
}

/** One ristretto or Ed25519 operation of each kind. */
const [key, sign, verify, agreement, multiplication] = [737_613, 2_601_319, 1_007_875, 870_472, 666_588];

const costs: Readonly<Record<number, Cost>> = {
  [operations.copy]: { fixed: 94, perByte: 2.25, lengthAt: 2 },
  [operations.compare]: { fixed: 89, perByte: 10, lengthAt: 2 },
  [operations.crc16]: { fixed: 94, perByte: 89, lengthAt: 1 },
  [operations.crc32]: { fixed: 94, perByte: 88, lengthAt: 1 },
  [operations.sha2]: { fixed: 8_242, perByte: 89, lengthAt: 2 },
  [operations.sponge]: { fixed: 14_696, perByte: 214, lengthAt: 2 },
  [operations.keccak]: { fixed: 40_734 },
  [operations.derive]: { fixed: 17_419, perByte: 214, lengthAt: 3 },
  [operations.hmac]: { fixed: 40_490, perByte: 89, lengthAt: 2 },
  [operations.seal]: { fixed: 13_615, perByte: 221, lengthAt: 5 },
  [operations.unseal]: { fixed: 13_615, perByte: 231, lengthAt: 5 },
  [operations.x25519]: { fixed: agreement },
  [operations.key]: { fixed: key },
  [operations.sign]: { fixed: sign },
  [operations.verify]: { fixed: verify },
  [operations.certifiable]: { fixed: 769_632 },
  [operations.pointDecode]: { fixed: 58_085 },
  [operations.pointEncode]: { fixed: 58_924 },
  [operations.pointMap]: { fixed: 118_661 },
  [operations.pointAdd]: { fixed: 2_962 },
  [operations.pointNegate]: { fixed: 1_056 },
  [operations.pointEqual]: { fixed: 2_457 },
  [operations.pointMultiply]: { fixed: multiplication },
  // A message is opened, which verifies it; signed, twice where its key is made first; a certificate is verified.
  [operations.messageOpen]: { fixed: verify },
  [operations.messageSign]: { fixed: sign },
  [operations.certify]: { fixed: verify },
  [operations.claimSign]: { fixed: 3_665_819 },
  // A signature verified, or two; a receipt signed.
  [operations.requestVerify]: { fixed: verify },
  [operations.receiptVerify]: { fixed: verify },
  [operations.receiptSign]: { fixed: sign },
  [operations.voucherVerify]: { fixed: verify },
  [operations.hopVerify]: { fixed: 2 * verify },
  [operations.guiltVerify]: { fixed: 2 * verify },
  [operations.listed]: { fixed: 5_000 },
  // Of a session: a public key and a shared secret; then blocks of some two hundred bytes, and frames.
  [operations.sessionAgree]: { fixed: 2 * agreement },
  [operations.blockSeal]: { fixed: 57_000 },
  [operations.blockOpen]: { fixed: 57_000 },
  [operations.frameWrite]: { fixed: 3_000 },
  [operations.frameRead]: { fixed: 3_000 },
};

const sliced: ReadonlySet<number> = new Set([
  operations.chain,
  operations.pointSum,
  operations.rangeProve,
  operations.rangeVerify,
  operations.paymentVerify,
  operations.idleProve,
]);

/** It may return before it is done. */
export const isSliced = (operation: number) => sliced.has(operation);

export function cyclesOfCall(operation: number, block: Uint32Array): number {
  const { fixed, perByte = 0, lengthAt } = costs[operation] ?? { fixed: 1_000 };
  return Math.round(fixed + perByte * (lengthAt === undefined ? 0 : block[lengthAt]!));
}
