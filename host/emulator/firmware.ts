/** The interpreter on a board, from one reset to the next: its engine, its console, and what its functions reach.
 *
 * 1. `.boot0` to `.boot3` and `.bootrst` run at every boot; `.bootcde` not while the first button is held at power-on.
 *    (test/host/emulator.boot.test.ts)
 * 2. At power-on a broken chain of Storage headers costs every file. (test/host/emulator.boot.test.ts)
 * 3. A power cut is seen by no code of the board. (test/host/emulator.boot.test.ts)
 */

import { Packets } from './console.packet.ts';
import { Console } from './console.ts';
import { chargeNatives } from './cost.native.ts';
import { instructionsOf } from './cost.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Outcome } from './engine/options.ts';
import { latin1, Store, TextValue, type Value } from './engine/value.ts';
import { installConsoles } from './firmware.console.ts';
import { installCrypto } from './firmware.crypto.ts';
import { installEspruino } from './firmware.e.ts';
import { installFlash } from './firmware.flash.ts';
import { installI2c } from './firmware.i2c.ts';
import { installNrf, type Peripheral } from './firmware.nrf.ts';
import { installPins } from './firmware.pin.ts';
import { Flat } from './flat.ts';
import type { Machine } from './machine.ts';
import type { Link } from './radio.link.ts';
import { Storage } from './storage.ts';
import { call, chars, emit, printed, readObject, script } from './values.ts';

/** What a program asked for; done when it has ended. */
export type Restart = 'reset' | 'load' | 'reboot';

/** Leaves a program at once: E.reboot, or a watchdog that was not fed. */
export class Reboot extends Error {}

/** Starting values of the interpreter's own generator where nothing seeds it: ESP32. */
const [unseededLow, unseededHigh] = [0xdeadbeef, 0xcafebabe];
/** Texts on flash are looked through for those that nobody has any more when there are so many. */
const nativesMin = 1_000;
const bootFiles = ['.boot0', '.boot1', '.boot2', '.boot3'] as const;

export interface FirmwareOptions {
  /** Bytes for whoever is connected to a console device. */
  readonly send: (device: string, bytes: Uint8Array) => void;
  readonly version: string;
}

export type Device = 'Serial1' | 'USB' | 'Bluetooth';

export class Firmware {
  readonly machine: Machine;
  readonly engine: Engine;
  readonly storage: Storage;
  readonly console: Console;
  readonly version: string;
  /** Where the console is; none: what it prints is gone, and nobody types. */
  device: Device | undefined;
  /** The program has said where the console stays. */
  isDeviceForced = false;
  restart: Restart | undefined;
  /** When the board wakes it for its next timer. */
  wakesAtUs: number | undefined;
  /** Nothing of it runs any more: a reset, or no power. */
  isGone = false;
  readonly flags: Record<string, number> = {};
  /** The two sides of its radio, made with NRF. */
  peripheral!: Peripheral;
  central!: { disconnected(link: Link, reason: number): void };
  readonly #options: FirmwareOptions;
  readonly #packets: Packets;
  #natives: WeakRef<Store>[] = [];
  #nativesMax = nativesMin;
  readonly #startedUs: number;
  #low = unseededLow;
  #high = unseededHigh;
  #context: 'event' | 'direct' = 'direct';
  /** Set while a failure is somebody's answer and no news. */
  #caught: { failure?: Outcome } | undefined;

  constructor(machine: Machine, options: FirmwareOptions) {
    this.machine = machine;
    this.#options = options;
    this.version = options.version;
    this.#startedUs = machine.clockUs();
    this.device = machine.board.console.device;
    if (machine.isNordic) this.seed(machine.random());
    const { address, bytes: total } = this.#area();
    const area = { address, bytes: total, pageBytes: machine.board.flash.pageBytes, alignment: 4 };
    this.storage = new Storage(machine, area);
    this.storage.onMove = (from, length, to) => this.#move({ from, length, to });
    this.engine = this.#createEngine();
    machine.meter.follow(() => this.engine.statements);
    this.console = this.#createConsole();
    this.#packets = this.#createPackets();
    for (const install of [installFlash, installEspruino, installPins, installConsoles]) install(this);
    for (const install of [installI2c, installCrypto, installNrf]) install(this);
    chargeNatives(this.engine, machine.meter);
  }

