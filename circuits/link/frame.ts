/** Frames: what one write, notification or APDU carries. The same over BLE, NFC, serial and in one process.
 *
 * flags (1) | sequence (1) | acknowledgement (1) | payload | CRC-16 of all before (2, big-endian)
 * Flags: bits 7-4 link number; 3 opening: nothing was heard yet on this link; 2 gap: a frame beyond the expected one
 * came; 1 ask: acknowledge this; 0 last: of its message. Acknowledgement is the sequence expected next.
 * A frame without payload and without `last` only acknowledges: its sequence is 0 and it asks for nothing.
 *
 * Payload is min(MTU - 3, what the board delivers) - 5 bytes: 15 at MTU 23, 45 at 53, 56 where 61 are delivered, 123 at 131.
 *
 * 1. A frame with up to two flipped bits, or a burst of up to 16, is not read. (test/circuits/frame.noise.test.ts)
 * 2. What is read is what was written, and nothing else has its bytes. (test/circuits/frame.codec.test.ts)
 */
import type { Scan } from './port.ts';

export interface Frame {
  /** 0 to 15, changed by each new link: late frames of the one before do not fit. */
  readonly number: number;
  readonly opening: boolean;
  readonly gap: boolean;
  readonly ask: boolean;
  readonly last: boolean;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payload: Uint8Array;
}

const headBytes = 3;
const overheadBytes = 5;

/** Bytes of payload that fit where the radio has this MTU and the firmware delivers so many bytes of a write. */
export function payloadBytesOf(mtuBytes: number, deliveredBytes: number): number {
  return Math.min(mtuBytes - 3, deliveredBytes) - overheadBytes;
}

export const holdsData = (frame: Frame) => frame.last || frame.payload.length > 0;

export function encodeFrame(scan: Scan, frame: Frame): Uint8Array {
  const { payload } = frame;
  const bytes = new Uint8Array(payload.length + overheadBytes);
  bytes[0] =
    (frame.number << 4) |
    (Number(frame.opening) << 3) |
    (Number(frame.gap) << 2) |
    (Number(frame.ask) << 1) |
    Number(frame.last);
  bytes[1] = frame.sequence;
  bytes[2] = frame.acknowledgement;
  bytes.set(payload, headBytes);
  const end = headBytes + payload.length;
  const crc = scan.crc16(bytes.subarray(0, end));
  bytes[end] = crc >> 8;
  bytes[end + 1] = crc;
  return bytes;
}

/** Nothing where the bytes are no frame: noise is not worth a fault. The payload is a view of the bytes. */
export function parseFrame(scan: Scan, bytes: Uint8Array, payloadBytesMax: number): Frame | undefined {
  if (bytes.length < overheadBytes || bytes.length > payloadBytesMax + overheadBytes) return undefined;
  const end = bytes.length - 2;
  if (scan.crc16(bytes.subarray(0, end)) !== bytes[end]! * 256 + bytes[end + 1]!) return undefined;
  const flags = bytes[0]!;
  const frame: Frame = {
    number: flags >> 4,
    opening: (flags & 8) !== 0,
    gap: (flags & 4) !== 0,
    ask: (flags & 2) !== 0,
    last: (flags & 1) !== 0,
    sequence: bytes[1]!,
    acknowledgement: bytes[2]!,
    payload: bytes.subarray(headBytes, end),
  };
  if (!holdsData(frame) && (frame.sequence !== 0 || frame.ask)) return undefined;
  return frame;
}
