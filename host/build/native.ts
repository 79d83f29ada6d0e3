/** Native parts of an image: the kernel's blob, checked against its manifest, and the points or tables that it reads. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board, Kernel } from '#boards/board.ts';
import { toHex } from '#circuits/bytes.ts';
import { suite1 } from '../suite.ts';
import { kernelDirectory } from './compile.ts';
import { makeTable } from './tables.ts';

export interface Native {
  readonly kernel: Uint8Array;
  readonly points: Uint8Array;
}

interface BlobManifest {
  readonly blobs: Readonly<Record<string, { readonly sha256: string }>>;
}

export const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

function readBlob(name: Kernel['blob']): Uint8Array {
  const read = (path: string) => new Uint8Array(readFileSync(join(kernelDirectory, 'blobs', path)));
  const manifest = JSON.parse(Buffer.from(read('manifest.json')).toString()) as BlobManifest;
  const blob = read(`${name}.bin`);
  if (toHex(sha256(blob)) !== manifest.blobs[name]?.sha256)
    throw new Error(`circuits/kernel/blobs/${name}.bin is not what its manifest says: npm run kernel`);
  return blob;
}

const made = new Map<string, Uint8Array>();

/** A set of tables takes seconds to make: each is made once. */
function pointsOf(shape: Kernel['tables']): Uint8Array {
  const key = JSON.stringify(shape);
  const points = made.get(key) ?? makeTable({ hash: suite1.hash, suite: 1 }, shape);
  made.set(key, points);
  return points;
}

/** Undefined for a board without native code. */
export function nativeOf({ kernel }: Board): Native | undefined {
  return kernel && { kernel: readBlob(kernel.blob), points: pointsOf(kernel.tables) };
}
