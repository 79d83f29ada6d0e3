/** Where Storage begins its boot files: the pages that change when those are erased by name.
 *
 * Storage is a chain of files: size (24 bits LE), flags (8), name (28 bytes, 0-padded), data up to the next word. An erased
 * header leads to the next page. Erasing a file clears the first word of its name.
 *
 * 1. A page with the name of a boot file is found wherever its header lies. (test/host/flash.plan.test.ts)
 */

/** In the order in which firmware looks for them at boot. */
export const bootFiles = [
  ...['.bootPowerOn', '.boot0', '.boot1', '.boot2', '.boot3', '.bootrst', '.bootcde', '.varimg'],
] as const;

const [headerBytes, nameAt, nameBytes] = [32, 4, 28];
const erased = 0xffffff;

function nameOf(header: Uint8Array): string {
  const name = header.subarray(nameAt, nameAt + nameBytes);
  const end = name.indexOf(0);
  return Buffer.from(end < 0 ? name : name.subarray(0, end)).toString('latin1');
}

/** Numbers of pages in the bytes of a whole Storage. */
export function bootPagesOf(storage: Uint8Array, pageBytes: number): Set<number> {
  const view = new DataView(storage.buffer, storage.byteOffset, storage.byteLength);
  const pages = new Set<number>();
  let at = 0;
  while (at + headerBytes <= storage.length) {
    const size = view.getUint32(at, true) & 0xffffff;
    if (size === erased) {
      at = (Math.floor(at / pageBytes) + 1) * pageBytes;
      continue;
    }
    const name = nameOf(storage.subarray(at, at + headerBytes));
    if (bootFiles.some(each => each === name)) pages.add(Math.floor((at + nameAt) / pageBytes));
    at += headerBytes + 4 * Math.ceil(size / 4);
  }
  return pages;
}
