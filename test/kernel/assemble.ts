/** Bytes of a few lines of assembly. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseElf } from '#host/build/elf.ts';

export function assembleThumb(lines: string): Uint8Array {
  const work = mkdtempSync(join(tmpdir(), 'assemble-'));
  try {
    const object = join(work, 'a.o');
    const input = `.syntax unified\n.thumb\n.text\n${lines.replaceAll(';', '\n')}\n`;
    const target = ['--target=thumbv7em-none-eabi', '-mcpu=cortex-m4', '-mfpu=fpv4-sp-d16'];
    execFileSync('clang-19', [...target, '-x', 'assembler', '-c', '-', '-o', object], { input });
    return parseElf(readFileSync(object)).sections.find(({ name }) => name === '.text')!.bytes;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
