import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelWasm } from '#circuits/kernel/wasm.blob.ts';
import { compile, compilerVersion, kernelDirectory, machines } from '#host/build/compile.ts';
import { sourcesDigest } from '#host/build/kernel.ts';
import { canCompile } from './machine.ts';

interface Manifest {
  readonly compiler: string;
  readonly sources: string;
  readonly blobs: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const manifest: Manifest = JSON.parse(readFileSync(join(kernelDirectory, 'blobs/manifest.json'), 'utf8'));
const committed = (machine: (typeof machines)[number]) =>
  machine === 'wasm'
    ? Buffer.from(kernelWasm, 'base64')
    : readFileSync(join(kernelDirectory, `blobs/${machine}.bin`));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('the committed blobs were made of these sources', () => {
  expect(manifest.sources).toBe(sourcesDigest());
});

test.each(machines)('the blob for %s is the one that the manifest names', machine => {
  const bytes = committed(machine);
  expect({ bytes: bytes.length, sha256: sha256(bytes) }).toMatchObject({
    bytes: manifest.blobs[machine]!.bytes,
    sha256: manifest.blobs[machine]!.sha256,
  });
});

describe.skipIf(!canCompile)('with the pinned compiler', () => {
  test('the version is the one that the manifest names', () => {
    expect(compilerVersion()).toBe(manifest.compiler);
  });

  test.each(machines)('the sources give the blob for %s byte for byte', machine => {
    expect(sha256(compile(machine, 'closed').bytes)).toBe(sha256(committed(machine)));
  });
});
