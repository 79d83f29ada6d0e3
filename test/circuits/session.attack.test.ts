/** Who stands between two ends of a session, and keys that agree on nothing. */
import { describe, expect, test } from 'vitest';
import { ascii, fromHex, toHex } from '#circuits/bytes.ts';
import { cipher } from '#circuits/link/cipher.noble.ts';
import type { Cipher } from '#circuits/link/port.ts';
import { acceptSession, finishSession, openSession, type Session } from '#circuits/link/session.ts';
import { dice } from './dice.ts';

const prologue = ascii('test');
const blocksMax = 65_535;
const secret = (name: string) => dice(name).bytes(32);

function shake(with_: Cipher = cipher): { opener: Session; acceptor: Session } {
  const opening = openSession(with_, prologue, secret('opener'));
  const { session, message } = acceptSession(with_, prologue, secret('acceptor'), opening.message);
  return { opener: finishSession(opening, message), acceptor: session };
}

const text = (number: number) => ascii(`block ${number}`);

describe('blocks', () => {
  test('arrive in order, both ways at once', () => {
    const { opener, acceptor } = shake();
    for (let i = 0; i < 300; i++) {
      const [there, back] = [opener.seal(text(i)), acceptor.seal(text(-i))];
      expect(acceptor.open(there)).toEqual(text(i));
      expect(opener.open(back)).toEqual(text(-i));
    }
  });

  /** Each attack hands the acceptor a block that it must refuse, after two good ones. */
  const attacks: Record<string, (opener: Session, acceptor: Session, seen: Uint8Array[]) => Uint8Array> = {
    'a replayed block': (_, __, seen) => seen[1]!,
    'the first block again': (_, __, seen) => seen[0]!,
    'a block before its turn': opener => {
      opener.seal(text(3));
      return opener.seal(text(4));
    },
    'its own block, reflected': (_, acceptor) => acceptor.seal(text(3)),
    'a block of another session': () => {
      const opening = openSession(cipher, prologue, secret('other'));
      const { message } = acceptSession(cipher, prologue, secret('acceptor'), opening.message);
      return finishSession(opening, message).seal(text(3));
    },
    'a block without its tag': opener => opener.seal(text(3)).subarray(0, -16),
    nothing: () => new Uint8Array(0),
    'a block with one byte more': opener => Uint8Array.from([...opener.seal(text(3)), 0]),
  };
  test.each(Object.entries(attacks))('%s ends the session', (_, attack) => {
    const { opener, acceptor } = shake();
    const seen = [opener.seal(text(1)), opener.seal(text(2))];
    for (const block of seen) acceptor.open(block);
    const forged = attack(opener, acceptor, seen);
    expect(() => acceptor.open(forged)).toThrow('session');
    // Over for good: not even what is honest goes through.
    expect(() => acceptor.open(opener.seal(text(3)))).toThrow('over');
    expect(() => acceptor.seal(text(4))).toThrow('over');
  });

  test('any flipped bit of a block is refused', () => {
    const block = shake().opener.seal(text(1));
    for (let bit = 0; bit < block.length * 8; bit++) {
      const changed = block.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => shakeQuick().open(changed), `${bit}`).toThrow('session');
    }
    expect(shakeQuick().open(block)).toEqual(text(1));
  });
});

/** The acceptor of the same session again: handshakes are slow, so its key agreement is remembered. */
const remembered = new Map<string, Uint8Array>();
function shakeQuick(): Session {
  const remember = (name: string, make: () => Uint8Array) => {
    const found = remembered.get(name) ?? make();
    remembered.set(name, found);
    return found;
  };
  const quick: Cipher = {
    ...cipher,
    publicKey: own => remember(toHex(own), () => cipher.publicKey(own)),
    x25519: (own, other) => remember(toHex(own) + toHex(other), () => cipher.x25519(own, other)),
  };
  return shake(quick).acceptor;
}

