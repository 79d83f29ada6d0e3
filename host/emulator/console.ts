/** The console as the firmware has it: an input line with echo, a prompt, and packets (console.packet.ts) between lines.
 *
 * DLE (16) at the start of a line: this line is not echoed and no prompt follows it. ENQ (5): version and board. ESC [ 2 H:
 * the line is deleted (Ctrl-U does nothing). Ctrl-C (3) is seen by the hardware before it gets here.
 *
 * 1. A line runs when its brackets are closed, and not before. (test/host/emulator.console.test.ts)
 * 2. What is echoed and answered is what the interpreter echoes and answers. (test/host/emulator.console.test.ts)
 */
import { openBrackets } from './console.brackets.ts';
import { isPacketDone, type Packet, packetHead } from './console.packet.ts';

export interface ConsoleHost {
  /** Text for the device, line ends as they are. */
  send(text: string): void;
  /** Runs a line: what it gave, as the console prints it, or nothing where it failed and said so. */
  execute(line: string): string | undefined;
  packet(packet: Packet): void;
  /** Answers to ENQ. */
  readonly version: string;
  /** After a time without the rest of a packet. */
  expire(ms: number, task: () => void): { cancel(): void };
}

const packetTimeoutMs = 5_000;
const [dle, soh, ctrlC, enquiry, escapeCode, nak] = [16, 1, 3, 5, 27, 21];
const historyMax = 100;

type Mode = 'text' | 'dle' | 'escape' | 'sequence' | 'packet';

export class Console {
  readonly #host: ConsoleHost;
  #line = '';
  #cursor = 0;
  #isEcho = true;
  #isEchoOffForLine = false;
  /** The prompt is not on the screen: it comes back when there is nothing else to do. */
  #isLineRemoved = true;
  #mode: Mode = 'text';
  #sequence = '';
  #packet: number[] = [];
  #timeout: { cancel(): void } | undefined;
  #history: string[] = [];
  #recalled = 0;

  constructor(host: ConsoleHost) {
    this.#host = host;
  }

  echo(isOn: boolean): void {
    this.#removeLine();
    this.#isEcho = isOn;
  }

