/** `npm run kernel`: compiles the kernel and writes its products with their digests. `--check` compares instead, `--sizes` lists functions. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compile,
  compilerVersion,
  flags,
  kernelDirectory,
  machines,
  Refused,
  repository,
} from './compile.ts';

/** 40 kB boards: the kernel's share of their ten pages. */
const blobBytesMax = 16_224;

const manifestPath = join(kernelDirectory, 'blobs/manifest.json');

const sha256 = (parts: readonly (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** One digest over all that the compiler reads. A machine without a compiler can still tell that a product is stale. */
export function sourcesDigest(): string {
  const names = readdirSync(kernelDirectory, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(c|h|ld)$/.test(name))
    .sort();
  return sha256(names.flatMap(name => [name, '\0', readFileSync(join(kernelDirectory, name)), '\0']));
}

interface Output {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function wrapWasm(bytes: Uint8Array): Uint8Array {
  return Buffer.from(
    `/** Made by \`npm run kernel\` from the sources beside it. */\nexport const kernelWasm =\n  '${Buffer.from(bytes).toString('base64')}';\n`,
  );
}

function build(): Output[] {
  const blobs = machines.map(machine => ({ machine, bytes: compile(machine, 'closed').bytes }));
  const outputs = blobs.map(({ machine, bytes }) =>
    machine === 'wasm'
      ? { path: join(kernelDirectory, 'wasm.blob.ts'), bytes: wrapWasm(bytes) }
      : { path: join(kernelDirectory, `blobs/${machine}.bin`), bytes },
  );
  const entries = blobs.map(({ machine, bytes }) => [
    machine,
    { bytes: bytes.length, sha256: sha256([bytes]), flags: flags[machine].join(' ') },
  ]);
  const manifest = {
    compiler: compilerVersion(),
    sources: sourcesDigest(),
    blobs: Object.fromEntries(entries),
  };
  for (const { machine, bytes } of blobs) console.log(`${machine.padEnd(6)}${bytes.length} bytes`);
  const thumb = blobs.find(({ machine }) => machine === 'thumb')!.bytes.length;
  if (thumb > blobBytesMax) console.log(`thumb is ${thumb - blobBytesMax} bytes above its ${blobBytesMax}`);
  return [
    ...outputs,
    { path: manifestPath, bytes: Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`) },
  ];
}

function check(outputs: readonly Output[]): boolean {
  const differing = outputs.filter(
    ({ path, bytes }) => !existsSync(path) || !readFileSync(path).equals(Buffer.from(bytes)),
  );
  for (const { path } of differing)
    console.error(`${relative(repository, path)} is not what the sources give: run npm run kernel`);
  return differing.length === 0;
}

function listSizes(): void {
  for (const machine of ['thumb', 'rv32'] as const) {
    const { bytes, symbols } = compile(machine, 'open');
    console.log(`${machine}, with every function kept: ${bytes.length} bytes`);
    for (const { name, bytes } of [...symbols].sort((a, b) => b.bytes - a.bytes))
      console.log(`  ${String(bytes).padStart(6)}  ${name}`);
  }
}

function main(words: readonly string[]): void {
  try {
    if (words.includes('--sizes')) {
      listSizes();
      return;
    }
    const outputs = build();
    if (words.includes('--check')) {
      process.exitCode = check(outputs) ? 0 : 1;
      return;
    }
    mkdirSync(dirname(manifestPath), { recursive: true });
    for (const { path, bytes } of outputs) writeFileSync(path, bytes);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  main(process.argv.slice(2));
