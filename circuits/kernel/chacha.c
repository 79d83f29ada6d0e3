/* ChaCha20-Poly1305 (RFC 8439). */
#include "kernel.h"

static void quarter_round(u32 *s, u32 a, u32 b, u32 c, u32 d) {
  s[a] += s[b], s[d] = rotate32(s[d] ^ s[a], 16);
  s[c] += s[d], s[b] = rotate32(s[b] ^ s[c], 20);
  s[a] += s[b], s[d] = rotate32(s[d] ^ s[a], 24);
  s[c] += s[d], s[b] = rotate32(s[b] ^ s[c], 25);
}

static void chacha_block(const u8 *key, const u8 *nonce, u32 counter, u8 *stream) {
  u32 first[16], s[16];
  memcpy(first, "expand 32-byte k", 16);
  memcpy(first + 4, key, 32);
  first[12] = counter;
  memcpy(first + 13, nonce, 12);
  memcpy(s, first, 64);
  for (u32 round = 0; round < 20; round++) {
    const u32 turn = round & 1;
    for (u32 i = 0; i < 4; i++)
      quarter_round(s, i, 4 + ((i + turn) & 3), 8 + ((i + 2 * turn) & 3), 12 + ((i - turn) & 3));
  }
  for (u32 i = 0; i < 16; i++) s[i] += first[i];
  memcpy(stream, s, 64);
  wipe(first, sizeof first);
  wipe(s, sizeof s);
}

static void chacha_stream(const struct frame *frame) {
  u8 stream[64];
  for (u32 i = 0; i < frame->length; i++) {
    if ((i & 63) == 0) chacha_block(frame->key, frame->nonce, 1 + (i >> 6), stream);
    frame->data[i] ^= stream[i & 63];
  }
  wipe(stream, 64);
}

/* An accumulator below 2^131 and its multiplier, clamped. */
struct poly {
  u32 sum[5];
  u32 r[4];
};

/* sum = (sum + block + 2^128) * r modulo 2^130 - 5; the block has up to 16 bytes, zeros follow. What lies above bit 130 of the
 * product comes back 5 times: as 4 times and once. */
static void poly_block(struct poly *poly, const u8 *block, u32 length) {
  u32 number[5] = {0, 0, 0, 0, 1}, product[10] = {0}, carry = 0;
  memcpy(number, block, length);
  for (u32 i = 0; i < 5; i++) {
    const u64 sum = (u64)poly->sum[i] + number[i] + carry;
    number[i] = (u32)sum;
    carry = (u32)(sum >> 32);
  }
  for (u32 i = 0; i < 4; i++) {
    carry = 0;
    for (u32 j = 0; j < 5; j++) MULTIPLY_ADD(product[i + j], carry, poly->r[i], number[j]);
    product[i + 5] = carry;
  }
  carry = 0;
  u32 *above = product + 4, low = product[4] & 3;
  for (u32 i = 0; i < 5; i++) {
    const u32 once = above[i] >> 2 | above[i + 1] << 30, four = above[i] & (i ? ~0u : ~3u);
    const u64 sum = (u64)(i < 4 ? product[i] : low) + once + four + carry;
    poly->sum[i] = (u32)sum;
    carry = (u32)(sum >> 32);
  }
}

static void poly_padded(struct poly *poly, const u8 *data, u32 length) {
  for (u32 at = 0; at < length; at += 16) poly_block(poly, data + at, length - at < 16 ? length - at : 16);
}

/* sum - (2^130 - 5) where that is not negative, plus the pad. */
static void poly_end(struct poly *poly, const u32 *pad, u8 *tag) {
  u32 words[5];
  u64 sum = 5;
  for (u32 i = 0; i < 5; i++) {
    sum += poly->sum[i];
    words[i] = (u32)sum;
    sum >>= 32;
  }
  const u32 taken = 0 - (words[4] >> 2);
  for (u32 i = 0; i < 4; i++) {
    sum += (u64)(poly->sum[i] ^ ((poly->sum[i] ^ words[i]) & taken)) + pad[i];
    words[i] = (u32)sum;
    sum >>= 32;
  }
  memcpy(tag, words, 16);
}

static void frame_tag(const struct frame *frame, u8 *tag) {
  u32 stream[16], lengths[4] = {frame->context_length, 0, frame->length, 0};
  struct poly poly = {0};
  chacha_block(frame->key, frame->nonce, 0, (u8 *)stream);
  for (u32 i = 0; i < 4; i++) poly.r[i] = stream[i] & (i ? 0x0ffffffc : 0x0fffffff);
  poly_padded(&poly, frame->context, frame->context_length);
  poly_padded(&poly, frame->data, frame->length);
  poly_padded(&poly, (const u8 *)lengths, 16);
  poly_end(&poly, stream + 4, tag);
  wipe(stream, 64);
  wipe(&poly, sizeof poly);
}

/* Encrypts in place; the tag of 16 bytes follows the data. */
void frame_seal(const struct frame *frame) {
  chacha_stream(frame);
  frame_tag(frame, frame->data + frame->length);
}

/* 1 and the plain data in place, or 0 and nothing changed. */
u32 frame_open(const struct frame *frame) {
  u8 tag[16];
  frame_tag(frame, tag);
  u32 holds = equal(tag, frame->data + frame->length, 16);
  if (holds) chacha_stream(frame);
  return holds;
}
