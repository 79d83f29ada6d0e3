/** What the firmware's own functions cost beside the statement that calls them, in instructions of the interpreter.
 *
 * Measured on the interpreter's code on an emulated Cortex-M4, as marginal costs over an empty loop; the 3,500 of the
 * statement are taken off. A function that is not here costs its statement alone.
 *
 * 1. A call costs what was measured, within a tenth. (test/host/emulator.cost.test.ts)
 */
import { instructionsOf, type Meter } from './cost.ts';
import type { Engine } from './engine/engine.ts';
import {
  ArrayValue,
  type NativeBody,
  NativeValue,
  TextValue,
  type Value,
  ViewValue,
} from './engine/value.ts';

interface Cost {
  readonly fixed: number;
  readonly perElement?: number;
  /** Elements: of an argument by its number, or of the object itself. */
  readonly of?: number | 'self';
}

const statics: Readonly<Record<string, Cost>> = {
  'E.getAddressOf': { fixed: 14_600 },
  'E.nativeCall': { fixed: 19_300 },
  'E.hwRand': { fixed: 11_500 },
  // 19,000 for 32 bytes, 251,500 for 1,400.
  'E.CRC32': { fixed: 13_600, perElement: 170, of: 0 },
  'Flash.write': { fixed: 21_750 },
  'Flash.read': { fixed: 35_800 },
  'Storage.read': { fixed: 15_000 },
  'Math.floor': { fixed: 10_840 },
  'String.fromCharCode': { fixed: 11_950 },
  // 52 characters: 33,600 and 58,000.
  'JSON.parse': { fixed: 5_000, perElement: 550, of: 0 },
};

const instances: Readonly<Record<string, Cost>> = {
  // 34,000 for 32 bytes, 321,000 for 1,400.
  'ArrayBufferView.set': { fixed: 27_300, perElement: 210, of: 0 },
  'ArrayBufferView.fill': { fixed: 10_000, perElement: 562, of: 'self' },
  'ArrayBufferView.subarray': { fixed: 15_800 },
  'String.charCodeAt': { fixed: 10_190 },
  'String.substr': { fixed: 12_360 },
};

const globals: Readonly<Record<string, Cost>> = {
  peek32: { fixed: 11_300, perElement: 3_900, of: 1 },
  setTimeout: { fixed: 15_500 },
};

/** 75,200 for 32 bytes where the list of free JsVars is long; 1,565,000 to copy 1,400. */
const constructed: Readonly<Record<string, Cost>> = {
  Uint8Array: { fixed: 31_700, perElement: 1_090, of: 0 },
};

function countOf(value: Value): number {
  if (value instanceof ViewValue) return value.length;
  if (value instanceof ArrayValue) return value.elements.length;
  if (typeof value === 'string') return value.length;
  if (value instanceof TextValue) return value.store?.bytes.length ?? 0;
  return 0;
}

const elementsOf = ({ of }: Cost, self: Value, args: Value[]): number =>
  of === undefined ? 0 : countOf(of === 'self' ? self : args[of]);

function charged(body: NativeBody, cost: Cost, meter: Meter): NativeBody {
  const own = cost.fixed - instructionsOf.statement;
  return (self, args) => {
    meter.instructions(own + (cost.perElement ?? 0) * elementsOf(cost, self, args));
    return body(self, args);
  };
}

/** Lets an engine's functions cost what they cost. */
export function chargeNatives(engine: Engine, meter: Meter): void {
  const charge = (value: unknown, cost: Cost) => {
    if (value instanceof NativeValue) value.body = charged(value.body, cost, meter);
  };
  for (const [tables, costs] of [
    [engine.staticTables, statics],
    [engine.instanceTables, instances],
  ] as const)
    for (const [path, cost] of Object.entries(costs)) {
      const [kind, name] = path.split('.') as [string, string];
      charge(tables.get(kind)?.get(name), cost);
    }
  for (const [name, cost] of Object.entries(globals)) charge(engine.builtins.get(name), cost);
  for (const [name, cost] of Object.entries(constructed)) {
    const value = engine.builtins.get(name);
    const construct = value instanceof NativeValue ? value.construct : undefined;
    if (!construct) continue;
    const own = charged((_self, args) => construct(args), cost, meter);
    (value as NativeValue).construct = args => own(undefined, args);
  }
}
