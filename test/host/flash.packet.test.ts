import { describe, expect, test } from 'vitest';
import { encodePacket, type Kind, PacketReader, type Piece } from '#host/flash/packet.ts';

/** As the firmware's document lists them. */
const kinds: Kind[] = ['response', 'evaluate', 'event', 'send', 'data', 'receive'];
const packetBytesMax = 8191;

const bytesOf = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

/** Texts that were cut are one text. */
function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece.is === 'text' && last?.is === 'text')
      all[all.length - 1] = { is: 'text', bytes: Uint8Array.of(...last.bytes, ...piece.bytes) };
    else all.push(piece);
  }
  return all;
}

const read = (parts: readonly Uint8Array[]) => {
  const reader = new PacketReader();
  return joined(parts.flatMap(part => reader.push(part)));
};

const text = (line: string): Piece => ({ is: 'text', bytes: bytesOf(line) });

describe('packets', () => {
  test.each(kinds)('of kind %s are read back with every length at a border', kind => {
    for (const length of [0, 1, 2, 255, 256, packetBytesMax]) {
      const data = Uint8Array.from({ length }, (_, at) => at);
      expect(read([encodePacket(kind, data)])).toEqual([{ is: 'packet', kind, data }]);
    }
    expect(() => encodePacket(kind, new Uint8Array(packetBytesMax + 1))).toThrow('holds');
  });

  test('and the text, the answers and the flow control between them survive every cut', () => {
    // All 256 values are data: those that mean something outside of a packet mean nothing in it.
    const data = Uint8Array.from({ length: 256 }, (_, at) => at);
    const wire = Uint8Array.of(
      ...bytesOf('>a\x10b'),
      6,
      ...encodePacket('data', data),
      ...bytesOf('\x10\x10'),
      21,
      19,
      17,
      ...bytesOf('tail\r\n'),
    );
    const pieces = [
      text('>a\x10b'),
      { is: 'ack' },
      { is: 'packet', kind: 'data', data },
      text('\x10\x10'),
      { is: 'nak' },
      { is: 'pause' },
      { is: 'resume' },
      text('tail\r\n'),
    ];
    for (let cut = 0; cut <= wire.length; cut++)
      expect(read([wire.subarray(0, cut), wire.subarray(cut)])).toEqual(pieces);
    expect(read([...wire].map(byte => Uint8Array.of(byte)))).toEqual(pieces);
  });

  test('of a kind that is unknown are told from the known', () => {
    expect(read([Uint8Array.of(16, 1, 0xe0, 1, 65)])).toEqual([
      { is: 'packet', kind: undefined, data: bytesOf('A') },
    ]);
  });
});
