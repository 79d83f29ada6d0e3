/** Packets on a board's console, between its text: firmware 2v25 and later.
 *
 *     10 01  KL LL  data      K: kind (upper 3 bits), L: bytes of data (13 bits, big-endian)
 *     06                      the board took the packet; what it answers follows as a packet
 *     15                      it did not; of an expression that threw, the error follows as text
 *     13, 11                  outside of packets: stop sending, go on
 *
 * 1. What is encoded is read back, however the bytes are cut, and text between packets is kept. (test/host/flash.packet.test.ts)
 */

const kinds = {
  response: 0x0000,
  evaluate: 0x2000,
  event: 0x4000,
  send: 0x6000,
  data: 0x8000,
  receive: 0xa000,
} as const;

export type Kind = keyof typeof kinds;

export type Piece =
  | { readonly is: 'text'; readonly bytes: Uint8Array }
  | { readonly is: 'packet'; readonly kind: Kind | undefined; readonly data: Uint8Array }
  | { readonly is: 'ack' | 'nak' | 'pause' | 'resume' };

/** 13 bits of length. */
const packetBytesMax = 0x1fff;

const [soh, ack, dle, xon, nak, xoff] = [1, 6, 16, 17, 21, 19];
const single = new Map<number, 'ack' | 'nak' | 'pause' | 'resume'>([
  [ack, 'ack'],
  [nak, 'nak'],
  [xoff, 'pause'],
  [xon, 'resume'],
]);

export function encodePacket(kind: Kind, data: Uint8Array): Uint8Array {
  if (data.length > packetBytesMax) throw new Error(`a packet holds ${packetBytesMax} bytes`);
  const head = kinds[kind] | data.length;
  return Uint8Array.of(dle, soh, head >> 8, head & 0xff, ...data);
}

const kindOf = (head: number) =>
  (Object.keys(kinds) as Kind[]).find(kind => kinds[kind] === (head & ~packetBytesMax));

/** Cuts what a board sends into pieces. */
export class PacketReader {
  #state: 'text' | 'escape' | 'high' | 'low' | 'data' = 'text';
  #head = 0;
  #data: number[] = [];
  #text: number[] = [];

  push(bytes: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    for (const byte of bytes) this.#take(byte, pieces);
    this.#flush(pieces);
    return pieces;
  }

  #flush(pieces: Piece[]): void {
    if (this.#text.length) pieces.push({ is: 'text', bytes: Uint8Array.from(this.#text) });
    this.#text = [];
  }

  #take(byte: number, pieces: Piece[]): void {
    if (this.#state === 'high') {
      this.#head = byte << 8;
      this.#state = 'low';
    } else if (this.#state === 'low') {
      this.#head |= byte;
      this.#state = 'data';
      if ((this.#head & packetBytesMax) === 0) this.#end(pieces);
    } else if (this.#state === 'data') {
      this.#data.push(byte);
      if (this.#data.length === (this.#head & packetBytesMax)) this.#end(pieces);
    } else this.#takeText(byte, pieces);
  }

  #end(pieces: Piece[]): void {
    pieces.push({ is: 'packet', kind: kindOf(this.#head), data: Uint8Array.from(this.#data) });
    this.#data = [];
    this.#state = 'text';
  }

  #takeText(byte: number, pieces: Piece[]): void {
    const escaped = this.#state === 'escape';
    this.#state = 'text';
    if (escaped && byte === soh) {
      this.#flush(pieces);
      this.#state = 'high';
      return;
    }
    if (escaped) this.#text.push(dle);
    const is = single.get(byte);
    if (byte === dle) this.#state = 'escape';
    else if (is) {
      this.#flush(pieces);
      pieces.push({ is });
    } else this.#text.push(byte);
  }
}
