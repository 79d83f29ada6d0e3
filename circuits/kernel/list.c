/* One shard of the revocation list (SPEC.md 4.2, circuits/message/list.ts). */
#include "message.h"

/* The bits of a list, after its count. */
struct bits {
  const u8 *data;
  u32 length, at, fault;
};

static APART u32 read_bits(struct bits *list, u32 count) {
  u32 value = 0;
  for (; count--; list->at++) {
    if (list->at >> 3 >= list->length) return list->fault = FAULT_ENCODING, 0;
    value = value << 1 | (list->data[list->at >> 3] >> (7 - (list->at & 7)) & 1);
  }
  return value;
}

/* Whether this handle stands in the shard; only one encoding of a set is taken. */
static u32 find_handle(struct bits *list, u32 handle) {
  u32 count = read_bits(list, 16), low = 28, next = 0, found = 0;
  if (count - 1 > 2046) return list->fault = FAULT_ENCODING, 0;
  for (u32 left = count; left >>= 1;) low--;
  while (count-- && !list->fault) {
    u32 gap = 0;
    while (read_bits(list, 1)) gap++;
    /* Beyond the last handle whatever follows; 1,024 bytes of ones stay below 2^32 only so. */
    u32 beyond = gap >> (29 - low);
    next += gap << low | read_bits(list, low);
    if (beyond | next >> 29) list->fault = FAULT_ENCODING;
    found |= next++ == handle;
  }
  if (list->length != (list->at + 7) >> 3 || read_bits(list, -list->at & 7)) list->fault = FAULT_ENCODING;
  return found;
}

/* Salt: issuer, generation, epoch, time, shard. */
APART u32 list_holds(const struct message *beacon, const u8 *payload, const u8 *id, u32 *fault) {
  static const u8 parts[] = {DATED_ISSUER, DATED_GENERATION, DATED_EPOCH, DATED_EPOCH + 1, BEACON_SHARD};
  const struct item *items = beacon->items, *list = items + BEACON_LIST;
  struct bits bits = {payload + list->offset, list->value, 0, 0};
  u8 salt[48], *at = salt;
  for (u32 i = 0; i < sizeof parts; i++) {
    u32 length = i ? 4 : 32;
    memcpy(at, payload + items[parts[i]].offset, length);
    at += length;
  }
  digest_of(salt, LABEL_HANDLE, &(struct pieces){salt, 48, id, 32});
  u32 found = list->value ? find_handle(&bits, load_u32(salt) >> 3) : 0;
  *fault = bits.fault;
  return found;
}
