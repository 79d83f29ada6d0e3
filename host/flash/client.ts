/** Speaks with a board's console: lines of its REPL, and packets. One request at a time.
 *
 * 1. An expression's value, or the error that it threw, comes back whatever else the board prints. (test/host/flash.client.test.ts)
 * 2. A packet that the board did not take is sent again, one that it took never is. (test/host/flash.client.test.ts)
 * 3. Silence ends in `LinkLost`, never in a hang. (test/host/flash.client.test.ts)
 */
import { type Link, LinkLost } from './link.ts';
import { encodePacket, type Kind, PacketReader, type Piece } from './packet.ts';

/** The board ran the expression, and it threw. */
export class Thrown extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'Thrown';
  }
}

/** A packet that was not whole in time is refused once more than it is sent again. */
const attemptsMax = 3;
const answerTimeoutMs = 10_000;
/** After a refusal: what the board printed of its error arrives within this. */
const errorQuietMs = 300;
/** Between two looks at XOFF a board's input buffer of 1 kB must not run over. */
const sliceBytes = 128;
/** A board that says XOFF and never XON is stuck. */
const pauseMaxMs = 10_000;

/** Of what was printed and not taken. */
const printedMax = 100_000;

const text = new TextDecoder('latin1');
const latin1 = (line: string) => Uint8Array.from(line, letter => letter.charCodeAt(0));

export class BoardClient {
  readonly #link: Link;
  readonly #reader = new PacketReader();
  readonly #pieces: Piece[] = [];
  #printed = '';
  #lost: string | undefined;
  #wake: () => void = () => undefined;
  #paused = false;

  constructor(link: Link) {
    this.#link = link;
    link.onData(bytes => {
      for (const piece of this.#reader.push(bytes)) this.#take(piece);
      this.#wake();
    });
    link.onClose(reason => {
      this.#lost = reason;
      this.#wake();
    });
  }

  get chunkBytes(): number {
    return this.#link.chunkBytes;
  }

  /** What the board has printed outside of packets since it was last asked for. */
  takePrinted(): string {
    const printed = this.#printed;
    this.#printed = '';
    return printed;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #take(piece: Piece): void {
    if (piece.is === 'pause' || piece.is === 'resume') this.#paused = piece.is === 'pause';
    else this.#pieces.push(piece);
    if (piece.is === 'text') this.#printed = (this.#printed + text.decode(piece.bytes)).slice(-printedMax);
  }

  /** Resolves when something has happened, or at `deadlineMs`. */
  #stir(deadlineMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, Math.max(0, deadlineMs - Date.now()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The next piece, or nothing by the deadline. */
  async #next(deadlineMs: number): Promise<Piece | undefined> {
    while (true) {
      const piece = this.#pieces.shift();
      if (piece) return piece;
      if (this.#lost !== undefined) throw new LinkLost(this.#lost);
      if (Date.now() >= deadlineMs) return undefined;
      await this.#stir(deadlineMs);
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      const deadlineMs = Date.now() + pauseMaxMs;
      while (this.#paused && this.#lost === undefined) {
        if (Date.now() >= deadlineMs) throw new LinkLost('the board takes no more bytes');
        await this.#stir(deadlineMs);
      }
      await this.#link.write(bytes.subarray(at, at + sliceBytes));
    }
  }

  /** Sends a line as if typed, and answers with what is printed until `until` matches, or the time is over. */
  async type(line: string, until: RegExp, timeoutMs: number): Promise<string> {
    this.#pieces.length = 0;
    await this.#write(latin1(line));
    return this.#listen(until, timeoutMs);
  }

  async #listen(until: RegExp, timeoutMs: number): Promise<string> {
    const deadlineMs = Date.now() + timeoutMs;
    let printed = '';
    while (!until.test(printed)) {
      const piece = await this.#next(deadlineMs);
      if (!piece) break;
      if (piece.is === 'text') printed += text.decode(piece.bytes);
    }
    return printed;
  }

