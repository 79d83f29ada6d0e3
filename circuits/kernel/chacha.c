/* ChaCha20-Poly1305 (RFC 8439). */
#include "kernel.h"

static u32 little_endian(const u8 *bytes) {
  return bytes[0] | (u32)bytes[1] << 8 | (u32)bytes[2] << 16 | (u32)bytes[3] << 24;
}

static void quarter_round(u32 *s, u32 a, u32 b, u32 c, u32 d) {
  s[a] += s[b], s[d] = rotate32(s[d] ^ s[a], 16);
  s[c] += s[d], s[b] = rotate32(s[b] ^ s[c], 20);
  s[a] += s[b], s[d] = rotate32(s[d] ^ s[a], 24);
  s[c] += s[d], s[b] = rotate32(s[b] ^ s[c], 25);
}

static void chacha_block(const u8 *key, const u8 *nonce, u32 counter, u8 *stream) {
  u32 first[16], s[16];
  for (u32 i = 0; i < 4; i++) first[i] = little_endian((const u8 *)"expand 32-byte k" + 4 * i);
  for (u32 i = 0; i < 8; i++) first[4 + i] = little_endian(key + 4 * i);
  first[12] = counter;
  for (u32 i = 0; i < 3; i++) first[13 + i] = little_endian(nonce + 4 * i);
  for (u32 i = 0; i < 16; i++) s[i] = first[i];
  for (u32 round = 0; round < 10; round++) {
    for (u32 i = 0; i < 4; i++) quarter_round(s, i, 4 + i, 8 + i, 12 + i);
    for (u32 i = 0; i < 4; i++) quarter_round(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (u32 i = 0; i < 64; i++) stream[i] = (u8)((s[i >> 2] + first[i >> 2]) >> (8 * (i & 3)));
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

/* An accumulator modulo 2^130 - 5 and its multiplier, in limbs of 26 bits. */
struct poly {
  u32 sum[5];
  u32 r[5];
};

/* Bits 26*i and up of a number of 17 bytes. */
static u32 poly_limb(const u8 *number, u32 i) {
  u32 bit = 26 * i;
  return little_endian(number + (bit >> 3)) >> (bit & 7) & 0x3ffffff;
}

static void poly_carry(struct poly *poly) {
  for (u32 i = 0; i < 4; i++) {
    poly->sum[i + 1] += poly->sum[i] >> 26;
    poly->sum[i] &= 0x3ffffff;
  }
  poly->sum[0] += 5 * (poly->sum[4] >> 26);
  poly->sum[4] &= 0x3ffffff;
}

static void poly_block(struct poly *poly, const u8 *number) {
  u32 a[5];
  u64 carry = 0;
  for (u32 i = 0; i < 5; i++) a[i] = poly->sum[i] + poly_limb(number, i);
  for (u32 i = 0; i < 5; i++) {
    u64 product = carry;
    for (u32 j = 0; j < 5; j++)
      product += (u64)a[j] * (j <= i ? poly->r[i - j] : 5 * poly->r[5 + i - j]);
    poly->sum[i] = product & 0x3ffffff;
    carry = product >> 26;
  }
  /* At most 2^33 * 5: over two limbs. */
  carry = carry * 5 + poly->sum[0];
  poly->sum[0] = carry & 0x3ffffff;
  poly->sum[1] += (u32)(carry >> 26);
}

/* Whole blocks, the last one filled with zeros. */
static void poly_padded(struct poly *poly, const u8 *data, u32 length) {
  u8 number[17];
  for (u32 at = 0; at < length; at += 16) {
    for (u32 i = 0; i < 17; i++) number[i] = i < 16 && at + i < length ? data[at + i] : 0;
    number[16] = 1;
    poly_block(poly, number);
  }
}

static void poly_end(struct poly *poly, const u8 *pad, u8 *tag) {
  u32 less[5], carry = 5;
  poly_carry(poly);
  poly_carry(poly);
  /* sum - (2^130 - 5), taken where it is not negative. */
  for (u32 i = 0; i < 5; i++) {
    carry += poly->sum[i];
    less[i] = carry & 0x3ffffff;
    carry >>= 26;
  }
  u32 keep = carry - 1;
  u64 total = 0;
  for (u32 i = 0; i < 5; i++) less[i] = (poly->sum[i] & keep) | (less[i] & ~keep);
  for (u32 i = 0; i < 4; i++) {
    u32 word = less[i] >> 6 * i | less[i + 1] << (26 - 6 * i);
    total = (total >> 32) + word + little_endian(pad + 4 * i);
    for (u32 j = 0; j < 4; j++) tag[4 * i + j] = (u8)((u32)total >> (8 * j));
  }
}

static void frame_tag(const struct frame *frame, u8 *tag) {
  u8 stream[64], lengths[16], r[17];
  struct poly poly;
  chacha_block(frame->key, frame->nonce, 0, stream);
  for (u32 i = 0; i < 17; i++) r[i] = i < 16 ? stream[i] : 0;
  for (u32 i = 3; i < 16; i += 4) r[i] &= 15, r[i - 3] &= i > 3 ? 252 : 255;
  for (u32 i = 0; i < 5; i++) poly.sum[i] = 0, poly.r[i] = poly_limb(r, i);
  poly_padded(&poly, frame->context, frame->context_length);
  poly_padded(&poly, frame->data, frame->length);
  for (u32 i = 0; i < 16; i++) {
    u32 length = i < 8 ? frame->context_length : frame->length;
    lengths[i] = (i & 7) < 4 ? (u8)(length >> (8 * (i & 7))) : 0;
  }
  poly_padded(&poly, lengths, 16);
  poly_end(&poly, stream + 16, tag);
  wipe(stream, 64);
  wipe(&poly, sizeof poly);
  wipe(r, sizeof r);
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
