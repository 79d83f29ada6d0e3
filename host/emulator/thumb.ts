/** Reads Thumb-2 instructions as far as their timing, their flow and the stack depend on them.
 *
 * 1. Lengths and classes are those of a disassembler, over the whole kernel. (test/kernel/cycles.thumb.test.ts)
 */

/** What an instruction is to the pipeline. */
export type Kind =
  | 'plain'
  | 'load'
  | 'loadPc'
  | 'store'
  | 'storeIndexed'
  | 'double'
  | 'multiple'
  | 'table'
  | 'branch'
  | 'conditional'
  | 'divide'
  | 'transfer';

export interface Instruction {
  readonly bytes: 2 | 4;
  readonly kind: Kind;
  /** Registers that `multiple` moves. */
  readonly count: number;
  /** It writes the program counter: nothing after it is in the same block. */
  readonly leaves: boolean;
  /** Registers that an address is made of. */
  readonly address: readonly number[];
  /** The register that it writes, or -1 if none or more than one. */
  readonly target: number;
  /** Bytes by which it lowers the stack pointer, if that stands in the instruction. */
  readonly pushes: number;
  /** Instructions that depend on a condition from here on: of `it`. */
  readonly guards: number;
}

const [stackPointer, programCounter] = [13, 15];

const blank: Instruction = {
  ...{ bytes: 2, kind: 'plain', count: 0, leaves: false },
  ...{ address: [], target: -1, pushes: 0, guards: 0 },
};

const bits = (value: number, from: number, count: number) => (value >>> from) & ((1 << count) - 1);

function countOnes(value: number): number {
  let count = 0;
  for (let left = value; left; left &= left - 1) count += 1;
  return count;
}

const leaving = (kind: Kind): Instruction => ({ ...blank, kind, leaves: true });

function access(isLoad: boolean, target: number, address: readonly number[]): Instruction {
  if (!isLoad) return { ...blank, kind: address.length > 1 ? 'storeIndexed' : 'store', address };
  const toPc = target === programCounter;
  return { ...blank, kind: toPc ? 'loadPc' : 'load', leaves: toPc, target, address };
}

/** Data processing on low and high registers, bx and blx. */
function narrowSpecial(code: number): Instruction {
  if (bits(code, 8, 2) === 3) return leaving('branch');
  const target = bits(code, 7, 1) * 8 + bits(code, 0, 3);
  if (bits(code, 8, 2) === 1) return blank;
  return target === programCounter ? leaving('branch') : { ...blank, target };
}

function narrowMiscellaneous(code: number): Instruction {
  if ((code & 0xf500) === 0xb100) return leaving('conditional');
  if ((code & 0xff80) === 0xb080) return { ...blank, target: stackPointer, pushes: 4 * bits(code, 0, 7) };
  if ((code & 0xff80) === 0xb000) return { ...blank, target: stackPointer, pushes: -4 * bits(code, 0, 7) };
  const count = countOnes(code & 0x1ff);
  if ((code & 0xfe00) === 0xb400) return { ...blank, kind: 'multiple', count, pushes: 4 * count };
  if ((code & 0xfe00) === 0xbc00)
    return { ...blank, kind: 'multiple', count, pushes: -4 * count, leaves: (code & 0x100) !== 0 };
  if ((code & 0xff00) === 0xbf00 && code & 15) {
    // The lowest one in the mask ends it: 1000 guards one instruction, 0001 four.
    const mask = code & 15;
    return { ...blank, guards: 4 - Math.log2(mask & -mask) };
  }
  return blank;
}

function narrow(code: number): Instruction {
  const low = bits(code, 0, 3);
  const isLoad = bits(code, 11, 1) === 1;
  switch (code >>> 12) {
    case 0:
    case 1:
      return { ...blank, target: low };
    case 2:
    case 3:
      // Comparisons have no target.
      return { ...blank, target: bits(code, 11, 2) === 1 ? -1 : bits(code, 8, 3) };
    case 4:
      if (isLoad) return access(true, bits(code, 8, 3), [programCounter]);
      return bits(code, 10, 1) ? narrowSpecial(code) : { ...blank, target: low };
    case 5:
      return access(bits(code, 9, 3) >= 3, low, [bits(code, 3, 3), bits(code, 6, 3)]);
    case 6:
    case 7:
    case 8:
      return access(isLoad, low, [bits(code, 3, 3)]);
    case 9:
      return access(isLoad, bits(code, 8, 3), [stackPointer]);
    case 10:
      return { ...blank, target: bits(code, 8, 3) };
    case 11:
      return narrowMiscellaneous(code);
    case 12:
      return { ...blank, kind: 'multiple', count: countOnes(code & 0xff), address: [bits(code, 8, 3)] };
    case 13:
      return leaving(bits(code, 8, 4) < 14 ? 'conditional' : 'branch');
    default:
      return leaving('branch');
  }
}

