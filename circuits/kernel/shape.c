/* Strict deterministic CBOR (SPEC.md 3): the shapes of all messages as one table, and one walk over it that reads and writes.
 *
 * Reading accepts what the decoders of circuits/message accept, and refuses with their faults in their order. It writes down
 * where each field lies: offsets into the payload, never addresses. Writing takes the same items, with addresses.
 *
 * 1. Kind by kind the same bytes are taken, and every other refused alike. (test/kernel/message.shape.test.ts)
 * 2. Kind by kind the same bytes are written. (test/kernel/message.sign.test.ts)
 */
#include "message.h"

/* One byte a field: its major type, and whether it may be absent. Lengths, numbers and counts from least (4 bits, 15: the
 * same) to most (12 bits) follow where the name does not say them. */
#define BOUNDS(least, most) (least) << 4 | (most) >> 8, (most) & 255
enum {
  OPTIONAL = 0x80, RECORD = 0x40 | ARRAY, ID = 0x08 | BYTES, WORD = 0x10 | BYTES, FLAG = 0x18 | SIMPLE,
  LITERAL = TAG, CURVE = NEGATIVE
};
/* Of those that say it: an id, a word; a flag's number counts from 20. */
static const u8 named_bounds[] = {BOUNDS(15, 32), BOUNDS(15, 4), BOUNDS(0, 1)};
enum { FALSE_HEAD = 20 };
#define SMALL(least, most) UNSIGNED, BOUNDS(least, most)
#define SPAN(least, most) BYTES, BOUNDS(least, most)
#define EXACT(length) BYTES, BOUNDS(15, length)
#define PRINTABLE(most) TEXT, BOUNDS(0, most)
#define LIST(least, most) ARRAY, BOUNDS(least, most)
#define FIELDS(count) RECORD | (count) << 3
#define SIGNED_CLAIM SPAN(1, 350)
#define SIGNED_REQUEST SPAN(1, 340)
#define SIGNED_PURSE SPAN(1, 1300)

/* Kind, or 64 + kind of a certificate; longest payload / 8 in two bytes; fields; bytes of what follows. */
#define MESSAGE(kind, bytes_max, count, ...) \
  kind, (bytes_max) >> 11, (bytes_max) >> 3 & 255, count, sizeof((u8[]){__VA_ARGS__}), __VA_ARGS__
#define CERTIFICATE(kind, bytes_max, count, ...) MESSAGE(64 + (kind), bytes_max, 3 + (count), ID, WORD, WORD, __VA_ARGS__)
enum { ENTRY_BYTES = 5 };

static const u8 shapes[] = {
    MESSAGE(KIND_CLAIM, 280, 11, ID, WORD, WORD, WORD, ID, ID, ID, ID, ID, WORD, ID),
    MESSAGE(KIND_REQUEST, 256, 14, ID, OPTIONAL | WORD, WORD, WORD, WORD, SMALL(0, 2), SMALL(0, 1),
        LIST(1, 4), SMALL(1, 23), LIST(1, 4), SMALL(1, 23), FLAG, SPAN(0, 32), WORD, ID, EXACT(16)),
    MESSAGE(KIND_PAYMENT, 4096, 6, OPTIONAL | SIGNED_PURSE, OPTIONAL | SIGNED_REQUEST, SIGNED_CLAIM, SPAN(0, 576),
        OPTIONAL | FIELDS(2), SPAN(1, 200), EXACT(576), LIST(0, 16), ID),
    MESSAGE(KIND_RECEIPT, 96, 3, ID, ID, SMALL(0, 1)),
    MESSAGE(KIND_REFUSAL, 64, 2, ID, WORD),
    MESSAGE(KIND_REPORT, 131072, 5, ID, WORD, LIST(0, 64), FIELDS(2), SIGNED_CLAIM, SIGNED_REQUEST,
        LIST(0, 64), FIELDS(3), SIGNED_CLAIM, SIGNED_REQUEST, OPTIONAL | SIGNED_PURSE, LIST(0, 64), SPAN(1, 160)),
    MESSAGE(KIND_STATEMENT, 16384, 7, ID, ID, WORD, WORD, FLAG, LIST(0, 128), FIELDS(2), ID, SMALL(0, 4),
        OPTIONAL | FIELDS(2), SIGNED_PURSE, WORD),
    MESSAGE(KIND_CLOSE, 384, 7, ID, WORD, OPTIONAL | FIELDS(2), WORD, ID, SPAN(0, 128), WORD, ID, EXACT(16)),
    MESSAGE(KIND_BEACON, 1280, 8, ID, WORD, WORD, WORD, WORD, ID, WORD, SPAN(0, 1024)),
    MESSAGE(KIND_VOUCHER, 128, 6, ID, WORD, WORD, WORD, WORD, OPTIONAL | FIELDS(3), ID, WORD, WORD),
    MESSAGE(KIND_TIER, 2048, 24, ID, PRINTABLE(16), PRINTABLE(3), SMALL(0, 6), WORD, SMALL(1, 2),
        LIST(1, 8), FIELDS(2), WORD, LIST(1, 16), WORD, WORD, WORD, WORD, WORD, LIST(1, 4), WORD,
        WORD, WORD, WORD, WORD, WORD, WORD, SMALL(1, 16), SMALL(0, 2), SMALL(0, 1), FLAG, FLAG, LIST(0, 8), WORD),
    MESSAGE(KIND_PURSE_REQUEST, 1200, 7, ID, ID, ID, FIELDS(4), ID, ID, ID, ID, FIELDS(2), ID, ID, LIST(3, 3), ID,
        OPTIONAL | FIELDS(2), ID, LIST(1, 16), ID),
    MESSAGE(KIND_GAP, 64, 5, ID, WORD, WORD, WORD, WORD),
    CERTIFICATE(KIND_ROOT, 256, 1, PRINTABLE(32)),
    CERTIFICATE(KIND_DAY_KEY, 256, 1, WORD),
    CERTIFICATE(KIND_INTERMEDIARY, 256, 2, PRINTABLE(32), WORD),
    CERTIFICATE(KIND_FACTORY, 320, 4, SPAN(4, 16), PRINTABLE(16), ID, EXACT(16)),
    CERTIFICATE(KIND_PURSE, 1200, 9, ID, SMALL(0, 7), LIST(0, 2), ID, FLAG, FIELDS(4), ID, ID, ID, ID,
        OPTIONAL | FIELDS(2), ID, WORD, OPTIONAL | SMALL(0, 15), OPTIONAL | ID,
        OPTIONAL | FIELDS(3), ID, LIST(1, 16), ID, SPAN(1, 48)),
    CERTIFICATE(KIND_HOP, 320, 2, ID, WORD),
    MESSAGE(KIND_AUDITORS, 800, 7, ID, WORD, WORD, ID, SMALL(1, 16), ID, LIST(1, 16), ID),
    MESSAGE(KIND_ACCEPTANCE, 64, 1, ID),
    MESSAGE(KIND_ATTESTATION, 96, 2, ID, ID),
    0,
};

