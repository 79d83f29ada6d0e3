/* Both ends of a link: frames, the handshake, and padded blocks (SPEC.md 10, circuits/link).
 *
 * 1. It speaks with circuits/link, byte for byte, and refuses what that refuses. (test/kernel/link.session.test.ts)
 */
#include "message.h"

/* An open session. Counts at their end: it is over. */
struct session {
  u8 hash[32];
  u8 keys[2][32]; /* sending, receiving */
  u32 counts[2];
};
enum { SENDING, RECEIVING, BLOCKS_MAX = 65535, TAG_BYTES = 16, LENGTH_BYTES = 2 };

/* A protocol name of exactly 32 bytes is its own first hash. */
static const char noise_name[] = "Noise_NN_25519_ChaChaPoly_SHA256";
static const char prologue[] = "mite link\1";

static APART void mix(u8 *hash, const void *data, u32 length) {
  struct sha2 state;
  sha2_begin(&state, SHA256);
  sha2_absorb(&state, hash, 32);
  sha2_absorb(&state, data, length);
  sha2_end(&state, hash);
}

/* HKDF of Noise: two keys of the chaining key and new material. */
static APART void expand(u8 *keys, const u8 *chain, const u8 *material, u32 length) {
  u8 seed[32], input[33];
  hmac(chain, material, length, seed);
  input[0] = 1;
  hmac(seed, input, 1, keys);
  memcpy(input, keys, 32);
  input[32] = 2;
  hmac(seed, input, 33, keys + 32);
  wipe(seed, 32);
  wipe(input, 32);
}

static int finish(struct session *session) {
  wipe(session->keys, sizeof session->keys);
  session->counts[SENDING] = session->counts[RECEIVING] = BLOCKS_MAX;
  return FAULT_SESSION;
}

/* Seals or opens in place, by the key of a direction and the count of its blocks; what fails ends the session. The answer of a
 * handshake stands under the second key, beside the hash so far. */
enum { SEALS, OPENS, ANSWERS = 2 };
static APART int crypt(struct session *session, u32 how, u8 *data, u32 length) {
  u32 direction = how != SEALS, count = session->counts[direction]++;
  u8 nonce[12];
  if (count < BLOCKS_MAX) {
    wipe(nonce, sizeof nonce);
    nonce[4] = (u8)count;
    nonce[5] = (u8)(count >> 8);
    struct frame frame = {session->keys[direction], nonce, session->hash, how & ANSWERS ? 32 : 0, data, length};
    if (!(how & OPENS)) return frame_seal(&frame), 0;
    if (frame_open(&frame)) return 0;
  }
  return finish(session);
}

/* Chaining key and key of the answer stand where those of the session will. */
static APART int shake_hands(const u32 *block) {
  struct session *session = (struct session *)address(block[SESSION_STATE]);
  const u8 *secret = address(block[SESSION_SECRET]), *opening = address(block[SESSION_OPENING]);
  u8 *answer = address(block[SESSION_ANSWER]), *keys = session->keys[0], shared[64];
  u32 opens = block[SESSION_OPENS] != 0;
  finish(session);
  if (block[SESSION_OPENING + 1] != 32 || block[SESSION_ANSWER + 1] != 32 + TAG_BYTES) return FAULT_SESSION;
  memcpy(session->hash, noise_name, 32);
  mix(session->hash, prologue, sizeof prologue - 1);
  mix(session->hash, opening, 32);
  mix(session->hash, 0, 0);
  if (!opens) x25519(answer, secret, 0);
  mix(session->hash, answer, 32);
  if (!x25519(shared, secret, opens ? answer : opening)) return finish(session);
  expand(keys, (const u8 *)noise_name, shared, 32);
  wipe(shared, 32);
  session->counts[RECEIVING] = 0;
  int fault = crypt(session, ANSWERS | opens, answer + 32, 0);
  if (fault) return fault;
  mix(session->hash, answer + 32, TAG_BYTES);
  expand(shared, keys, 0, 0);
  /* The first key carries what the opener sends. */
  memcpy(session->keys[!opens], shared, 32);
  memcpy(session->keys[opens], shared + 32, 32);
  wipe(shared, 64);
  wipe(session->counts, sizeof session->counts);
  return 0;
}

/* The smallest sealed size that holds so many bytes of a message. */
static u32 sealed_bytes(u32 length) {
  u32 all = length + LENGTH_BYTES + TAG_BYTES;
  return all <= 256 ? 256 : all <= 896 ? 896 : 1536;
}
enum { TEXT_MAX = 1536 - TAG_BYTES - LENGTH_BYTES };

