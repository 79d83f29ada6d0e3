/* COSE_Sign1 of suite 1: one form of wrapper, read and written by the same walk; and digests under a label. */
#include "message.h"

/* Array of four, "Signature1", the protected header {1: -19} as a byte string, no external data. */
static const u8 signed_head[] = {0x84, 0x6a, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1', 0x43, 0xa1, 1, 0x32, 0x40};
enum { HEADER_AT = 13, HEADER_BYTES = 3, SIGNED_HEAD_MAX = sizeof signed_head + 5, WRAPPER_MAX = 83 };

/* What is not signed: it holds the payload's length where it is written. */
static u32 cose_walk(struct codec *codec, struct envelope *envelope) {
  codec_expect(codec, TAG, 18, FAULT_ENCODING);
  codec_expect(codec, ARRAY, 4, FAULT_ENCODING);
  u32 length = codec_head(codec, BYTES, HEADER_BYTES);
  u8 *header = codec_take(codec, length);
  if (header && codec->writes) memcpy(header, signed_head + HEADER_AT, HEADER_BYTES);
  if (header && (length != HEADER_BYTES || !equal(header, signed_head + HEADER_AT, HEADER_BYTES)))
    refuse(codec, FAULT_SUITE);
  codec_expect(codec, MAP, 0, FAULT_ENCODING);
  envelope->length = codec_head(codec, BYTES, envelope->length);
  envelope->payload = codec->offset;
  codec_take(codec, envelope->length);
  length = codec_head(codec, BYTES, 64);
  envelope->signature = codec->offset;
  codec_take(codec, length);
  if (length != 64) refuse(codec, FAULT_SIZE);
  return codec_end(codec);
}

static APART void begin(struct codec *codec, const u8 *bytes, u32 length) {
  wipe(codec, sizeof *codec);
  codec->data = (u8 *)bytes;
  codec->length = length;
}

APART u32 message_open(struct message *message, u32 kind, const u8 *bytes, u32 length) {
  struct codec codec;
  begin(&codec, bytes, length);
  struct envelope *envelope = &message->envelope;
  envelope->payload = 0;
  envelope->length = length;
  if (kind != KIND_PAYMENT) {
    if (length > message_bytes_max(kind) + WRAPPER_MAX) return FAULT_SIZE;
    u32 fault = cose_walk(&codec, envelope);
    if (fault) return fault;
    begin(&codec, bytes + envelope->payload, envelope->length);
  }
  codec_message(&codec, kind, message->items);
  return codec.fault;
}

static APART u32 write_head(u8 *head, u32 length) {
  struct codec codec;
  begin(&codec, head, SIGNED_HEAD_MAX);
  codec.writes = 1;
  codec.offset = sizeof signed_head;
  memcpy(head, signed_head, sizeof signed_head);
  codec_head(&codec, BYTES, length);
  return codec.offset;
}

u32 cose_verify(const u8 *key, const struct envelope *envelope, const u8 *bytes) {
  u8 head[SIGNED_HEAD_MAX];
  struct pieces pieces = {head, write_head(head, envelope->length), bytes + envelope->payload, envelope->length};
  return ed25519_verify(key, &pieces, bytes + envelope->signature) ? 0 : FAULT_SIGNATURE;
}

/* Payload and wrapper around it; a fault where the room is too small. */
static APART u32 write_signed(struct envelope *envelope, u32 *block, u32 kind, struct item *items) {
  struct codec codec;
  begin(&codec, 0, ~0u);
  codec.writes = 1;
  codec_message(&codec, kind, items);
  envelope->payload = 0;
  envelope->length = codec.offset;
  if (codec.offset > message_bytes_max(kind)) refuse(&codec, FAULT_SIZE);
  codec.data = address(block[SIGN_OUT]);
  codec.length = block[SIGN_LENGTH];
  codec.offset = 0;
  if (kind != KIND_PAYMENT) cose_walk(&codec, envelope);
  block[SIGN_LENGTH] = kind == KIND_PAYMENT ? envelope->length : codec.offset;
  codec.offset = envelope->payload;
  codec_message(&codec, kind, items);
  return codec.fault;
}

int message_write(struct signing *state, u32 *block, u32 kind, struct item *items) {
  struct envelope envelope;
  u8 *bytes = address(block[SIGN_OUT]);
  int fault = (int)write_signed(&envelope, block, kind, items);
  if (fault || kind == KIND_PAYMENT) return fault;
  const u8 *payload = bytes + envelope.payload;
  if (block[SIGN_ID]) sha2(SHA512_256, payload, envelope.length, address(block[SIGN_ID]));
  state->pieces = (struct pieces){state->head, write_head(state->head, envelope.length), payload, envelope.length};
  state->signature = bytes + envelope.signature;
  state->table = table_open(address(block[SIGN_TABLE]), block[SIGN_TABLE + 1]);
  state->signer = (struct signer){state->secret, address(block[SIGN_NOISE]), address(block[SIGN_KEY]), &state->table};
  if (block[SIGN_IS_SEED]) prf(state->secret, 32, address(block[SIGN_SECRET]), "purse key", &nothing);
  else memcpy(state->secret, address(block[SIGN_SECRET]), 32);
  return SIGNS;
}

int message_sign(struct signing *state) {
  if (!state->signer.key) {
    ed25519_key(state->key, state->secret, &state->table);
    state->signer.key = state->key;
  }
  u32 holds = ed25519_sign(state->signature, &state->signer, &state->pieces);
  wipe(state, sizeof *state);
  return holds ? 0 : BROKEN;
}

/* Each ends in 0. */
static const char labels[] = "mite payee tag\0mite proof hash\0mite credit salt\0mite credit tag\0mite revocation handle";

APART void digest_of(u8 *digest, u32 label, const struct pieces *pieces) {
  struct sha2 hash;
  const char *text = labels;
  while (label) label -= !*text++;
  sha2_begin(&hash, SHA512_256);
  sha2_absorb(&hash, text, text_length(text));
  sha2_absorb(&hash, pieces->head, pieces->head_length);
  sha2_absorb(&hash, pieces->body, pieces->body_length);
  sha2_end(&hash, digest);
}
