/** Two ends of a link with a bad radio between them: it drops, duplicates, reorders, delays, flips bits and cuts. */
import {
  type Channel,
  type Delivery,
  type DeliveryEffect,
  type DeliveryEvent,
  openDelivery,
  step,
} from '#circuits/link/delivery.ts';
import { scan } from '#circuits/link/scan.ts';
import type { Dice } from './dice.ts';

export const channel: Channel = {
  scan,
  payloadBytes: 15,
  windowFrames: 4,
  messageBytesMax: 1_536,
  retriesMax: 30,
};

/** Chances in a hundred. */
export interface Weather {
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly flip: number;
  /** A frame is lost once so many later ones of its direction were sent. */
  readonly ageMax: number;
}

interface Flying {
  readonly bytes: Uint8Array;
  readonly to: number;
  readonly born: number;
}

export interface End {
  state: Delivery;
  readonly received: Uint8Array[];
  isTimerRunning: boolean;
  wasCut: boolean;
}

const endOf = (state: Delivery): End => ({ state, received: [], isTimerRunning: false, wasCut: false });

export class Network {
  readonly ends: readonly [End, End];
  readonly #roll: Dice;
  readonly #weather: Weather;
  readonly #born = [0, 0];
  #flying: Flying[] = [];

  constructor(channels: readonly [Channel, Channel], weather: Weather, roll: Dice) {
    this.ends = [
      endOf(openDelivery(channels[0], roll.between(0, 15))),
      endOf(openDelivery(channels[1], null)),
    ];
    this.#weather = weather;
    this.#roll = roll;
  }

  #carry(to: number, bytes: Uint8Array): void {
    const born = this.#born[to]!++;
    const copies = this.#roll.percent(this.#weather.duplicate) ? this.#roll.between(2, 3) : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#roll.percent(this.#weather.drop)) continue;
      const carried = bytes.slice();
      if (this.#roll.percent(this.#weather.flip))
        carried[this.#roll.between(0, carried.length - 1)]! ^= 1 << this.#roll.between(0, 7);
      this.#flying.push({ bytes: carried, to, born });
    }
  }

  act(at: number, event: DeliveryEvent): readonly DeliveryEffect[] {
    const end = this.ends[at]!;
    const turn = step(end.state, event);
    end.state = turn.state;
    for (const effect of turn.effects) {
      if (effect.type === 'transmit') this.#carry(1 - at, effect.bytes);
      else if (effect.type === 'deliver') end.received.push(effect.message);
      else if (effect.type === 'timer') end.isTimerRunning = effect.running;
      else end.wasCut = true;
    }
    return turn.effects;
  }

  /** One thing happens: a frame arrives, or where none flies (or seldom), a timer fires. False where all is quiet. */
  happen(): boolean {
    this.#flying = this.#flying.filter(({ to, born }) => this.#born[to]! - born <= this.#weather.ageMax);
    const waiting = [0, 1].filter(at => this.ends[at]!.isTimerRunning && !this.ends[at]!.wasCut);
    const isEarly = waiting.length > 0 && this.#roll.percent(3);
    if (this.#flying.length && !isEarly) {
      const index = this.#roll.percent(this.#weather.reorder)
        ? this.#roll.between(0, this.#flying.length - 1)
        : 0;
      const [frame] = this.#flying.splice(index, 1);
      this.act(frame!.to, { type: 'frame', bytes: frame!.bytes });
      return true;
    }
    if (waiting.length === 0) return false;
    this.act(this.#roll.pick(waiting), { type: 'timeout' });
    return true;
  }

  /** The radio is lost with everything in it, and comes back to both ends. */
  reconnect(): void {
    this.#flying = [];
    for (const at of [0, 1]) this.act(at, { type: 'resume' });
  }
}
