/** Padding: every sealed block has one of three sizes, so that its length says next to nothing of what is in it.
 *
 * more (1 bit) | length (15 bits, big-endian) | bytes of the message | zero bytes, up to 256, 896 or 1,536 with the tag.
 * A message that does not fit one block is cut into full ones of the largest size, each with `more`, and a rest of at
 * least one byte in the smallest size that holds it.
 *
 * 1. One message has one form, and nothing else is read. (test/circuits/pad.strict.test.ts)
 * 2. Sizes on the wire are only these three. (test/circuits/pad.sizes.test.ts)
 */
import { Fault } from '../fault.ts';
import type { Scan } from './port.ts';

const tagBytes = 16;
const lengthBytes = 2;
const sealedSizes = [256, 896, 1_536] as const;
export const sealedBytesMax = 1_536;
const textBytesMax = sealedBytesMax - tagBytes - lengthBytes;
const more = 0x8000;

function textBytesOf(sealedBytes: number): number {
  return sealedBytes - tagBytes - lengthBytes;
}

/** The smallest size that holds so many bytes of a message. */
function sealedBytesFor(length: number): number {
  return sealedSizes.find(size => length <= textBytesOf(size))!;
}

/** Blocks to seal, in order. */
export function pad(message: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let offset = 0;
  do {
    const part = message.subarray(offset, offset + textBytesMax);
    offset += part.length;
    const block = new Uint8Array(sealedBytesFor(part.length) - tagBytes);
    const head = part.length + (offset < message.length ? more : 0);
    block[0] = head >> 8;
    block[1] = head;
    block.set(part, lengthBytes);
    blocks.push(block);
  } while (offset < message.length);
  return blocks;
}

/** Joins opened blocks to messages, at most so many bytes each. */
export class Joiner {
  private readonly scan: Scan;
  private readonly messageBytesMax: number;
  private parts: Uint8Array[] = [];
  private length = 0;

  constructor(scan: Scan, messageBytesMax: number) {
    this.scan = scan;
    this.messageBytesMax = messageBytesMax;
  }

  /** The message that this block completes; a fault `encoding` for any other padding than that of `pad`. */
  take(block: Uint8Array): Uint8Array | undefined {
    const head = block.length < lengthBytes ? 0 : block[0]! * 256 + block[1]!;
    const isMore = head >= more;
    const length = head % more;
    this.checkForm(block, length, isMore);
    this.length += length;
    if (this.length > this.messageBytesMax)
      throw new Fault('size', `a message of more than ${this.messageBytesMax} bytes`);
    this.parts.push(block.subarray(lengthBytes, lengthBytes + length));
    return isMore ? undefined : this.join();
  }

  private checkForm(block: Uint8Array, length: number, isMore: boolean): void {
    if (length > textBytesMax || block.length !== sealedBytesFor(length) - tagBytes)
      throw new Fault('encoding', 'a block of another size than its length asks for');
    if (isMore && length !== textBytesMax)
      throw new Fault('encoding', 'a block that is not full, with more to come');
    if (length === 0 && this.parts.length > 0) throw new Fault('encoding', 'nothing after a full block');
    if (!this.scan.isZero(block.subarray(lengthBytes + length)))
      throw new Fault('encoding', 'padding that is not zero');
  }

  private join(): Uint8Array {
    const message = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      message.set(part, offset);
      offset += part.length;
    }
    this.parts = [];
    this.length = 0;
    return message;
  }
}