describe('handshakes', () => {
  /** Encodings of all points of order 1, 2, 4 and 8 on the curve and its twist, below 2^255; the sixth to eighth are p - 1, p, p + 1. */
  const lowOrder = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ].map(fromHex);
  /** RFC 7748 ignores the highest bit, so each has a second form. */
  const both = lowOrder.flatMap(point => {
    const high = point.slice();
    high[31]! |= 0x80;
    return [point, high];
  });

  test('a key of low order is refused by either end', () => {
    const opening = openSession(cipher, prologue, secret('opener'));
    const { message } = acceptSession(cipher, prologue, secret('acceptor'), opening.message);
    for (const point of both) {
      expect(() => acceptSession(cipher, prologue, secret('acceptor'), point), toHex(point)).toThrow(
        'low order',
      );
      const answer = Uint8Array.from([...point, ...message.subarray(32)]);
      expect(() => finishSession(opening, answer), toHex(point)).toThrow('low order');
    }
  });

  test('any flipped bit of the answer is refused, and any other length', () => {
    const opening = openSession(cipher, prologue, secret('opener'));
    const { message } = acceptSession(cipher, prologue, secret('acceptor'), opening.message);
    expect(() => finishSession(opening, message)).not.toThrow();
    for (let bit = 0; bit < message.length * 8; bit += 3) {
      const changed = message.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => finishSession(opening, changed), `${bit}`).toThrow('session');
    }
    for (const length of [0, 31, 32, 47, 49])
      expect(() =>
        finishSession(
          opening,
          Uint8Array.from({ length }, (_, i) => message[i] ?? 0),
        ),
      ).toThrow('session');
    for (const length of [0, 31, 33])
      expect(() =>
        acceptSession(cipher, prologue, secret('acceptor'), new Uint8Array(length).fill(9)),
      ).toThrow('session');
  });

  test('a changed opening makes two ends that do not hear each other', () => {
    const opening = openSession(cipher, prologue, secret('opener'));
    const changed = opening.message.slice();
    changed[0]! ^= 1;
    const { message } = acceptSession(cipher, prologue, secret('acceptor'), changed);
    expect(() => finishSession(opening, message)).toThrow('session');
  });

  test('ends of different protocol versions do not speak', () => {
    const opening = openSession(cipher, ascii('mite 1'), secret('opener'));
    const { message } = acceptSession(cipher, ascii('mite 2'), secret('acceptor'), opening.message);
    expect(() => finishSession(opening, message)).toThrow('session');
  });

  test('a party in the middle is heard, but the two hashes differ: the signed Request tells', () => {
    const opening = openSession(cipher, prologue, secret('opener'));
    const toOpener = acceptSession(cipher, prologue, secret('middle'), opening.message);
    const middle = openSession(cipher, prologue, secret('middle'));
    const acceptor = acceptSession(cipher, prologue, secret('acceptor'), middle.message).session;
    expect(finishSession(opening, toOpener.message).hash).not.toEqual(acceptor.hash);
  });
});

test('no nonce is used twice under one key, and the session ends before its count does', () => {
  const used = new Set<string>();
  let twice = 0;
  const watched: Cipher = {
    ...cipher,
    // What the count reaches, not what it seals: 65,535 real blocks would only cost time.
    seal(key, nonce) {
      const name = toHex(key) + toHex(nonce);
      if (used.has(name)) twice += 1;
      used.add(name);
      return new Uint8Array(16);
    },
    open: () => new Uint8Array(0),
  };
  const { opener, acceptor } = shake(watched);
  // The first nonce of the handshake's own key is the answer's tag.
  expect(used.size).toBe(1);
  for (let i = 0; i < blocksMax; i++) opener.seal(prologue);
  expect(twice).toBe(0);
  expect(used.size).toBe(1 + blocksMax);
  expect(() => opener.seal(prologue)).toThrow('used up');
  expect(() => opener.open(prologue)).toThrow('over');
  for (let i = 0; i < blocksMax; i++) acceptor.open(prologue);
  expect(() => acceptor.open(prologue)).toThrow('used up');
  expect(twice).toBe(0);
});
