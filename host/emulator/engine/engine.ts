/** An interpreter of the firmware's dialect of JavaScript: one engine is one board's interpreter.
 *
 * Like the firmware it reads source as it runs it: a statement with a fault throws when it is reached, a function's text is
 * parsed at its first call. Where it differs: a faulty statement throws before any part of it has run; text that is
 * skipped without braces is not checked; stack traces have no places; integers and doubles of the same value are one
 * (a double such as 3.0 costs one variable less); "jit", "ram" and pretokenised source are not known; shifts by 32 and
 * more count modulo 32 (Cortex-M gives 0); time zones stay at UTC.
 *
 * 1. Programs reach nothing of the host: every value is one of value.ts.
 *    (test/host/engine.isolation.test.ts)
 * 2. Stack overflow, out of memory and interrupts skip catch and finally. (test/host/engine.stop.test.ts)
 * 3. The same program with the same hooks does the same, statement for statement.
 *    (test/host/engine.isolation.test.ts)
 */
import { runListeners } from './builtin.event.ts';
import { installBuiltins } from './builtin.ts';
import { compileFunction } from './compile.function.ts';
import { compileProgram } from './compile.program.ts';
import { type Place, STACK_BYTES } from './compile.ts';
import { className, isText, textOf } from './convert.ts';
import { Maker } from './maker.ts';
import { Heap, type MemoryUse } from './memory.ts';
import { type EngineOptions, type Outcome, outcomeOf } from './options.ts';
import type { Frame } from './scope.ts';
import { Scope } from './scope.ts';
import { Stopped, Thrown } from './stop.ts';
import { Timers } from './timer.ts';
import { type Callable, FunctionValue, NativeValue, UNDECLARED, type Value } from './value.ts';

export class Engine extends Maker {
  readonly options: EngineOptions;
  readonly isUnicode: boolean;
  readonly heap: Heap;
  readonly timers: Timers;
  /** Statements executed since the engine was made. */
  statements = 0;
  #statementsDue: number;
  #interrupt = false;
  /** Bytes of C stack that the deepest call so far has used. */
  stackHighBytes = 0;
  readonly stackBytesMax: number;
  #stackBytes = 0;
  evalUsed = false;
  isSourceInFlash = false;
  currentClass: Callable | undefined;
  /** Promise reactions, in order. */
  readonly microtasks: (() => void)[] = [];

  constructor(options: EngineOptions = {}) {
    super();
    this.options = options;
    this.isUnicode = options.unicode ?? false;
    this.stackBytesMax = options.stackBytes ?? 1_000_000;
    this.heap = new Heap(this);
    this.timers = new Timers(this);
    this.#statementsDue = options.statementsPerTick ?? Number.MAX_SAFE_INTEGER;
    installBuiltins(this);
  }

  /** Runs source at the top level. What a program throws is reported on the console and returned, never thrown. */
  run(source: string, where: { inFlash?: boolean } = {}): Outcome {
    return this.guard(() => this.#program(source, where.inFlash ?? false));
  }

  /** Calls a function of the program from outside: a callback, a handler. */
  invoke(callee: Value, args: Value[] = [], self: Value = undefined): Outcome {
    return this.guard(() => this.callAny(callee, self, args, 0));
  }

  /** Promise reactions and timers that are due; returns when the next timer is due (ms of the clock), if any. */
  idle(): number | undefined {
    for (;;) {
      const task = this.microtasks.shift();
      if (task) this.guard(task);
      else if (!this.timers.runDue()) return this.timers.nextDueMs();
    }
  }

  /** Ctrl-C: the program stops at its next statement. */
  interrupt(): void {
    this.#interrupt = true;
    this.#statementsDue = 0;
  }

  /** Variables in use, by the firmware's own layout. */
  memory(): MemoryUse {
    return this.heap.use();
  }

  /** Runs something that may run program code: reports what was thrown, unwinds what was stopped. */
  guard(action: () => Value): Outcome {
    const mark = this.mark();
    const outcome = outcomeOf(this, action);
    this.rewind(mark);
    return outcome;
  }

  #program(source: string, inFlash: boolean): Value {
    const wasInFlash = this.isSourceInFlash;
    this.isSourceInFlash = inFlash;
    const frame = this.#topFrame();
    this.heap.frames.push(frame);
    try {
      compileProgram(this.#topPlace(), source)(frame);
    } finally {
      this.isSourceInFlash = wasInFlash;
    }
    return frame.result;
  }

  #topFrame(): Frame {
    const stackBytes = this.#stackBytes;
    return { scope: null, base: null, self: this.global, args: [], result: undefined, stackBytes };
  }

