import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '#host/build/compile.ts';
import { decode, type Instruction } from '#host/emulator/thumb.ts';
import { canCompile } from './machine.ts';

/** What a mnemonic with these operands is, in the classes of the model. */
function kindOf(mnemonic: string, operands: string): Instruction['kind'] {
  const name = mnemonic.replace(/\.[nw]$/, '');
  if (/^(push|pop|ldm|stm)/.test(name)) return 'multiple';
  if (/^(ldrd|strd)$/.test(name)) return 'double';
  if (/^ldr/.test(name)) return operands.startsWith('pc') ? 'loadPc' : 'load';
  if (/^str/.test(name)) return /\[\w+, [a-z]/.test(operands) ? 'storeIndexed' : 'store';
  if (/^tb[bh]$/.test(name)) return 'table';
  if (/^[us]div$/.test(name)) return 'divide';
  if (/^cbn?z$/.test(name)) return 'conditional';
  if (/^(bl|blx|bx|b)$/.test(name)) return 'branch';
  if (/^b(eq|ne|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)$/.test(name)) return 'conditional';
  return 'plain';
}

interface Line {
  readonly at: number;
  readonly bytes: number;
  readonly mnemonic: string;
  readonly operands: string;
}

function disassemble(linked: Uint8Array): Line[] {
  const file = join(mkdtempSync(join(tmpdir(), 'disassemble-')), 'kernel.elf');
  writeFileSync(file, linked);
  const text = execFileSync('llvm-objdump-19', ['-d', '--no-print-imm-hex', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return text.split('\n').flatMap(line => {
    const found = /^\s*([0-9a-f]+):\s((?:[0-9a-f]{4} ?)+)\s+(\S+)\s*(.*)$/.exec(line);
    if (!found || found[3]!.startsWith('.') || found[3]!.startsWith('<')) return [];
    const [, at, code, mnemonic, operands] = found as unknown as [string, string, string, string, string];
    return [{ at: Number.parseInt(at, 16), bytes: code.trim().split(' ').length * 2, mnemonic, operands }];
  });
}

function readKernel(): { code: DataView; lines: Line[] } {
  const { bytes, linked } = compile('thumb.full', 'open');
  return { code: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), lines: disassemble(linked) };
}

describe.skipIf(!canCompile)('the reader of instructions agrees with a disassembler', () => {
  test('on the length and class of every instruction of the kernel', () => {
    const { code, lines } = readKernel();
    expect(lines.length).toBeGreaterThan(8_000);
    const differing = lines.filter(({ at, bytes, mnemonic, operands }) => {
      const found = decode(code, at);
      // Guarded branches and returns have the name of their condition.
      const expected = kindOf(mnemonic, operands);
      return found.bytes !== bytes || (found.kind !== expected && !/^(b|pop|ldr|str|ldm|stm)/.test(mnemonic));
    });
    expect(differing.slice(0, 5)).toEqual([]);
  });

  test('on every load, store and branch that no condition guards', () => {
    const { code, lines } = readKernel();
    let guards = 0;
    const differing = lines.filter(({ at, mnemonic, operands }) => {
      const found = decode(code, at);
      const isGuarded = guards > 0;
      guards = found.guards || Math.max(0, guards - 1);
      return !isGuarded && found.kind !== kindOf(mnemonic, operands);
    });
    expect(differing.slice(0, 5)).toEqual([]);
  });
});
