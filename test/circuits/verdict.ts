/** What our decoders say about bytes: a refusal by name, or the same bytes again. Anything else fails the test. */
import { Fault, type FaultName } from '#circuits/fault.ts';
import { encode, type Message, parse } from '#circuits/message/message.ts';

/** The fault that refuses the bytes, or `accepted` where they encode to themselves again. */
export function verdict(decodeAgain: () => Uint8Array, bytes: Uint8Array): FaultName | 'accepted' {
  let again: Uint8Array;
  // A refusal needs no stack, and taking one costs ten times the decoding.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    again = decodeAgain();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
  if (Buffer.compare(again, bytes) !== 0)
    throw new Error(`accepted, but encoded differently: ${Buffer.from(bytes).toString('hex')}`);
  return 'accepted';
}

export function verdictOf(shape: Message<unknown>, bytes: Uint8Array): FaultName | 'accepted' {
  return verdict(() => encode(shape, parse(shape, bytes)), bytes);
}
