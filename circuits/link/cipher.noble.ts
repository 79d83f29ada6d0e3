/** The link's primitives on @noble/ciphers, @noble/curves and @noble/hashes. */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Cipher } from './port.ts';

export const cipher: Cipher = {
  sha256,
  hmacSha256: (key, data) => hmac(sha256, key, data),
  publicKey: secret => x25519.getPublicKey(secret),
  x25519(secret, publicKey) {
    try {
      return x25519.getSharedSecret(secret, publicKey);
    } catch {
      // Keys of low order: the library throws where RFC 7748 returns zeros.
      return new Uint8Array(32);
    }
  },
  seal: (key, nonce, { text, beside }) => chacha20poly1305(key, nonce, beside).encrypt(text),
  open(key, nonce, { text, beside }) {
    try {
      return chacha20poly1305(key, nonce, beside).decrypt(text);
    } catch {
      return undefined;
    }
  },
};
