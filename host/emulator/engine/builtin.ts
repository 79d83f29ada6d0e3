/** The built-in classes and functions of the language, table by table. */
import { installArrays } from './builtin.array.ts';
import { installConsole } from './builtin.console.ts';
import { installDates } from './builtin.date.ts';
import { installEvents } from './builtin.event.ts';
import { installJson } from './builtin.json.ts';
import { installNumbers } from './builtin.number.ts';
import { installObjects } from './builtin.object.ts';
import { installProcess } from './builtin.process.ts';
import { installPromises } from './builtin.promise.ts';
import { installRegex } from './builtin.regex.ts';
import { installStrings } from './builtin.string.ts';
import { installViews } from './builtin.view.ts';
import type { Engine } from './engine.ts';
import { Computed, type Table } from './realm.ts';
import { type NativeBody, NativeValue, type Value } from './value.ts';

export function installBuiltins(engine: Engine): void {
  installObjects(engine);
  installConsole(engine);
  installNumbers(engine);
  installStrings(engine);
  installArrays(engine);
  installViews(engine);
  installRegex(engine);
  installDates(engine);
  installPromises(engine);
  installEvents(engine);
  installJson(engine);
  installProcess(engine);
}

export type Members = Record<string, NativeBody | Computed | { value: Value }>;

function tableOf(members: Members): Table {
  const table: Table = new Map();
  for (const [name, member] of Object.entries(members)) {
    if (typeof member === 'function') table.set(name, new NativeValue(name, member));
    else if (member instanceof Computed) table.set(name, member);
    else table.set(name, new Computed(() => member.value));
  }
  return table;
}

function extend(tables: Map<string, Table>, name: string, members: Members): void {
  const table = tables.get(name) ?? new Map();
  for (const [key, value] of tableOf(members)) table.set(key, value);
  tables.set(name, table);
}

export function addInstance(engine: Engine, name: string, members: Members): void {
  extend(engine.instanceTables, name, members);
}

export function addStatic(engine: Engine, name: string, members: Members): void {
  extend(engine.staticTables, name, members);
}

export function addGlobals(engine: Engine, members: Members): void {
  for (const [name, value] of tableOf(members)) engine.builtins.set(name, value);
}

/** A library such as Math: the firmware makes it a function, which does nothing when called. */
export function addLibrary(engine: Engine, name: string, members: Members): void {
  engine.builtins.set(name, new NativeValue(name, () => undefined));
  addStatic(engine, name, members);
}

export function addClass(
  engine: Engine,
  name: string,
  call: NativeBody,
  construct?: (args: Value[]) => Value,
): NativeValue {
  const value = new NativeValue(name, call);
  value.construct = construct ?? (args => call(undefined, args));
  engine.builtins.set(name, value);
  if (!engine.staticTables.has(name)) engine.staticTables.set(name, new Map());
  return value;
}

export { Computed };
