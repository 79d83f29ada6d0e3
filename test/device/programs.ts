/** The programs that boards boot, built for the Linux build of the interpreter. */
import { createHash } from 'node:crypto';
import type { Board } from '#boards/board.ts';
import { buildImage, fileNames, type Image } from '#host/build/image.ts';

export interface Program {
  readonly name: string;
  readonly image: Image;
  /** First 16 hex digits of the SHA-256 of its bundle; the boot file before that only checks the kernel's bytes. */
  readonly digest: string;
}

const entries: Readonly<Record<string, string>> = { 'self-test': 'device/main.ts' };

function digestOf({ files }: Image): string {
  const { bytes } = files.find(({ name }) => name === fileNames.bundle)!;
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

export async function buildPrograms(board: Board): Promise<Program[]> {
  const programs: Program[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const image = await buildImage({ board, entry });
    programs.push({ name, image, digest: digestOf(image) });
  }
  return programs;
}
