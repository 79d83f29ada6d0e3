/** RAM of one engine in the firmware's variables: charged as programs allocate, counted by walking from the roots.
 *
 * 1. What is counted is what can be reached; the running charge only decides when to walk.
 *    (test/host/engine.memory.test.ts)
 */
import { type Costs, costsOf } from '../../build/memory.ts';
import type { Engine } from './engine.ts';
import { Walk } from './memory.cost.ts';
import type { Frame } from './scope.ts';
import { Stopped } from './stop.ts';
import { Store, type Value } from './value.ts';

export interface MemoryUse {
  free: number;
  usage: number;
  total: number;
  bytesPerVariable: number;
}

/** Variables that the firmware itself holds after boot, before any program: measured with process.memory(). */
const BASE_VARIABLES = 30;

export class Heap {
  readonly engine: Engine;
  /** Activations in progress, innermost last. */
  readonly frames: Frame[] = [];
  /** Values that only the host's stack holds. */
  readonly held: Value[] = [];
  /** Values that wait in the event queue. */
  readonly queued: Value[][] = [];
  /** Variables behind what only the host holds: timers, queued events. */
  readonly overheads: (() => number)[] = [];
  /** Host-side holders of values: timers, promise reactions, the board's handlers. */
  readonly roots: (() => Iterable<Value>)[] = [];
  /** Variables in use at most, since the last walk. */
  allocated = 0;
  readonly #stores = new Map<number, { store: Store; statement: number }>();
  readonly #joining = new Set<Value>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get total(): number {
    return this.engine.options.variables?.total ?? Number.POSITIVE_INFINITY;
  }

  get variableBytes(): number {
    return this.engine.options.variables?.bytes ?? 13;
  }

  get costs(): Costs {
    return costsOf(this.variableBytes);
  }

  charge(variables: number): void {
    this.allocated += variables;
    if (this.allocated > this.total) this.collect(variables);
  }

  chargeText(characters: number): void {
    this.charge(this.costs.string(characters));
  }

  use(): MemoryUse {
    const usage = this.#walk().variables;
    const total = this.engine.options.variables?.total ?? 4096;
    return { free: total - usage, usage, total, bytesPerVariable: this.variableBytes };
  }

  #walk(): Walk {
    const walk = new Walk(this.variableBytes);
    walk.variables = this.engine.options.variables?.base ?? BASE_VARIABLES;
    walk.visit(this.engine.global);
    for (const frame of this.frames) walk.frame(frame);
    for (const value of this.held) walk.visit(value);
    for (const values of this.queued) for (const value of values) walk.visit(value);
    for (const root of this.roots) for (const value of root()) walk.visit(value);
    walk.run();
    for (const overhead of this.overheads) walk.variables += overhead();
    return walk;
  }

  /** Frees what cannot be reached; stops the program when `wanted` more variables do not fit. */
  collect(wanted: number): void {
    const walk = this.#walk();
    this.allocated = walk.variables + wanted;
    for (const [address, { store, statement }] of this.#stores) {
      // What this statement made may still be on its way to where it is kept.
      if (walk.seen.has(store) || statement >= this.engine.statements - 1) continue;
      this.#stores.delete(address);
      this.engine.options.flat?.release(address);
    }
    if (walk.variables + wanted > this.total) throw new Stopped('memory', 'Out of memory');
  }

  /** Bytes for an array buffer: flat when long enough and a run is free, else spread over variables. */
  allocate(bytes: number): Store {
    const flat = bytes >= this.costs.flatBytes ? this.#allocateFlat(bytes) : undefined;
    if (flat) return flat;
    this.charge(this.costs.string(bytes));
    return new Store(new Uint8Array(bytes), 0, 'vars');
  }

  #allocateFlat(bytes: number): Store | undefined {
    const { flat } = this.engine.options;
    this.charge(this.costs.flat(bytes));
    if (!flat) return new Store(new Uint8Array(bytes), 0, 'flat');
    let run = flat.allocate(bytes);
    if (!run) {
      this.collect(0);
      run = flat.allocate(bytes);
    }
    if (!run) return undefined;
    run.memory.fill(0);
    const store = new Store(run.memory, run.address, 'flat');
    this.#stores.set(run.address, { store, statement: this.engine.statements });
    return store;
  }

  /** Whether a value is being joined already: a cycle prints as nothing. */
  isNested(value: Value): boolean {
    return this.#joining.has(value);
  }
}
