/** Near field communication in one world: tags that boards are, readers that boards or tests have, and a field between.
 *
 * Model: 106 kbit/s, 9 bits a byte, two bytes of CRC on each frame (ISO 14443-3). A tag that answers in JavaScript has as
 * long as its board allows (4.8 ms on the nRF52832); later than that nobody hears it.
 *
 * 1. An answer that is late is not heard. (test/host/emulator.nfc.test.ts)
 * 2. Of a frame longer than an event only its beginning reaches JavaScript. (test/host/emulator.nfc.test.ts)
 */
import type { Actor, Handle, World } from './world.ts';

const byteUs = (9 / 106) * 1_000;
const crcBytes = 2;
/** Of the SoftDevice's tag: frames that it sends. */
const answerBytesMax = 255;
/** From power in the antenna until a tag is selected. */
const selectUs = 5_000;
/** A reader waits this long for an answer, unless it says otherwise. */
const patienceUs = 20_000;

const airUs = (bytes: number) => (bytes + crcBytes) * byteUs;

/** Bytes, or the low bits of a number: 4 bits of ACK or NAK. */
export type Answer = Uint8Array | number;

export interface TagLimits {
  readonly replyUs: number;
  readonly eventBytes: number;
}

/** How a board answers. */
export interface TagBehaviour {
  readonly uid: Uint8Array;
  readonly onField: (isOn: boolean) => void;
  /** Answers at once: the tag's own hardware and firmware. */
  readonly serve?: (frame: Uint8Array) => Answer | undefined;
  /** Answers by `send`, in time. */
  readonly onFrame?: (frame: Uint8Array) => void;
}

export class Tag {
  readonly owner: Actor;
  readonly world: World;
  readonly #limits: TagLimits;
  #behaviour: TagBehaviour | undefined;
  #field: Reader | undefined;
  #pending: { readonly sinceUs: number; readonly answer: (answer: Answer, atUs: number) => void } | undefined;

  constructor(world: World, owner: Actor, limits: TagLimits) {
    this.world = world;
    this.owner = owner;
    this.#limits = limits;
  }

  get uid(): Uint8Array | undefined {
    return this.#behaviour?.uid;
  }

  /** Becomes a tag, another tag, or none. */
  start(behaviour: TagBehaviour | undefined): void {
    this.#behaviour = behaviour;
    this.#pending = undefined;
    if (this.#field && behaviour) this.#tell(true);
  }

  #tell(isOn: boolean): void {
    const behaviour = this.#behaviour;
    this.world.at(
      this.world.nowUs,
      () => {
        if (behaviour && behaviour === this.#behaviour) behaviour.onField(isOn);
      },
      this.owner,
    );
  }

  /** A reader's field comes or goes. */
  enter(reader: Reader | undefined): void {
    if (reader === this.#field) return;
    this.#field = reader;
    this.#pending = undefined;
    this.#tell(reader !== undefined);
  }

  receive(frame: Uint8Array, atUs: number, answer: (answer: Answer, atUs: number) => void): void {
    const behaviour = this.#behaviour;
    const served = behaviour?.serve?.(frame);
    if (served !== undefined) {
      answer(served, atUs + 100);
      return;
    }
    if (!behaviour?.onFrame) return;
    this.#pending = { sinceUs: atUs, answer };
    const seen = frame.slice(0, this.#limits.eventBytes);
    this.world.at(
      atUs,
      () => {
        if (behaviour === this.#behaviour) behaviour.onFrame!(seen);
      },
      this.owner,
    );
  }

  /** What JavaScript answers to the frame before. False where nobody hears it. */
  send(answer: Answer | undefined): boolean {
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending || answer === undefined) return false;
    if (this.owner.clockUs() - pending.sinceUs > this.#limits.replyUs) return false;
    pending.answer(
      typeof answer === 'number' ? answer : answer.slice(0, answerBytesMax),
      this.owner.clockUs(),
    );
    return true;
  }
}

export interface Found {
  readonly tag: Tag;
  readonly uid: Uint8Array;
}

/** An antenna that powers tags and speaks first. */
export class Reader {
  readonly world: World;
  readonly actor: Actor | undefined;
  #tag: Tag | undefined;
  #isOn = true;

  /** With an actor, its own time counts and answers come when it is free. */
  constructor(world: World, actor?: Actor) {
    this.world = world;
    this.actor = actor;
  }

  get clockUs(): number {
    return Math.max(this.world.nowUs, this.actor?.clockUs() ?? 0);
  }

  /** Lets the others come up to the time of who waits for an answer. */
  catchUp(): void {
    if (this.actor) this.world.catchUp(this.actor);
  }

  /** Lays a tag on the antenna, or takes it away. */
  lay(tag: Tag | undefined): void {
    this.#tag?.enter(undefined);
    this.#tag = tag;
    if (this.#isOn) tag?.enter(this);
  }

  field(isOn: boolean): void {
    this.#isOn = isOn;
    this.#tag?.enter(isOn ? this : undefined);
  }

  /** Asks who is there. */
  select(done: (found: Found | undefined) => void): Handle {
    return this.world.at(this.clockUs + selectUs, () => {
      const tag = this.#isOn ? this.#tag : undefined;
      const uid = tag?.uid;
      done(tag && uid ? { tag, uid } : undefined);
    });
  }

  /** Sends a frame and hears its answer, or nothing. */
  exchange(frame: Uint8Array, done: (answer: Answer | undefined) => void, waitUs = patienceUs): void {
    const tag = this.#tag;
    const arrivesUs = this.clockUs + airUs(frame.length);
    const silence = this.world.at(arrivesUs + waitUs, () => done(undefined));
    if (!tag || !this.#isOn) return;
    this.world.at(arrivesUs, () => {
      tag.receive(frame, this.world.nowUs, (answer, atUs) => {
        const heardUs = atUs + (typeof answer === 'number' ? byteUs : airUs(answer.length));
        if (heardUs > arrivesUs + waitUs || tag !== this.#tag) return;
        silence.cancel();
        this.world.at(heardUs, () => done(answer));
      });
    });
  }
}

/** Memory of a Type 2 tag as the firmware's own makes it: UID, capability container, one NDEF message. */
export function type2Memory(uid: Uint8Array, message: Uint8Array): Uint8Array {
  const head = new Uint8Array(16);
  const [a, b, c, d, e, f, g] = uid as unknown as number[];
  head.set([
    a!,
    b!,
    c!,
    0x88 ^ a! ^ b! ^ c!,
    d!,
    e!,
    f!,
    g!,
    d! ^ e! ^ f! ^ g!,
    0xff,
    0,
    0,
    0xe1,
    0x10,
    0x7c,
    0x0f,
  ]);
  const length = message.length < 255 ? [message.length] : [0xff, message.length >> 8, message.length & 0xff];
  return Uint8Array.of(...head, 0x03, ...length, ...message, 0xfe);
}

/** READ of 16 bytes, the one command that the firmware answers by itself. */
export function serveType2(memory: Uint8Array, frame: Uint8Array): Uint8Array | undefined {
  if (frame[0] !== 0x30 || frame.length < 2) return undefined;
  const answer = new Uint8Array(16);
  answer.set(memory.subarray(frame[1]! * 4, frame[1]! * 4 + 16));
  return answer;
}
