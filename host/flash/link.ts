/** The one port of bytes to a board's console: TCP, serial or BLE behind it. */

export interface Link {
  /** As `mite devices` prints it. */
  readonly name: string;
  /** Bytes of flash that one packet carries: a packet must arrive within the second that firmware 2v25 waits for it. */
  readonly chunkBytes: number;
  /** Resolves when the bytes have left; rejects with `LinkLost`. */
  write(bytes: Uint8Array): Promise<void>;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once, also when the other end closes. */
  onClose(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The other end is gone or answers no more. What was done is done: connect again and look. */
export class LinkLost extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'LinkLost';
  }
}

/** Bytes at 9600 baud, or over BLE in frames of 20 bytes: about a thousand a second, and base64 adds a third. */
export const chunkBytesSlow = 512;
/** Firmware copies what it writes to its C stack, which holds 7.6 kB on the smallest board. */
export const chunkBytesFast = 1024;