  #topPlace(): Place {
    return {
      ...{ engine: this, shape: null, base: null, inBlock: false, inLoop: false, inSwitch: false },
      ...{ isProgram: true, inFunction: false, stackBytes: 0 },
    };
  }

  /** Source in a scope of its own, as a module runs: returns that scope. */
  runModule(source: string, scope: Scope, self: Value, inFlash: boolean): void {
    const wasInFlash = this.isSourceInFlash;
    this.isSourceInFlash = inFlash;
    const frame: Frame = { ...this.#topFrame(), scope, base: scope, self };
    this.heap.frames.push(frame);
    const place: Place = { ...this.#topPlace(), shape: scope.shape, base: scope.shape };
    try {
      compileProgram(place, source)(frame);
    } finally {
      this.isSourceInFlash = wasInFlash;
      this.heap.frames.pop();
    }
  }

  /** eval called by its name: sees and extends the scopes of the caller. */
  evaluateIn(place: Place, frame: Frame, source: Value): Value {
    if (!isText(source)) return source;
    this.evalUsed = true;
    const inner: Frame = { ...frame, result: undefined };
    compileProgram({ ...place, inFunction: false }, textOf(source))(inner);
    return inner.result;
  }

  countStatement(): void {
    if (++this.statements >= this.#statementsDue) this.#tick();
  }

  #tick(): void {
    if (this.#interrupt) {
      this.#interrupt = false;
      this.#statementsDue = this.statements + (this.options.statementsPerTick ?? Number.MAX_SAFE_INTEGER);
      throw new Stopped('interrupt', 'Execution Interrupted');
    }
    this.#statementsDue = this.statements + (this.options.statementsPerTick ?? Number.MAX_SAFE_INTEGER);
    this.options.tick?.(this.statements);
  }

  /** Native work on behalf of a program, as so many statements. */
  chargeStatements(count: number): void {
    this.statements += count;
    if (this.statements >= this.#statementsDue) this.#tick();
  }

  mark(): { frames: number; held: number; stackBytes: number } {
    return { frames: this.heap.frames.length, held: this.heap.held.length, stackBytes: this.#stackBytes };
  }

  rewind(mark: { frames: number; held: number; stackBytes: number }): void {
    this.heap.frames.length = mark.frames;
    this.heap.held.length = mark.held;
    this.#stackBytes = mark.stackBytes;
  }

  hold(value: Value): number {
    this.heap.held.push(value);
    return this.heap.held.length - 1;
  }

  release(held: number): void {
    this.heap.held.length = held;
  }

  charge(variables: number): void {
    this.heap.charge(variables);
  }

  raise(type: string, message: string): never {
    throw new Thrown(this.newError(type, message));
  }

  enter(stackBytes: number): void {
    this.#stackBytes = stackBytes;
    if (stackBytes > this.stackHighBytes) this.stackHighBytes = stackBytes;
    if (stackBytes > this.stackBytesMax) {
      throw new Stopped('stack', 'Too much recursion - the stack is about to overflow');
    }
  }

  callFunction(callee: FunctionValue, self: Value, args: Value[], stackBytes: number): Value {
    const before = this.#stackBytes;
    const inside = stackBytes + STACK_BYTES.call;
    this.enter(inside);
    const { code } = callee;
    const compiled = code.compiled ?? compileFunction(this, code);
    const scope = new Scope(compiled.shape, callee.scope);
    const given = callee.boundArguments ? [...callee.boundArguments, ...args] : args;
    const { parameterIndexes } = compiled;
    for (let i = 0; i < parameterIndexes.length; i++) scope.values[parameterIndexes[i]!] = given[i];
    if (compiled.nameIndex >= 0) scope.values[compiled.nameIndex] = callee;
    while (given.length < parameterIndexes.length) given.push(undefined);
    const bound = callee.bound;
    const self_ = bound === UNDECLARED || bound === undefined ? (self ?? this.global) : bound;
    const frame: Frame = {
      scope,
      base: scope,
      self: self_,
      args: given,
      result: undefined,
      stackBytes: inside,
    };
    const { heap } = this;
    const cost = 2 + given.length;
    heap.frames.push(frame);
    heap.charge(cost);
    compiled.body(frame);
    heap.frames.pop();
    heap.allocated -= cost;
    this.#stackBytes = before;
    return frame.result;
  }

  callNative(callee: NativeValue, self: Value, args: Value[], stackBytes: number): Value {
    const before = this.#stackBytes;
    this.enter(stackBytes + STACK_BYTES.native);
    const given = callee.boundArguments ? [...callee.boundArguments, ...args] : args;
    const held = this.hold(given);
    this.hold(self);
    const result = callee.body(callee.bound === UNDECLARED ? self : callee.bound, given);
    this.release(held);
    this.#stackBytes = before;
    return result;
  }

  /** Calls from built-ins: a callback of forEach, a getter, toString. */
  call(callee: Value, self: Value, args: Value[]): Value {
    return this.callAny(callee, self, args, this.#stackBytes);
  }

  callAny(callee: Value, self: Value, args: Value[], stackBytes: number): Value {
    if (callee instanceof FunctionValue) return this.callFunction(callee, self, args, stackBytes);
    if (callee instanceof NativeValue) return this.callNative(callee, self, args, stackBytes);
    if (callee === undefined) return this.raise('Error', 'Function not found!');
    return this.raise('Error', `Expecting function, got ${className(callee)}`);
  }

  construct(maker: Callable, args: Value[], stackBytes: number): Value {
    const prototype = this.ensurePrototype(maker);
    if (maker instanceof NativeValue && maker.construct) {
      const held = this.hold(args);
      const made = maker.construct(args);
      this.release(held);
      return made;
    }
    const self = this.newObject();
    self.proto = prototype;
    this.charge(1);
    const held = this.hold(self);
    const result = this.callAny(maker, self, args, stackBytes);
    this.release(held);
    return result === undefined ? self : result;
  }

  /** Source run at the top level from inside a program: eval under another name. */
  runNested(source: string): Value {
    return this.#program(source, false);
  }

  /** Listeners run as an event of their own. */
  queueEvent(self: Value, listeners: Value, args: Value[]): void {
    const held = [self, listeners, ...args];
    this.heap.queued.push(held);
    this.microtasks.push(() => {
      this.heap.queued.shift();
      runListeners(this, self, listeners, args);
    });
  }
}

export function createEngine(options: EngineOptions = {}): Engine {
  return new Engine(options);
}
