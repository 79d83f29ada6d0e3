/** Bytes of a frame, and the payload that a radio leaves. */
import { expect, test } from 'vitest';
import { ascii, fromHex, toHex } from '#circuits/bytes.ts';
import { encodeFrame, type Frame, parseFrame, payloadBytesOf } from '#circuits/link/frame.ts';
import { scan } from '#circuits/link/scan.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

const plain: Frame = {
  number: 0,
  opening: false,
  gap: false,
  ask: false,
  last: false,
  sequence: 0,
  acknowledgement: 0,
  payload: new Uint8Array(0),
};

test('the checksum is CRC-16/IBM-3740: 29b1 for the nine digits of the published check', () => {
  expect(scan.crc16(ascii('123456789'))).toBe(0x29b1);
  expect(scan.crc16(new Uint8Array(0))).toBe(0xffff);
});

test.each([
  [23, 512, 15],
  [53, 61, 45],
  [131, 61, 56],
  [131, 512, 123],
])('MTU %i with %i bytes delivered leaves %i bytes of payload', (mtu, delivered, payload) => {
  expect(payloadBytesOf(mtu, delivered)).toBe(payload);
});

test('the bytes are those of the layout', () => {
  const frame = {
    ...plain,
    number: 0xa,
    ask: true,
    last: true,
    sequence: 0xfe,
    acknowledgement: 3,
    payload: ascii('hi'),
  };
  const body = fromHex('a3fe036869');
  expect(toHex(encodeFrame(scan, frame))).toBe(`a3fe036869${scan.crc16(body).toString(16).padStart(4, '0')}`);
});

test('every flag, number, sequence and acknowledgement reads back as it was written', () => {
  for (let flags = 0; flags < 256; flags++)
    for (const sequence of [0, 1, 127, 128, 255])
      for (const payload of [new Uint8Array(0), ascii('x'), new Uint8Array(15)]) {
        const frame: Frame = {
          number: flags >> 4,
          opening: (flags & 8) > 0,
          gap: (flags & 4) > 0,
          ask: (flags & 2) > 0,
          last: (flags & 1) > 0,
          sequence,
          acknowledgement: 255 - sequence,
          payload,
        };
        const isStray = !frame.last && payload.length === 0 && (sequence !== 0 || frame.ask);
        const bytes = encodeFrame(scan, frame);
        expect(bytes[0]).toBe(flags);
        expect(parseFrame(scan, bytes, 15)).toEqual(isStray ? undefined : frame);
      }
});

test('a frame longer than the radio carries, or shorter than its head, is not read', () => {
  const bytes = encodeFrame(scan, { ...plain, last: true, payload: new Uint8Array(16) });
  expect(parseFrame(scan, bytes, 16)).toBeDefined();
  expect(parseFrame(scan, bytes, 15)).toBeUndefined();
  const shortest = encodeFrame(scan, plain);
  expect(parseFrame(scan, shortest, 15)).toBeDefined();
  for (let length = 0; length < 5; length++)
    expect(parseFrame(scan, shortest.subarray(0, length), 15)).toBeUndefined();
});

test('whatever bytes come, they are one frame or none, and a frame has one form', () => {
  const roll = dice(seedOf('frame', 'codec'));
  let read = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = roll.bytes(roll.between(0, 20));
    if (bytes.length >= 5 && roll.percent(50)) {
      const crc = scan.crc16(bytes.subarray(0, -2));
      bytes.set([crc >> 8, crc & 255], bytes.length - 2);
    }
    const frame = parseFrame(scan, bytes, 15);
    if (!frame) continue;
    read += 1;
    expect(encodeFrame(scan, frame)).toEqual(bytes);
  }
  expect(read).toBeGreaterThan(1_000);
});
