import { expect, test } from 'vitest';
import { cipher } from '#circuits/link/cipher.noble.ts';
import { acceptSession, finishSession, openSession } from '#circuits/link/session.ts';
import { faultOf } from './refusal.ts';

const prologue = Uint8Array.of(1);
const secret = (byte: number) => new Uint8Array(32).fill(byte);
const resized = (bytes: Uint8Array, length: number) => {
  const other = new Uint8Array(length);
  other.set(bytes.subarray(0, length));
  return other;
};

test('a handshake message that is shorter or longer by any number of bytes is refused with a fault', () => {
  const opening = openSession(cipher, prologue, secret(1));
  const { message } = acceptSession(cipher, prologue, secret(2), opening.message);
  expect(faultOf(() => finishSession(opening, message))).toBe('none');
  for (let length = 0; length < 64; length++)
    if (length !== opening.message.length)
      expect(
        faultOf(() => acceptSession(cipher, prologue, secret(2), resized(opening.message, length))),
      ).toBe('session');
  for (let length = 0; length < 96; length++)
    if (length !== message.length)
      expect(faultOf(() => finishSession(opening, resized(message, length)))).toBe('session');
});
