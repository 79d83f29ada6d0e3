/** Where the bytes of a board's build go: by source file, from the line table that a compiler writes beside the same code.
 *
 * Code counts for the file that its line stands in, inlined or not; constants for the file that defines them. What has no name
 * (texts, padding) is counted last.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Build, compile, kernelDirectory, lineTable } from './compile.ts';
import type { ElfSymbol } from './elf.ts';

/** Rows of `llvm-dwarfdump --debug-line`: an address and the file from there on. */
function codeByFile(table: string): Map<string, number> {
  const names = new Map<string, string>();
  for (const [, index, name] of table.matchAll(/file_names\[\s*(\d+)\]:\s+name: "([^"]+)"/g))
    names.set(index!, name!.split('/').at(-1)!);
  const sizes = new Map<string, number>();
  let before: { at: number; file: string } | undefined;
  for (const [, address, file, end] of table.matchAll(
    /^0x([0-9a-f]{16})\s+\d+\s+\d+\s+(\d+)\s+\d+\s+\d+\s*(?:\d+\s*)?(.*)$/gm,
  )) {
    const at = Number.parseInt(address!, 16);
    if (before) sizes.set(before.file, (sizes.get(before.file) ?? 0) + at - before.at);
    before = end!.includes('end_sequence') ? undefined : { at, file: names.get(file!) ?? '?' };
  }
  return sizes;
}

function fileOfConstant({ name }: ElfSymbol): string {
  const plain = name.replace(/^\w+\.(?=[a-z])|\.\d+$/g, '');
  const definition = new RegExp(`^[^\\n(]*\\bconst\\b[^\\n(;]*\\b${plain}\\b`, 'm');
  const files = readdirSync(kernelDirectory).filter(file => file.endsWith('.c'));
  return files.find(file => definition.test(readFileSync(join(kernelDirectory, file), 'utf8'))) ?? 'texts';
}

export function sizesByFile(build: Exclude<Build, 'wasm'>): { total: number; files: [string, number][] } {
  const { bytes, symbols } = compile(build, 'closed');
  const sizes = codeByFile(lineTable(build));
  for (const symbol of symbols.filter(({ isFunction }) => !isFunction)) {
    const file = fileOfConstant(symbol);
    sizes.set(file, (sizes.get(file) ?? 0) + symbol.bytes);
  }
  const named = [...sizes.values()].reduce((sum, each) => sum + each, 0);
  const files = [...sizes].sort(([, a], [, b]) => b - a);
  return { total: bytes.length, files: [...files, ['texts and padding', bytes.length - named]] };
}
