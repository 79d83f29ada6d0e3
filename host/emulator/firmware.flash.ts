/** `require("Flash")` and `require("Storage")`, as the firmware has them: silent where it is silent. */

import { parseJson } from './engine/builtin.json.ts';
import { addStatic } from './engine/builtin.ts';
import { getMember } from './engine/property.ts';
import { NativeValue, ObjectValue, type Value } from './engine/value.ts';
import { installLogs } from './firmware.log.ts';
import type { Firmware } from './firmware.ts';
import { StorageRefusal, writeUnaligned } from './storage.ts';
import * as v from './values.ts';

/** A source that is not aligned goes out in pieces of this size, each an operation of its own. */
const unalignedPieceBytes = 32;

/** A library: the firmware makes it a function, which does nothing when called. */
export function module(firmware: Firmware, name: string): void {
  firmware.engine.builtins.set(`module ${name}`, new NativeValue(name, () => undefined));
}

/** What Storage refuses is an exception of the program. */
export function refusing<Result>(firmware: Firmware, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof StorageRefusal) return firmware.engine.raise('Error', error.message);
    throw error;
  }
}

function writeFlash(firmware: Firmware, data: Value, address: number): void {
  const { bytes, address: source } = firmware.chars(data);
  const piece = source % 4 ? unalignedPieceBytes : bytes.length;
  for (let at = 0; at < bytes.length; at += piece)
    writeUnaligned(firmware.machine, address + at, bytes.subarray(at, at + piece), 4);
}

export function installFlash(firmware: Firmware): void {
  installStorage(firmware);
  installLogs(firmware);
  const { engine, machine } = firmware;
  const area = (address: number, length: number) => v.object(engine, { addr: address, length });
  module(firmware, 'Flash');
  addStatic(engine, 'Flash', {
    write: (_self, [data, address]) => {
      if (data === undefined) return engine.raise('Error', 'Data is not defined');
      writeFlash(firmware, data, v.integer(engine, address));
      return undefined;
    },
    read: (_self, [length, address]) => {
      const count = v.integer(engine, length);
      if (count <= 0) return undefined;
      return v.uint8Array(engine, machine.read(v.integer(engine, address), count));
    },
    erasePage: (_self, [address]) => {
      if (typeof address !== 'number' || !Number.isInteger(address))
        return engine.raise('Error', `Address should be an integer, got ${engine.className(address)}`);
      machine.erase(address);
      return undefined;
    },
    getPage: (_self, [address]) => {
      const page = machine.pageOf(v.integer(engine, address));
      return page && area(page.address, page.length);
    },
    getFree: () =>
      v.array(
        engine,
        freeAreas(firmware).map(([address, length]) => area(address, length)),
      ),
  });
}

/** ESP32 names two areas beside the one that is free: one overlaps Storage, as on the board. */
function freeAreas({ machine }: Firmware): (readonly [number, number])[] {
  const { free, pageBytes } = machine.board.flash;
  if (!free) return [];
  const own = [free.address, free.pages * pageBytes] as const;
  return machine.isNordic || machine.board.chip === undefined
    ? [own]
    : [[0xe000, 0x2000], own, [0x360000, 0xa0000]];
}

function statistics({ engine, storage }: Firmware): Value {
  const { freeBytes, totalBytes, fileBytes, fileCount, trashBytes, trashCount } = storage.statistics();
  return v.object(engine, { totalBytes, freeBytes, fileBytes, fileCount, trashBytes, trashCount });
}

function installStorage(firmware: Firmware): void {
  const { engine, machine, storage } = firmware;
  const name = (value: Value) => v.string(engine, value);
  const read = (file: Value, offset: Value, length: Value): Value => {
    const place = storage.read(name(file), v.integer(engine, offset), v.integer(engine, length));
    return place && firmware.textAt(place.address, place.length);
  };
  const write = (file: Value, data: Value, offset: Value, size: Value): boolean => {
    const isJson = data instanceof ObjectValue && engine.className(data) === 'Object';
    const given = isJson ? v.call(engine, v.script(engine, 'JSON.stringify'), undefined, [data]) : data;
    const [from, bytes] = isJson ? [0, 0] : [v.integer(engine, offset), v.integer(engine, size)];
    refusing(firmware, () => storage.write(name(file), firmware.chars(given).bytes, from, bytes));
    return true;
  };
  module(firmware, 'Storage');
  addStatic(engine, 'Storage', {
    read: (_self, [file, offset, length]) => read(file, offset, length),
    readArrayBuffer: (_self, [file]) => {
      const place = storage.read(name(file));
      return place && v.arrayBuffer(engine, machine.read(place.address, place.length));
    },
    readJSON: (_self, [file, quiet]) => {
      const json = read(file, 0, 0);
      if (json === undefined) return undefined;
      const parse = () => parseJson(engine, v.string(engine, json), true);
      if (!v.isTrue(engine, quiet)) return parse();
      const outcome = firmware.attempt(() => engine.guard(parse));
      return outcome.kind === 'value' ? outcome.value : undefined;
    },
    write: (_self, [file, data, offset, size]) => write(file, data, offset, size),
    writeJSON: (_self, [file, data]) =>
      write(file, v.call(engine, v.script(engine, 'E.toJS'), undefined, [data]), 0, 0),
    erase: (_self, [file]) => void storage.erase(name(file)),
    eraseAll: () => storage.eraseAll(),
    compact: () => {
      if (storage.statistics().trashBytes) firmware.console.print('Compacting... \n');
      storage.compact();
      return undefined;
    },
    list: (_self, [pattern, filter]) => listFiles(firmware, pattern, filter),
    hash: () => storage.hash(),
    optimise: () => undefined,
    getFree: () => storage.statistics().freeBytes,
    getStats: () => statistics(firmware),
  });
}

function listFiles({ engine, storage }: Firmware, pattern: Value, filter: Value): Value {
  const chosen = v.member(engine, filter, 'sf');
  const names = storage.list(chosen === undefined ? undefined : v.isTrue(engine, chosen));
  const matches = (name: string) =>
    pattern === undefined || engine.isTrue(v.call(engine, getMember(engine, name, 'match'), name, [pattern]));
  return v.array(engine, names.filter(matches));
}
