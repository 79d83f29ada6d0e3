/** Bluetooth LE radios in one world: who advertises, who scans, who connects to whom. Links are in radio.link.ts.
 *
 * 1. Only who advertises is found, with the signal strength that the world says. (test/host/emulator.radio.test.ts)
 * 2. A peripheral has one link, a central as many as its board allows. (test/host/emulator.radio.test.ts)
 */
import type { Chance } from './chance.ts';
import { Link } from './radio.link.ts';
import type { Actor, World } from './world.ts';

export interface Characteristic {
  readonly uuid: string;
  readonly maxBytes: number;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly notifies: boolean;
  readonly indicates: boolean;
  value: Uint8Array;
  /** A write that arrived, as JavaScript may see it: cut at the board's event size. */
  readonly onWrite?: (data: Uint8Array) => void;
}

/** Service to its characteristics, both by lower-case UUID. */
export type Services = ReadonlyMap<string, ReadonlyMap<string, Characteristic>>;

export interface Advertising {
  /** Advertising data, its structures one after another. */
  readonly data: Uint8Array;
  readonly scanResponse: Uint8Array;
  readonly intervalUs: number;
  readonly isConnectable: boolean;
}

export interface Report {
  readonly address: string;
  readonly rssi: number;
  readonly data: Uint8Array;
}

export interface RadioLimits {
  readonly mtuBytes: number;
  /** Of a write, read or notification that reach JavaScript. */
  readonly eventBytes: number;
  readonly centralLinks: number;
  /** Notifications, or writes without response, that wait for the radio; one more is lost. */
  readonly queue: number;
  /** Of one link-layer packet. */
  readonly packetBytes: number;
}

/** What a radio tells the board that it is built into. */
export interface RadioOwner extends Actor {
  onConnect(link: Link): void;
  onDisconnect(link: Link, reason: number): void;
}

export interface Traffic {
  sentBytes: number;
  receivedBytes: number;
  packets: number;
  /** Microseconds with the receiver on for scanning. */
  scanUs: number;
  advertisements: number;
}

/** Central connects within this, or gives up: the firmware's own limit. */
const connectTimeoutUs = 4_000_000;

export type Connected = { readonly link: Link } | { readonly failure: string };

export class Radio {
  readonly owner: RadioOwner;
  readonly world: World;
  readonly limits: RadioLimits;
  readonly address: string;
  readonly traffic: Traffic = { sentBytes: 0, receivedBytes: 0, packets: 0, scanUs: 0, advertisements: 0 };
  services: Services = new Map();
  /** The link in which this is the peripheral. */
  link: Link | undefined;
  readonly centralLinks = new Set<Link>();
  /** Of events that have arrived and that the program has not seen yet. */
  waitingBytes = 0;
  /** Events that found no room: FIFO_FULL on the board. */
  lostEvents = 0;
  /** Connection events of links that have ended. */
  pastEvents = 0;
  readonly #chance: Chance;
  readonly #air: Air;
  #advertising: Advertising | undefined;
  #listener: ((report: Report) => void) | undefined;
  #scanSinceUs = 0;

  constructor(air: Air, owner: RadioOwner, limits: RadioLimits) {
    this.#air = air;
    this.world = air.world;
    this.owner = owner;
    this.limits = limits;
    this.#chance = air.world.chance.stream(`radio ${owner.name}`);
    const bytes = Array.from({ length: 6 }, (_, i) => (this.#chance.word() & 0xff) | (i === 0 ? 0xc0 : 0));
    this.address = `${bytes.map(byte => byte.toString(16).padStart(2, '0')).join(':')} random`;
    air.add(this);
  }

  /** The board's own time. */
  get nowUs(): number {
    return Math.max(this.world.nowUs, this.owner.clockUs());
  }

  get advertising(): Advertising | undefined {
    return this.#advertising;
  }

  /** Advertises from now on, or not any more. */
  advertise(advertising: Advertising | undefined): void {
    this.#advertising = advertising;
    if (advertising) for (const scanner of this.#air.radios) if (scanner !== this) scanner.#hear(this);
  }

  /** Reports each advertisement that is heard, until it is called with nothing. */
  scan(listener: ((report: Report) => void) | undefined): void {
    if (this.#listener) this.traffic.scanUs += this.nowUs - this.#scanSinceUs;
    this.#listener = listener;
    this.#scanSinceUs = this.nowUs;
    if (listener) for (const radio of this.#air.radios) if (radio !== this) this.#hear(radio);
  }

  #hear(other: Radio): void {
    const listener = this.#listener;
    const advertising = other.#advertising;
    if (!listener || !advertising) return;
    // Advertisements come at their interval and up to 10 ms later.
    const again = () => {
      if (this.#listener !== listener || other.#advertising !== advertising) return;
      const conditions = this.world.conditions(this.owner.name, other.owner.name);
      other.traffic.advertisements += 1;
      if (!conditions.isCut && !this.#chance.happens(conditions.loss)) {
        const data = Uint8Array.of(...advertising.data, ...advertising.scanResponse);
        const rssi = conditions.rssi + this.#chance.below(5) - 2;
        this.world.at(
          this.world.nowUs,
          () => {
            if (this.#listener === listener) listener({ address: other.address, rssi, data });
          },
          this.owner,
        );
      }
      this.world.at(this.world.nowUs + advertising.intervalUs + this.#chance.below(10_000), again);
    };
    this.world.at(this.nowUs + this.#chance.below(advertising.intervalUs), again);
  }

  /** Connects to who advertises under an address; answers in the owner's time. */
  connect(address: string, intervalUs: number, answer: (connected: Connected) => void): void {
    const reply = (connected: Connected, atUs: number) =>
      this.world.at(atUs, () => answer(connected), this.owner);
    const from = this.nowUs;
    if (this.centralLinks.size >= this.limits.centralLinks) {
      reply({ failure: 'No free connection' }, from);
      return;
    }
    const attempt = () => {
      const other = this.#air.find(address);
      const nowUs = this.world.nowUs;
      const isHeard = other && !this.world.conditions(this.owner.name, other.owner.name).isCut;
      if (!other || !isHeard || !other.#advertising?.isConnectable || other.link) {
        if (nowUs - from >= connectTimeoutUs) reply({ failure: 'Connection Timeout' }, nowUs);
        else this.world.at(nowUs + 100_000, attempt);
        return;
      }
      const link = new Link(this, other, intervalUs);
      reply({ link }, nowUs + intervalUs);
      this.world.at(nowUs + intervalUs, () => other.owner.onConnect(link), other.owner);
    };
    const other = this.#air.find(address)?.advertising;
    this.world.at(from + this.#chance.below(other?.intervalUs ?? 100_000), attempt);
  }

  /** Power is gone: links end where the other side notices it. */
  off(): void {
    this.advertise(undefined);
    this.scan(undefined);
    this.services = new Map();
    for (const link of [...this.centralLinks, this.link]) link?.vanish(this);
  }
}

/** All radios of a world. */
class Air {
  readonly world: World;
  readonly radios = new Set<Radio>();

  constructor(world: World) {
    this.world = world;
  }

  add(radio: Radio): void {
    this.radios.add(radio);
  }

  find(address: string): Radio | undefined {
    const wanted = address.toLowerCase().split(' ')[0]!;
    for (const radio of this.radios) if (radio.address.split(' ')[0] === wanted) return radio;
    return undefined;
  }
}

const airs = new WeakMap<World, Air>();

/** The air of a world: there is one. */
export function airOf(world: World): Air {
  const known = airs.get(world);
  if (known) return known;
  const air = new Air(world);
  airs.set(world, air);
  return air;
}