/** Load and store of several or of two registers, exclusive accesses, table branches. */
function wideMultiple(first: number, second: number): Instruction {
  const [base, isLoad, writesBack] = [first & 15, bits(first, 4, 1) === 1, bits(first, 5, 1) === 1];
  const onStack = writesBack && base === stackPointer;
  if (bits(first, 6, 1) === 0) {
    const count = countOnes(second);
    const pushes = onStack ? (isLoad ? -4 : 4) * count : 0;
    const leaves = isLoad && second >>> 15 === 1;
    return { ...blank, kind: 'multiple', count, leaves, pushes, address: [base] };
  }
  if ((first & 0xfff0) === 0xe8d0 && (second & 0xffe0) === 0xf000)
    return { ...leaving('table'), address: [base, second & 15] };
  const isExclusive = bits(first, 8, 1) === 0 && !writesBack;
  if (isExclusive) return access(isLoad, bits(second, 12, 4), [base]);
  const offset = 4 * (second & 0xff) * (bits(first, 7, 1) ? -1 : 1);
  return { ...blank, kind: 'double', address: [base], pushes: onStack ? offset : 0 };
}

function wideBranchOrImmediate(first: number, second: number): Instruction {
  if (second & 0x8000) {
    if ((second & 0x5000) !== 0) return leaving('branch');
    return bits(first, 7, 3) === 7 ? blank : leaving('conditional');
  }
  const target = bits(second, 8, 4);
  // sub sp, sp, #constant in both encodings, the constant as far as compilers use it for frames.
  const constant = bits(first, 10, 1) * 0x800 + bits(second, 12, 3) * 0x100 + (second & 0xff);
  if ((first & 0xfbff) === 0xf2ad && target === stackPointer) return { ...blank, target, pushes: constant };
  if ((first & 0xfbef) === 0xf1ad && target === stackPointer)
    return { ...blank, target, pushes: expandConstant(constant) };
  return { ...blank, target };
}

/** ThumbExpandImm of the architecture manual. */
function expandConstant(constant: number): number {
  const low = constant & 0xff;
  if (constant >>> 10) {
    const value = 0x80 | (low & 0x7f);
    const turn = constant >>> 7;
    return ((value >>> turn) | (value << (32 - turn))) >>> 0;
  }
  return [low, low * 0x10001, low * 0x1000100, low * 0x1010101][constant >>> 8]!;
}

function wideSingle(first: number, second: number): Instruction {
  const [base, target] = [first & 15, bits(second, 12, 4)];
  const isLoad = bits(first, 4, 1) === 1;
  // Preloads are loads of bytes and halves to the program counter: they leave nothing.
  if (isLoad && target === programCounter && bits(first, 5, 2) !== 2) return blank;
  const isIndexed = base !== programCounter && bits(first, 7, 1) === 0 && (second & 0xfc0) === 0;
  const one = access(isLoad, target, isIndexed ? [base, second & 15] : [base]);
  const writesBack =
    base === stackPointer && bits(first, 7, 1) === 0 && !isIndexed && bits(second, 8, 1) === 1;
  return { ...one, pushes: writesBack ? (second & 0xff) * (bits(second, 9, 1) ? -1 : 1) : 0 };
}

function wideCoprocessor(first: number, second: number): Instruction {
  // Register transfers and arithmetic of the floating-point unit take one cycle, loads and stores as others do.
  if ((first & 0xfe00) !== 0xec00 || (first & 0xffe0) === 0xec40)
    return { ...blank, kind: (first & 0xffe0) === 0xec40 ? 'transfer' : 'plain' };
  const isSingle = bits(first, 8, 1) === 1 && bits(first, 5, 1) === 0;
  const isLoad = bits(first, 4, 1) === 1;
  if (isSingle) return access(isLoad, -1, [first & 15]);
  const count = second & 0xff;
  const onStack = (first & 15) === stackPointer && bits(first, 5, 1) === 1;
  return { ...blank, kind: 'multiple', count, pushes: onStack ? (isLoad ? -4 : 4) * count : 0 };
}

function wide(first: number, second: number): Instruction {
  if ((first & 0xfe00) === 0xe800) return wideMultiple(first, second);
  if ((first & 0xec00) === 0xec00) return wideCoprocessor(first, second);
  if ((first & 0xfe00) === 0xea00) return { ...blank, target: bits(second, 8, 4) };
  if ((first & 0xf800) === 0xf000) return wideBranchOrImmediate(first, second);
  if ((first & 0xfe00) === 0xf800) return wideSingle(first, second);
  const isDivision = (first & 0xffd0) === 0xfb90 && (second & 0xf0) === 0xf0;
  return { ...blank, kind: isDivision ? 'divide' : 'plain', target: bits(second, 8, 4) };
}

/** The instruction at an offset. */
export function decode(code: DataView, offset: number): Instruction {
  const first = code.getUint16(offset, true);
  if (first >>> 11 < 0b11101) return narrow(first);
  return { ...wide(first, code.getUint16(offset + 2, true)), bytes: 4 };
}