/* {8: {1: {1: 1, -1: curve, -2: key}}, -65537: ... */
static const u8 confirmation[] = {
    LITERAL | 8 << 3, 0xa2, 8, 0xa1, 1, 0xa3, 1, 1, 0x20, CURVE, LITERAL | 1 << 3, 0x21, ID, LITERAL | 5 << 3, 0x3a, 0, 1, 0, 0};
enum { CONFIRMATION_PARTS = 5 };

u32 refuse(struct codec *codec, u32 fault) {
  if (!codec->fault) codec->fault = fault;
  return 0;
}

APART u8 *codec_take(struct codec *codec, u32 length) {
  u32 offset = codec->offset;
  if (length > codec->length - offset) refuse(codec, codec->writes ? FAULT_SIZE : FAULT_ENCODING);
  if (codec->fault) return 0;
  codec->offset += length;
  return codec->data ? codec->data + offset : 0;
}

/* Bytes of an argument behind its head. */
static u32 width_of(u32 value) { return value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : 4; }

APART u32 codec_head(struct codec *codec, u32 major, u32 value) {
  u32 width = width_of(value);
  if (codec->writes) {
    u8 *to = codec_take(codec, 1 + width);
    if (!to) return value;
    *to = (u8)(major << 5 | (width ? 24 + (width >> 1) : value));
    while (width--) *++to = (u8)(value >> 8 * width);
    return value;
  }
  const u8 *from = codec_take(codec, 1);
  if (!from) return 0;
  u32 first = *from ^ major << 5;
  if (first < 24) return first;
  if (first > 26) return refuse(codec, FAULT_ENCODING);
  width = 1u << (first - 24);
  from = codec_take(codec, width);
  if (!from) return 0;
  value = 0;
  for (u32 i = 0; i < width; i++) value = value << 8 | *from++;
  return width_of(value) == width ? value : refuse(codec, FAULT_ENCODING);
}

/* A head that has this argument and no other. */
APART void codec_expect(struct codec *codec, u32 major, u32 value, u32 fault) {
  if (codec_head(codec, major, value) != value) refuse(codec, fault);
}

static APART void codec_walk(struct codec *codec);

/* What a byte string or a text holds; the number of a word. */
static u32 codec_content(struct codec *codec, u32 letter, const struct item *item, u32 length) {
  u8 *at = codec_take(codec, length);
  if (!at) return length;
  if (codec->writes) {
    if (letter == WORD) store_u32(at, item->value);
    else memcpy(at, address(item->offset), length);
  }
  if (letter == WORD) return load_u32(at);
  for (u32 i = 0; letter == TEXT && i < length; i++)
    if (at[i] - 0x20u > 0x7e - 0x20) refuse(codec, FAULT_ENCODING);
  return length;
}

/* Without elements, its shape alone is walked over. */
static void codec_elements(struct codec *codec, struct item *inner, u32 count) {
  const u8 *shape = codec->shape;
  struct item *after = codec->items;
#if KERNEL_SMALL
  u32 element = ~0u;
#else
  u32 element = codec->first && after - codec->first == (i32)codec->list + 1 ? codec->element : ~0u;
#endif
  codec->items = inner;
  codec->skips = !count;
  do {
    codec->shape = shape;
    if (!codec->writes) codec->items = element-- ? 0 : codec->chosen;
    codec_walk(codec);
  } while (count && --count && !codec->fault);
  codec->items = after;
}

