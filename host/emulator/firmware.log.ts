/** Logs in Storage, `require("Storage").open`: parts of a page each, whose names end in their number; text up to the first 0xFF. */
import { addInstance, addStatic } from './engine/builtin.ts';
import { latin1, type ObjectValue, type Value } from './engine/value.ts';
import { refusing } from './firmware.flash.ts';
import type { Firmware } from './firmware.ts';
import { type Place, writeUnaligned } from './storage.ts';
import * as v from './values.ts';

/** A page without the header of a file. */
const partBytes = 4064;
const partsMax = 255;
const nameBytesMax = 27;
const erased = 0xff;

/** One opened log: its state lies in the program's own object, as the firmware keeps it. */
class Log {
  readonly #firmware: Firmware;
  readonly #self: ObjectValue;

  constructor(firmware: Firmware, self: Value) {
    this.#firmware = firmware;
    this.#self = self as ObjectValue;
  }

  get #offset(): number {
    return v.integer(this.#firmware.engine, this.#self.slots.get('offset'));
  }

  set #offset(offset: number) {
    this.#self.slots.set('offset', offset);
  }

  get #part(): number {
    return v.integer(this.#firmware.engine, this.#self.slots.get('chunk'));
  }

  set #part(part: number) {
    this.#self.slots.set('chunk', part);
  }

  get #mode(): string {
    return String.fromCharCode(v.integer(this.#firmware.engine, this.#self.slots.get('mode')));
  }

  set mode(mode: string) {
    this.#self.slots.set('mode', mode.charCodeAt(0) || 0);
  }

  #name(part: number): string {
    const name = v.string(this.#firmware.engine, this.#self.slots.get('name'));
    return name.slice(0, nameBytesMax) + String.fromCharCode(part);
  }

  #place(part: number): Place | undefined {
    return this.#firmware.storage.read(this.#name(part));
  }

  #bytes({ address, length }: Place): Uint8Array {
    return this.#firmware.machine.read(address, length);
  }

  /** The part that is not full, and how much of it is written. */
  #end(): { readonly part: number; readonly offset: number; readonly before: number } {
    let [part, before] = [1, 0];
    let place = this.#place(part);
    while (place && this.#bytes(place).at(-1) !== erased && part < partsMax) {
      before += place.length;
      part += 1;
      place = this.#place(part);
    }
    if (!place) return { part, offset: 0, before };
    const written = this.#bytes(place).indexOf(erased);
    return { part, offset: written < 0 ? place.length : written, before };
  }

  get length(): number {
    const { before, offset } = this.#end();
    return before + offset;
  }

  seekEnd(): void {
    const { part, offset } = this.#end();
    this.#part = part;
    this.#offset = offset;
  }

  /** Up to so many bytes, or up to the end of a line. */
  read(lengthMax: number, isLine: boolean): string | undefined {
    if (this.#mode !== 'r') return this.#firmware.engine.raise('Error', "Can't read in this mode");
    let text = '';
    for (let place = this.#place(this.#part); place && text.length < lengthMax; ) {
      if (this.#offset >= place.length) {
        this.#part += 1;
        this.#offset = 0;
        place = this.#place(this.#part);
        continue;
      }
      const byte = this.#bytes(place)[this.#offset]!;
      if (byte === erased) break;
      text += String.fromCharCode(byte);
      this.#offset += 1;
      if (isLine && byte === 10) break;
    }
    return text || undefined;
  }

  write(data: Uint8Array): void {
    const { engine, machine } = this.#firmware;
    if (this.#mode !== 'w' && this.#mode !== 'a') engine.raise('Error', "Can't write in this mode");
    if (!data.length) return;
    const place = this.#place(this.#part);
    if (!place) {
      this.#begin(data);
      return;
    }
    const fits = Math.min(data.length, place.length - this.#offset);
    writeUnaligned(machine, place.address + this.#offset, data.subarray(0, fits), 4);
    this.#offset += fits;
    // A part that is exactly full ends in a byte that is not erased only if the next one has begun.
    if (this.#offset < place.length || fits === data.length) return;
    if (this.#part === partsMax) engine.raise('Error', 'File too big!');
    this.#part += 1;
    this.#begin(data.subarray(fits));
  }

  #begin(data: Uint8Array): void {
    const name = this.#name(this.#part);
    refusing(this.#firmware, () => this.#firmware.storage.beginPart(name, data, partBytes));
    this.#offset = data.length;
  }

  erase(): void {
    for (let part = 1; this.#firmware.storage.erase(this.#name(part)); ) part += 1;
    this.#part = 1;
    this.#offset = 0;
    this.mode = '';
  }
}

function openLog(firmware: Firmware, name: Value, mode: Value): Value {
  const { engine } = firmware;
  const kind = v.string(engine, mode);
  if (!['r', 'w', 'a'].includes(kind)) return engine.raise('Error', `Invalid mode ${JSON.stringify(kind)}`);
  const self = v.object(
    engine,
    { name: v.string(engine, name), chunk: 1, offset: 0, mode: 0 },
    'StorageFile',
  );
  const log = new Log(firmware, self);
  if (kind === 'w') log.erase();
  if (kind === 'a') log.seekEnd();
  log.mode = kind;
  return self;
}

export function installLogs(firmware: Firmware): void {
  const { engine } = firmware;
  const of = (self: Value) => new Log(firmware, self);
  addStatic(engine, 'Storage', { open: (_self, [name, mode]) => openLog(firmware, name, mode) });
  addInstance(engine, 'StorageFile', {
    read: (self, [length]) => of(self).read(v.integer(engine, length), false),
    readLine: self => of(self).read(Number.POSITIVE_INFINITY, true),
    getLength: self => of(self).length,
    write: (self, [data]) => void of(self).write(Buffer.from(latin1(firmware.chars(data).bytes), 'latin1')),
    erase: self => void of(self).erase(),
  });
}
