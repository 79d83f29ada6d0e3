import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';
import { builds, compile, compilerVersion, kernelDirectory } from '#host/build/compile.ts';
import { sourcesDigest } from '#host/build/kernel.ts';
import { canCompile } from './machine.ts';

interface Manifest {
  readonly compiler: string;
  readonly sources: string;
  readonly blobs: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const manifest: Manifest = JSON.parse(readFileSync(join(kernelDirectory, 'blobs/manifest.json'), 'utf8'));
const committed = (build: (typeof builds)[number]) =>
  build === 'wasm'
    ? Buffer.from(kernelWasm, 'base64')
    : readFileSync(join(kernelDirectory, `blobs/${build}.bin`));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('the committed blobs were made of these sources', () => {
  expect(manifest.sources).toBe(sourcesDigest());
});

test.each(builds)('the blob for %s is the one that the manifest names', build => {
  const bytes = committed(build);
  expect({ bytes: bytes.length, sha256: sha256(bytes) }).toMatchObject({
    bytes: manifest.blobs[build]!.bytes,
    sha256: manifest.blobs[build]!.sha256,
  });
});

describe.skipIf(!canCompile)('with the pinned compiler', () => {
  test('the version is the one that the manifest names', () => {
    expect(compilerVersion()).toBe(manifest.compiler);
  });

  test.each(builds)('the sources give the blob for %s byte for byte', build => {
    expect(sha256(compile(build, 'closed').bytes)).toBe(sha256(committed(build)));
  });
});
