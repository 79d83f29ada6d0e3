/** Packets of the firmware's console, since 2v25: how binary files get onto a board and expressions get answers.
 *
 * DLE (16) SOH (1) | type (3 bits) and length (13 bits), big-endian | data. Answered by ACK (6) or NAK (21). Types:
 * 0 response, 1 eval, 2 event, 3 file send {fn, s}, 4 data, 5 file receive {fn}.
 *
 * 1. Data is acknowledged even where writing it failed: only reading back tells. (test/host/emulator.console.test.ts)
 * 2. A packet that stays incomplete for 5 s, or of a kind that is unknown, is refused. (test/host/emulator.console.test.ts)
 */
import { StorageRefusal } from './storage.ts';

const packetTypes = { response: 0, eval: 1, event: 2, fileSend: 3, data: 4, fileReceive: 5 } as const;

export interface Packet {
  readonly type: number;
  readonly data: Uint8Array;
}

const [ack, nak] = [6, 21];
const pieceBytes = 1_024;
const fileTimeoutMs = 10_000;

export const packetHead = (bytes: readonly number[]) => {
  const word = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return { type: word >> 13, length: word & 0x1fff };
};

export const isPacketDone = (bytes: readonly number[]) =>
  bytes.length >= 2 && bytes.length >= 2 + packetHead(bytes).length;

export interface PacketHost {
  send(text: string): void;
  /** Evaluates an expression: its value as JavaScript. Throws what the program threw. */
  evaluate(source: string): string;
  /** Tells the program; true where it listens. */
  event(json: string): boolean;
  /** Of relaxed JSON: nothing where it is none. */
  parse(json: string): { readonly fn?: unknown; readonly s?: unknown; readonly fs?: unknown } | undefined;
  /** Throws where the firmware throws. */
  writeFile(name: string, data: Uint8Array, place: { readonly offset: number; readonly size: number }): void;
  readFile(name: string): Uint8Array | undefined;
  failed(error: unknown): void;
  expire(ms: number, task: () => void): { cancel(): void };
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

interface OpenFile {
  readonly name: string;
  readonly size: number;
  offset: number;
}

export class Packets {
  readonly #host: PacketHost;
  /** Said on the console after the answer. */
  #failure: unknown;
  #file: OpenFile | undefined;
  #timeout: { cancel(): void } | undefined;

  constructor(host: PacketHost) {
    this.#host = host;
  }

  take({ type, data }: Packet): void {
    const text = latin1(data);
    if (type === packetTypes.eval) this.#evaluate(text);
    else if (type === packetTypes.event) this.#answer(this.#host.event(text));
    else if (type === packetTypes.fileSend) this.#answer(this.#open(text));
    else if (type === packetTypes.data) this.#answer(this.#write(data));
    else if (type === packetTypes.fileReceive) this.#send(text);
    else this.#answer(false);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) this.#host.failed(failure);
  }

  #answer(isGood: boolean): void {
    this.#host.send(String.fromCharCode(isGood ? ack : nak));
  }

  #reply(type: number, text: string): void {
    // Longer than 13 bits spills into the type: so does the firmware's own.
    const head = (type << 13) | text.length;
    // A line feed in the data gets a carriage return that the length does not count: files with one arrive broken.
    const shown = text.replaceAll('\n', '\r\n');
    this.#host.send(String.fromCharCode(16, 1, (head >> 8) & 0xff, head & 0xff) + shown);
  }

  #evaluate(source: string): void {
    const result = this.#try(() => this.#host.evaluate(source));
    this.#answer(result !== undefined);
    if (result !== undefined) this.#reply(packetTypes.response, result);
  }

  #try<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      // Power that is cut, or a processor that has crashed, is no answer.
      if (error instanceof Error && !(error instanceof StorageRefusal)) throw error;
      this.#failure = error;
      return undefined;
    }
  }

  #open(json: string): boolean {
    this.#close();
    const head = this.#host.parse(json);
    const name = head?.fn;
    if (typeof name !== 'string' || !head?.s || head.fs) return false;
    this.#file = { name, size: Number(head.s), offset: 0 };
    this.#watch();
    return true;
  }

  #watch(): void {
    this.#timeout?.cancel();
    this.#timeout = this.#host.expire(fileTimeoutMs, () => this.#close());
  }

  #close(): void {
    this.#timeout?.cancel();
    this.#file = undefined;
  }

  #write(data: Uint8Array): boolean {
    const file = this.#file;
    if (!file) return false;
    // What fails is said on the console, and acknowledged all the same.
    this.#try(() => this.#host.writeFile(file.name, data, { offset: file.offset, size: file.size }));
    file.offset += data.length;
    if (file.offset >= file.size) this.#close();
    else this.#watch();
    return true;
  }

  #send(json: string): void {
    const name = this.#host.parse(json)?.fn;
    const content = typeof name === 'string' ? this.#host.readFile(name) : undefined;
    this.#answer(content !== undefined);
    if (!content) return;
    for (let at = 0; at < content.length; at += pieceBytes)
      this.#reply(packetTypes.data, latin1(content.subarray(at, at + pieceBytes)));
    this.#reply(packetTypes.data, '');
  }
}