  #area() {
    const { storage, pageBytes } = this.machine.board.flash;
    return { address: storage.address, bytes: storage.pages * pageBytes };
  }

  #createEngine(): Engine {
    const { board, space } = this.machine;
    const { variables, variableBytes } = board.memory;
    const flat = new Flat({ memory: space.memory, address: space.ram.address, variables, variableBytes });
    return createEngine({
      unicode: board.firmware.strings === 'unicode',
      variables: { total: variables, bytes: variableBytes },
      stackBytes: board.memory.stackBytes,
      flat,
      print: text => this.console.print(text),
      nowMs: () => this.nowMs,
      // The interpreter keeps the low 31 bits.
      random: () => (this.draw() << 1) >>> 0,
      module: name => this.engine.builtins.get(`module ${name}`) as Value,
      moduleSource: name => this.#moduleSource(name),
      uncaught: outcome => this.#uncaught(outcome),
    });
  }

  #moduleSource(name: string): { source: string; inFlash: boolean } | undefined {
    const place = this.storage.read(name);
    if (!place) return undefined;
    const bytes = this.machine.read(place.address, place.length);
    return { source: latin1(bytes), inFlash: true };
  }

  #createConsole(): Console {
    return new Console({
      send: text => this.send(text),
      version: `Espruino ${this.version} ${this.boardName}`,
      execute: line => this.#execute(line),
      packet: packet => this.#packets.take(packet),
      expire: (ms, task) => this.later(ms * 1_000, task),
    });
  }

  #createPackets(): Packets {
    return new Packets({
      send: text => this.send(text),
      evaluate: source => this.#evaluate(source),
      event: json => this.#event(json),
      parse: json => {
        const outcome = this.attempt(() => this.engine.run(`(${json})`));
        return outcome.kind === 'value' ? readObject(outcome.value) : undefined;
      },
      writeFile: (name, data, { offset, size }) => this.storage.write(name, data, offset, size),
      readFile: name => {
        const place = this.storage.read(name);
        return place && this.machine.read(place.address, place.length);
      },
      failed: error => this.#failed(error),
      expire: (ms, task) => this.later(ms * 1_000, task),
    });
  }

  get boardName(): string {
    return this.machine.board.firmware.names[0]!;
  }

  /** Milliseconds since this boot, as its clock counts. */
  get nowMs(): number {
    return (this.machine.clockUs() - this.#startedUs) / 1_000;
  }

  /** The interpreter's own generator: 31 bits that everybody can foretell where it is not seeded. */
  draw(): number {
    this.#high = (36_969 * (this.#high & 65_535) + (this.#high >>> 16)) >>> 0;
    this.#low = (18_000 * (this.#low & 65_535) + (this.#low >>> 16)) >>> 0;
    return ((this.#high << 16) + this.#low) & 0x7fffffff;
  }

  seed(seed: number): void {
    this.#low = ((seed & 0xffff) | (seed << 16)) >>> 0;
    this.#high = ((seed & 0xffff0000) | (seed >>> 16)) >>> 0;
  }

  send(text: string): void {
    if (this.device) this.sendTo(this.device, text);
  }

  sendTo(device: Device, text: string): void {
    this.machine.meter.instructions(text.length * instructionsOf.consoleByte);
    this.#options.send(device, new Uint8Array(Buffer.from(text, 'latin1')));
  }

  /** Bytes that came in: to the console where that is, else to the program. */
  input(device: Device, bytes: Uint8Array): void {
    if (device === this.device) this.console.receive(bytes);
    else this.emit(this.engine.readGlobal(device), 'data', [latin1(bytes)]);
  }

  /** Something happens to the program later, if it is still there. */
  later(us: number, task: () => void): { cancel(): void } {
    const { world, radio } = this.machine;
    return world.at(radio.nowUs + us, () => this.deliver(task), radio.owner);
  }

  /** Something happens to the program now: unless it is gone. */
  deliver(task: () => void): void {
    if (this.isGone) return;
    const before = this.#context;
    this.#context = 'event';
    try {
      task();
    } finally {
      this.#context = before;
    }
  }

  /** What somebody typed: its failures are told as those of a line. */
  direct(task: () => void): void {
    if (!this.isGone) task();
  }

  /** An event of an object: handlers that `on` gave it. */
  emit(object: Value, event: string, args: Value[]): boolean {
    return emit(this.engine, object, event, args);
  }

  /** Timers and promises that are due; when the next is, in microseconds of the world. */
  idle(): number | undefined {
    let dueMs: number | undefined;
    this.deliver(() => {
      dueMs = this.engine.idle();
    });
    if (!this.restart) this.console.idle();
    return dueMs === undefined ? undefined : this.#at(dueMs);
  }

  /** Something is to be done that nobody wakes it for. */
  get hasWork(): boolean {
    const dueMs = this.engine.timers.nextDueMs();
    return this.engine.microtasks.length > 0 || (dueMs !== undefined && this.#at(dueMs) !== this.wakesAtUs);
  }

  #at(dueMs: number): number {
    return this.#startedUs + Math.ceil(dueMs * 1_000);
  }

  boot(kind: 'power' | Restart): void {
    const { pins } = this.machine;
    if (kind === 'power' && !this.storage.isValid()) {
      this.console.print('Storage is corrupt.\nErasing Storage Area...\n');
      this.storage.eraseAll();
      this.console.print('Erase complete.\n');
    }
    for (const name of bootFiles) this.#runFile(name);
    const isButtonHeld = pins.buttons.length > 0 && pins.read(pins.buttons[0]!);
    const isAutoLoad = kind === 'load' || (kind !== 'reset' && !isButtonHeld);
    if (this.storage.read('.bootrst')) this.#runFile('.bootrst');
    else if (isAutoLoad) this.#runFile('.bootcde');
    this.emit(script(this.engine, 'E'), 'init', []);
    const onInit = this.engine.readGlobal('onInit');
    if (typeof onInit === 'object') this.engine.invoke(onInit);
  }

  #runFile(name: string): void {
    const place = this.storage.read(name);
    if (!place) return;
    const source = latin1(this.machine.read(place.address, place.length));
    // Text of functions stays in flash, mapped or not.
    this.engine.run(source, { inFlash: true });
  }

  /** As the text of a timer runs. */
  run(source: string): void {
    this.deliver(() => {
      this.engine.run(source);
    });
  }

  /** Runs without news: the value, or what was thrown. */
  attempt(work: () => Outcome): Outcome {
    const caught: { failure?: Outcome } = {};
    this.#caught = caught;
    try {
      const outcome = work();
      return caught.failure ?? outcome;
    } finally {
      this.#caught = undefined;
    }
  }

  #execute(line: string): string | undefined {
    const outcome = this.engine.run(line);
    return outcome.kind === 'value' ? printed(this.engine, outcome.value) : undefined;
  }

  #evaluate(source: string): string {
    const outcome = this.attempt(() => this.engine.run(source));
    if (outcome.kind !== 'value') throw outcome;
    return String(call(this.engine, script(this.engine, 'E.toJS'), undefined, [outcome.value]));
  }

  #event(json: string): boolean {
    const outcome = this.attempt(() => this.engine.run(`(${json})`));
    const isObject = outcome.kind === 'value' && typeof outcome.value === 'object' && outcome.value !== null;
    return isObject && this.emit(script(this.engine, 'E'), 'packet', [outcome.value]);
  }

  #failed(error: unknown): void {
    if (error instanceof Error) this.console.print(`Uncaught Error: ${error.message}\n`);
    else this.#uncaught(error as Outcome);
  }

  #uncaught(outcome: Outcome): void {
    if (this.#caught) {
      this.#caught.failure = outcome;
      return;
    }
    if (outcome.kind === 'thrown') this.console.print(`Uncaught ${outcome.text}\n`);
    if (outcome.kind !== 'stopped') return;
    const isEvent = this.#context === 'event';
    if (isEvent) this.console.print('Execution Interrupted during event processing.\n');
    if (outcome.reason !== 'interrupt') this.console.print(`Uncaught Error: ${outcome.message}\n`);
    if (!isEvent) this.console.print('Execution Interrupted\n');
  }

  /** Text on flash or memory at an address: it follows where the address moves, and is empty when its file is gone. */
  textAt(address: number, length: number): Value {
    if (!length) return '';
    const { memory } = this.machine.space;
    const isMapped = address + length <= memory.length;
    const store = isMapped
      ? new Store(memory.subarray(address, address + length), address, 'native')
      : new Store(this.machine.read(address, length), 0, 'native');
    if (isMapped) this.#remember(store);
    return new TextValue(store);
  }

  #remember(store: Store): void {
    this.#natives.push(new WeakRef(store));
    if (this.#natives.length < this.#nativesMax) return;
    this.#natives = this.#natives.filter(reference => reference.deref());
    this.#nativesMax = nativesMin + 2 * this.#natives.length;
  }

  #move({ from, length, to }: { from: number; length: number; to: number }): void {
    const { memory } = this.machine.space;
    for (const reference of this.#natives) {
      const store = reference.deref();
      if (!store || store.address < from || store.address >= from + length) continue;
      const { length: bytes } = store.bytes;
      store.address = to ? to + store.address - from : 0;
      store.bytes = to ? memory.subarray(store.address, store.address + bytes) : new Uint8Array();
    }
  }

  /** The bytes that native code takes from a value. */
  chars(value: Value): { readonly bytes: Uint8Array; readonly address: number } {
    return chars(this.engine, value, this.machine.space.memory);
  }
}
