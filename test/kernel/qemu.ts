/** A whole Cortex-M4 board in QEMU, as a second opinion: runs calls one after another and hands its memory back. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const memoryAddress = 0x2000_1000;

export const hasQemu = () => spawnSync('qemu-system-arm', ['--version']).status === 0;

interface Job {
  readonly code: Uint8Array;
  /** Lies at memoryAddress. */
  readonly memory: Uint8Array;
  /** Up to four integers a call. */
  readonly calls: readonly (readonly number[])[];
}

/** Semihosting operations: open for writing, write, exit; and the reason of a good and of a bad exit. */
const [open, write, exit, exitGood, exitBad] = [1, 5, 0x18, 0x20026, 0x20023];

const program = ({ memory, calls }: Job) => `
  .syntax unified
  .thumb
  .section .vectors, "a"
  .word 0x20300000, start
  .rept 14
  .word failed
  .endr
  .text
  .global start
  .thumb_func
start:
  ldr r4, =calls
  ldr r5, =${calls.length}
  ldr r6, =results
1: ldmia r4!, {r0-r3}
  ldr r7, =kernel + 1
  blx r7
  str r0, [r6], #4
  subs r5, #1
  bne 1b
  movs r0, #${open}
  ldr r1, =opening
  bkpt #0xab
  ldr r1, =writing
  str r0, [r1]
  movs r0, #${write}
  bkpt #0xab
  movs r0, #${exit}
  ldr r1, =${exitGood}
  bkpt #0xab
  .thumb_func
failed:
  movs r0, #${exit}
  ldr r1, =${exitBad}
  bkpt #0xab
  .ltorg
  .balign 4
opening: .word name, 5, 3
name: .asciz "out"
  .balign 4
calls: ${calls.map(([a = 0, b = 0, c = 0, d = 0]) => `\n  .word ${[a, b, c, d].join(', ')}`).join('')}
  .balign 4
kernel: .incbin "code"
  .section .memory, "aw"
  .incbin "memory"
  .balign 4
results: .fill ${calls.length}, 4, 0
writing: .word 0, ${memoryAddress}, ${memory.length + 4 * calls.length}
`;

export function runInQemu(job: Job): { results: Int32Array; memory: Uint8Array } {
  if (job.memory.length % 4) throw new Error('memory is counted in words');
  const work = mkdtempSync(join(tmpdir(), 'qemu-'));
  const run = (command: string, ...parameters: string[]) => execFileSync(command, parameters, { cwd: work });
  try {
    writeFileSync(join(work, 'code'), job.code);
    writeFileSync(join(work, 'memory'), job.memory);
    writeFileSync(join(work, 'board.s'), program(job));
    run('clang-19', '--target=thumbv7em-none-eabi', '-mcpu=cortex-m4', '-c', 'board.s', '-o', 'board.o');
    const places = `.vectors 0 : {} .text 0x10004 : {} .memory ${memoryAddress} : {}`;
    writeFileSync(join(work, 'script'), `SECTIONS { ${places} }`);
    run('ld.lld-19', '-T', 'script', '-e', 'start', 'board.o', '-o', 'board');
    const board = ['-M', 'mps2-an386', '-nographic', '-kernel', 'board'];
    run('qemu-system-arm', ...board, '-semihosting-config', 'enable=on,target=native');
    const out = new Uint8Array(readFileSync(join(work, 'out')));
    const words = out.slice(job.memory.length);
    return { results: new Int32Array(words.buffer), memory: out.slice(0, job.memory.length) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
