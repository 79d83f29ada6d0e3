/** The encrypted session: Noise_NN_25519_ChaChaPoly_SHA256, both ends. (Noise revision 34, sections 5 and 7.4)
 *
 * opener   -> e           32 bytes
 * acceptor <- e, ee       48 bytes: e, and the tag of an empty payload
 * then sealed blocks, each under its direction's key and the count of blocks before it.
 * NN authenticates nobody: the handshake hash goes into the Request that the payee signs, so a party in the middle
 * would have to hold the payee's key. Handshake messages always have these two lengths. Each end computes one public key,
 * one shared secret, 6 HMACs and 5 hashes.
 *
 * 1. It speaks with other implementations. (test/circuits/session.vectors.test.ts)
 * 2. A replayed, reordered, changed or reflected block ends the session, and an ended one opens and seals nothing.
 *    (test/circuits/session.attack.test.ts)
 * 3. Keys of low order are refused; no nonce is used twice, and a session ends before its count does.
 *    (test/circuits/session.attack.test.ts)
 */
import { concat, equal, none } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { label } from '../proof/label.ts';
import type { Cipher } from './port.ts';

const keyBytes = 32;
const zeros = new Uint8Array(keyBytes);
/** Far below what the cipher bears. A tap takes some dozens. */
const blocksMax = 65_535;

/** The symmetric state of a handshake: chaining key and transcript hash. */
interface Symmetric {
  readonly cipher: Cipher;
  readonly chain: Uint8Array;
  readonly hash: Uint8Array;
}

/** A handshake that waits for the acceptor's answer. */
export interface Opening {
  readonly symmetric: Symmetric;
  readonly secret: Uint8Array;
  readonly message: Uint8Array;
}

/** 32 zero bits, then the count as a little-endian u64. */
function nonceOf(count: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, count, count >>> 8, 0, 0, 0, 0, 0, 0);
}

/** One direction: a key that counts its blocks. */
class Direction {
  private readonly cipher: Cipher;
  private readonly key: Uint8Array;
  private count = 0;

  constructor(cipher: Cipher, key: Uint8Array) {
    this.cipher = cipher;
    this.key = key;
  }

  private nonce(): Uint8Array {
    if (this.count >= blocksMax) throw new Fault('session', 'its blocks are used up');
    this.count += 1;
    return nonceOf(this.count - 1);
  }

  seal(text: Uint8Array, beside: Uint8Array): Uint8Array {
    return this.cipher.seal(this.key, this.nonce(), { text, beside });
  }

  open(text: Uint8Array, beside: Uint8Array): Uint8Array {
    const opened = this.cipher.open(this.key, this.nonce(), { text, beside });
    if (!opened) throw new Fault('session', 'a block that was not sealed for this place');
    return opened;
  }
}

/** An open session. After its first fault it is over. */
export class Session {
  /** h: what both ends have seen of the handshake. */
  readonly hash: Uint8Array;
  private readonly sending: Direction;
  private readonly receiving: Direction;
  private isOver = false;

  constructor(hash: Uint8Array, sending: Direction, receiving: Direction) {
    this.hash = hash;
    this.sending = sending;
    this.receiving = receiving;
  }

  private live<T>(work: () => T): T {
    if (this.isOver) throw new Fault('session', 'it is over');
    this.isOver = true;
    const result = work();
    this.isOver = false;
    return result;
  }

  seal(text: Uint8Array): Uint8Array {
    return this.live(() => this.sending.seal(text, none));
  }

  open(sealed: Uint8Array): Uint8Array {
    return this.live(() => this.receiving.open(sealed, none));
  }
}

function mixHash(symmetric: Symmetric, data: Uint8Array): Symmetric {
  return { ...symmetric, hash: symmetric.cipher.sha256(concat(symmetric.hash, data)) };
}

/** HKDF of Noise: two keys of the chaining key and new material. */
function expand({ cipher, chain }: Symmetric, material: Uint8Array): [Uint8Array, Uint8Array] {
  const seed = cipher.hmacSha256(chain, material);
  const first = cipher.hmacSha256(seed, Uint8Array.of(1));
  return [first, cipher.hmacSha256(seed, concat(first, Uint8Array.of(2)))];
}

/** A protocol name of exactly 32 bytes is its own first hash. */
function begin(cipher: Cipher, prologue: Uint8Array): Symmetric {
  return mixHash({ cipher, chain: label.noise, hash: label.noise }, prologue);
}

/** The key after e and ee, for the empty payload of the answer, and the state with it. */
function agree(
  symmetric: Symmetric,
  secret: Uint8Array,
  theirs: Uint8Array,
): { symmetric: Symmetric; key: Direction } {
  const shared = symmetric.cipher.x25519(secret, theirs);
  if (equal(shared, zeros)) throw new Fault('session', 'a key of low order');
  const [chain, key] = expand(symmetric, shared);
  return { symmetric: { ...symmetric, chain }, key: new Direction(symmetric.cipher, key) };
}

/** The first key carries what the opener sends. */
function split(symmetric: Symmetric, opener: boolean): Session {
  const [fromOpener, fromAcceptor] = expand(symmetric, none).map(key => new Direction(symmetric.cipher, key));
  return opener
    ? new Session(symmetric.hash, fromOpener!, fromAcceptor!)
    : new Session(symmetric.hash, fromAcceptor!, fromOpener!);
}

/** The opener's first message, from a fresh secret of 32 bytes. */
export function openSession(cipher: Cipher, prologue: Uint8Array, secret: Uint8Array): Opening {
  const message = cipher.publicKey(secret);
  // An empty payload without a key is hashed as it is.
  const symmetric = mixHash(mixHash(begin(cipher, prologue), message), none);
  return { symmetric, secret, message };
}

/** The acceptor's answer, and its session. */
export function acceptSession(
  cipher: Cipher,
  prologue: Uint8Array,
  secret: Uint8Array,
  opening: Uint8Array,
): { readonly session: Session; readonly message: Uint8Array } {
  if (opening.length !== keyBytes) throw new Fault('session', `an opening of ${opening.length} bytes`);
  const own = cipher.publicKey(secret);
  const heard = mixHash(mixHash(begin(cipher, prologue), opening), none);
  const { symmetric, key } = agree(mixHash(heard, own), secret, opening);
  const tag = key.seal(none, symmetric.hash);
  return { session: split(mixHash(symmetric, tag), false), message: concat(own, tag) };
}

/** The opener's session, once the answer is in. */
export function finishSession(opening: Opening, answer: Uint8Array): Session {
  const theirs = answer.subarray(0, keyBytes);
  const tag = answer.subarray(keyBytes);
  if (answer.length !== keyBytes + 16) throw new Fault('session', `an answer of ${answer.length} bytes`);
  const { symmetric, key } = agree(mixHash(opening.symmetric, theirs), opening.secret, theirs);
  key.open(tag, symmetric.hash);
  return split(mixHash(symmetric, tag), true);
}
