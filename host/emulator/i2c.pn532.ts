/** A PN532 reader on I2C, by frames: what a board without a reader of its own needs to tap another board by NFC.
 *
 * Frame: 00 00 ff | length | its complement | direction (d4 to the part, d5 from it) | data | checksum | 00. Each read
 * begins with a byte that says whether the rest is ready. A command is acknowledged by 00 00 ff 00 ff 00 first.
 * Written from NXP's PN532 user manual (UM0701-02), sections 6.2 and 7.
 *
 * 1. A frame with a wrong checksum is not acknowledged and does nothing. (test/host/emulator.nfc.test.ts)
 * 2. It finds a tag in its field and carries frames to it and back. (test/host/emulator.nfc.test.ts)
 */
import type { Part } from './i2c.ts';
import type { Answer, Found, Reader } from './nfc.ts';

const toPart = 0xd4;
const fromPart = 0xd5;
const acknowledgement = Uint8Array.of(0, 0, 0xff, 0, 0xff, 0);
/** Error codes of the manual, 7.1. */
const errors = { none: 0x00, timeout: 0x01, context: 0x27 } as const;
const commands = {
  ...{ firmware: 0x02, readRegister: 0x06, writeRegister: 0x08, sam: 0x14, powerDown: 0x16, field: 0x32 },
  ...{ exchange: 0x40, thru: 0x42, deselect: 0x44, list: 0x4a, release: 0x52, select: 0x54 },
} as const;
/** IC, version, revision, and support for ISO 14443 A and B and ISO 18092. */
const firmware = [0x32, 0x01, 0x06, 0x07];
const acknowledgeUs = 500;

const sum = (data: Uint8Array) => data.reduce((total, byte) => total + byte, 0) & 0xff;

function frameOf(data: Uint8Array): Uint8Array {
  const { length } = data;
  return Uint8Array.of(0, 0, 0xff, length, -length & 0xff, ...data, -sum(data) & 0xff, 0);
}

/** The data of a frame: nothing where it is broken. */
function parseFrame(bytes: Uint8Array): Uint8Array | undefined {
  const start = bytes.findIndex((byte, i) => byte === 0 && bytes[i + 1] === 0xff);
  if (start < 0) return undefined;
  const [length = 0, complement = 0] = bytes.subarray(start + 2);
  const data = bytes.subarray(start + 4, start + 4 + length);
  const isWhole = data.length === length && ((length + complement) & 0xff) === 0;
  return isWhole && ((sum(data) + (bytes[start + 4 + length] ?? 0)) & 0xff) === 0 ? data : undefined;
}

export interface Pn532Options {
  readonly address?: number;
  /** Its antenna: made with the board that the part is built into. */
  readonly reader: Reader;
}

export class Pn532 implements Part {
  readonly address: number;
  readonly #reader: Reader;
  readonly #registers = new Map<number, number>();
  #isSet = false;
  #found: Found | undefined;
  #output: { readonly bytes: Uint8Array; readonly readyUs: number }[] = [];
  /** Answers of a command that was replaced are not for this one. */
  #run = 0;

  constructor({ address = 0x24, reader }: Pn532Options) {
    this.address = address;
    this.#reader = reader;
  }

  power(): void {
    this.#isSet = false;
    this.#found = undefined;
    this.#output = [];
    this.#run += 1;
  }

  write(bytes: Uint8Array): boolean {
    const run = ++this.#run;
    this.#output = [];
    const data = parseFrame(bytes);
    if (!data?.length || data[0] !== toPart) return true;
    const readyUs = this.#reader.clockUs + acknowledgeUs;
    this.#output.push({ bytes: acknowledgement, readyUs });
    this.#execute(data[1]!, data.slice(2), body => {
      if (run !== this.#run) return;
      const answer = frameOf(Uint8Array.of(fromPart, data[1]! + 1, ...body));
      this.#output.push({ bytes: answer, readyUs: Math.max(readyUs, this.#reader.world.nowUs) });
    });
    return true;
  }

  read(length: number): Uint8Array {
    // It asks in a loop: the rest of the world comes up to its time meanwhile.
    this.#reader.catchUp();
    const bytes = new Uint8Array(length);
    const [first] = this.#output;
    if (!first || this.#reader.clockUs < first.readyUs) return bytes;
    bytes[0] = 1;
    bytes.set(first.bytes.subarray(0, length - 1), 1);
    // Who reads the ready byte alone asks only whether there is something.
    if (length > 1) this.#output.shift();
    return bytes;
  }

  #execute(command: number, data: Uint8Array, answer: (body: readonly number[]) => void): void {
    if (command === commands.list) this.#list(data, answer);
    else if (command === commands.exchange) this.#exchange(data.subarray(1), data[0] === 1, answer);
    else if (command === commands.thru) this.#exchange(data, true, answer);
    else {
      const body = this.#answerAtOnce(command, data);
      if (body) answer(body);
      // A syntax error is a frame of its own kind: 7f.
      else this.#output.push({ bytes: frameOf(Uint8Array.of(0x7f)), readyUs: this.#reader.clockUs });
    }
  }

  #answerAtOnce(command: number, data: Uint8Array): readonly number[] | undefined {
    switch (command) {
      case commands.firmware:
        return firmware;
      case commands.sam:
        this.#isSet = true;
        return [];
      case commands.field:
        if (data[0] === 1) this.#reader.field((data[1]! & 1) === 1);
        return [];
      case commands.readRegister:
        return pairs(data).map(([high, low]) => this.#registers.get((high << 8) | low) ?? 0);
      case commands.writeRegister:
        for (let at = 0; at + 2 < data.length; at += 3)
          this.#registers.set((data[at]! << 8) | data[at + 1]!, data[at + 2]!);
        return [];
      case commands.release:
      case commands.deselect:
        this.#found = undefined;
        return [errors.none];
      case commands.select:
        return [this.#found ? errors.none : errors.context];
      case commands.powerDown:
        return [errors.none];
      default:
        return undefined;
    }
  }

  /** Type A at 106 kbit/s: one target at most is ever in the field. It looks again until there is one. */
  #list(data: Uint8Array, answer: (body: readonly number[]) => void): void {
    const run = this.#run;
    if (!this.#isSet || data[1] !== 0) {
      answer([0]);
      return;
    }
    const look = () => {
      this.#reader.select(found => {
        if (run !== this.#run) return;
        this.#found = found;
        // ATQA 0x0044, SAK 0, UID of 7 bytes: what the nRF52's tag says.
        if (found) answer([1, 1, 0x00, 0x44, 0x00, found.uid.length, ...found.uid]);
        else this.#reader.world.at(this.#reader.world.nowUs + 50_000, look);
      });
    };
    look();
  }

  #exchange(data: Uint8Array, isTarget: boolean, answer: (body: readonly number[]) => void): void {
    if (!this.#found || !isTarget) {
      answer([errors.context]);
      return;
    }
    this.#reader.exchange(data, (reply: Answer | undefined) => {
      if (reply === undefined) answer([errors.timeout]);
      else answer([errors.none, ...(typeof reply === 'number' ? [reply & 15] : reply)]);
    });
  }
}

function pairs(data: Uint8Array): [number, number][] {
  return Array.from({ length: data.length >> 1 }, (_, i) => [data[2 * i]!, data[2 * i + 1]!]);
}
