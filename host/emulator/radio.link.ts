/** One BLE connection: frames leave at connection events, writes are answered at the next, notifications may vanish.
 *
 * Model: 1 Mbit/s, 8 us a byte, 10 bytes of packet and 4 of L2CAP around a frame of ATT (3 bytes of its own), 380 us for
 * spaces and the acknowledgement of a packet (Core Specification 5.0, volume 6 part B, sections 2.1 and 4.1).
 *
 * 1. Frames of one direction arrive in their order, once each, unless the world's conditions say otherwise.
 *    (test/host/emulator.radio.test.ts)
 * 2. What does not fit into MTU, event or queue is cut or lost, and nobody is told. (test/host/emulator.radio.test.ts)
 */
import type { Characteristic, Radio } from './radio.ts';

const microsecondsOfByte = 8;
const [packetOverhead, attOverhead, spacesUs] = [10, 7, 380];
const attMtuBytes = 23;
/** Of the opcode and handle before a value. */
const valueHead = 3;
/** Of the firmware (build_platform_config.py): its buffer, and what an event takes beside its data. */
const [eventBufferBytes, eventHead] = [1_023, 5];
/** After silence of this length both sides give a link up. */
const supervisionUs = 4_000_000;

type Side = 'central' | 'peripheral';

interface Lane {
  freeAtUs: number;
  lastAtUs: number;
  queued: number;
}

const freshLane = (): Lane => ({ freeAtUs: 0, lastAtUs: 0, queued: 0 });

interface Frame {
  readonly from: Side;
  readonly bytes: number;
  /** The radio repeats it until it has arrived. */
  readonly isReliable: boolean;
  /** At the other radio, whatever its board does. */
  readonly arrive: () => void;
  /** By the radio itself, not by a program that may be busy. */
  readonly isOwn?: boolean;
  /** At the sender, when it has left. */
  readonly sent?: () => void;
}

export class Link {
  readonly central: Radio;
  readonly peripheral: Radio;
  readonly intervalUs: number;
  mtuBytes = attMtuBytes;
  isOpen = true;
  readonly #openedUs: number;
  readonly #lanes: Readonly<Record<Side, Lane>> = { central: freshLane(), peripheral: freshLane() };
  readonly #subscribed = new Map<Characteristic, (value: Uint8Array) => void>();
  readonly #watch: { cancel(): void };
  #isIndicating = false;

  constructor(central: Radio, peripheral: Radio, intervalUs: number) {
    this.central = central;
    this.peripheral = peripheral;
    this.intervalUs = intervalUs;
    this.#openedUs = central.world.nowUs;
    central.centralLinks.add(this);
    peripheral.link = this;
    this.#watch = central.world.onConditions(() => this.#checkCut());
    this.#checkCut();
    this.#agreeOnMtu();
  }