/* The next block of a message: more (1 bit) | length (15 bits) | bytes | zeros, and its tag. Nothing is written where the session is
 * over, and nothing read behind the message. */
static APART int seal_block(u32 *block) {
  struct session *session = (struct session *)address(block[BLOCK_SESSION]);
  if (session->counts[SENDING] >= BLOCKS_MAX || block[BLOCK_OFFSET] > block[BLOCK_MESSAGE + 1]) return finish(session);
  u32 offset = block[BLOCK_OFFSET], left = block[BLOCK_MESSAGE + 1] - offset, length = left > TEXT_MAX ? TEXT_MAX : left;
  u32 sealed = sealed_bytes(length);
  u8 *out = address(block[BLOCK_SEALED]);
  wipe(out, sealed);
  out[0] = (u8)(length >> 8 | (left > length) << 7);
  out[1] = (u8)length;
  memcpy(out + LENGTH_BYTES, address(block[BLOCK_MESSAGE]) + offset, length);
  block[BLOCK_OFFSET] = offset + length;
  block[BLOCK_SEALED + 1] = sealed;
  return crypt(session, SEALS, out, sealed - TAG_BYTES);
}

/* One message has one form of padding. */
static APART int open_block(u32 *block) {
  u32 sealed = block[BLOCK_SEALED + 1], joined = block[BLOCK_OFFSET];
  u8 *data = address(block[BLOCK_SEALED]);
  struct session *session = (struct session *)address(block[BLOCK_SESSION]);
  if (sealed < TAG_BYTES) return finish(session);
  int fault = crypt(session, OPENS, data, sealed - TAG_BYTES);
  if (fault) return fault;
  if (sealed < TAG_BYTES + LENGTH_BYTES) return FAULT_ENCODING;
  u32 more = data[0] >> 7, length = (data[0] & 127u) << 8 | data[1];
  if (length > TEXT_MAX || sealed != sealed_bytes(length) || (more && length != TEXT_MAX) || (!length && joined) ||
      !is_zero(data + LENGTH_BYTES + length, sealed - TAG_BYTES - LENGTH_BYTES - length))
    return FAULT_ENCODING;
  if (joined > block[BLOCK_MESSAGE + 1] || length > block[BLOCK_MESSAGE + 1] - joined) return FAULT_SIZE;
  memcpy(address(block[BLOCK_MESSAGE]) + joined, data + LENGTH_BYTES, length);
  block[BLOCK_OFFSET] = joined + length;
  block[BLOCK_MORE] = more;
  return 0;
}

/* flags | sequence | acknowledgement | payload | CRC-16 of all before. */
enum { FRAME_HEAD = 3, FRAME_OVERHEAD = 5, FRAME_LAST = 1, FRAME_ASK = 2 };

static APART int write_frame(u32 *block) {
  u8 *out = address(block[FRAME_BYTES]);
  u32 length = FRAME_HEAD + block[FRAME_PAYLOAD + 1];
  for (u32 i = 0; i < FRAME_HEAD; i++) out[i] = (u8)block[FRAME_FLAGS + i];
  memcpy(out + FRAME_HEAD, address(block[FRAME_PAYLOAD]), block[FRAME_PAYLOAD + 1]);
  u32 crc = crc16(0xffff, out, length);
  out[length] = (u8)(crc >> 8);
  out[length + 1] = (u8)crc;
  block[FRAME_BYTES + 1] = length + 2;
  return 0;
}

/* The CRC over a frame and its CRC is 0. */
static APART int read_frame(u32 *block) {
  const u8 *bytes = address(block[FRAME_BYTES]);
  u32 length = block[FRAME_BYTES + 1] - FRAME_OVERHEAD;
  if (length > block[FRAME_PAYLOAD + 1] || crc16(0xffff, bytes, length + FRAME_OVERHEAD)) return FAULT_ENCODING;
  if (!length && !(bytes[0] & FRAME_LAST) && (bytes[1] || bytes[0] & FRAME_ASK)) return FAULT_ENCODING;
  for (u32 i = 0; i < FRAME_HEAD; i++) block[FRAME_FLAGS + i] = bytes[i];
  block[FRAME_PAYLOAD] = word_of(bytes + FRAME_HEAD);
  block[FRAME_PAYLOAD + 1] = length;
  return 0;
}

int run_link(u32 operation, u32 *block) {
  switch (operation) {
    case OPERATION_SESSION_AGREE: return shake_hands(block);
    case OPERATION_BLOCK_SEAL: return seal_block(block);
    case OPERATION_BLOCK_OPEN: return open_block(block);
    case OPERATION_FRAME_WRITE: return write_frame(block);
    case OPERATION_FRAME_READ: return read_frame(block);
  }
  return UNKNOWN;
}
