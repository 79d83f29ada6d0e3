/** Compiles the kernel with Debian's clang: one unity source, four builds, and a variant of each whose inner functions can be called.
 *
 * 1. Nothing comes out that has a writable section, an alignment above 4 bytes, an undefined symbol or an absolute
 *    address. (test/kernel/build.refused.test.ts)
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Elf, type ElfSymbol, parseElf, type Section, sectionFlags } from './elf.ts';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const kernelDirectory = join(repository, 'circuits/kernel');

/** Thumb-2 comes in two profiles: `small` for boards of 40 kB, which keep no tables and have no room for what a wallet never
 * calls, and `full` for nRF52840. The other machines have everything. */
export const builds = ['wasm', 'thumb.small', 'thumb.full', 'rv32'] as const;
export type Build = (typeof builds)[number];
type Processor = 'thumb' | 'rv32';

/** `open` keeps every function, with its name: for tests of the parts. */
export type Variant = 'closed' | 'open';

export interface Product {
  readonly bytes: Uint8Array;
  /** Of code for boards; a wasm module names its functions itself. */
  readonly symbols: readonly ElfSymbol[];
  /** What the linker made, for a disassembler. */
  readonly linked: Uint8Array;
}

const shared = [
  ...['-std=c11', '-Wall', '-Wextra', '-Werror', '-ffreestanding', '-fno-builtin', '-fvisibility=hidden'],
  ...['-ffunction-sections', '-fdata-sections', '-fno-stack-protector', '-fomit-frame-pointer'],
  ...[
    '-fno-unwind-tables',
    '-fno-asynchronous-unwind-tables',
    '-fno-ident',
    `-ffile-prefix-map=${repository}=.`,
  ],
];

/** Of size on boards: -O2 doubles it and saves 2 % of the time, as the field's code is unrolled by hand. The threshold keeps
 * calls that -Os would still copy: 3.4 of 36.3 kB, for no time at all. */
const small = ['-Os', '-mllvm', '-inline-threshold=5'];

const thumb = ['--target=thumbv7em-none-eabi', '-mcpu=cortex-m4', '-mfloat-abi=soft', '-fropi', ...small];

export const flags: Readonly<Record<Build, readonly string[]>> = {
  wasm: ['--target=wasm32', '-Os', '-mbulk-memory', '-msign-ext', '-mmutable-globals'],
  'thumb.small': [...thumb, '-DKERNEL_SMALL=1'],
  'thumb.full': thumb,
  rv32: ['--target=riscv32-unknown-elf', '-march=rv32imc', '-mabi=ilp32', '-fpie', ...small],
};

/** Relocations whose result is an address: code that holds one runs only where it was linked. */
const absolute: Readonly<Record<Processor, ReadonlySet<number>>> = {
  thumb: new Set([2, 5, 8, 43, 44, 47, 48]),
  rv32: new Set([1, 2, 26, 27, 28]),
};

const alignmentBytesMax = 4;

/** A build that must not be used, with the reason. */
export class Refused extends Error {}

export const compilerVersion = () => run('clang-19', ['--version']).split('\n')[0]!;

function run(command: string, parameters: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(command, parameters, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error) throw new Refused(`${command} is missing: apt-get install clang-19 lld-19 llvm-19`);
  if (status !== 0) throw new Refused(`${command}: ${stderr.trim()}`);
  return stdout;
}

/** The order in which parts see each other, for a source tree that has no unity file yet. */
function unity(directory: string): string {
  const whole = join(directory, 'kernel.c');
  if (existsSync(whole)) return `#include "${whole}"\n`;
  const parts = readdirSync(directory).filter(name => name.endsWith('.c'));
  return parts.map(name => `#include "${join(directory, name)}"\n`).join('');
}

function refuseSections({ sections, relocations }: Elf, machine: Processor): void {
  const kept = ({ name, flags, bytes }: Section) =>
    (flags & sectionFlags.allocate) !== 0 && bytes.length > 0 && !name.startsWith('.ARM.ex');
  for (const { name, flags, alignment } of sections.filter(kept)) {
    if (flags & sectionFlags.write) throw new Refused(`${machine}: ${name} is a writable section`);
    if (alignment > alignmentBytesMax)
      throw new Refused(`${machine}: ${name} asks for an alignment of ${alignment} bytes`);
  }
  for (const { kind, section } of relocations.filter(({ section }) => kept(section)))
    if (absolute[machine].has(kind))
      throw new Refused(`${machine}: ${section.name} holds an absolute address (relocation ${kind})`);
}

function linkElf(machine: Processor, object: string, variant: Variant): Product {
  refuseSections(parseElf(readFileSync(object)), machine);
  const linked = `${object}.elf`;
  const collect = variant === 'closed' ? ['--gc-sections'] : [];
  const script = join(kernelDirectory, 'link/kernel.ld');
  run('ld.lld-19', ['-T', script, '--no-undefined', ...collect, object, '-o', linked]);
  const file = readFileSync(linked);
  const { sections, symbols } = parseElf(file);
  return { bytes: sections.find(({ name }) => name === '.text')!.bytes, symbols, linked: file };
}

function linkWasm(object: string, variant: Variant): Product {
  // Segments of a wasm object keep the names of their sections.
  const segments = run('llvm-readobj-19', ['--sections', object]).match(/Name: \.(data|bss|tdata)[.\w]*/);
  if (segments) throw new Refused(`wasm: ${segments[0]} is a writable section`);
  const linked = `${object}.wasm`;
  const exports = variant === 'open' ? ['--export-all'] : ['--export=kernel', '--export=__heap_base'];
  const stack = ['-z', 'stack-size=65536', '--stack-first'];
  run('wasm-ld-19', ['--no-entry', '--strip-all', ...exports, ...stack, object, '-o', linked]);
  const bytes = readFileSync(linked);
  return { bytes, symbols: [], linked: bytes };
}

/** Without these two words every function and table is a symbol of its own. */
const open = ['-Dstatic=', '-Dinline='];

function compileObject(build: Build, given: readonly string[], directory: string, work: string) {
  const [source, object] = [join(work, 'unity.c'), join(work, 'kernel.o')];
  writeFileSync(source, unity(directory));
  run('clang-19', [...shared, ...flags[build], ...given, '-I', directory, '-c', source, '-o', object]);
  return object;
}

function inWork<Result>(task: (work: string) => Result): Result {
  const work = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    return task(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Compiles the sources of a directory. */
export function compile(build: Build, variant: Variant, directory = kernelDirectory): Product {
  return inWork(work => {
    const object = compileObject(build, variant === 'open' ? open : [], directory, work);
    if (build === 'wasm') return linkWasm(object, variant);
    return linkElf(build === 'rv32' ? 'rv32' : 'thumb', object, variant);
  });
}

/** Which line each address of a closed build is from, as llvm-dwarfdump prints it. */
export function lineTable(build: Exclude<Build, 'wasm'>): string {
  return inWork(work => {
    const object = compileObject(build, ['-gline-tables-only'], kernelDirectory, work);
    const linked = `${object}.elf`;
    const script = join(kernelDirectory, 'link/kernel.ld');
    run('ld.lld-19', ['-T', script, '--gc-sections', object, '-o', linked]);
    return run('llvm-dwarfdump-19', ['--debug-line', linked]);
  });
}
