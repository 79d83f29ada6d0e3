import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { storedBytes } from '#host/build/area.ts';
import { buildImage, fileNames, type Image } from '#host/build/image.ts';
import { manifestFile, placesOf } from '#host/build/layout.ts';
import { openManifest } from '#host/build/manifest.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The bytes of an image by their address on the board. */
function bytesAt({ board, storage, free }: Image, area: 'storage' | 'free', address: number, length: number) {
  const [bytes, start] =
    area === 'storage'
      ? [storage, board.flash.storage.address]
      : ([free!, board.flash.free!.address] as const);
  return bytes.slice(address - start, address - start + length);
}

describe.each(Object.values(boards))('the image of $name', board => {
  let image: Image;
  beforeAll(async () => {
    image = await buildImage({ board });
  });

  test('[G3 core] holds each part where its manifest says, with its digest', () => {
    expect(image.manifest.parts.map(({ name }) => name)).toEqual(
      board.kernel ? ['kernel', 'points', 'boot', 'bundle'] : ['boot', 'bundle'],
    );
    for (const { area, address, bytes, sha256: digest } of image.manifest.parts)
      expect(sha256(bytesAt(image, area, address, bytes))).toBe(Buffer.from(digest).toString('hex'));
  });

  test('leaves the journal erased', () => {
    const { raw } = placesOf(board);
    const bytes = bytesAt(image, raw.area, raw.address, raw.bytesMax);
    expect(bytes.length).toBe(raw.bytesMax);
    expect(bytes.every(byte => byte === 0xff)).toBe(true);
  });

  test('fills its areas to their last byte, and nothing beyond the files is written', () => {
    const { storage, free } = board.flash;
    expect(image.storage.length).toBe(storage.pages * 4096);
    expect(image.free?.length).toBe(placesOf(board).raw.area === 'free' ? free!.pages * 4096 : undefined);
    const used = image.files.reduce((sum, file) => sum + storedBytes(file.bytes.length), 0);
    expect(image.storage.subarray(used).every(byte => byte === 0xff)).toBe(true);
  });

  test('carries its own manifest where the board looks for it', () => {
    const { name, offset } = manifestFile(board);
    const file = image.files.find(each => each.name === name)!;
    expect(openManifest(file.bytes.subarray(offset))).toEqual(image.manifest);
    expect(image.manifest).toMatchObject({ board: board.name, firmware: '2v25', locked: false });
  });

  test('has program code that is plain ASCII', () => {
    for (const { name, bytes } of image.files)
      if (name === fileNames.boot || name === fileNames.bundle)
        expect(bytes.every(byte => byte < 127)).toBe(true);
  });
});

test.each([boards.puckjs, boards.nrf52840dk])(
  '$name: first certificates lie where its manifest says',
  async board => {
    const certificates = new Uint8Array(300).fill(9);
    const image = await buildImage({ board, certificates });
    const {
      area,
      address,
      bytes,
      sha256: digest,
    } = image.manifest.parts.find(({ name }) => name === 'certificates')!;
    expect(bytesAt(image, area, address, bytes)).toEqual(certificates);
    expect(Buffer.from(digest).toString('hex')).toBe(sha256(certificates));
    const { name, offset } = manifestFile(board);
    const file = image.files.find(each => each.name === name)!;
    expect(openManifest(file.bytes.subarray(offset))).toEqual(image.manifest);
  },
);

test('a first page that is too full is refused', async () => {
  const certificates = new Uint8Array(700).fill(9);
  await expect(buildImage({ board: boards.puckjs, certificates })).rejects.toThrow(
    'certificates and manifest',
  );
});
