import { describe, expect, test } from 'vitest';
import { Fault } from '#circuits/fault.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import type { Signed } from '#circuits/message/cose.ts';
import type { Request } from '#circuits/message/payment.ts';
import { pay } from '#circuits/proof/payer.ts';
import { type Payee, verifyPayment } from '#circuits/proof/payment.ts';
import { makeTable } from '#host/build/tables.ts';
import { findUnicorn } from '#host/emulator/unicorn.ts';
import { suite1 } from '#host/suite.ts';
import { Dice, mutateBytes } from '../circuits/fuzz.mutate.ts';
import { seedOf } from '../circuits/sample.ts';
import { openWorld, request } from '../circuits/world.ts';
import { boardOf } from './board.ts';
import { type Case, layOut, messageCases } from './cases.ts';
import { Fenced } from './fenced.ts';
import { kernel as host } from './wasm.ts';

const shape = { teeth: 0, bits: 32, parties: 1 };
const table = makeTable({ hash: suite1.hash, suite: 1 }, shape);
/** What a 40 kB board gives to the kernel. */
const scratchBytes = 13_312;
/** C stack: 1.5 kB on a Cortex-M4; a RISC-V board has more of it, and its calls save more registers. */
const stackBytesMax = { 'thumb.small': 1_536, 'thumb.full': 1_536, rv32: 2_048 };
const rounds = process.env.MITE_NIGHTLY ? 400 : 24;

const world = openWorld({ suite: suite1, seed: 'guard' });
const asked = request(world, 700);
const honest = pay(world.payer, asked, world.entropy).payment;

/** Lengths stay as they are, so that these get far. */
function flipped(dice: Dice): Uint8Array {
  const payment = honest.slice();
  payment[dice.below(payment.length)]! ^= 1 << dice.below(8);
  return payment;
}

function verdict(payee: Payee, payment: Uint8Array): number {
  try {
    verifyPayment(payee, asked, payment);
    return 0;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

/** The parameter block of operation.h for a payee that keeps no list and knows no certificate. */
function check(kernel: Kernel, { intermediary, tier, purse, epoch }: Payee, payment: Uint8Array): number {
  const pair = (bytes: Uint8Array) => [kernel.put(bytes), bytes.length];
  return kernel.scope(() => {
    const block = [
      ...[...pair(payment), ...pair((asked as Signed<Request>).bytes), 0, 0, ...pair(intermediary.bytes)],
      ...[...pair(tier.bytes), epoch, 0, 0, kernel.put(purse.id), kernel.put(purse.value.key), 0],
      ...[
        kernel.put(table),
        packShape(shape),
        0,
        0,
        0,
        kernel.allocate(32),
        ...new Array<number>(12).fill(0),
      ],
    ];
    return kernel.ask(operations.paymentVerify, block, scratchBytes).code;
  });
}

const cases = messageCases();
/** The code of a case, with its pieces changed. */
function outcome(
  kernel: Kernel,
  { operation, words, scratchBytes }: Case,
  change?: (bytes: Uint8Array) => Uint8Array,
) {
  return kernel.scope(() => kernel.ask(operation, layOut(kernel, words, change), scratchBytes).code);
}

/** The last word of a case that opens asks for the fields of an element. */
const withoutElement = (each: Case): Case =>
  each.operation === operations.messageOpen ? { ...each, words: [...each.words.slice(0, -1), 0] } : each;

describe.skipIf(!findUnicorn())('whole messages between pages that are not there', () => {
  const payee: Payee = { ...world.payee };
  delete (payee as { isListed?: unknown }).isListed;

  test.each([
    ['thumb.small', 'after'],
    ['thumb.small', 'before'],
    ['thumb.full', 'after'],
    ['thumb.full', 'before'],
    ['rv32', 'after'],
    ['rv32', 'before'],
  ] as const)('on %s with the missing page %s each piece: same verdicts as the core', (build, fence) => {
    const kernel = new Fenced(boardOf(build), fence);
    const dice = new Dice(seedOf(`guard ${build} ${fence}`, `guard ${build} ${fence}`));
    expect(check(kernel, payee, honest)).toBe(0);
    const verdicts = new Set<number>();
    for (let i = 0; i < rounds; i++) {
      const payment = i % 2 ? mutateBytes(dice, honest, honest) : flipped(dice);
      const code = check(kernel, payee, payment);
      expect(code).toBe(verdict(payee, payment));
      verdicts.add(code);
    }
    expect(verdicts.size).toBeGreaterThan(2);
    expect(kernel.stackBytes).toBeLessThanOrEqual(stackBytesMax[build]);
  });

  test.each([
    ['thumb.small', 'after'],
    ['thumb.full', 'before'],
    ['rv32', 'after'],
  ] as const)(
    'every operation on %s with the missing page %s each piece: the code of the host',
    (build, fence) => {
      const kernel = new Fenced(boardOf(build), fence);
      const seed = seedOf(`guard each ${build}`, `guard each ${build}`);
      const seen = new Set<number>();
      for (const [i, whole] of cases.entries()) {
        // Left out of a kernel for boards of 40 kB: accusations, and elements of lists (profile.small.test.ts).
        const each = build === 'thumb.small' ? withoutElement(whole) : whole;
        if (build === 'thumb.small' && each.operation === operations.guiltVerify) continue;
        expect(outcome(kernel, each), each.name).toBe(outcome(host, each));
        // It refuses keys of the twist as well, which no honest end sends.
        if (build === 'thumb.small' && each.operation === operations.sessionAgree) continue;
        for (let round = 0; round < rounds / 24; round++) {
          // The same changes for both.
          const changing = () => {
            const dice = new Dice(`${seed} ${i} ${round}`);
            return (bytes: Uint8Array) => (dice.below(2) ? bytes : mutateBytes(dice, bytes, bytes));
          };
          const code = outcome(kernel, each, changing());
          expect(code, `${each.name} ${round}`).toBe(outcome(host, each, changing()));
          seen.add(code);
        }
      }
      expect(seen.size).toBeGreaterThan(4);
      expect(kernel.stackBytes).toBeLessThanOrEqual(stackBytesMax[build]);
    },
  );

  test('a table without the last point that 16 bits need is seen', () => {
    const kernel = new Fenced(boardOf('thumb.full'), 'after');
    const put = kernel.put.bind(kernel);
    kernel.put = bytes => put(bytes === table ? bytes.subarray(0, 64 * (2 + 32 + 15)) : bytes);
    expect(() => check(kernel, payee, honest)).toThrow(/at offset/);
  });
});
