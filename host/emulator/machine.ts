/** The hardware of one emulated board: what survives a reset, and what the firmware's functions act upon.
 *
 * 1. Registers that only the SoftDevice may write end in a reset. (test/host/emulator.board.test.ts)
 * 2. Pages that were locked stay so until reset. (test/host/emulator.board.test.ts)
 */
import type { Board } from '#boards/board.ts';
import { type AddressSpace, openAddressSpace } from './address.ts';
import type { Chance } from './chance.ts';
import { type Costs, Meter } from './cost.ts';
import { type Flash, Operations } from './flash.ts';
import { Bus } from './i2c.ts';
import { BoardKernel, HardFault, type KernelMode } from './kernel.board.ts';
import { Tag } from './nfc.ts';
import { Pins } from './pins.ts';
import { airOf, Radio, type RadioOwner } from './radio.ts';
import type { World } from './world.ts';

/** Nordic: block protection, access control lists, factory information; of the nRF52 product specifications. */
const registers = {
  ...{ bprot: 0x40000600, acl: 0x4001e800, ficr: 0x10000060, address: 0x100000a4 },
  random: { esp32: 0x3ff75144, esp32c3: 0x600260b0, esp32s3: 0x6003507c } as Record<string, number>,
} as const;
const bprotOffsets: readonly number[] = [0x00, 0x04, 0x10, 0x14];
const aclRegions = 8;
/** svc N; bx lr. */
const returnOpcode = 0x4770;

/** How many frames wait for the radio: of the SoftDevice's defaults; S140 keeps one notification, S132 six packets. */
const queueOf = { nrf52832: 6, nrf52833: 6, nrf52840: 1, esp32: 10, esp32c3: 10, esp32s3: 10 } as const;

export interface MachineOptions {
  readonly board: Board;
  readonly world: World;
  readonly name: string;
  readonly kernel: KernelMode;
  readonly owner: RadioOwner;
}

export class Machine {
  readonly board: Board;
  readonly world: World;
  readonly name: string;
  readonly chance: Chance;
  readonly operations = new Operations();
  readonly space: AddressSpace;
  readonly kernel: BoardKernel | undefined;
  meter: Meter;
  readonly radio: Radio;
  readonly tag: Tag | undefined;
  readonly bus = new Bus();
  readonly pins: Pins;
  /** The processor's own time. */
  readonly clockUs: () => number;
  readonly #acl = new Uint32Array(4 * aclRegions);
  readonly #random: Chance;

  constructor({ board, world, name, kernel, owner }: MachineOptions) {
    this.board = board;
    this.world = world;
    this.name = name;
    this.chance = world.chance.stream(`board ${name}`);
    this.#random = this.chance.stream('random');
    this.space = openAddressSpace(board, this.chance, this.operations);
    this.kernel = board.kernel && new BoardKernel(this.space, kernel);
    this.meter = new Meter(board);
    for (const flash of this.space.flash) flash.onBusy = us => this.meter.flash(us);
    const { ble, nfc } = board.radio;
    this.radio = new Radio(airOf(world), owner, {
      ...{ mtuBytes: ble.mtuBytes, eventBytes: ble.eventBytes, centralLinks: ble.centralLinks },
      queue: queueOf[board.chip],
      packetBytes: ble.mtuBytes > 53 ? ble.mtuBytes + 4 : 27,
    });
    this.tag = nfc && new Tag(world, owner, { replyUs: nfc.replyMicros, eventBytes: ble.eventBytes });
    this.pins = new Pins(board, () => owner.clockUs());
    this.clockUs = () => owner.clockUs();
  }

  get isNordic(): boolean {
    return this.board.chip.startsWith('nrf');
  }

  /** 32 bits of the hardware's generator. */
  random(): number {
    return this.#random.word();
  }

  /** Wires the pins of a serial number: eight bytes that never change. */
  get serial(): string {
    const chance = this.chance.stream('serial');
    return [chance.word(), chance.word()].map(word => word.toString(16).padStart(8, '0')).join('-');
  }

  flashAt(address: number, length = 1): Flash | undefined {
    return this.space.flash.find(flash => flash.holds(address, length));
  }

  /** The page of an address, whether something is there or not. */
  pageOf(address: number): { readonly address: number; readonly length: number } | undefined {
    const { pageBytes } = this.board.flash;
    const isInside = address < 0x100000 || this.flashAt(address) !== undefined || !this.isNordic;
    return isInside ? { address: address - (address % pageBytes), length: pageBytes } : undefined;
  }

  /** Bytes as the processor reads them; what is not modelled reads as erased. */
  read(address: number, length: number): Uint8Array {
    const { memory, ram } = this.space;
    if (address >= ram.address && address + length <= ram.address + ram.bytes)
      return memory.slice(address, address + length);
    const bytes = new Uint8Array(length).fill(0xff);
    for (const flash of this.space.flash) {
      const from = Math.max(address, flash.geometry.address);
      const to = Math.min(address + length, flash.end);
      if (from < to) bytes.set(flash.read(from, to - from), from - address);
    }
    return bytes;
  }

