/** Pins of a board: lights with the patterns that they have shown, and buttons that a test presses.
 *
 * 1. Every change of a light is kept with its time. (test/host/emulator.board.test.ts)
 */
import type { Board } from '#boards/board.ts';

export interface Blink {
  readonly atUs: number;
  readonly pin: string;
  readonly isOn: boolean;
}

export type Edge = 'rising' | 'falling' | 'both';

export interface Watch {
  readonly pin: string;
  readonly edge: Edge;
  readonly onChange: (isHigh: boolean, atUs: number) => void;
}

export class Pins {
  /** Light and button names of the board, and the pins behind them. */
  readonly names: ReadonlyMap<string, string>;
  readonly buttons: readonly string[];
  readonly lights: readonly string[];
  /** What the lights have shown. */
  readonly blinks: Blink[] = [];
  readonly #levels = new Map<string, boolean>();
  /** Fingers stay where they are through a reset. */
  readonly #pressed = new Set<string>();
  readonly #watches = new Set<Watch>();
  readonly #clockUs: () => number;

  constructor({ leds, buttons }: Board, clockUs: () => number) {
    this.names = new Map([...leds, ...buttons].map(({ name, pin }) => [name, pin]));
    this.buttons = buttons.map(({ pin }) => pin);
    this.lights = leds.map(({ pin }) => pin);
    this.#clockUs = clockUs;
  }

  pinOf(name: string): string {
    const pin = this.names.get(name);
    if (pin === undefined) throw new Error(`no ${name} on this board: ${[...this.names.keys()].join(', ')}`);
    return pin;
  }

  read(pin: string): boolean {
    return this.#pressed.has(pin) || (this.#levels.get(pin) ?? false);
  }

  write(pin: string, isHigh: boolean): void {
    const before = this.#levels.get(pin) ?? false;
    this.#levels.set(pin, isHigh);
    if (this.lights.includes(pin) && before !== isHigh)
      this.blinks.push({ atUs: this.#clockUs(), pin, isOn: isHigh });
  }

  press(name: string, isDown: boolean, atUs: number): void {
    const pin = this.pinOf(name);
    if (this.#pressed.has(pin) === isDown) return;
    if (isDown) this.#pressed.add(pin);
    else this.#pressed.delete(pin);
    for (const watch of [...this.#watches]) {
      if (watch.pin !== pin) continue;
      if (watch.edge === 'both' || (watch.edge === 'rising') === isDown) watch.onChange(isDown, atUs);
    }
  }

  watch(watch: Watch): () => void {
    this.#watches.add(watch);
    return () => this.#watches.delete(watch);
  }

  /** The program that watched is gone. */
  unwatch(): void {
    this.#watches.clear();
  }

  reset(): void {
    for (const pin of this.lights) this.write(pin, false);
    this.#levels.clear();
  }
}
