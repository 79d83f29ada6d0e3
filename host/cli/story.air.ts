/** The air between two devices of the story: carries frames, loses some, and lets timers run out when all is silent. */
import { cipher } from '#circuits/link/cipher.noble.ts';
import { payloadBytesOf } from '#circuits/link/frame.ts';
import { Link, type LinkEffect } from '#circuits/link/link.ts';
import { scan } from '#circuits/link/scan.ts';
import type { Entropy } from '#circuits/proof/port.ts';

/** A 52832 board: an MTU of 53, and at most 61 bytes of a write reach its JavaScript. */
const payloadBytes = payloadBytesOf(53, 61);
const lossEvery = 23;

interface End {
  readonly link: Link;
  readonly frames: Uint8Array[];
  readonly messages: Uint8Array[];
  hash: Uint8Array;
  waits: boolean;
}

export class Air {
  readonly opener: End;
  readonly acceptor: End;
  frames = 0;
  lost = 0;

  constructor(entropy: Entropy) {
    const end = (number: number | null): End => {
      const options = { scan, cipher, payloadBytes, windowFrames: 8, retriesMax: 20, messageBytesMax: 8_192 };
      const link = new Link({ ...options, secret: entropy(32) }, number);
      return { link, frames: [], messages: [], hash: new Uint8Array(0), waits: false };
    };
    this.opener = end(1);
    this.acceptor = end(null);
    this.#run(this.opener, this.opener.link.open());
    this.#settle();
  }

  /** Sends one message and answers with what the other end received. */
  carry(from: End, message: Uint8Array): Uint8Array {
    const to = this.#other(from);
    this.#run(from, from.link.send(message));
    this.#settle();
    const received = to.messages.shift();
    if (!received) throw new Error('the message did not arrive');
    return received;
  }

  #other(end: End): End {
    return end === this.opener ? this.acceptor : this.opener;
  }

  #run(end: End, effects: readonly LinkEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'transmit') this.#transmit(end, effect.bytes);
      else if (effect.type === 'timer') end.waits = effect.running;
      else if (effect.type === 'open') end.hash = effect.hash;
      else if (effect.type === 'message') end.messages.push(effect.message);
      else throw effect.fault;
    }
  }

  #transmit(from: End, bytes: Uint8Array): void {
    this.frames += 1;
    if (this.frames % lossEvery === 0) this.lost += 1;
    else this.#other(from).frames.push(bytes);
  }

  /** Until nothing is in the air and nobody waits. */
  #settle(): void {
    const ends = [this.opener, this.acceptor];
    for (;;) {
      const hearing = ends.find(end => end.frames.length > 0);
      const waiting = ends.find(end => end.waits);
      if (hearing) this.#run(hearing, hearing.link.step({ type: 'frame', bytes: hearing.frames.shift()! }));
      else if (waiting) this.#run(waiting, waiting.link.step({ type: 'timeout' }));
      else return;
    }
  }
}
