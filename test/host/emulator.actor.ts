/** Someone in a world whose work takes as long as a test says. */
import type { Link } from '#host/emulator/radio.link.ts';
import type { RadioOwner } from '#host/emulator/radio.ts';

export class Worker implements RadioOwner {
  readonly name: string;
  readonly links: Link[] = [];
  readonly reasons: number[] = [];
  #nowUs = 0;

  constructor(name: string) {
    this.name = name;
  }

  clockUs(): number {
    return this.#nowUs;
  }

  work(atUs: number, task: () => void): void {
    this.#nowUs = Math.max(this.#nowUs, atUs);
    task();
  }

  spend(us: number): void {
    this.#nowUs += us;
  }

  onConnect(link: Link): void {
    this.links.push(link);
  }

  onDisconnect(_link: Link, reason: number): void {
    this.reasons.push(reason);
  }
}