  get #shows(): boolean {
    return this.#isEcho && !this.#isEchoOffForLine && !this.#isLineRemoved;
  }

  get #echoes(): boolean {
    return this.#isEcho && !this.#isEchoOffForLine;
  }

  /** What a program prints: the prompt makes way for it. */
  print(text: string): void {
    this.#removeLine();
    this.#host.send(text.replaceAll('\n', '\r\n'));
  }

  /** Nothing else to do: the prompt comes back. */
  idle(): void {
    if (!this.#isLineRemoved || this.#mode === 'packet') return;
    this.#isLineRemoved = false;
    if (!this.#echoes) return;
    this.#host.send(`>${this.#line.replaceAll('\n', '\r\n:')}`);
  }

  #removeLine(): void {
    if (this.#isLineRemoved) return;
    this.#isLineRemoved = true;
    if (!this.#echoes) return;
    const shown = this.#line.slice(0, this.#cursor).split('\n');
    const up = '\x1b[A'.repeat(shown.length - 1);
    this.#host.send(`${'\x1b[D'.repeat(shown.at(-1)!.length)}${up}\r\x1b[J`);
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#byte(byte);
  }

  #byte(byte: number): void {
    switch (this.#mode) {
      case 'packet':
        this.#packetByte(byte);
        return;
      case 'escape':
        this.#mode = byte === 91 || byte === 79 ? 'sequence' : 'text';
        this.#sequence = '';
        return;
      case 'sequence':
        this.#sequenceByte(byte);
        return;
      case 'dle':
        this.#mode = 'text';
        if (byte === soh) this.#beginPacket();
        else this.#textByte(byte);
        return;
      default:
        this.#textByte(byte);
    }
  }

  #textByte(byte: number): void {
    if (byte === 0 || byte === ctrlC || byte === soh) return;
    if (byte === enquiry && !this.#line) this.#host.send(`${this.#host.version}\r\n`);
    else if (byte === dle) {
      if (!this.#line) this.#isEchoOffForLine = true;
      this.#mode = 'dle';
    } else if (byte === escapeCode) this.#mode = 'escape';
    else if (byte === 8 || byte === 0x7f) this.#backspace();
    else if (byte === 10 || byte === 13) this.#newLine(byte);
    else if (byte >= 32) this.#insert(String.fromCharCode(byte));
    else if (byte === 9) this.#insert('    ');
    if (byte !== 13) this.#hadReturn = false;
  }

  #hadReturn = false;

  #insert(text: string): void {
    const rest = this.#line.slice(this.#cursor);
    this.#line = this.#line.slice(0, this.#cursor) + text + rest;
    this.#cursor += text.length;
    if (this.#shows) this.#host.send(rest ? `${text}${rest}${'\b'.repeat(rest.length)}` : text);
  }

  #backspace(): void {
    if (!this.#cursor) return;
    const rest = this.#line.slice(this.#cursor);
    const gone = this.#line[this.#cursor - 1];
    this.#line = this.#line.slice(0, this.#cursor - 1) + rest;
    this.#cursor -= 1;
    if (!this.#shows || gone === '\n') return;
    this.#host.send(`\b${rest} ${'\b'.repeat(rest.length + 1)}`);
  }

  #clear(): void {
    if (this.#line) this.#replace('', 0);
  }

  #replace(line: string, cursor: number): void {
    this.#removeLine();
    this.#line = line;
    this.#cursor = cursor;
  }

  #newLine(byte: number): void {
    if (byte === 10 && this.#hadReturn) return;
    this.#hadReturn = byte === 13;
    if (openBrackets(this.#line) > 0) {
      if (this.#shows) this.#host.send('\r\n:');
      this.#line += '\n';
      this.#cursor = this.#line.length;
      return;
    }
    if (this.#shows) this.#host.send('\r\n');
    if (!this.#isEchoOffForLine) this.#isLineRemoved = true;
    const line = this.#line.trimEnd();
    this.#line = '';
    this.#cursor = 0;
    this.#run(line);
    this.#isEchoOffForLine = false;
  }

  #run(line: string): void {
    const isShown = this.#echoes;
    const result = line ? this.#host.execute(line) : undefined;
    if (!isShown || !line) return;
    this.#history = [...this.#history.slice(-historyMax), line];
    this.#recalled = this.#history.length;
    if (result !== undefined) this.print(`=${result}\n`);
  }

  #sequenceByte(byte: number): void {
    if (byte >= 48 && byte <= 57) {
      this.#sequence += String.fromCharCode(byte);
      return;
    }
    this.#mode = 'text';
    if (byte === 65 || byte === 66) this.#recall(byte === 65 ? -1 : 1);
    else if (byte === 67 && this.#cursor < this.#line.length) this.#move(1, '\x1b[C');
    else if (byte === 68 && this.#cursor) this.#move(-1, '\x1b[D');
    else if (byte === 72 && this.#sequence === '2') this.#clear();
  }

  #move(by: number, shown: string): void {
    this.#cursor += by;
    if (this.#shows) this.#host.send(shown);
  }

  #recall(by: number): void {
    const next = this.#recalled + by;
    if (next < 0 || next > this.#history.length) return;
    this.#recalled = next;
    const line = this.#history[next] ?? '';
    this.#replace(line, line.length);
  }

  #beginPacket(): void {
    // The DLE before turned the echo off: a packet is no line.
    if (!this.#line) this.#isEchoOffForLine = false;
    this.#mode = 'packet';
    this.#packet = [];
    this.#timeout = this.#host.expire(packetTimeoutMs, () => {
      this.#endPacket();
      this.#host.send(String.fromCharCode(nak));
    });
  }

  #endPacket(): void {
    this.#timeout?.cancel();
    this.#mode = 'text';
  }

  #packetByte(byte: number): void {
    this.#packet.push(byte);
    if (!isPacketDone(this.#packet)) return;
    const { type } = packetHead(this.#packet);
    const data = Uint8Array.from(this.#packet.slice(2));
    this.#endPacket();
    this.#host.packet({ type, data });
  }
}
