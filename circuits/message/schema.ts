/** Shapes: one description of a field gives its encoder, its strict decoder and its type.
 *
 * 1. What is read is what is written: bounds hold in both directions. (test/circuits/schema.strict.test.ts)
 * 2. Only a fault refuses, and whatever is taken encodes to the same bytes. (test/circuits/fuzz.decoder.test.ts)
 * 3. A length that only a head claims takes no memory. (test/circuits/fuzz.decoder.test.ts)
 */
import { ascii, u32 as encodeU32, readU32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { major, Reader, Writer } from './cbor.ts';

export interface Shape<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

export type Infer<S> = S extends Shape<infer T> ? T : never;

const tooLong = (what: string, length: number, limit: number) =>
  new Fault('size', `${what} of ${length}, at most ${limit}`);

/** A byte string of exactly this length. */
export function bytes(length: number): Shape<Uint8Array> {
  return bytesBetween(length, length);
}

export function bytesBetween(least: number, most: number): Shape<Uint8Array> {
  const check = (length: number) => {
    if (length > most) throw tooLong('byte string', length, most);
    if (length < least) throw new Fault('size', `byte string of ${length}, at least ${least}`);
  };
  return {
    write(writer, value) {
      check(value.length);
      writer.bytes(value);
    },
    read(reader) {
      const length = reader.head(major.bytes);
      check(length);
      return reader.take(length).slice();
    },
  };
}

/** A u32 as a byte string of 4, so that what follows it has a fixed offset. */
export const u32: Shape<number> = {
  write(writer, value) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
      throw new Fault('overflow', `${value} is no u32`);
    writer.bytes(encodeU32(value));
  },
  read(reader) {
    if (reader.head(major.bytes) !== 4) throw new Fault('encoding', 'a u32 is a byte string of 4');
    return readU32(reader.take(4));
  },
};

/** A small number in one byte: 0 to most, most below 24. */
export function small<N extends number = number>(most: number, least = 0): Shape<N> {
  const check = (value: number) => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Fault('encoding', `${value} is not in ${least}..${most}`);
  };
  return {
    write(writer, value) {
      check(value);
      writer.head(major.unsigned, value);
    },
    read(reader) {
      const value = reader.head(major.unsigned);
      check(value);
      return value as N;
    },
  };
}

/** Printable ASCII. */
export function text(most: number): Shape<string> {
  const check = (value: string) => {
    if (value.length > most) throw tooLong('text', value.length, most);
    if (!/^[\x20-\x7e]*$/.test(value)) throw new Fault('encoding', 'text that is not printable ASCII');
    return value;
  };
  return {
    write(writer, value) {
      check(value);
      writer.head(major.text, value.length);
      writer.raw(ascii(value));
    },
    read(reader) {
      const length = reader.head(major.text);
      if (length > most) throw tooLong('text', length, most);
      return check(String.fromCharCode(...reader.take(length)));
    },
  };
}

export const flag: Shape<boolean> = {
  write: (writer, value) => writer.head(major.simple, value ? 21 : 20),
  read(reader) {
    const value = reader.head(major.simple);
    if (value !== 20 && value !== 21)
      throw new Fault('encoding', `simple value ${value} where a boolean belongs`);
    return value === 21;
  },
};

const nullByte = 0xf6;

export function optional<T>(shape: Shape<T>): Shape<T | null> {
  return {
    write(writer, value) {
      if (value === null) writer.raw(Uint8Array.of(nullByte));
      else shape.write(writer, value);
    },
    read(reader) {
      if (reader.peekByte() !== nullByte) return shape.read(reader);
      reader.take(1);
      return null;
    },
  };
}

export function list<T>(shape: Shape<T>, most: number, least = 0): Shape<T[]> {
  const check = (length: number) => {
    if (length > most) throw tooLong('list', length, most);
    if (length < least) throw new Fault('size', `list of ${length}, at least ${least}`);
  };
  return {
    write(writer, values) {
      check(values.length);
      writer.head(major.array, values.length);
      for (const value of values) shape.write(writer, value);
    },
    read(reader) {
      const length = reader.head(major.array);
      check(length);
      const values: T[] = [];
      for (let i = 0; i < length; i++) values.push(shape.read(reader));
      return values;
    },
  };
}

type Fields = Record<string, Shape<never>>;
type Values<F> = { [K in keyof F]: Infer<F[K]> };

/** An array whose items are these fields, in this order. */
export function record<F extends { [K in keyof F]: Shape<Infer<F[K]>> }>(fields: F): Shape<Values<F>> {
  const entries = Object.entries(fields as unknown as Fields);
  return {
    write(writer, value) {
      writer.head(major.array, entries.length);
      for (const [name, shape] of entries) shape.write(writer, value[name as keyof F] as never);
    },
    read(reader) {
      const length = reader.head(major.array);
      if (length !== entries.length) throw new Fault('encoding', `${length} fields, not ${entries.length}`);
      const value: Record<string, unknown> = {};
      for (const [name, shape] of entries) value[name] = shape.read(reader);
      return value as Values<F>;
    },
  };
}

/** A whole object: all of the bytes, nothing after them. */
export function encode<T>(shape: Shape<T>, value: T): Uint8Array {
  const writer = new Writer();
  shape.write(writer, value);
  return writer.done();
}

export function parse<T>(shape: Shape<T>, data: Uint8Array): T {
  const reader = new Reader(data);
  const value = shape.read(reader);
  reader.end();
  return value;
}