  /** Until the board has taken the packet. */
  async #send(kind: Kind, data: Uint8Array, timeoutMs: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#pieces.length = 0;
      await this.#write(encodePacket(kind, data));
      const verdict = await this.#verdict(timeoutMs);
      if (verdict === 'ack') return;
      const printed = await this.#listen(/^>|\n>/, errorQuietMs);
      const error = /Uncaught (.*)/.exec(printed)?.[1]?.trim();
      if (error !== undefined) throw new Thrown(error);
      if (attempt === attemptsMax) throw new Thrown(`the board refuses the packet "${kind}"`);
    }
  }

  async #verdict(timeoutMs: number): Promise<'ack' | 'nak'> {
    const deadlineMs = Date.now() + timeoutMs;
    while (true) {
      const piece = await this.#next(deadlineMs);
      if (!piece) throw new LinkLost(`no answer in ${timeoutMs} ms`);
      if (piece.is === 'ack' || piece.is === 'nak') return piece.is;
    }
  }

  async #packet(kind: Kind, timeoutMs: number): Promise<Uint8Array> {
    const deadlineMs = Date.now() + timeoutMs;
    while (true) {
      const piece = await this.#next(deadlineMs);
      if (!piece) throw new LinkLost(`no packet in ${timeoutMs} ms`);
      if (piece.is === 'packet' && piece.kind === kind) return piece.data;
    }
  }

  /**
   * The value of an expression: a number, a boolean, or an array of them, or text without quotes in it.
   * Its packet never has a length whose low byte is 3 or 4: an interrupt of the board takes the first for Ctrl-C before
   * the packet is looked at, and the interpreter on Linux ends at the second.
   */
  async evaluate(expression: string, timeoutMs: number = answerTimeoutMs): Promise<unknown> {
    let data = expression;
    while ((data.length & 0xff) === 3 || (data.length & 0xff) === 4) data += ' ';
    await this.#send('evaluate', latin1(data), timeoutMs);
    const answer = text.decode(await this.#packet('response', timeoutMs));
    if (answer === 'undefined') return undefined;
    try {
      return JSON.parse(answer);
    } catch {
      throw new Error(`the expression answers with what is no JSON: ${answer.slice(0, 80)}`);
    }
  }

  /** Raises `E.on('packet')` on the board. */
  async event(value: object): Promise<void> {
    await this.#send('event', latin1(JSON.stringify(value)), answerTimeoutMs);
  }

  /** Writes a file of Storage. The board says yes even where its flash did not take it: read it back. */
  async sendFile(name: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) throw new Error('Storage holds no empty files');
    await this.#send('send', latin1(JSON.stringify({ fn: name, s: bytes.length })), answerTimeoutMs);
    for (let at = 0; at < bytes.length; at += this.chunkBytes)
      await this.#send('data', bytes.subarray(at, at + this.chunkBytes), answerTimeoutMs);
  }

  /**
   * Reads a file of Storage, or a part of it; undefined where there is none. Not by the packet for it: firmware puts a CR before each LF of
   * what it answers, and counts neither (2v29).
   */
  async receiveFile(
    name: string,
    { from = 0, bytesMax = Number.POSITIVE_INFINITY } = {},
  ): Promise<Uint8Array | undefined> {
    const file = `require("Storage").read(${JSON.stringify(name)}`;
    const whole = await this.evaluate(`(f=>f===undefined?-1:f.length)(${file}))`);
    if (typeof whole !== 'number' || whole < from) return undefined;
    const length = Math.min(whole - from, bytesMax);
    const bytes = new Uint8Array(length);
    const most = (this.chunkBytes * 3) / 4;
    for (let at = 0; at < length; at += most) {
      const part = await this.evaluate(`btoa(${file},${from + at},${Math.min(most, length - at)}))`);
      bytes.set(Buffer.from(part as string, 'base64'), at);
    }
    return bytes;
  }
}