  get #world() {
    return this.central.world;
  }

  get #conditions() {
    return this.#world.conditions(this.central.owner.name, this.peripheral.owner.name);
  }

  get eventsSoFar(): number {
    return Math.floor((this.#world.nowUs - this.#openedUs) / this.intervalUs);
  }

  radio(side: Side): Radio {
    return side === 'central' ? this.central : this.peripheral;
  }

  /** The central asks, the answer comes two events later. */
  #agreeOnMtu(): void {
    const { mtuBytesMax = Number.POSITIVE_INFINITY } = this.#conditions;
    const agreed = Math.min(this.central.limits.mtuBytes, this.peripheral.limits.mtuBytes, mtuBytesMax);
    this.#world.at(this.#world.nowUs + 2 * this.intervalUs, () => {
      this.mtuBytes = Math.max(attMtuBytes, agreed);
    });
  }

  /** When a frame of so many bytes, ordered at a time, has arrived. */
  #arrival(from: Side, bytes: number, orderedUs: number): number {
    const { packetBytes } = this.radio(from).limits;
    const packets = Math.ceil((bytes + attOverhead) / packetBytes);
    const airUs = (bytes + attOverhead + packets * packetOverhead) * microsecondsOfByte + packets * spacesUs;
    const lane = this.#lanes[from];
    const since = Math.max(orderedUs, lane.freeAtUs) - this.#openedUs;
    const event = this.#openedUs + Math.ceil(since / this.intervalUs) * this.intervalUs;
    // What is sent within one event follows at once; an event that is full leaves the rest to the next.
    const isSameEvent = lane.freeAtUs > event - this.intervalUs && orderedUs <= event - this.intervalUs;
    const startUs = isSameEvent && lane.freeAtUs + airUs <= event ? lane.freeAtUs : event;
    lane.freeAtUs = startUs + airUs;
    this.radio(from).traffic.packets += packets;
    return lane.freeAtUs;
  }

  #send(frame: Frame): void {
    const { from, bytes, isReliable } = frame;
    const sender = this.radio(from);
    const receiver = this.radio(from === 'central' ? 'peripheral' : 'central');
    const { loss, duplication, reordering, delayUs } = this.#conditions;
    const { chance } = this.#world;
    let atUs = this.#arrival(from, bytes, frame.isOwn ? this.#world.nowUs : sender.nowUs) + delayUs;
    sender.traffic.sentBytes += bytes;
    const isLost = chance.happens(loss);
    // The radio repeats what was not acknowledged, an event later.
    if (isLost && isReliable) atUs += this.intervalUs * (1 + chance.below(3));
    const lane = this.#lanes[from];
    if (chance.happens(reordering)) atUs += this.intervalUs * (1 + chance.below(4));
    else atUs = lane.lastAtUs = Math.max(lane.lastAtUs, atUs);
    lane.queued += 1;
    this.#world.at(atUs, () => {
      lane.queued -= 1;
      if (frame.sent) this.#world.at(this.#world.nowUs, frame.sent, sender.owner);
      if ((isLost && !isReliable) || !this.isOpen || this.#conditions.isCut) return;
      receiver.traffic.receivedBytes += bytes;
      for (let times = chance.happens(duplication) ? 2 : 1; times > 0; times--) frame.arrive();
    });
  }

  /** Hands something to a program, through its board's buffer of events: what finds no room there is lost. */
  #tell(radio: Radio, bytes: number, task: () => void): void {
    const size = eventHead + Math.min(bytes, radio.limits.eventBytes);
    if (radio.waitingBytes + size > eventBufferBytes) {
      radio.lostEvents += 1;
      return;
    }
    radio.waitingBytes += size;
    const hear = () => {
      radio.waitingBytes -= size;
      task();
    };
    this.#world.at(this.#world.nowUs, hear, radio.owner);
  }

  /** Runs at the central when the peripheral's answer has come. */
  #request(bytes: number, serve: () => number, answered: () => void): void {
    const reply = () => {
      const answerBytes = serve();
      const arrive = () => this.#tell(this.central, answerBytes, () => this.isOpen && answered());
      this.#send({ from: 'peripheral', bytes: answerBytes, isReliable: true, isOwn: true, arrive });
    };
    this.#send({ from: 'central', bytes, isReliable: true, arrive: reply });
  }

  /** Services are found by several requests: one event and answer for each. */
  discover(requests: number, answered: () => void): void {
    const next = (left: number) =>
      left
        ? this.#request(
            7,
            () => 20,
            () => next(left - 1),
          )
        : answered();
    next(Math.max(1, requests));
  }

  #receive(characteristic: Characteristic, data: Uint8Array): void {
    characteristic.value = data.slice(0, characteristic.maxBytes);
    const seen = characteristic.value.slice(0, this.peripheral.limits.eventBytes);
    this.#tell(this.peripheral, seen.length, () => characteristic.onWrite?.(seen));
  }

  write(characteristic: Characteristic, data: Uint8Array, answered: () => void): void {
    const sent = data.slice(0, this.mtuBytes - valueHead);
    this.#request(
      sent.length,
      () => {
        this.#receive(characteristic, sent);
        return 0;
      },
      answered,
    );
  }

  /** False where the queue was full and it is lost. */
  writeWithoutResponse(characteristic: Characteristic, data: Uint8Array, whenSent?: () => void): boolean {
    if (this.#lanes.central.queued >= this.central.limits.queue) return false;
    const sent = data.slice(0, this.mtuBytes - valueHead);
    const arrive = () => this.#receive(characteristic, sent);
    this.#send({
      ...{ from: 'central', bytes: sent.length, isReliable: false, arrive },
      ...(whenSent ? { sent: whenSent } : {}),
    });
    return true;
  }

  read(characteristic: Characteristic, answered: (value: Uint8Array) => void): void {
    let value = new Uint8Array();
    const { eventBytes } = this.central.limits;
    this.#request(
      0,
      () => {
        value = characteristic.value.slice(0, Math.min(this.mtuBytes - 1, eventBytes));
        return value.length;
      },
      () => answered(value),
    );
  }

  subscribe(
    characteristic: Characteristic,
    listener: ((value: Uint8Array) => void) | undefined,
    answered: () => void,
  ): void {
    this.#request(
      2,
      () => {
        if (listener) this.#subscribed.set(characteristic, listener);
        else this.#subscribed.delete(characteristic);
        return 0;
      },
      answered,
    );
  }

  isSubscribed(characteristic: Characteristic): boolean {
    return this.#subscribed.has(characteristic);
  }

  /** Where nobody listens, or the queue is full, it is lost and nobody is told. */
  notify(characteristic: Characteristic, data: Uint8Array): boolean {
    const listener = this.#subscribed.get(characteristic);
    if (!this.isOpen || !listener) return false;
    if (this.#lanes.peripheral.queued >= this.peripheral.limits.queue) return false;
    const sent = data.slice(0, Math.min(this.mtuBytes - valueHead, characteristic.maxBytes));
    const arrive = () => this.#hear(listener, sent);
    this.#send({ from: 'peripheral', bytes: sent.length, isReliable: false, arrive });
    return true;
  }

  #hear(listener: (value: Uint8Array) => void, sent: Uint8Array): void {
    this.#tell(this.central, sent.length, () => listener(sent.subarray(0, this.central.limits.eventBytes)));
  }

  /** Confirmed by the other radio: one at a time. False while one is under way. */
  indicate(characteristic: Characteristic, data: Uint8Array): boolean {
    const listener = this.#subscribed.get(characteristic);
    if (!this.isOpen || !listener) return true;
    if (this.#isIndicating) return false;
    this.#isIndicating = true;
    const sent = data.slice(0, Math.min(this.mtuBytes - valueHead, characteristic.maxBytes));
    const confirm = () => {
      this.#isIndicating = false;
    };
    const arrive = () => {
      this.#hear(listener, sent);
      this.#send({ from: 'central', bytes: 0, isReliable: true, isOwn: true, arrive: confirm });
    };
    this.#send({ from: 'peripheral', bytes: sent.length, isReliable: true, arrive });
    return true;
  }

  #checkCut(): void {
    if (!this.#conditions.isCut || !this.isOpen) return;
    this.#world.at(this.#world.nowUs + supervisionUs, () => {
      if (this.#conditions.isCut) this.#end(undefined, 0x08);
    });
  }

  /** One side ends it: the other learns at the next event. */
  close(by: Side, reason: number): void {
    if (!this.isOpen) return;
    this.#world.at(this.radio(by).nowUs + this.intervalUs, () => this.#end(undefined, reason));
  }

  /** One side is gone without a word. */
  vanish(gone: Radio): void {
    if (!this.isOpen) return;
    this.#detach(gone);
    this.#world.at(this.#world.nowUs + supervisionUs, () => this.#end(gone, 0x08));
  }

  #detach(radio: Radio): void {
    if (radio === this.peripheral) {
      if (radio.link === this) radio.link = undefined;
    } else radio.centralLinks.delete(this);
  }

  #end(gone: Radio | undefined, reason: number): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#watch.cancel();
    for (const radio of [this.central, this.peripheral]) {
      radio.pastEvents += this.eventsSoFar;
      this.#detach(radio);
      if (radio !== gone)
        this.#world.at(this.#world.nowUs, () => radio.owner.onDisconnect(this, reason), radio.owner);
    }
  }
}
