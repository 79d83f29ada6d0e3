/** `require("crypto")` where a board has it, with the digests and ciphers that its build has and no others.
 *
 * 1. A digest that a board does not have is not there. (test/host/emulator.board.test.ts)
 */
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { addStatic } from './engine/builtin.ts';
import { ObjectValue, type Value } from './engine/value.ts';
import { module } from './firmware.flash.ts';
import type { Firmware } from './firmware.ts';
import * as v from './values.ts';

const digests = { SHA1: ['SHA1'], SHA256: ['SHA224', 'SHA256'], SHA512: ['SHA384', 'SHA512'] } as const;
/** Measured on the interpreter's code: 20,400 instructions for 32 bytes, 103,500 for 1,400. */
const [callInstructions, byteInstructions] = [18_500, 61];
const [tagBytes, blockBytes] = [16, 16];

function installDigests(firmware: Firmware): void {
  const { engine, machine } = firmware;
  for (const [build, names] of Object.entries(digests)) {
    if (!machine.board.firmware.crypto.includes(build as keyof typeof digests)) continue;
    for (const name of names)
      addStatic(engine, 'crypto', {
        [name]: (_self, [data]) => {
          const { bytes } = firmware.chars(data);
          machine.meter.instructions(callInstructions + byteInstructions * bytes.length);
          return v.arrayBuffer(engine, createHash(name.toLowerCase()).update(bytes).digest());
        },
      });
  }
}

function installAes(firmware: Firmware): void {
  const { engine } = firmware;
  const run = (isForward: boolean, [data, key, options]: Value[]): Value => {
    const mode = v.member(engine, options, 'mode');
    const name = mode === undefined ? 'CBC' : v.string(engine, mode);
    const secret = firmware.chars(key).bytes;
    const given = v.member(engine, options, 'iv');
    const start =
      name === 'ECB' ? null : given === undefined ? new Uint8Array(blockBytes) : firmware.chars(given).bytes;
    try {
      const cipher = `aes-${8 * secret.length}-${name === 'CFB' ? 'cfb' : name.toLowerCase()}`;
      const work = isForward
        ? createCipheriv(cipher, secret, start)
        : createDecipheriv(cipher, secret, start);
      work.setAutoPadding(false);
      return v.arrayBuffer(engine, Buffer.concat([work.update(firmware.chars(data).bytes), work.final()]));
    } catch {
      return engine.raise('Error', 'Unable to process data');
    }
  };
  const cipher = new ObjectValue('AES');
  cipher.slots.set(
    'encrypt',
    engine.native('encrypt', (_self, args) => run(true, args)),
  );
  cipher.slots.set(
    'decrypt',
    engine.native('decrypt', (_self, args) => run(false, args)),
  );
  addStatic(engine, 'crypto', { AES: { value: cipher } });
}

function installCcm(firmware: Firmware): void {
  const { engine } = firmware;
  const bytes = (value: Value) => firmware.chars(value).bytes;
  const cipherOf = (key: Uint8Array) => `aes-${8 * key.length}-ccm` as 'aes-128-ccm';
  addStatic(engine, 'crypto', {
    ccmEncrypt: (_self, [message, key, nonce, tagLength]) => {
      const secret = bytes(key);
      const authTagLength = v.integer(engine, tagLength) || tagBytes;
      const work = createCipheriv(cipherOf(secret), secret, bytes(nonce), { authTagLength });
      const data = Buffer.concat([work.update(bytes(message)), work.final()]);
      return v.object(engine, {
        data: v.arrayBuffer(engine, data),
        tag: v.arrayBuffer(engine, work.getAuthTag()),
      });
    },
    ccmDecrypt: (_self, [message, key, nonce, tag]) => {
      const [secret, mark] = [bytes(key), bytes(tag)];
      const work = createDecipheriv(cipherOf(secret), secret, bytes(nonce), { authTagLength: mark.length });
      work.setAuthTag(mark);
      try {
        return v.arrayBuffer(engine, Buffer.concat([work.update(bytes(message)), work.final()]));
      } catch {
        return false;
      }
    },
  });
}

export function installCrypto(firmware: Firmware): void {
  const { engine, machine } = firmware;
  const { crypto, modules } = machine.board.firmware;
  if (!modules.includes('crypto')) return;
  module(firmware, 'crypto');
  addStatic(engine, 'crypto', {});
  installDigests(firmware);
  if (crypto.includes('AES')) installAes(firmware);
  if (crypto.includes('AES_CCM')) installCcm(firmware);
  if (crypto.includes('PBKDF2'))
    addStatic(engine, 'crypto', {
      PBKDF2: (_self, [word, salt, options]) => {
        const size = v.integer(engine, v.member(engine, options, 'keySize')) * 4 || 16;
        const rounds = v.integer(engine, v.member(engine, options, 'iterations')) || 1;
        const key = pbkdf2Sync(firmware.chars(word).bytes, firmware.chars(salt).bytes, rounds, size, 'sha1');
        return v.arrayBuffer(engine, key);
      },
    });
}
