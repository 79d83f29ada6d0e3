/** An I2C bus of a board, and the parts on it.
 *
 * 1. Nobody at an address means no acknowledgement. (test/host/emulator.i2c.test.ts)
 */

/** A part on the bus: it sees whole transfers. */
export interface Part {
  readonly address: number;
  /** False: not acknowledged. */
  write(data: Uint8Array): boolean;
  /** Nothing: not acknowledged. */
  read(length: number): Uint8Array | undefined;
  /** Another address was called, byte 0 included: some parts wake by that. */
  overhear?(address: number): void;
  /** The board's power came or went. */
  power?(isOn: boolean): void;
}

export class Bus {
  readonly #parts = new Map<number, Part>();
  /** Bytes that crossed it. */
  bytes = 0;

  attach(part: Part): void {
    if (this.#parts.has(part.address)) throw new Error(`two parts at ${part.address}`);
    this.#parts.set(part.address, part);
  }

  #overhear(address: number): void {
    for (const part of this.#parts.values()) if (part.address !== address) part.overhear?.(address);
  }

  write(address: number, data: Uint8Array): boolean {
    this.bytes += data.length + 1;
    this.#overhear(address);
    return this.#parts.get(address)?.write(data) ?? false;
  }

  read(address: number, length: number): Uint8Array | undefined {
    this.bytes += length + 1;
    this.#overhear(address);
    return this.#parts.get(address)?.read(length);
  }

  power(isOn: boolean): void {
    for (const part of this.#parts.values()) part.power?.(isOn);
  }
}
