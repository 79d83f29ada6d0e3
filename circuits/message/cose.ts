/** COSE_Sign1 (RFC 9052): tag 18, protected header {1: algorithm}, empty unprotected header, payload, signature.
 *
 * 1. One form of wrapper; the algorithm and the payload's suite are those of the reader. (test/circuits/cose.strict.test.ts)
 * 2. Every bit of the payload is covered by the signature. (test/circuits/receipt.offline.test.ts)
 */
import { ascii, concat, equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Suite } from '../proof/port.ts';
import { major, Reader, Writer } from './cbor.ts';
import { encode, type Message, parse } from './message.ts';

/** Key and nonce noise of one signature. The noise is fresh: 32 bytes of entropy. */
export interface Signer {
  readonly secret: Uint8Array;
  readonly noise: Uint8Array;
}

/** A signed message: its value, and the bytes that were signed. */
export interface Signed<T> {
  readonly value: T;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The whole COSE_Sign1. */
  readonly bytes: Uint8Array;
}

/** Bytes around a payload: tag and array, protected and unprotected header, heads of payload and signature. */
const wrapperBytesMax = 1 + 1 + 9 + 1 + 5 + 2 + 64;

function protectedHeader(algorithm: number): Uint8Array {
  const writer = new Writer();
  writer.head(major.map, 1);
  writer.integer(1);
  writer.integer(algorithm);
  return writer.done();
}

function signedBytes(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.head(major.array, 4);
  writer.head(major.text, 10);
  writer.raw(ascii('Signature1'));
  writer.bytes(header);
  writer.bytes(new Uint8Array(0));
  writer.bytes(payload);
  return writer.done();
}

function wrap(header: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.head(major.tag, 18);
  writer.head(major.array, 4);
  writer.bytes(header);
  writer.head(major.map, 0);
  writer.bytes(payload);
  writer.bytes(signature);
  return writer.done();
}

function checkSuite(suite: Suite, value: unknown): void {
  if ((value as { suite: number }).suite !== suite.id) throw new Fault('suite', 'payload of another suite');
}

export function sign<T>(suite: Suite, shape: Message<T>, value: T, signer: Signer): Signed<T> {
  checkSuite(suite, value);
  const payload = encode(shape, value);
  const header = protectedHeader(suite.signature.algorithm);
  const signature = suite.signature.sign(signer.secret, signedBytes(header, payload), signer.noise);
  return { value, payload, signature, bytes: wrap(header, payload, signature) };
}

/** The bytes that a signer elsewhere signs: a threshold of signers, or hardware that keeps its key. */
export function contentToSign<T>(suite: Suite, shape: Message<T>, value: T): Uint8Array {
  checkSuite(suite, value);
  return signedBytes(protectedHeader(suite.signature.algorithm), encode(shape, value));
}

/** Joins a value and a signature made elsewhere over its content. */
export function assemble<T>(
  suite: Suite,
  shape: Message<T>,
  value: T,
  made: { readonly key: Uint8Array; readonly signature: Uint8Array },
): Signed<T> {
  checkSuite(suite, value);
  const payload = encode(shape, value);
  const { key, signature } = made;
  const header = protectedHeader(suite.signature.algorithm);
  const signed = { value, payload, signature, bytes: wrap(header, payload, signature) };
  verify(suite, key, signed);
  return signed;
}

/** Reads a signed message. Nothing is verified yet: that is `verify`. */
export function open<T>(suite: Suite, shape: Message<T>, bytes: Uint8Array): Signed<T> {
  if (bytes.length > shape.bytesMax + wrapperBytesMax)
    throw new Fault('size', `${bytes.length} bytes signed`);
  const reader = new Reader(bytes);
  if (reader.head(major.tag) !== 18) throw new Fault('encoding', 'not a COSE_Sign1');
  if (reader.head(major.array) !== 4) throw new Fault('encoding', 'a COSE_Sign1 has four items');
  if (!equal(reader.bytes(), protectedHeader(suite.signature.algorithm)))
    throw new Fault('suite', 'another signature algorithm');
  if (reader.head(major.map) !== 0) throw new Fault('encoding', 'an unprotected header');
  const payload = reader.bytes().slice();
  const signature = reader.bytes().slice();
  if (signature.length !== 64) throw new Fault('size', 'a signature has 64 bytes');
  reader.end();
  const value = parse(shape, payload);
  checkSuite(suite, value);
  return { value, payload, signature, bytes: bytes.slice() };
}

export function verify<T>(suite: Suite, key: Uint8Array, signed: Signed<T>): void {
  const header = protectedHeader(suite.signature.algorithm);
  if (!suite.signature.verify(key, signedBytes(header, signed.payload), signed.signature))
    throw new Fault('signature', 'does not verify under the key it must');
}

/** Id of a signed object: over its payload, never over the wrapper. */
export function identify(suite: Suite, signed: { readonly payload: Uint8Array }): Uint8Array {
  return suite.digest(signed.payload);
}

/** Joins ids under a label that says what for. */
export function digestOf(suite: Suite, label: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return suite.digest(concat(label, ...parts));
}
