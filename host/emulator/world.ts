/** The world that emulated boards live in: one virtual clock, one seed, and what lies between any two of them.
 *
 * Time is in microseconds and passes only while the world runs. Who runs a program is busy for as long as the program
 * takes by the cost model: what happens to it meanwhile waits.
 *
 * 1. The same seed and the same calls give the same history. (test/host/emulator.world.test.ts)
 * 2. Nothing happens to a board while it is busy, and nothing is lost by that. (test/host/emulator.world.test.ts)
 */
import { type Chance, openChance } from './chance.ts';

/** Someone whose work takes time. */
export interface Actor {
  readonly name: string;
  /** Its own time, ahead of the world's while it works. */
  clockUs(): number;
  /** It begins to work at this time, and has done so until `clockUs()`. */
  work(atUs: number, task: () => void): void;
}

/** Of the way between two boards. Shares are out of one. */
export interface Conditions {
  /** dBm at either end. */
  readonly rssi: number;
  /** Frames that vanish where the radio does not repeat them: notifications, writes without response. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  readonly delayUs: number;
  /** Neither hears the other. */
  readonly isCut: boolean;
  /** Smaller than what both could do. */
  readonly mtuBytesMax?: number;
}

export interface Handle {
  cancel(): void;
}

interface Entry {
  atUs: number;
  readonly order: number;
  readonly actor: Actor | undefined;
  task: (() => void) | undefined;
}

const clear: Conditions = { rssi: -50, loss: 0, duplication: 0, reordering: 0, delayUs: 0, isCut: false };

const isBefore = (a: Entry, b: Entry) => a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);

/** Entries by time, then by order of arrival. */
class Agenda {
  readonly #heap: Entry[] = [];

  get next(): Entry | undefined {
    return this.#heap[0];
  }

  add(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    for (; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  take(): Entry {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length) this.#sink(last);
    return first;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, entry)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }
}

export interface Until {
  /** Ends when this holds; asked after each thing that happened. */
  readonly until?: () => boolean;
  /** Ends after so many milliseconds of the world. Without it, when nothing is left to happen. */
  readonly ms?: number;
}

export class World {
  readonly seed: string;
  readonly chance: Chance;
  readonly #agenda = new Agenda();
  readonly #conditions = new Map<string, Conditions>();
  readonly #waiting = new Map<Actor, Entry[]>();
  readonly #listeners = new Set<() => void>();
  #nowUs = 0;
  #order = 0;

  constructor({ seed = 'mite' }: { seed?: string } = {}) {
    this.seed = seed;
    this.chance = openChance(seed);
  }

  /** Microseconds since the world began. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** Lets something happen at a time: with an actor, as soon as that one is free. */
  at(atUs: number, task: () => void, actor?: Actor): Handle {
    const entry: Entry = { atUs: Math.max(atUs, this.#nowUs), order: this.#order++, actor, task };
    this.#agenda.add(entry);
    return {
      cancel: () => {
        entry.task = undefined;
      },
    };
  }

  /** Runs what is due. True where `until` holds. */
  run({ until, ms }: Until = {}): boolean {
    const endUs = ms === undefined ? Number.POSITIVE_INFINITY : this.#nowUs + ms * 1_000;
    if (until?.()) return true;
    while (this.#agenda.next && this.#agenda.next.atUs <= endUs) {
      this.#step(this.#agenda.take());
      if (until?.()) return true;
    }
    if (endUs !== Number.POSITIVE_INFINITY) this.#nowUs = Math.max(this.#nowUs, endUs);
    return false;
  }

  /** Lets the others come up to the time of one who works and waits for them. */
  catchUp(actor: Actor): void {
    const endUs = actor.clockUs();
    while (this.#agenda.next && this.#agenda.next.atUs <= endUs) this.#step(this.#agenda.take());
  }

  #step(entry: Entry): void {
    const { actor, task } = entry;
    if (!task) return;
    if (!actor) {
      this.#nowUs = Math.max(this.#nowUs, entry.atUs);
      task();
      return;
    }
    const waiting = this.#waiting.get(actor);
    if (waiting) {
      waiting.push(entry);
      return;
    }
    if (actor.clockUs() > entry.atUs) {
      entry.atUs = actor.clockUs();
      this.#agenda.add(entry);
      return;
    }
    this.#nowUs = Math.max(this.#nowUs, entry.atUs);
    this.#perform(actor, entry.atUs, task);
  }

  /** Lets an actor work now, from outside of the agenda. */
  perform(actor: Actor, task: () => void): void {
    if (this.#waiting.has(actor)) task();
    else this.#perform(actor, Math.max(this.#nowUs, actor.clockUs()), task);
  }

  #perform(actor: Actor, atUs: number, task: () => void): void {
    const waiting: Entry[] = [];
    this.#waiting.set(actor, waiting);
    try {
      actor.work(atUs, task);
    } finally {
      this.#waiting.delete(actor);
      for (const entry of waiting) this.#agenda.add(entry);
    }
  }

  /** Sets what lies between two, by their names. Those who are connected learn of it. */
  between(a: string, b: string, change: Partial<Conditions>): void {
    this.#conditions.set([a, b].sort().join(' | '), { ...this.conditions(a, b), ...change });
    for (const listener of this.#listeners) listener();
  }

  conditions(a: string, b: string): Conditions {
    return this.#conditions.get([a, b].sort().join(' | ')) ?? clear;
  }

  /** Told when conditions change. */
  onConditions(listener: () => void): Handle {
    this.#listeners.add(listener);
    return { cancel: () => this.#listeners.delete(listener) };
  }
}
