/** The session against other people's: published vectors, and Noise written a second time on Node's own primitives. */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromHex, none, toHex } from '#circuits/bytes.ts';
import { cipher } from '#circuits/link/cipher.noble.ts';
import { acceptSession, finishSession, openSession, type Session } from '#circuits/link/session.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

interface Shaken {
  readonly opener: Session;
  readonly acceptor: Session;
  readonly opening: Uint8Array;
  readonly answer: Uint8Array;
}

function shake(prologue: Uint8Array, secrets: readonly [Uint8Array, Uint8Array]): Shaken {
  const opening = openSession(cipher, prologue, secrets[0]);
  const accepted = acceptSession(cipher, prologue, secrets[1], opening.message);
  const opener = finishSession(opening, accepted.message);
  return { opener, acceptor: accepted.session, opening: opening.message, answer: accepted.message };
}

/**
 * Noise_NN_25519_ChaChaPoly_SHA256 of cacophony's vectors, as snow 0.9 ships them (Apache-2.0 or MIT). Its handshake
 * messages carry payloads and ours do not, so what is compared is what does not depend on them: both public keys.
 * The whole handshake with payloads is checked against the second writing of Noise below, which reproduces it all.
 */
const published = {
  prologue: '4a6f686e2047616c74',
  secrets: [
    '893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a',
    'bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b',
  ],
  hash: '9223fec1b892ec9d0dc2fb3bbeb261f170d1ea679f9c44ccf34aa131b4f5d97e',
  messages: [
    [
      '4c756477696720766f6e204d69736573',
      'ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573',
    ],
    [
      '4d757272617920526f746862617264',
      '95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843a0ff96bdf86b579ef7dbf94e812a7470b903c20a85a87e3a1fe863264ae547',
    ],
    ['462e20412e20486179656b', 'eb1a3e3d80c1792b1bb9cb0e1382f8d8322bfb1ca7c4c8517bb686'],
    ['4361726c204d656e676572', 'c781b198d2a974eb1da2c7d518c000cf6396de87ca540963c03713'],
    [
      '4a65616e2d426170746973746520536179',
      'c77048eb6919fdfe8fe45842bfc5b8d1ff50d1e20c717453ccdfe6176d805b996d',
    ],
    [
      '457567656e2042f6686d20766f6e2042617765726b',
      '61834d7069dcfb7a1adf8d5ac910f83fa04c73a67789895c6f5f995c5db2ce88e49b124178',
    ],
  ],
} as const;

const derHead = { private: '302e020100300506032b656e04220420', public: '302a300506032b656e032100' };
const sha256 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const hmac = (key: Uint8Array, data: Uint8Array) => createHmac('sha256', key).update(data).digest();

function privateKey(secret: Uint8Array) {
  const der = Buffer.concat([Buffer.from(derHead.private, 'hex'), secret]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

const publicBytes = (secret: Uint8Array) =>
  new Uint8Array(createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' }).subarray(-32));

function agree(secret: Uint8Array, other: Uint8Array): Uint8Array {
  const der = Buffer.concat([Buffer.from(derHead.public, 'hex'), other]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return diffieHellman({ privateKey: privateKey(secret), publicKey });
}

function sealed(key: Uint8Array, count: number, beside: Uint8Array, text: Uint8Array): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(count, 4);
  const machine = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  machine.setAAD(beside, { plaintextLength: text.length });
  return new Uint8Array(Buffer.concat([machine.update(text), machine.final(), machine.getAuthTag()]));
}

function pairOf(chain: Uint8Array, material: Uint8Array): [Uint8Array, Uint8Array] {
  const seed = hmac(chain, material);
  const first = hmac(seed, Uint8Array.of(1));
  return [first, hmac(seed, Buffer.concat([first, Uint8Array.of(2)]))];
}

/** Everything that Noise NN puts on the wire, straight from its specification, with payloads in every message. */
function plainNoise(
  prologue: Uint8Array,
  secrets: readonly [Uint8Array, Uint8Array],
  payloads: readonly Uint8Array[],
) {
  const name = Buffer.from('Noise_NN_25519_ChaChaPoly_SHA256');
  const [ours, theirs] = secrets.map(publicBytes) as [Uint8Array, Uint8Array];
  let hash = sha256(name, prologue);
  hash = sha256(hash, ours);
  hash = sha256(hash, payloads[0]!);
  const wire = [Buffer.concat([ours, payloads[0]!])];
  hash = sha256(hash, theirs);
  const [chain, key] = pairOf(name, agree(secrets[1], ours));
  const answer = sealed(key, 0, hash, payloads[1]!);
  hash = sha256(hash, answer);
  wire.push(Buffer.concat([theirs, answer]));
  const keys = pairOf(chain, none);
  const counts = [0, 0];
  for (const [i, payload] of payloads.slice(2).entries()) {
    const side = i % 2;
    wire.push(Buffer.from(sealed(keys[side]!, counts[side]!++, none, payload)));
  }
  return { hash: toHex(hash), wire: wire.map(toHex) };
}

describe('the published vector', () => {
  const secrets = published.secrets.map(fromHex) as [Uint8Array, Uint8Array];
  const payloads = published.messages.map(([payload]) => fromHex(payload));

  test('is what the second writing of Noise makes, byte for byte: it is a judge', () => {
    const made = plainNoise(fromHex(published.prologue), secrets, payloads);
    expect(made.hash).toBe(published.hash);
    expect(made.wire).toEqual(published.messages.map(([, ciphertext]) => ciphertext));
  });

  test('has the public keys and the sealed messages of the session from its transport keys on', () => {
    const { opening, answer } = shake(fromHex(published.prologue), secrets);
    expect(published.messages[0][1].startsWith(toHex(opening))).toBe(true);
    expect(published.messages[1][1].startsWith(toHex(answer.subarray(0, 32)))).toBe(true);
    // The transport keys depend on the shared secret alone, not on what was hashed.
    const { opener, acceptor } = shake(none, secrets);
    const speaking = [opener, acceptor];
    for (const [i, [payload, ciphertext]] of published.messages.slice(2).entries())
      expect(toHex(speaking[i % 2]!.seal(fromHex(payload)))).toBe(ciphertext);
  });
});

test('the session is Noise with empty payloads: hash, handshake and a hundred blocks each way', () => {
  const roll = dice(seedOf('session', 'vectors'));
  for (let run = 0; run < 10; run++) {
    const secrets: [Uint8Array, Uint8Array] = [roll.bytes(32), roll.bytes(32)];
    const prologue = roll.bytes(roll.between(0, 40));
    const texts = Array.from({ length: run === 0 ? 600 : 20 }, () => roll.bytes(roll.between(0, 300)));
    const expected = plainNoise(prologue, secrets, [none, none, ...texts]);
    const { opener, acceptor, opening, answer } = shake(prologue, secrets);
    expect([toHex(opening), toHex(answer)]).toEqual(expected.wire.slice(0, 2));
    expect([toHex(opener.hash), toHex(acceptor.hash)]).toEqual([expected.hash, expected.hash]);
    for (const [i, text] of texts.entries()) {
      const [from, to] = i % 2 ? [acceptor, opener] : [opener, acceptor];
      const block = from.seal(text);
      expect(toHex(block)).toBe(expected.wire[i + 2]);
      expect(to.open(block)).toEqual(text);
    }
  }
});
