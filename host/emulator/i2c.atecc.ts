/** A secure element of the ATECC608 class on I2C, by registers: packets, sleep, zones, slots, counters, P-256.
 *
 * To the part: word address (0 reset, 1 sleep, 2 idle, 3 command) | count | opcode | p1 | p2 (2, little-endian) | data |
 * CRC-16 (2). From it: count | status or data | CRC-16. The CRC (polynomial 0x8005, bits from the lowest, from 0) covers all
 * from count on. Written from Microchip's published data sheet of the ATECC508A and the summary of the 608; its own
 * model, no part was at hand: timings are typical values, and commands that the wallet does not use answer "parse error".
 *
 * 1. Counters rise by one and end at 2,097,151. (test/host/emulator.i2c.test.ts)
 * 2. It signs only what was loaded by nonce, with a key that never leaves it. (test/host/emulator.i2c.test.ts)
 * 3. What is locked stays so, through power cuts and rollback of the board's flash. (test/host/emulator.i2c.test.ts)
 */
import type { Chance } from './chance.ts';
import { crc16, type ElementCore, openElement, type Reply } from './i2c.atecc.commands.ts';
import type { Part } from './i2c.ts';

const crcBytes = 2;

const status = { awake: 0x11, crc: 0xff } as const;

function packet(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 1 + crcBytes);
  bytes[0] = bytes.length;
  bytes.set(data, 1);
  new DataView(bytes.buffer).setUint16(data.length + 1, crc16(bytes.subarray(0, data.length + 1)), true);
  return bytes;
}

/** The part falls asleep by itself this long after it woke. */
const watchdogUs = 1_300_000;
const wakeUs = 1_500;

export interface AteccOptions {
  readonly address?: number;
  readonly chance: Chance;
  /** The board's time. */
  readonly clockUs: () => number;
  /** Of a part that has counted before. */
  readonly counters?: readonly [number, number];
}

type State = 'asleep' | 'idle' | 'awake';

/** What survives power: an attacker without the part cannot copy or restore it. */
export class Atecc implements Part {
  readonly address: number;
  readonly #core: ElementCore;
  readonly #clockUs: () => number;
  #state: State = 'asleep';
  #awakeSinceUs = 0;
  #readyUs = 0;
  #answer: Uint8Array | undefined;

  constructor({ address = 0x60, chance, clockUs, counters }: AteccOptions) {
    this.address = address;
    this.#clockUs = clockUs;
    this.#core = openElement(chance, counters);
  }

  /** Monotonic counters, as a test may look at them. */
  get counters(): readonly number[] {
    return this.#core.counters;
  }

  power(): void {
    this.#sleep();
  }

  /** SDA low for 60 us: a call of address 0 at 100 kHz. */
  overhear(address: number): void {
    if (address !== 0 || this.#isAwake()) return;
    const wasAsleep = this.#state === 'asleep';
    this.#state = 'awake';
    this.#awakeSinceUs = this.#clockUs();
    this.#readyUs = this.#clockUs() + wakeUs;
    this.#answer = packet(Uint8Array.of(status.awake));
    if (wasAsleep) this.#core.forget();
  }

  #isAwake(): boolean {
    if (this.#state === 'awake' && this.#clockUs() - this.#awakeSinceUs > watchdogUs) this.#sleep();
    return this.#state === 'awake';
  }

  #sleep(): void {
    this.#state = 'asleep';
    this.#answer = undefined;
    this.#core.forget();
  }

  write(data: Uint8Array): boolean {
    if (!this.#isAwake() || this.#clockUs() < this.#readyUs) return false;
    switch (data[0]) {
      case 1:
        this.#sleep();
        return true;
      case 2:
        this.#state = 'idle';
        return true;
      case 3:
        this.#command(data.subarray(1));
        return true;
      default:
        return true;
    }
  }

  #command(bytes: Uint8Array): void {
    const count = bytes[0] ?? 0;
    let reply: Reply = { status: status.crc, us: 500 };
    if (count >= 7 && count === bytes.length) {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      if (view.getUint16(count - crcBytes, true) === crc16(bytes.subarray(0, count - crcBytes)))
        reply = this.#core.run({
          opcode: bytes[1]!,
          first: bytes[2]!,
          second: view.getUint16(3, true),
          data: bytes.slice(5, count - crcBytes),
        });
    }
    this.#answer = packet('data' in reply ? reply.data : Uint8Array.of(reply.status));
    this.#readyUs = this.#clockUs() + reply.us;
  }

  read(length: number): Uint8Array | undefined {
    if (!this.#isAwake() || this.#clockUs() < this.#readyUs || !this.#answer) return undefined;
    const bytes = new Uint8Array(length).fill(0xff);
    bytes.set(this.#answer.subarray(0, length));
    return bytes;
  }
}
