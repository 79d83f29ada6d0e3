/** `npm run kernel`: compiles the kernel and writes its products with their digests. `--check` compares instead, `--sizes`
 * says of each board build how many bytes each source file and each function takes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builds, compile, compilerVersion, flags, kernelDirectory, Refused, repository } from './compile.ts';
import { sizesByFile } from './sizes.ts';

/** Boards of 40 kB: what their ten pages leave beside points, raw pages and the first program (DESIGN.md, "The kernel"). */
const blobBytesMax = 26_240;

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
  const blobs = builds.map(build => ({ build, bytes: compile(build, 'closed').bytes }));
  const outputs = blobs.map(({ build, bytes }) =>
    build === 'wasm'
      ? { path: join(kernelDirectory, 'wasm.blob.ts'), bytes: wrapWasm(bytes) }
      : { path: join(kernelDirectory, `blobs/${build}.bin`), bytes },
  );
  const entries = blobs.map(({ build, bytes }) => [
    build,
    { bytes: bytes.length, sha256: sha256([bytes]), flags: flags[build].join(' ') },
  ]);
  const manifest = {
    compiler: compilerVersion(),
    sources: sourcesDigest(),
    blobs: Object.fromEntries(entries),
  };
  for (const { build, bytes } of blobs) console.log(`${build.padEnd(12)}${bytes.length} bytes`);
  const small = blobs.find(({ build }) => build === 'thumb.small')!.bytes.length;
  if (small > blobBytesMax)
    throw new Refused(`thumb.small: ${small} bytes, ${small - blobBytesMax} above its ${blobBytesMax}`);
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
  for (const build of ['thumb.small', 'thumb.full', 'rv32'] as const) {
    const { total, files } = sizesByFile(build);
    console.log(`${build}: ${total} bytes`);
    for (const [file, bytes] of files) console.log(`  ${String(bytes).padStart(6)}  ${file}`);
    const functions = [...compile(build, 'closed').symbols].sort((a, b) => b.bytes - a.bytes);
    for (const { name, bytes } of functions) console.log(`  ${String(bytes).padStart(6)}    ${name}`);
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
