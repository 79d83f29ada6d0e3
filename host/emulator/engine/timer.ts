/** setTimeout and setInterval on the clock that the board gives. */
import type { Engine } from './engine.ts';
import { Callable, type Value } from './value.ts';

interface Timer {
  id: number;
  dueMs: number;
  /** undefined: runs once. */
  intervalMs: number | undefined;
  callee: Value;
  args: Value[];
}

export class Timers {
  readonly #engine: Engine;
  readonly #pending: Timer[] = [];
  #nextId = 1;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.heap.overheads.push(() =>
      this.#pending.reduce((sum, timer) => sum + (timer.intervalMs === undefined ? 4 : 5), 0),
    );
    engine.heap.roots.push(() => this.#pending.flatMap(timer => [timer.callee, ...timer.args]));
  }

  #nowMs(): number {
    return this.#engine.options.nowMs?.() ?? 0;
  }

  start(callee: Value, delayMs: number, args: Value[], repeats: boolean): number {
    if (!(callee instanceof Callable) && typeof callee !== 'string') {
      this.#engine.raise('Error', 'Function or String not supplied!');
    }
    const delay = Number.isFinite(delayMs) && delayMs > 1 ? delayMs : 1;
    const id = this.#nextId++;
    const dueMs = this.#nowMs() + delay;
    this.#insert({ id, dueMs, intervalMs: repeats ? delay : undefined, callee, args });
    return id;
  }

  #insert(timer: Timer): void {
    let at = this.#pending.length;
    while (at > 0 && this.#pending[at - 1]!.dueMs > timer.dueMs) at--;
    this.#pending.splice(at, 0, timer);
  }

  /** undefined clears all. */
  clear(id: number | undefined): void {
    if (id === undefined) this.#pending.length = 0;
    const at = this.#pending.findIndex(timer => timer.id === id);
    if (at >= 0) this.#pending.splice(at, 1);
  }

  change(id: number, delayMs: number): boolean {
    const at = this.#pending.findIndex(timer => timer.id === id);
    if (at < 0) return false;
    const [timer] = this.#pending.splice(at, 1);
    const delay = Math.max(delayMs, 1);
    const intervalMs = timer!.intervalMs === undefined ? undefined : delay;
    this.#insert({ ...timer!, dueMs: this.#nowMs() + delay, intervalMs });
    return true;
  }

  has(id: number): boolean {
    return this.#pending.some(timer => timer.id === id);
  }

  nextDueMs(): number | undefined {
    return this.#pending[0]?.dueMs;
  }

  /** Runs the first timer that is due; false when none is. */
  runDue(): boolean {
    const timer = this.#pending[0];
    if (!timer || timer.dueMs > this.#nowMs()) return false;
    this.#pending.shift();
    if (timer.intervalMs !== undefined) this.#insert({ ...timer, dueMs: timer.dueMs + timer.intervalMs });
    if (typeof timer.callee === 'string') this.#engine.run(timer.callee);
    else this.#engine.invoke(timer.callee, timer.args);
    return true;
  }
}
