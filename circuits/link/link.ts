/** One end of a link: frames, session and padding together. Messages go in and come out; its shell moves bytes and time.
 *
 * Each end gives a fresh secret of 32 bytes. Who opens the radio connection opens the session.
 * Faults of the session and of the padding are thrown: they end the link.
 *
 * 1. Messages of any length arrive whole, once and in order over a bad radio. (test/circuits/link.lossy.test.ts)
 * 2. What an eavesdropper sees of two sessions with the same messages has nothing in common but lengths.
 *    (test/circuits/link.eavesdropper.test.ts)
 */
import { concat } from '../bytes.ts';
import type { Fault } from '../fault.ts';
import { version } from '../message/message.ts';
import { label } from '../proof/label.ts';
import { type Channel, type Delivery, type DeliveryEvent, openDelivery, step } from './delivery.ts';
import { Joiner, pad, sealedBytesMax } from './pad.ts';
import type { Cipher } from './port.ts';
import { acceptSession, finishSession, type Opening, openSession, type Session } from './session.ts';

export interface LinkOptions extends Omit<Channel, 'messageBytesMax'> {
  readonly cipher: Cipher;
  /** Fresh for each link. */
  readonly secret: Uint8Array;
  /** Of a whole message, before it is sealed. */
  readonly messageBytesMax: number;
}

export type LinkEffect =
  | { readonly type: 'transmit'; readonly bytes: Uint8Array }
  | { readonly type: 'timer'; readonly running: boolean }
  | { readonly type: 'cut'; readonly fault: Fault }
  /** The session is open; its hash goes into the Request. */
  | { readonly type: 'open'; readonly hash: Uint8Array }
  | { readonly type: 'message'; readonly message: Uint8Array };

/** What both ends must agree on before the first byte: the version of the protocol. */
const prologue = concat(label.link, Uint8Array.of(version));

export class Link {
  private readonly options: LinkOptions;
  private readonly joiner: Joiner;
  private delivery: Delivery;
  private opening: Opening | null = null;
  private session: Session | null = null;

  /** The opener numbers its links; the acceptor learns the number. */
  constructor(options: LinkOptions, number: number | null) {
    this.options = options;
    this.joiner = new Joiner(options.scan, options.messageBytesMax);
    this.delivery = openDelivery({ ...options, messageBytesMax: sealedBytesMax }, number);
  }

  /** The opener's first frame. */
  open(): LinkEffect[] {
    this.opening = openSession(this.options.cipher, prologue, this.options.secret);
    return this.step({ type: 'send', message: this.opening.message });
  }

  send(message: Uint8Array): LinkEffect[] {
    const { session } = this;
    if (!session) throw new Error('nothing is sent before the session is open');
    return pad(message).flatMap(block => this.step({ type: 'send', message: session.seal(block) }));
  }

  /** A frame from the radio, its timer, or its return. */
  step(event: DeliveryEvent): LinkEffect[] {
    const turn = step(this.delivery, event);
    this.delivery = turn.state;
    return turn.effects.flatMap(effect => (effect.type === 'deliver' ? this.take(effect.message) : [effect]));
  }

  private take(sealed: Uint8Array): LinkEffect[] {
    if (!this.session) return this.shakeHands(sealed);
    const message = this.joiner.take(this.session.open(sealed));
    return message ? [{ type: 'message', message }] : [];
  }

  private shakeHands(message: Uint8Array): LinkEffect[] {
    const { cipher, secret } = this.options;
    if (this.opening) {
      this.session = finishSession(this.opening, message);
      return [{ type: 'open', hash: this.session.hash }];
    }
    const accepted = acceptSession(cipher, prologue, secret, message);
    this.session = accepted.session;
    const effects = this.step({ type: 'send', message: accepted.message });
    return [...effects, { type: 'open', hash: this.session.hash }];
  }
}
