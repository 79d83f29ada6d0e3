/** The committed blobs of boards. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Build, kernelDirectory } from '#host/build/compile.ts';

export type BoardBuild = Exclude<Build, 'wasm'>;
export const boardBuilds = ['thumb.small', 'thumb.full', 'rv32'] as const;

export const processorOf = (build: BoardBuild): 'thumb' | 'rv32' => (build === 'rv32' ? 'rv32' : 'thumb');

/** As an emulated core takes it. */
export const boardOf = (build: BoardBuild) => ({
  processor: processorOf(build),
  code: new Uint8Array(readFileSync(join(kernelDirectory, `blobs/${build}.bin`))),
});
