/** What the link needs from its backend: loops over bytes, and the primitives of the session. Native on boards. */

/** Loops that cost a board 0.1 ms a byte in JavaScript. */
export interface Scan {
  /** CRC-16/IBM-3740: polynomial 0x1021, from 0xffff, not reflected, no final xor. */
  crc16(bytes: Uint8Array): number;
  isZero(bytes: Uint8Array): boolean;
}

export interface Cipher {
  sha256(data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** RFC 7748. */
  publicKey(secret: Uint8Array): Uint8Array;
  /** RFC 7748; 32 zero bytes where the other key is of low order, for the caller to refuse. */
  x25519(secret: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** RFC 8439, the tag of 16 bytes at the end. */
  seal(key: Uint8Array, nonce: Uint8Array, data: SealedData): Uint8Array;
  /** Nothing where the tag does not fit. */
  open(key: Uint8Array, nonce: Uint8Array, data: SealedData): Uint8Array | undefined;
}

/** Text, plain or sealed, and what is authenticated beside it. */
export interface SealedData {
  readonly text: Uint8Array;
  readonly beside: Uint8Array;
}