  /** Whole words of flash. Firmware and SoftDevice are not modelled: what would damage them does nothing. */
  write(address: number, data: Uint8Array): void {
    const flash = this.flashAt(address, data.length);
    if (flash) flash.write(address, data);
  }

  erase(address: number): void {
    this.flashAt(address)?.erase(address);
  }

  peek(address: number, bytes: 1 | 2 | 4): number {
    const word = bytes === 4 ? this.#register(address) : undefined;
    if (word !== undefined) return word;
    const data = this.read(address, bytes);
    return data.reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0);
  }

  #register(address: number): number | undefined {
    if (address === registers.random[this.board.chip]) return this.random();
    if (!this.isNordic) return undefined;
    const acl = this.#aclIndex(address);
    if (acl !== undefined) return this.#acl[acl]!;
    const serial = address - registers.ficr;
    if (serial === 0 || serial === 4) return Number.parseInt(this.serial.split('-')[serial / 4]!, 16);
    return undefined;
  }

  #aclIndex(address: number): number | undefined {
    const offset = address - registers.acl;
    return this.board.chip !== 'nrf52832' && offset >= 0 && offset < 16 * aclRegions
      ? offset >> 2
      : undefined;
  }

  poke(address: number, bytes: 1 | 2 | 4, value: number): void {
    const { memory, ram } = this.space;
    if (address >= ram.address && address + bytes <= ram.address + ram.bytes) {
      for (let i = 0; i < bytes; i++) memory[address + i] = value >>> (8 * i);
      return;
    }
    const isProtected =
      this.#aclIndex(address) !== undefined ||
      bprotOffsets.some(offset => address === registers.bprot + offset);
    // While the SoftDevice is on, its registers are its own: NRF_FAULT_ID_APP_MEMACC.
    if (this.isNordic && isProtected)
      throw new HardFault(`0x${address.toString(16)} belongs to the SoftDevice`);
  }

  /** Jumps to native code: our kernel, or the two instructions of a call into the SoftDevice. */
  call(target: number, parameters: readonly [number, number, number, number]): number {
    const svc = this.#svcAt(target);
    if (svc !== undefined) return this.#softDevice(svc, parameters);
    if (!this.kernel) throw new HardFault('no native code on this board');
    const { result, cycles, isExact } = this.kernel.enter(target, parameters);
    this.meter.kernel(cycles, isExact);
    return result;
  }

  #svcAt(target: number): number | undefined {
    if (!(target & 1) || !this.isNordic) return undefined;
    const [low, high, next, last] = this.read(target - 1, 4);
    return high === 0xdf && ((last! << 8) | next!) === returnOpcode ? low : undefined;
  }

  #softDevice(
    svc: number,
    [first, second, third, fourth]: readonly [number, number, number, number],
  ): number {
    const { lock } = this.board.flash;
    if (lock?.svc !== svc) throw new HardFault(`unknown call ${svc} of the SoftDevice`);
    if (lock.by === 'protect') this.#protect([first, second, third, fourth]);
    else this.#writeRegister(first >>> 0, second >>> 0);
    return 0;
  }

  /** A bit for each page, from the lowest of the first word on. */
  #protect(words: readonly number[]): void {
    const { pageBytes } = this.board.flash;
    for (let page = 0; page < 128; page++)
      if ((words[page >> 5]! >>> (page & 31)) & 1) this.#lock(page * pageBytes, pageBytes);
  }

  #writeRegister(address: number, value: number): void {
    const index = this.#aclIndex(address);
    if (index === undefined) return;
    // Address, size and permission of a region are written once.
    if (this.#acl[index] === 0) this.#acl[index] = value;
    const [start, size, permission] = this.#acl.subarray(index & ~3, (index & ~3) + 3);
    if ((index & 3) === 2 && (permission! & 2) !== 0) this.#lock(start!, size!);
  }

  #lock(address: number, length: number): void {
    for (const flash of this.space.flash)
      if (address < flash.end && address + length > flash.geometry.address)
        flash.lock(address, address + length);
  }

  /** What was done so far is no cost of the board. */
  provisioned(): void {
    this.meter = new Meter(this.board);
    this.operations.plan();
  }

  /** Reset, by whatever: locks and lists of the processor are gone, flash stays. */
  reset(): void {
    this.#acl.fill(0);
    for (const flash of this.space.flash) flash.reset();
    this.space.memory.fill(0, this.space.ram.address, this.space.ram.address + this.space.ram.bytes);
    this.pins.reset();
  }

  costs(): Costs {
    const { radio } = this;
    const links = [...radio.centralLinks, ...(radio.link ? [radio.link] : [])];
    const connectionEvents = radio.pastEvents + links.reduce((sum, link) => sum + link.eventsSoFar, 0);
    return this.meter.report({ ...radio.traffic, connectionEvents });
  }
}
