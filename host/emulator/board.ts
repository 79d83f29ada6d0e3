/** An emulated board: its hardware, and the firmware on it from reset to reset. Everything that happens to it goes through here.
 *
 * 1. The same image boots here that flashing puts on a board. (test/host/emulator.boot.test.ts)
 * 2. Who runs a program is busy for as long as that takes. (test/host/emulator.boot.test.ts)
 * 3. Boards share nothing but their world. (test/host/emulator.boot.test.ts)
 */
import { boards } from '#boards/all.ts';
import type { Board, BoardName } from '#boards/board.ts';
import type { Costs } from './cost.ts';
import { Firmware, Reboot, type Restart } from './firmware.ts';
import { type Mishap, type Misuse, type Operation, PowerCut } from './flash.ts';
import type { Part } from './i2c.ts';
import { HardFault, type KernelMode } from './kernel.board.ts';
import { Machine } from './machine.ts';
import type { Tag } from './nfc.ts';
import type { Blink } from './pins.ts';
import type { Link } from './radio.link.ts';
import type { RadioOwner } from './radio.ts';
import { Storage } from './storage.ts';
import { toHost } from './values.ts';
import { World } from './world.ts';

/** What flashing puts on a board, as `buildImage` makes it. */
export interface BoardImage {
  readonly board: Board;
  readonly storage: Uint8Array;
  readonly free?: Uint8Array;
}

export interface BoardOptions {
  readonly board?: Board | BoardName;
  readonly image?: BoardImage;
  /** Files for Storage, where there is no image: an application of plain JavaScript has `.bootcde`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly world?: World;
  readonly name?: string;
  /** `wasm` is fast, `thumb` runs the very bytes that lie in flash, in libunicorn. */
  readonly kernel?: KernelMode;
  /** Parts on its I2C bus, made for this board. */
  readonly parts?: (board: EmulatedBoard) => readonly Part[];
  /** Version that its firmware reports. */
  readonly version?: string;
}

export type State = 'off' | 'running' | 'crashed';

const firmwareVersion = '2v29';
const bootUs = 50_000;
/** What a console remembers for who asks later. */
const outputMax = 1_000_000;

export class EmulatedBoard implements RadioOwner {
  readonly name: string;
  readonly world: World;
  readonly machine: Machine;
  #firmware: Firmware | undefined;
  #state: State = 'off';
  #failure: string | undefined;
  #busyUntilUs = 0;
  /** While it works: since when, and what the meter said then. */
  #working: { readonly sinceUs: number; readonly spentUs: number } | undefined;
  #wake: { cancel(): void } | undefined;
  #output = '';
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #version: string;

  constructor({ board, image, files, world, name, kernel = 'wasm', parts, version }: BoardOptions) {
    const data = image?.board ?? (typeof board === 'string' ? boards[board] : board) ?? boards.emulated;
    this.world = world ?? new World();
    this.name = name ?? data.name;
    this.#version = version ?? firmwareVersion;
    this.machine = new Machine({ board: data, world: this.world, name: this.name, kernel, owner: this });
    for (const part of parts?.(this) ?? []) this.machine.bus.attach(part);
    if (image) this.load(image);
    if (files) this.#store(files);
  }

  get board(): Board {
    return this.machine.board;
  }

  get state(): State {
    return this.#state;
  }

  /** Why it crashed. */
  get failure(): string | undefined {
    return this.#failure;
  }

