/** Promises: every reaction is one event of the queue, run when the program is idle. */
import { addClass, addInstance, addStatic } from './builtin.ts';
import { toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Thrown } from './stop.ts';
import { ArrayValue, Callable, type NativeValue, ObjectValue, UNDECLARED, type Value } from './value.ts';

const PENDING = 0;
const REJECTED = 1;
const FULFILLED = 2;

interface Reaction {
  callee: Value;
  next: Box;
}

/** Settles its promise at most once. */
interface Box {
  promise: ObjectValue;
  isResolved: boolean;
}

interface State {
  value: Value;
  accepts: Reaction[];
  refuses: Reaction[];
}

class Promises {
  readonly #engine: Engine;
  readonly #waiting: Value[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.heap.roots.push(() => this.#waiting);
    engine.heap.overheads.push(() => 11 * engine.microtasks.length);
  }

  create(): Box {
    const promise = new ObjectValue('Promise');
    promise.proto = this.#engine.instancePrototype('Promise');
    promise.inner = { value: undefined, accepts: [], refuses: [] } satisfies State;
    promise.slots.set('state', PENDING);
    this.#engine.charge(4);
    return { promise, isResolved: false };
  }

  isPromise(value: Value): value is ObjectValue {
    return value instanceof ObjectValue && value.kind === 'Promise';
  }

  #queue(task: () => void, ...holds: Value[]): void {
    this.#waiting.push(...holds);
    this.#engine.microtasks.push(() => {
      this.#waiting.splice(0, holds.length);
      task();
    });
  }

  /** From a program: settles when the queue comes to it. */
  settleLater(box: Box, value: Value, isThen: boolean): void {
    this.#queue(() => this.#settle(box, value, isThen), box.promise, value);
  }

  #settle(box: Box, value: Value, isThen: boolean): void {
    if (box.isResolved) return;
    box.isResolved = true;
    const { promise } = box;
    if (value === promise) this.#engine.raise('Error', 'Illegal resolving to self');
    (promise.inner as State).value = value;
    const then = isThen && value instanceof ObjectValue ? value.slots.get('then') : undefined;
    if (
      !isThen ||
      !(value instanceof ObjectValue) ||
      (!(then instanceof Callable) && !this.isPromise(value))
    ) {
      this.#seal(promise, value, isThen);
      return;
    }
    const inner: Box = { promise, isResolved: false };
    const accept = this.#settler(inner, true);
    const refuse = this.#settler(inner, false);
    if (!(then instanceof Callable)) return void this.react(value, accept, refuse);
    this.#attempt(
      () => this.#engine.call(then, value, [accept, refuse]),
      fault => this.#settle(inner, fault, false),
    );
  }

  #settler(box: Box, isThen: boolean): NativeValue {
    return this.#engine.native('settle', (_self, [value]) => void this.#settle(box, value, isThen));
  }

  #attempt(action: () => Value, onFault: (value: Value) => void): void {
    const mark = this.#engine.mark();
    try {
      action();
    } catch (fault) {
      if (!(fault instanceof Thrown)) throw fault;
      this.#engine.rewind(mark);
      onFault(fault.value);
    }
  }

  #seal(promise: ObjectValue, value: Value, isThen: boolean): void {
    promise.slots.set('state', isThen ? FULFILLED : REJECTED);
    const state = promise.inner as State;
    const reactions = isThen ? state.accepts : state.refuses;
    if (reactions.length === 0 && !isThen) {
      this.#engine.raise('Error', `Unhandled promise rejection: ${toText(this.#engine, value)}`);
    }
    for (const reaction of reactions) this.#react(promise, reaction, { value, isThen });
  }

  #react(
    promise: ObjectValue,
    { callee, next }: Reaction,
    { value, isThen }: { value: Value; isThen: boolean },
  ): void {
    const run = (): void => {
      if (!(callee instanceof Callable)) {
        this.#settle(next, value, isThen);
        return;
      }
      let result: Value = UNDECLARED;
      this.#attempt(
        () => {
          result = this.#engine.call(callee, promise, [value]);
        },
        fault => this.#settle(next, fault, false),
      );
      if (result !== UNDECLARED) this.#settle(next, result, true);
    };
    this.#queue(run, promise, callee, next.promise, value);
  }

  react(promise: ObjectValue, onFulfilled: Value, onRejected: Value): ObjectValue {
    const next = this.create();
    const state = promise.inner as State;
    const settled = promise.slots.get('state');
    const accept: Reaction = { callee: onFulfilled instanceof Callable ? onFulfilled : undefined, next };
    const refuse: Reaction = { callee: onRejected instanceof Callable ? onRejected : undefined, next };
    if (settled === PENDING) {
      state.accepts.push(accept);
      state.refuses.push(refuse);
    } else {
      /* A reaction added late and without a function rejects: the firmware passes no flag here. */
      this.#react(promise, settled === FULFILLED ? accept : refuse, { value: state.value, isThen: false });
    }
    return next.promise;
  }

  resolve(value: Value): Value {
    if (this.isPromise(value)) return value;
    const then = value instanceof ObjectValue ? value.slots.get('then') : undefined;
    if (then instanceof Callable) return this.make(then);
    const box = this.create();
    this.settleLater(box, value, true);
    return box.promise;
  }

  make(executor: Value): ObjectValue {
    const box = this.create();
    const settler = (isThen: boolean): NativeValue =>
      this.#engine.native('settle', (_self, [value]) => this.settleLater(box, value, isThen));
    this.#attempt(
      () => this.#engine.call(executor, box.promise, [settler(true), settler(false)]),
      fault => this.settleLater(box, fault, false),
    );
    return box.promise;
  }

  all(values: Value[]): Value {
    const box = this.create();
    const results = this.#engine.newArray([]);
    let remaining = values.filter(value => this.isPromise(value)).length;
    if (remaining === 0) return this.resolve(this.#engine.newArray(values));
    let isRejected = false;
    this.#engine.hold(results);
    (box.promise.inner as State).value = results;
    const refuse = this.#engine.native('refuse', (_self, [value]) => {
      if (!isRejected) this.settleLater(box, value, false);
      isRejected = true;
      return undefined;
    });
    values.forEach((value, i) => {
      results.elements[i] = value;
      if (!this.isPromise(value)) return;
      const accept = this.#engine.native('accept', (_self, [result]) => {
        results.elements[i] = result;
        if (--remaining === 0 && !isRejected) this.settleLater(box, results, true);
        return undefined;
      });
      this.react(value, accept, refuse);
    });
    return box.promise;
  }
}

export function installPromises(engine: Engine): void {
  const promises = new Promises(engine);
  const make = ([executor]: Value[]): Value =>
    executor === undefined
      ? engine.raise('Error', 'Function required in promise constructor')
      : promises.make(executor);
  addClass(engine, 'Promise', (_self, args) => make(args));
  addStatic(engine, 'Promise', {
    resolve: (_self, [value]) => promises.resolve(value),
    reject: (_self, [value]) => {
      const box = promises.create();
      promises.settleLater(box, value, false);
      return box.promise;
    },
    all: (_self, [values]) => {
      if (!(values instanceof ArrayValue)) {
        return engine.raise('TypeError', `Expecting something iterable, got ${engine.className(values)}`);
      }
      return promises.all(values.elements);
    },
  });
  addInstance(engine, 'Promise', {
    // biome-ignore lint/suspicious/noThenProperty: the name is the firmware's
    then: (self, [onFulfilled, onRejected]) => promises.react(self as ObjectValue, onFulfilled, onRejected),
    catch: (self, [onRejected]) => promises.react(self as ObjectValue, undefined, onRejected),
  });
}
