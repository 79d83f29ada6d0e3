import { describe, expect, test } from 'vitest';
import { Core } from '#host/emulator/core.ts';
import { measureBlock, refillCycles } from '#host/emulator/cycles.ts';
import { assembleThumb } from './assemble.ts';
import { canEmulate } from './machine.ts';

const P = refillCycles;

/** Lines, and their cycles in Arm's manual. r0 points at memory that can be written, r1 at 8 bytes behind. */
const classes: readonly (readonly [name: string, lines: string, cycles: number])[] = [
  ['move', 'mov r2, r3; movs r2, #1; movw r2, #4660; movt r2, #4660; mvn r2, r3', 5],
  ['arithmetic', 'adds r2, r3, r2; adcs r2, r3; sub.w r2, r3, #256; sbcs r2, r3; rsb r2, r3, #0', 5],
  ['address', 'adr r2, 1f; nop; 1: nop', 3],
  ['multiply', 'mul r2, r3, r2; mla r2, r3, r2, r3; mls r2, r3, r2, r3', 3],
  [
    'long multiply',
    'umull r2, r3, r2, r1; smull r2, r3, r2, r1; umlal r2, r3, r1, r1; umaal r2, r3, r1, r1',
    4,
  ],
  ['division', 'mov r3, #3; udiv r2, r1, r3; sdiv r2, r1, r3', 1 + 12 + 12],
  [
    'shift, logic and bits',
    'lsls r2, r3, #3; ror r2, r2, #7; eor r2, r3, r2; ubfx r2, r3, #3, #5; rev r2, r3',
    5,
  ],
  ['compare', 'cmp r2, r3; cmn r2, r3; tst r2, r3; teq r2, r3', 4],
  ['load', 'ldr r2, [r0]; nop', 3],
  ['load of a byte and a half', 'ldrb r2, [r0]; nop; ldrh r2, [r0, #2]; nop; ldrsb r2, [r0, #1]; nop', 9],
  ['load with a register', 'movs r2, #4; nop; ldr r3, [r0, r2]; nop', 5],
  ['load of a literal', 'ldr r2, 1f; b 2f; .align 2; 1: .word 7; 2: nop', 2 + 1 + P + 1],
  ['two loads are pipelined', 'ldr r2, [r0]; ldr r3, [r1]', 3],
  ['four loads are pipelined', 'ldr r2, [r0]; ldr r3, [r1]; ldr r2, [r0, #4]; ldr r3, [r1, #4]', 5],
  ['a load whose address was loaded is not', 'str r1, [r0]; ldr r2, [r0]; ldr r3, [r2]', 1 + 2 + 2],
  ['store', 'str r2, [r0]; strb r2, [r0]; strh r2, [r0]', 3],
  ['a store behind a load', 'ldr r2, [r0]; str r2, [r1]', 3],
  ['a load behind a store', 'str r2, [r0]; ldr r2, [r1]', 3],
  ['store with a register', 'movs r2, #4; nop; str r3, [r0, r2]; nop', 5],
  ['an address that was just computed is late', 'add r2, r0, #4; ldr r3, [r2]; nop', 1 + 1 + 2 + 1],
  ['double load and store', 'ldrd r2, r3, [r0]; strd r2, r3, [r1]', 6],
  ['load multiple', 'ldm r0, {r2, r3}', 3],
  ['load of eight', 'push {r4-r11}; ldm.w r0, {r4-r11}; pop {r4-r11}', 9 + 9 + 9],
  ['store multiple', 'stm r0, {r2, r3}; stmdb r1, {r2, r3}', 6],
  ['push and pop', 'push {r2, r3}; pop {r2, r3}; push.w {r2, r8}; pop.w {r2, r8}', 12],
  ['a branch', 'b 1f; nop; 1: nop', 1 + P + 1],
  ['a branch taken', 'cmp r0, r0; beq 1f; nop; 1: nop', 1 + 1 + P + 1],
  ['a branch not taken', 'cmp r0, r0; bne 1f; nop; 1: nop', 1 + 1 + 1 + 1],
  ['a wide branch taken', 'cmp r0, r0; beq.w 1f; nop; 1: nop', 1 + 1 + P + 1],
  ['compare and branch taken', 'cbnz r0, 1f; nop; 1: nop', 1 + P + 1],
  ['compare and branch not taken', 'cbz r0, 1f; nop; 1: nop', 3],
  [
    'call and return',
    'mov r12, lr; bl 1f; mov lr, r12; b 2f; 1: bx lr; 2: nop',
    1 + (1 + P) * 2 + 1 + 1 + P + 1,
  ],
  ['table branch', 'movs r2, #0; nop; tbb [pc, r2]; 1: .byte 1, 1; nop', 2 + 3 + P + 1],
  ['guarded instructions', 'cmp r0, r0; ite eq; moveq r2, r3; movne r2, r1', 4],
];

describe.skipIf(!canEmulate)('the cycle model has the timing of the manual', () => {
  const run = (lines: string) => {
    const core = new Core({ processor: 'thumb', code: assembleThumb(`${lines}; bx lr`) });
    const memory = core.place(new Uint8Array(128));
    try {
      return core.call(0, memory, memory + 32, memory, memory + 32);
    } finally {
      core.close();
    }
  };

  test.each(classes.filter(([, , cycles]) => cycles > 0))('%s', (_, lines, cycles) => {
    expect(run(lines).cycles - (1 + P)).toBe(cycles);
  });

  test('a wrong figure is seen: a taken branch is not as cheap as one that is not', () => {
    expect(run('cmp r0, r0; beq 1f; nop; 1: nop').cycles).not.toBe(
      run('cmp r0, r0; bne 1f; nop; 1: nop').cycles,
    );
  });

  test('the least that the manual allows fills the pipeline in one cycle', () => {
    const { cycles, cyclesLeast } = run('b 1f; nop; 1: cmp r0, r0; beq 2f; nop; 2: bne 3f; nop; 3: nop');
    // Two branches are taken, and the return.
    expect(cycles - cyclesLeast).toBe(3 * (P - 1));
  });

  test('registers of the floating-point unit serve as scratch for one cycle, two at once for two', () => {
    const lines = '.fpu fpv4-sp-d16; vmov s0, r2; vmov r2, s0; vmov r2, r3, d1; vldr s0, [r0]; vpush {s0-s7}';
    const code = assembleThumb(lines);
    const { cycles, depth } = measureBlock(new DataView(code.buffer, code.byteOffset), 0, code.length);
    expect({ cycles, depth }).toEqual({ cycles: 1 + 1 + 2 + 2 + 9, depth: 32 });
  });

  test('the depth of the stack is exact', () => {
    expect(run('push {r4-r7}; sub sp, #64; add sp, #64; pop {r4-r7}').stackBytes).toBe(80);
    expect(run('sub.w sp, sp, #1024; add.w sp, sp, #1024').stackBytes).toBe(1_024);
    expect(run('subw sp, sp, #1028; addw sp, sp, #1028').stackBytes).toBe(1_028);
    expect(
      run('stmdb sp!, {r4-r11}; ldmia sp!, {r4-r11}; str r4, [sp, #-8]!; ldr r4, [sp], #8').stackBytes,
    ).toBe(32);
    expect(run('nop').stackBytes).toBe(0);
  });
});
