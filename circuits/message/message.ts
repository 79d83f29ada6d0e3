/** What all messages share: kind, version and suite come first, each one byte, at fixed offsets.
 *
 * array head | kind | version | suite | fields
 *
 * 1. One encoding of each value, and only that is read; the shapes are those of mite.cddl.
 *    (test/circuits/message.strict.test.ts, test/circuits/cddl.sample.test.ts)
 * 2. Hot fields lie at fixed offsets. (test/circuits/message.offset.test.ts)
 * 3. The bytes of version 1 stay readable for ever. (test/circuits/message.frozen.test.ts)
 */
import { Fault } from '../fault.ts';
import { major, type Reader, type Writer } from './cbor.ts';
import { encode as encodeShape, type Infer, parse as parseShape, type Shape, small } from './schema.ts';

export const version = 1;

/** Kinds are wire format: append only. */
export const kinds = {
  claim: 1,
  request: 2,
  payment: 3,
  receipt: 4,
  refusal: 5,
  report: 6,
  statement: 7,
  close: 8,
  beacon: 9,
  voucher: 10,
  evidence: 11,
  order: 12,
  tier: 13,
  purseRequest: 14,
  gap: 15,
  disclosure: 16,
  root: 17,
  dayKey: 18,
  intermediary: 19,
  factory: 20,
  purse: 21,
  hop: 22,
  auditors: 23,
  acceptance: 24,
  attestation: 25,
  opening: 26,
} as const;

type Fields = Record<string, Shape<never>>;
type Values<F> = { [K in keyof F]: Infer<F[K]> };

export interface Message<T> extends Shape<T> {
  readonly kind: number;
  /** Bytes of the longest encoding: refused before anything is decoded. */
  readonly bytesMax: number;
}

export type Body<F> = { suite: number } & Values<F>;

/** A message: an array [kind, version, suite, ...fields]. */
export function message<F extends { [K in keyof F]: Shape<Infer<F[K]>> }>(
  kind: number,
  bytesMax: number,
  fields: F,
): Message<Body<F>> {
  const entries = Object.entries(fields as unknown as Fields);
  const suite = small(23, 1);
  return {
    kind,
    bytesMax,
    write(writer: Writer, value) {
      writer.head(major.array, entries.length + 3);
      writer.integer(kind);
      writer.integer(version);
      suite.write(writer, value.suite);
      for (const [name, shape] of entries) shape.write(writer, value[name as keyof F] as never);
    },
    read(reader: Reader) {
      const length = reader.head(major.array);
      // Kind and version first: another kind or version may have another number of items.
      if (reader.head(major.unsigned) !== kind) throw new Fault('kind', `not a message of kind ${kind}`);
      if (reader.head(major.unsigned) !== version)
        throw new Fault('version', `only version ${version} is known`);
      if (length !== entries.length + 3)
        throw new Fault('encoding', `${length} items, not ${entries.length + 3}`);
      const value: Record<string, unknown> = { suite: suite.read(reader) };
      for (const [name, shape] of entries) value[name] = shape.read(reader);
      return value as Body<F>;
    },
  };
}

export function encode<T>(shape: Message<T>, value: T): Uint8Array {
  const bytes = encodeShape(shape, value);
  if (bytes.length > shape.bytesMax)
    throw new Fault('size', `${bytes.length} bytes, at most ${shape.bytesMax}`);
  return bytes;
}

export function parse<T>(shape: Message<T>, data: Uint8Array): T {
  if (data.length > shape.bytesMax)
    throw new Fault('size', `${data.length} bytes, at most ${shape.bytesMax}`);
  return parseShape(shape, data);
}
