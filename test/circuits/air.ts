/** Two whole ends of a link, with a radio between them that may lose frames and remembers all of them. */
import { cipher } from '#circuits/link/cipher.noble.ts';
import { Link, type LinkEffect, type LinkOptions } from '#circuits/link/link.ts';
import { scan } from '#circuits/link/scan.ts';
import type { Dice } from './dice.ts';

export function linkOptions(payloadBytes: number, secret: Uint8Array): LinkOptions {
  const limits = { windowFrames: 8, messageBytesMax: 8_192, retriesMax: 30 };
  return { cipher, scan, secret, payloadBytes, ...limits };
}

export interface AirOptions {
  readonly payloadBytes: number;
  readonly dropPercent: number;
  readonly secrets: readonly [Uint8Array, Uint8Array];
}

export class Air {
  readonly links: readonly [Link, Link];
  readonly received: readonly [Uint8Array[], Uint8Array[]] = [[], []];
  readonly hashes: (Uint8Array | undefined)[] = [undefined, undefined];
  /** Every frame that was sent, lost or not: what an eavesdropper has. */
  readonly heard: Uint8Array[] = [];
  readonly #flying: { to: number; bytes: Uint8Array }[] = [];
  readonly #isTimerRunning = [false, false];
  readonly #dropPercent: number;
  readonly #roll: Dice;

  constructor({ payloadBytes, dropPercent, secrets }: AirOptions, roll: Dice) {
    this.links = [
      new Link(linkOptions(payloadBytes, secrets[0]), roll.between(0, 15)),
      new Link(linkOptions(payloadBytes, secrets[1]), null),
    ];
    this.#dropPercent = dropPercent;
    this.#roll = roll;
    this.#carry(0, this.links[0].open());
    this.rest();
  }

  #carry(at: number, effects: readonly LinkEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'transmit') {
        this.heard.push(effect.bytes);
        if (!this.#roll.percent(this.#dropPercent)) this.#flying.push({ to: 1 - at, bytes: effect.bytes });
      } else if (effect.type === 'timer') this.#isTimerRunning[at] = effect.running;
      else if (effect.type === 'message') this.received[at]!.push(effect.message);
      else if (effect.type === 'open') this.hashes[at] = effect.hash;
      else throw effect.fault;
    }
  }

  send(at: number, message: Uint8Array): void {
    this.#carry(at, this.links[at]!.send(message));
  }

  /** Until nothing flies and no timer runs. */
  rest(): void {
    for (;;) {
      const frame = this.#flying.shift();
      if (frame) this.#carry(frame.to, this.links[frame.to]!.step({ type: 'frame', bytes: frame.bytes }));
      else {
        const waiting = [0, 1].find(at => this.#isTimerRunning[at]);
        if (waiting === undefined) return;
        this.#carry(waiting, this.links[waiting]!.step({ type: 'timeout' }));
      }
    }
  }
}
