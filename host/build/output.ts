/** An image as files of a folder: bytes by area, manifest, source maps and sizes. No file says when or where it was made. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '#circuits/bytes.ts';
import { type Draft, fileNames, type Image } from './image.ts';
import type { Manifest } from './manifest.ts';

/** Digests in hex; its own bytes are on the device. */
const readable = (manifest: Manifest) => ({
  ...manifest,
  parts: manifest.parts.map(part => ({ ...part, sha256: toHex(part.sha256) })),
});

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** Source maps by the names that the interpreter gives to files. */
export const mapsOf = ({ maps }: Pick<Draft, 'maps'>) => ({
  [fileNames.boot]: maps.boot,
  [fileNames.bundle]: maps.code,
});

/** Writes them and answers with their paths. */
export function writeImage(image: Image, folder: string): string[] {
  const name = image.board.name;
  const outputs: Record<string, Uint8Array | string> = {
    [`${name}.storage.bin`]: image.storage,
    ...(image.free ? { [`${name}.free.bin`]: image.free } : {}),
    [`${name}.manifest.json`]: json(readable(image.manifest)),
    [`${name}.maps.json`]: json(mapsOf(image)),
  };
  mkdirSync(folder, { recursive: true });
  return Object.entries(outputs).map(([file, content]) => {
    const path = join(folder, file);
    writeFileSync(path, content);
    return path;
  });
}
