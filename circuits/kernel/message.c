/* COSE_Sign1 of suite 1, certificates under their issuers, and revocation lists. */
#include "message.h"

/* Array of four, "Signature1", the protected header {1: -19} as a byte string, no external data. */
static const u8 signed_head[] = {0x84, 0x6a, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1', 0x43, 0xa1, 1, 0x32, 0x40};
enum { HEADER_AT = 13, HEADER_BYTES = 3, SIGNED_HEAD_MAX = sizeof signed_head + 5, WRAPPER_MAX = 83 };

u32 write_bytes_head(u8 *to, u32 length) {
  u32 width = length < 24 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 4;
  to[0] = (u8)(0x40 | (width == 0 ? length : width == 1 ? 24 : width == 2 ? 25 : 26));
  for (u32 i = 0; i < width; i++) to[1 + i] = (u8)(length >> 8 * (width - 1 - i));
  return 1 + width;
}

static struct pieces signed_pieces(u8 *head, const u8 *payload, u32 length) {
  memcpy(head, signed_head, sizeof signed_head);
  u32 more = write_bytes_head(head + sizeof signed_head, length);
  return (struct pieces){head, sizeof signed_head + more, payload, length};
}

u32 cose_open(struct message *message, u32 kind, const u8 *bytes, u32 length) {
  struct reader reader = {bytes, length, 0, 0};
  if (length > message_bytes_max(kind) + WRAPPER_MAX) return FAULT_SIZE;
  if (read_head(&reader, TAG) != 18) refuse(&reader, FAULT_ENCODING);
  if (read_head(&reader, ARRAY) != 4) refuse(&reader, FAULT_ENCODING);
  u32 header_bytes = read_head(&reader, BYTES), header = read_take(&reader, header_bytes);
  if (!reader.fault && (header_bytes != HEADER_BYTES || !equal(bytes + header, signed_head + HEADER_AT, HEADER_BYTES)))
    refuse(&reader, FAULT_SUITE);
  if (read_head(&reader, MAP) != 0) refuse(&reader, FAULT_ENCODING);
  message->length = read_head(&reader, BYTES);
  message->payload = read_take(&reader, message->length);
  u32 signature_bytes = read_head(&reader, BYTES);
  message->signature = read_take(&reader, signature_bytes);
  if (signature_bytes != 64) refuse(&reader, FAULT_SIZE);
  read_end(&reader);
  if (reader.fault) return reader.fault;
  u32 fault = message_parse(message, kind, bytes + message->payload, message->length);
  return fault ? fault : message->suite == SUITE ? 0 : FAULT_SUITE;
}

APART u32 cose_verify(const u8 *key, const struct message *message, const u8 *bytes) {
  u8 head[SIGNED_HEAD_MAX];
  struct pieces pieces = signed_pieces(head, bytes + message->payload, message->length);
  return ed25519_verify(key, &pieces, bytes + message->signature) ? 0 : FAULT_SIGNATURE;
}

void identify(u8 *id, const struct message *message, const u8 *bytes) {
  sha2(SHA512_256, bytes + message->payload, message->length, id);
}

u32 cose_head_bytes(u32 length) {
  u8 head[5];
  return 7 + write_bytes_head(head, length);
}

static int cose_sign(u8 *bytes, u32 length, const struct signer *signer) {
  u8 head[SIGNED_HEAD_MAX];
  static const u8 wrapper[] = {0xd2, 0x84, 0x43, 0xa1, 1, 0x32, 0xa0};
  memcpy(bytes, wrapper, sizeof wrapper);
  u8 *payload = bytes + sizeof wrapper;
  payload += write_bytes_head(payload, length);
  u8 *signature = payload + length;
  signature += write_bytes_head(signature, 64);
  struct pieces pieces = signed_pieces(head, payload, length);
  return ed25519_sign(signature, signer, &pieces) ? 0 : BROKEN;
}

int signing_end(struct signing *state, u8 *bytes, u32 length) {
  state->signer.secret = state->secret;
  state->signer.table = &state->table;
  if (!state->signer.key) {
    ed25519_key(state->key, state->secret, &state->table);
    state->signer.key = state->key;
  }
  int fault = cose_sign(bytes, length, &state->signer);
  wipe(state, sizeof *state);
  return fault;
}

APART void digest_of(u8 *digest, const char *label, const struct pieces *pieces) {
  struct sha2 hash;
  sha2_begin(&hash, SHA512_256);
  sha2_absorb(&hash, label, text_length(label));
  sha2_absorb(&hash, pieces->head, pieces->head_length);
  sha2_absorb(&hash, pieces->body, pieces->body_length);
  sha2_end(&hash, digest);
}

/* Exactly one form of budget, and nothing that this form cannot have. */
static APART u32 check_purse(const struct message *purse, const u8 *payload) {
  const struct item *items = purse->items, *points = items + PURSE_POINTS;
  const struct item *commitments = items + PURSE_COMMITMENTS;
  u32 committed = commitments->value != 0, pinned = items[PURSE_PINNED].offset != 0;
  u32 one_show = items[PURSE_ONE_SHOW].offset != 0, named = items[PURSE_NAMING].offset != 0;
  if (committed + pinned + one_show != 1) return FAULT_CHAIN;
  if (items[PURSE_RESPEND].value && !committed) return FAULT_CHAIN;
  if (named && (pinned || (one_show && points->value != 1))) return FAULT_CHAIN;
  u32 absent = is_zero(payload + items[PURSE_EPHEMERAL].offset, 32) | is_zero(payload + items[PURSE_SEALED].offset, 32);
  for (u32 i = 0; i < commitments->value; i++) absent |= is_zero(payload + commitments->offset + 34 * i + 2, 32);
  if (items[PURSE_REVOCATION].offset) absent |= is_zero(payload + items[PURSE_REVOCATION].offset, 32);
  if (named) absent |= is_zero(payload + items[PURSE_NAMING].offset, 32);
  for (u32 i = 0; named && i < points->value; i++) absent |= is_zero(payload + points->offset + 34 * i + 2, 32);
  return absent ? FAULT_POINT : 0;
}

/* What a kind may begin and end with, under an issuer of these epochs. */
static u32 check_span(u32 kind, const struct item *child, const struct item *issuer) {
  u32 first = issuer[CERT_FROM].value, last = issuer[CERT_UNTIL].value;
  if (kind == KIND_TIER) return 0;
  if (kind == KIND_BEACON || kind == KIND_GAP) {
    u32 epoch = child[DATED_EPOCH].value;
    return epoch < first || epoch > last || child[DATED_GENERATION].value != issuer[DAY_KEY_GENERATION].value;
  }
  u32 from = child[CERT_FROM].value;
  return from < first || from > last || (kind != KIND_FACTORY && child[CERT_UNTIL].value > last);
}

/* circuits/message/chain.ts: verifyPurse, verifyIntermediary, verifyDayKey, verifyTier, verifyDated, verifyFactory. */
u32 certify(u32 kind, const struct message *child, const u8 *bytes, const struct issuer *issuer) {
  const u8 *payload = bytes + child->payload;
  u32 issued = kind == KIND_TIER || kind == KIND_BEACON || kind == KIND_GAP ? TIER_ISSUER : CERT_ISSUER;
  u32 fault = kind == KIND_PURSE ? check_purse(child, payload) : 0;
  if (fault) return fault;
  if (check_span(kind, child->items, issuer->message->items)) return FAULT_CHAIN;
  if (!equal(payload + child->items[issued].offset, issuer->id, 32)) return FAULT_CHAIN;
  const u8 *key = issuer->bytes + issuer->message->payload + issuer->message->items[CERT_KEY].offset;
  fault = cose_verify(key, child, bytes);
  if (fault || kind == KIND_PURSE || issued == TIER_ISSUER) return fault;
  return ed25519_certifiable(payload + child->items[CERT_KEY].offset) ? 0 : FAULT_KEY;
}

/* Bits of a revocation shard, after its count (circuits/message/list.ts). */
static u32 read_bit(struct reader *list) {
  u32 at = list->offset++;
  if (list->fault || at >> 3 >= list->length) return refuse(list, FAULT_ENCODING);
  return list->data[at >> 3] >> (7 - (at & 7)) & 1;
}

static u32 log2_floor(u32 value) {
  u32 bits = 0;
  while (value >>= 1) bits++;
  return bits;
}

/* Whether this handle stands in the shard; the whole of it is read, since only one encoding of a set is taken. */
static u32 find_handle(struct reader *list, u32 handle) {
  if (list->length == 0) return 0;
  if (list->length > 1024) return refuse(list, FAULT_SIZE);
  u32 count = list->length < 2 ? 0 : (u32)list->data[0] << 8 | list->data[1];
  if (count == 0 || count > 2047) return refuse(list, FAULT_ENCODING);
  u32 low = 28 - log2_floor(count), next = 0, found = 0;
  list->offset = 16;
  while (count-- && !list->fault) {
    u32 gap = 0;
    while (read_bit(list)) gap++;
    /* Beyond the last handle whatever follows; 1,024 bytes of ones stay below 2^32 only so. */
    if (gap >> (29 - low)) return refuse(list, FAULT_ENCODING);
    for (u32 i = 0; i < low; i++) gap = gap << 1 | read_bit(list);
    next += gap;
    if (next >> 29) return refuse(list, FAULT_ENCODING);
    found |= next == handle;
    next++;
  }
  if (list->length != (list->offset + 7) >> 3) refuse(list, FAULT_ENCODING);
  while (!list->fault && list->offset & 7)
    if (read_bit(list)) refuse(list, FAULT_ENCODING);
  return found;
}

u32 is_listed(const u8 *list, u32 length, const u8 *salt, const u8 *id, u32 *fault) {
  u8 digest[32];
  struct reader reader = {list, length, 0, 0};
  digest_of(digest, "mite revocation handle", &(struct pieces){salt, 48, id, 32});
  u32 found = find_handle(&reader, load_u32(digest) >> 3);
  *fault = reader.fault;
  return found;
}
