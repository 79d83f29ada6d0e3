/** The firmware's Storage, as its bytes lie in flash.
 *
 * file = size (u24 LE) | flags (u8, 0) | name (28, zero-padded) | bytes | 0xff to the next multiple of 4
 * Files follow each other from the first byte of the area; after the last all is erased (0xff).
 *
 * 1. What is packed is read back. (test/host/image.area.test.ts)
 */
import { ascii, concat } from '#circuits/bytes.ts';
import { headerBytes } from './layout.ts';

export interface StoredFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const nameBytesMax = 28;
const sizeMax = 0xffffff;

function header({ name, bytes }: StoredFile): Uint8Array {
  if (name.length === 0 || name.length > nameBytesMax)
    throw new Error(`${name}: a name has 1 to ${nameBytesMax} bytes`);
  if (bytes.length === 0 || bytes.length > sizeMax)
    throw new Error(`${name}: a file has 1 to ${sizeMax} bytes`);
  const head = new Uint8Array(headerBytes);
  new DataView(head.buffer).setUint32(0, bytes.length, true);
  head.set(ascii(name), 4);
  return head;
}

/** Bytes that a file takes in Storage. */
export const storedBytes = (length: number) => headerBytes + ((length + 3) & ~3);

/** One file as Storage holds it. */
function packFile(file: StoredFile): Uint8Array {
  const packed = new Uint8Array(storedBytes(file.bytes.length)).fill(0xff);
  packed.set(concat(header(file), file.bytes));
  return packed;
}

/** Files in their order, then erased flash. */
export function packArea(files: readonly StoredFile[], areaBytes: number): Uint8Array {
  const area = new Uint8Array(areaBytes).fill(0xff);
  const packed = concat(...files.map(packFile));
  if (packed.length > areaBytes)
    throw new Error(`${packed.length} bytes of files in ${areaBytes} of Storage`);
  area.set(packed);
  return area;
}