  clockUs(): number {
    if (!this.#working) return Math.max(this.#busyUntilUs, 0);
    return this.#working.sinceUs + this.machine.meter.busyUs - this.#working.spentUs;
  }

  /** Puts an image into flash, as a programmer does: by whole areas. */
  load({ storage, free }: BoardImage): void {
    const { flash } = this.board;
    this.machine.flashAt(flash.storage.address)!.load(flash.storage.address, storage);
    if (free && flash.free) this.machine.flashAt(flash.free.address)!.load(flash.free.address, free);
  }

  #store(files: NonNullable<BoardOptions['files']>): void {
    const { storage: area, pageBytes } = this.board.flash;
    const place = { address: area.address, bytes: area.pages * pageBytes, pageBytes, alignment: 4 };
    const storage = new Storage(this.machine, place);
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
      storage.write(name, new Uint8Array(bytes));
    }
    this.machine.provisioned();
  }

  /** Power comes: it boots, now. */
  powerOn(): void {
    if (this.#state !== 'off') throw new Error(`${this.name} is on already`);
    this.#state = 'running';
    this.machine.bus.power(true);
    this.world.perform(this, () => this.#boot('power'));
  }

  /** Power goes, wherever the program is. */
  powerOff(): void {
    if (this.#state === 'off') return;
    this.#state = 'off';
    this.#failure = undefined;
    this.#leave();
    this.machine.radio.off();
    this.machine.bus.power(false);
  }

  /** The reset button. */
  reset(): void {
    if (this.#state === 'off') throw new Error(`${this.name} is off`);
    this.#state = 'running';
    this.world.perform(this, () => this.#boot('reboot'));
  }

  #leave(): void {
    if (this.#firmware) this.#firmware.isGone = true;
    this.#firmware = undefined;
    this.#wake?.cancel();
    this.machine.pins.unwatch();
    this.machine.radio.scan(undefined);
    this.machine.tag?.start(undefined);
  }

  #boot(kind: 'power' | Restart): void {
    this.#leave();
    this.machine.meter.bus(bootUs);
    // A soft reset starts the interpreter anew: links, locks and lights stay.
    if (kind === 'power' || kind === 'reboot') {
      if (kind === 'reboot') this.machine.radio.off();
      this.machine.reset();
    }
    const firmware = new Firmware(this.machine, {
      send: (device, bytes) => this.#send(device, bytes),
      version: this.#version,
    });
    this.#firmware = firmware;
    firmware.boot(kind);
  }

  work(atUs: number, task: () => void): void {
    if (this.#state !== 'running') return;
    this.#working = { sinceUs: Math.max(atUs, this.#busyUntilUs), spentUs: this.machine.meter.busyUs };
    let next: (() => void) | undefined = task;
    try {
      while (next) next = this.#attempt(next);
    } finally {
      this.#busyUntilUs = this.clockUs();
      this.#working = undefined;
    }
  }

  /** Runs a task and what it left to do; answers with the restart that it asked for. */
  #attempt(task: () => void): (() => void) | undefined {
    try {
      task();
      this.#idle();
    } catch (error) {
      if (error instanceof Reboot) return () => this.#boot('reboot');
      if (error instanceof PowerCut) this.powerOff();
      else if (error instanceof HardFault) this.#crash(error.message);
      else throw error;
      return undefined;
    }
    const kind = this.#firmware?.restart;
    return kind && (() => this.#boot(kind));
  }

  #idle(): void {
    const firmware = this.#firmware;
    const dueUs = firmware?.idle();
    if (firmware) firmware.wakesAtUs = dueUs;
    this.#wake?.cancel();
    if (dueUs === undefined) return;
    this.#wake = this.world.at(
      dueUs,
      () => {
        if (firmware === this.#firmware) this.#wakeUp();
      },
      this,
    );
  }

  /** The due timer runs where the work has ended: in `#idle`. */
  #wakeUp(): void {}

  /** A hard fault stops the processor: the watchdog is off, so it stays so. */
  #crash(reason: string): void {
    this.#leave();
    this.machine.radio.off();
    this.#state = 'crashed';
    this.#failure = reason;
  }

  onConnect(link: Link): void {
    this.#firmware?.deliver(() => this.#firmware!.peripheral.connected(link));
  }

  onDisconnect(link: Link, reason: number): void {
    const firmware = this.#firmware;
    if (!firmware) return;
    const { radio } = this.machine;
    if (link.peripheral === radio) firmware.deliver(() => firmware.peripheral.disconnected(reason));
    else firmware.deliver(() => firmware.central.disconnected(link, reason));
  }

  #send(device: string, bytes: Uint8Array): void {
    this.#output = (this.#output + Buffer.from(bytes).toString('latin1')).slice(-outputMax);
    if (device === 'Bluetooth') this.#firmware?.peripheral.print(bytes);
    else for (const listener of this.#listeners) listener(bytes);
  }

  /** The wire of its console, Serial1 or USB. */
  readonly console = {
    write: (bytes: Uint8Array | string): void => {
      const data = typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'latin1')) : bytes;
      if (data.includes(3)) this.#firmware?.engine.interrupt();
      this.world.at(this.world.nowUs, () => this.#type(data), this);
    },
    /** Answers with what ends it. */
    onData: (listener: (bytes: Uint8Array) => void): (() => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  #type(bytes: Uint8Array): void {
    const firmware = this.#firmware;
    firmware?.direct(() => firmware.input(this.board.console.device, bytes));
  }

  /** All that it has printed, wherever its console was. */
  get output(): string {
    return this.#output;
  }

  clearOutput(): void {
    this.#output = '';
  }

  /** Runs source as the text of a timer does. */
  run(source: string): void {
    this.world.perform(this, () => this.#firmware?.run(source));
  }

  /** Evaluates an expression and gives its value: objects and arrays as such, bytes as Uint8Array. Throws what it throws.
   * Takes no time of the board: this is a look from outside. What it sets going runs when the world does. */
  evaluate(source: string): unknown {
    const firmware = this.#firmware;
    if (!firmware) throw new Error(`${this.name} is ${this.#state}`);
    const outcome = this.machine.meter.free(() => firmware.attempt(() => firmware.engine.run(source)));
    // Only where it has left something to do: who asks again and again must not make time stand still.
    if (firmware.hasWork) this.world.at(this.world.nowUs, () => {}, this);
    if (outcome.kind !== 'value') throw new Error(outcome.kind === 'thrown' ? outcome.text : outcome.message);
    return toHost(outcome.value);
  }

  /** Variables in use, as `process.memory()` says. */
  memory(): { readonly usage: number; readonly total: number; readonly free: number } {
    if (!this.#firmware) throw new Error(`${this.name} is ${this.#state}`);
    return this.#firmware.engine.memory();
  }

  press(button = 'BTN1'): void {
    this.machine.pins.press(button, true, this.world.nowUs);
  }

  release(button = 'BTN1'): void {
    this.machine.pins.press(button, false, this.world.nowUs);
  }

  /** What its lights have shown, with times. */
  get blinks(): readonly Blink[] {
    return this.machine.pins.blinks;
  }

  /** Is a light on: `LED1`. */
  isLit(light: string): boolean {
    return this.machine.pins.read(this.machine.pins.pinOf(light));
  }

  /** Its antenna, as a reader meets it; undefined on a board that is no tag. */
  get tag(): Tag | undefined {
    return this.machine.tag;
  }

  costs(): Costs {
    return this.machine.costs();
  }

  /** Its flash, as who has it in hand sees it. */
  readonly flash = {
    /** Every area, to be put back later: what an attacker copies. */
    snapshot: (): readonly Uint8Array[] => this.machine.space.flash.map(each => each.snapshot()),
    restore: (snapshot: readonly Uint8Array[]): void => {
      this.machine.space.flash.forEach((each, i) => {
        each.restore(snapshot[i]!);
      });
    },
    read: (address: number, length: number): Uint8Array => this.machine.read(address, length),
    /** Counts operations from 0 again, with these mishaps ahead. */
    plan: (mishaps: readonly Mishap[] = []): void => this.machine.operations.plan(mishaps),
    operations: (): number => this.machine.operations.count,
    /** Keeps every operation from now on. */
    record: (): Operation[] => {
      this.machine.operations.trace = [];
      return this.machine.operations.trace;
    },
    /** Nothing writes or erases these addresses, and nothing says so: until the next reset. */
    lock: (from: number, to: number): void => {
      for (const each of this.machine.space.flash) each.lock(from, to);
    },
    misuse: (): readonly Misuse[] => this.machine.space.flash.flatMap(each => each.misuse),
    /** Times that the page of an address was erased. */
    erases: (address: number): number => {
      const flash = this.machine.flashAt(address);
      return flash
        ? flash.erases[Math.floor((address - flash.geometry.address) / flash.geometry.pageBytes)]!
        : 0;
    },
    words: (): number => this.machine.space.flash.reduce((sum, each) => sum + each.totals.words, 0),
  };

  /** Gives back what is outside of JavaScript: the emulated processor of mode `thumb`. */
  close(): void {
    this.powerOff();
    this.machine.kernel?.close();
  }
}

export function createBoard(options: BoardOptions = {}): EmulatedBoard {
  return new EmulatedBoard(options);
}