static void codec_field(struct codec *codec, u32 letter) {
  u32 major = letter & 7, named = letter >> 3, value = 0, offset = 0, base = letter == FLAG ? FALSE_HEAD : 0;
  const u8 *bounds = named ? named_bounds + 2 * named - 2 : codec->shape;
  u32 most = (bounds[0] & 15u) << 8 | bounds[1], least = bounds[0] >> 4;
  struct item *item = codec->items, *inner = 0;
  if (!named) codec->shape += 2;
  if (item) codec->items++;
  if (!codec->skips) {
    if (least == 15) least = value = most;
    else if (codec->writes) value = item->value;
    value = codec_head(codec, major, value + base) - base;
    if (value < least || value > most)
      refuse(codec, letter != WORD && major - BYTES < 3 ? FAULT_SIZE : FAULT_ENCODING);
    offset = codec->offset;
    if (major == BYTES || major == TEXT) value = codec_content(codec, letter, item, value);
    if (codec->writes) inner = (struct item *)address(item->offset);
  }
  if (item && !codec->writes) *item = (struct item){offset, value};
  if (major == ARRAY) codec_elements(codec, inner, codec->fault ? 0 : value);
}

/* As deep as the tables are: three lists and records within each other. */
static APART void codec_walk(struct codec *codec) {
  u32 letter = *codec->shape++, major = letter & 7, skips = codec->skips;
  if (letter & OPTIONAL && major != TAG && !skips) {
    u32 offset = codec->offset;
    u32 absent = codec->writes ? !codec->items->offset : offset < codec->length && codec->data[offset] == 0xf6;
    if (absent) codec_head(codec, SIMPLE, 22), codec->skips = 1;
  }
  letter &= 0x7f;
  if (major == LITERAL) {
    for (u32 count = letter >> 3; count--; codec->shape++) {
      const u8 *at = codec_take(codec, 1);
      if (at && *at != *codec->shape) refuse(codec, FAULT_ENCODING);
    }
  } else if (major == CURVE) {
    u32 negative = codec->offset < codec->length && codec->data[codec->offset] >> 5 == NEGATIVE;
    codec->curve = codec_head(codec, negative, 0) << 1 | negative;
  } else if (letter & 0x40) {
    u32 count = letter >> 3 & 7;
    if (!codec->skips) codec_expect(codec, ARRAY, count, FAULT_ENCODING);
    while (count--) codec_walk(codec);
  } else {
    codec_field(codec, letter);
  }
  codec->skips = skips;
}

/* The table of a kind; 0 for one that no device knows. */
static const u8 *shape_of(u32 kind) {
  for (const u8 *shape = shapes; *shape; shape += ENTRY_BYTES + shape[4])
    if ((*shape & 63) == kind) return shape;
  return 0;
}

u32 message_bytes_max(u32 kind) {
  const u8 *shape = shape_of(kind);
  return shape ? (u32)shape[1] << 11 | (u32)shape[2] << 3 : 0;
}

/* The suite comes after all other faults, but for one curve in a certificate of another suite. */
APART void codec_message(struct codec *codec, u32 kind, struct item *items) {
  const u8 *shape = shape_of(kind);
  codec->items = items;
  if (!shape) refuse(codec, FAULT_KIND);
  if (!codec->writes && codec->length > message_bytes_max(kind)) refuse(codec, FAULT_SIZE);
  if (codec->fault) return;
  u32 certificate = *shape >> 6, fields = shape[3];
  /* Nobody here certifies. */
  if (certificate && codec->writes) refuse(codec, FAULT_KIND);
  codec->shape = confirmation;
  for (u32 i = 0; certificate && i < CONFIRMATION_PARTS; i++) codec_walk(codec);
  codec->shape = shape + ENTRY_BYTES;
  u32 length = codec_head(codec, ARRAY, fields + 3);
  codec_expect(codec, UNSIGNED, kind, FAULT_KIND);
  codec_expect(codec, UNSIGNED, VERSION, FAULT_VERSION);
  u32 suite = codec_head(codec, UNSIGNED, SUITE);
  if (length != fields + 3 || suite - 1 > 22) refuse(codec, FAULT_ENCODING);
  while (fields--) codec_walk(codec);
  if (certificate && codec->curve != (suite == 1 ? 6 << 1 : suite == 2 ? 65600 << 1 | 1 : ~0u)) refuse(codec, FAULT_SUITE);
  if (certificate && items[CERT_UNTIL].value < items[CERT_FROM].value) refuse(codec, FAULT_ENCODING);
  codec_end(codec);
  if (suite != SUITE) refuse(codec, FAULT_SUITE);
}

/* Nothing follows what was read. */
u32 codec_end(struct codec *codec) {
  if (!codec->writes && codec->offset != codec->length) refuse(codec, FAULT_ENCODING);
  return codec->fault;
}
