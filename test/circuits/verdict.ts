/** What our decoders say about bytes: a refusal by name, or the same bytes again. Anything else fails the test. */
import { Fault, type FaultName } from '#circuits/fault.ts';
import { encode, type Message, parse } from '#circuits/message/message.ts';

/** The fault that refuses the bytes, or `accepted` where they are read and written again as they were. */
export function verdict<T>(
  read: (bytes: Uint8Array) => T,
  write: (value: T) => Uint8Array,
  bytes: Uint8Array,
): FaultName | 'accepted' {
  let value: T;
  // A refusal needs no stack, and taking one costs ten times the decoding.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    value = read(bytes);
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
  // Outside the try: what is read must also be writable.
  if (Buffer.compare(write(value), bytes) !== 0)
    throw new Error(`accepted, but encoded differently: ${Buffer.from(bytes).toString('hex')}`);
  return 'accepted';
}

export function verdictOf(shape: Message<unknown>, bytes: Uint8Array): FaultName | 'accepted' {
  return verdict(
    data => parse(shape, data),
    value => encode(shape, value),
    bytes,
  );
}
