/* Merlin transcripts over STROBE-128 (merlin.cool, strobe.sourceforge.io): the operations that Merlin uses.
 *
 * A byte of the state is one byte of struct sponge; `begin` is where the running operation began.
 */
#include "kernel.h"

enum { STROBE_RATE = 166 };
enum { INBOUND = 1, APPLICATION = 2, CIPHER = 4, META = 16 };

static void strobe_permute(struct sponge *strobe) {
  keccak_xor(strobe->state, strobe->position, strobe->begin);
  keccak_xor(strobe->state, strobe->position + 1, 4);
  keccak_xor(strobe->state, STROBE_RATE + 1, 0x80);
  keccak_permute(strobe->state);
  strobe->position = strobe->begin = 0;
}

static void strobe_byte(struct sponge *strobe, u32 byte) {
  keccak_xor(strobe->state, strobe->position, byte);
  if (++strobe->position == STROBE_RATE) strobe_permute(strobe);
}

static void strobe_absorb(struct sponge *strobe, const void *data, u32 length) {
  const u8 *bytes = data;
  while (length--) strobe_byte(strobe, *bytes++);
}

static void strobe_operate(struct sponge *strobe, u32 kind) {
  u32 previous = strobe->begin;
  strobe->begin = strobe->position + 1;
  strobe_byte(strobe, previous);
  strobe_byte(strobe, kind);
  if (kind & CIPHER && strobe->position) strobe_permute(strobe);
}

/* Label and length, as one operation of metadata. */
static void merlin_label(struct sponge *strobe, const char *label, u32 length) {
  strobe_operate(strobe, META | APPLICATION);
  strobe_absorb(strobe, label, text_length(label));
  for (u32 i = 0; i < 32; i += 8) strobe_byte(strobe, length >> i & 255);
}

void transcript_begin(struct sponge *strobe, const char *protocol) {
  static const u8 header[6] = {1, STROBE_RATE + 2, 1, 0, 1, 96};
  sponge_begin(strobe);
  for (u32 i = 0; i < 6; i++) keccak_xor(strobe->state, i, header[i]);
  for (u32 i = 0; i < 12; i++) keccak_xor(strobe->state, 6 + i, (u32)"STROBEv1.0.2"[i]);
  keccak_permute(strobe->state);
  strobe_operate(strobe, META | APPLICATION);
  strobe_absorb(strobe, "Merlin v1.0", 11);
  transcript_append(strobe, "dom-sep", protocol, text_length(protocol));
}

void transcript_append(struct sponge *strobe, const char *label, const void *message, u32 length) {
  merlin_label(strobe, label, length);
  strobe_operate(strobe, APPLICATION);
  strobe_absorb(strobe, message, length);
}

/* A u64 little-endian, of which the upper half is zero. */
void transcript_append_integer(struct sponge *strobe, const char *label, u32 value) {
  u8 bytes[8];
  for (u32 i = 0; i < 8; i++) bytes[i] = i < 4 ? (u8)(value >> 8 * i) : 0;
  transcript_append(strobe, label, bytes, 8);
}

/* For a scalar: 64 bytes, reduced by the caller. */
void transcript_challenge(struct sponge *strobe, const char *label, u8 *output, u32 length) {
  merlin_label(strobe, label, length);
  strobe_operate(strobe, INBOUND | APPLICATION | CIPHER);
  while (length--) {
    u32 byte = keccak_byte(strobe->state, strobe->position);
    keccak_xor(strobe->state, strobe->position, byte);
    *output++ = (u8)byte;
    if (++strobe->position == STROBE_RATE) strobe_permute(strobe);
  }
}
