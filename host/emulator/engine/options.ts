/** What an engine is given from outside, and what running something gives back. */
import { toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Stopped, type StopReason, Thrown } from './stop.ts';
import type { Value } from './value.ts';

/** Contiguous memory of the board, for flat arrays and strings. */
export interface FlatMemory {
  /** undefined when no contiguous run is free. */
  allocate(bytes: number): { memory: Uint8Array; address: number } | undefined;
  release(address: number): void;
}

export interface EngineOptions {
  /** The firmware was built with Unicode strings (xiaoble). */
  unicode?: boolean;
  /** The board's variables (`base`: those the firmware holds before any program); without it memory never runs out. */
  variables?: { total: number; bytes: number; base?: number };
  /** C stack that JavaScript may use before "Too much recursion". */
  stackBytes?: number;
  flat?: FlatMemory;
  /** Text for the console, without added line ends. */
  print?: (text: string) => void;
  /** Milliseconds; fractional as on the board. */
  nowMs?: () => number;
  /** 32 random bits for Math.random. */
  random?: () => number;
  /** A built-in module, or undefined. */
  module?: (name: string, engine: Engine) => Value;
  /** Source of a module kept in Storage, or undefined. */
  moduleSource?: (name: string) => { source: string; inFlash: boolean } | undefined;
  /** Called every `statementsPerTick` statements; may throw a host exception (a power cut), which nothing catches. */
  tick?: (statements: number) => void;
  statementsPerTick?: number;
  /** What reached the event loop uncaught; without it the engine prints it. */
  uncaught?: (outcome: Outcome) => void;
}

export type Outcome =
  | { kind: 'value'; value: Value }
  | { kind: 'thrown'; value: Value; text: string }
  | { kind: 'stopped'; reason: StopReason; message: string };

export function outcomeOf(engine: Engine, action: () => Value): Outcome {
  try {
    return { kind: 'value', value: action() };
  } catch (fault) {
    const outcome = faultOf(engine, fault);
    if (engine.options.uncaught) engine.options.uncaught(outcome);
    else engine.options.print?.(reportOf(outcome));
    return outcome;
  }
}

function faultOf(engine: Engine, fault: unknown): Exclude<Outcome, { kind: 'value' }> {
  if (fault instanceof Thrown)
    return { kind: 'thrown', value: fault.value, text: describe(engine, fault.value) };
  if (fault instanceof Stopped) return { kind: 'stopped', reason: fault.reason, message: fault.message };
  if (fault instanceof RangeError && /call stack/i.test(fault.message)) {
    return {
      kind: 'stopped',
      reason: 'stack',
      message: 'Too much recursion - the stack is about to overflow',
    };
  }
  throw fault;
}

/** What the event loop says of it. */
function reportOf(outcome: Exclude<Outcome, { kind: 'value' }>): string {
  if (outcome.kind === 'thrown') return `Uncaught ${outcome.text}\n`;
  const interrupted = 'Execution Interrupted during event processing.\n';
  return outcome.reason === 'interrupt' ? interrupted : `${interrupted}Uncaught Error: ${outcome.message}\n`;
}

function describe(engine: Engine, value: Value): string {
  try {
    return toText(engine, value);
  } catch (fault) {
    if (fault instanceof Thrown || fault instanceof Stopped) return '';
    throw fault;
  }
}
