/* Strict deterministic CBOR (SPEC.md 3): the shapes of all messages as tables, and one reader of them.
 *
 * The reader accepts what the decoders of circuits/message accept, and refuses with their faults in their order.
 * It writes down where each field lies: offsets into the payload, never addresses.
 *
 * 1. Kind by kind the same bytes are taken, and every other refused alike. (test/kernel/message.shape.test.ts)
 */
#include "message.h"

u32 refuse(struct reader *reader, u32 fault) {
  if (!reader->fault) reader->fault = fault;
  return 0;
}

u32 read_take(struct reader *reader, u32 length) {
  if (reader->fault) return 0;
  if (length > reader->length - reader->offset) return refuse(reader, FAULT_ENCODING);
  reader->offset += length;
  return reader->offset - length;
}

u32 read_byte(struct reader *reader) {
  u32 at = read_take(reader, 1);
  return reader->fault ? 0 : reader->data[at];
}

/* The argument of a head of this major type, at most u32, in its shortest form. */
u32 read_head(struct reader *reader, u32 major) {
  u32 first = read_byte(reader);
  if (reader->fault) return 0;
  u32 argument = first & 31;
  if (first >> 5 != major || argument > 26) return refuse(reader, FAULT_ENCODING);
  if (argument < 24) return argument;
  u32 width = 1u << (argument - 24), at = read_take(reader, width);
  if (reader->fault) return 0;
  argument = 0;
  for (u32 i = 0; i < width; i++) argument = argument << 8 | reader->data[at + i];
  u32 least = width == 1 ? 24 : width == 2 ? 0x100 : 0x10000;
  return argument < least ? refuse(reader, FAULT_ENCODING) : argument;
}

void read_end(struct reader *reader) {
  if (reader->offset != reader->length) refuse(reader, FAULT_ENCODING);
}

/* What a table says of a field. Numbers follow: lengths, least and most, or how many fields a record has. */
enum { EXACT, BETWEEN, WORD, SMALL, PRINTABLE, FLAG, OPTIONAL, LIST, RECORD };
#define ID EXACT, 32
#define SPAN(least, most) BETWEEN, (least) >> 8, (least) & 255, (most) >> 8, (most) & 255
#define SIGNED_CLAIM SPAN(1, 350)
#define SIGNED_REQUEST SPAN(1, 340)
#define SIGNED_PURSE SPAN(1, 1300)

/* Kind, or 64 + kind of a certificate; longest payload / 8 in two bytes; number of fields; and the fields. */
#define MESSAGE(kind, bytes_max, count) kind, (bytes_max) >> 11, (bytes_max) >> 3 & 255, count
#define CERTIFICATE(kind, bytes_max, count) MESSAGE(64 + (kind), bytes_max, 3 + (count)), ID, WORD, WORD

static const u8 shapes[] = {
    MESSAGE(KIND_CLAIM, 280, 11), ID, WORD, WORD, WORD, ID, ID, ID, ID, ID, WORD, ID,
    MESSAGE(KIND_REQUEST, 256, 14), ID, OPTIONAL, WORD, WORD, WORD, WORD, SMALL, 0, 2, SMALL, 0, 1,
    LIST, 1, 4, SMALL, 1, 23, LIST, 1, 4, SMALL, 1, 23, FLAG, SPAN(0, 32), WORD, ID, EXACT, 16,
    MESSAGE(KIND_PAYMENT, 4096, 6), OPTIONAL, SIGNED_PURSE, OPTIONAL, SIGNED_REQUEST, SIGNED_CLAIM, SPAN(0, 576),
    OPTIONAL, RECORD, 2, SPAN(1, 200), SPAN(576, 576), LIST, 0, 16, ID,
    MESSAGE(KIND_RECEIPT, 96, 3), ID, ID, SMALL, 0, 1,
    MESSAGE(KIND_REFUSAL, 64, 2), ID, WORD,
    MESSAGE(KIND_REPORT, 131072, 5), ID, WORD, LIST, 0, 64, RECORD, 2, SIGNED_CLAIM, SIGNED_REQUEST,
    LIST, 0, 64, RECORD, 3, SIGNED_CLAIM, SIGNED_REQUEST, OPTIONAL, SIGNED_PURSE, LIST, 0, 64, SPAN(1, 160),
    MESSAGE(KIND_STATEMENT, 16384, 7), ID, ID, WORD, WORD, FLAG, LIST, 0, 128, RECORD, 2, ID, SMALL, 0, 4,
    OPTIONAL, RECORD, 2, SIGNED_PURSE, WORD,
    MESSAGE(KIND_CLOSE, 384, 7), ID, WORD, OPTIONAL, RECORD, 2, WORD, ID, SPAN(0, 128), WORD, ID, EXACT, 16,
    MESSAGE(KIND_BEACON, 1280, 8), ID, WORD, WORD, WORD, WORD, ID, WORD, SPAN(0, 1024),
    MESSAGE(KIND_VOUCHER, 128, 6), ID, WORD, WORD, WORD, WORD, OPTIONAL, RECORD, 3, ID, WORD, WORD,
    MESSAGE(KIND_TIER, 2048, 24), ID, PRINTABLE, 16, PRINTABLE, 3, SMALL, 0, 6, WORD, SMALL, 1, 2,
    LIST, 1, 8, RECORD, 2, WORD, LIST, 1, 16, WORD, WORD, WORD, WORD, WORD, LIST, 1, 4, WORD,
    WORD, WORD, WORD, WORD, WORD, WORD, SMALL, 1, 16, SMALL, 0, 2, SMALL, 0, 1, FLAG, FLAG, LIST, 0, 8, WORD,
    MESSAGE(KIND_PURSE_REQUEST, 1200, 7), ID, ID, ID, RECORD, 4, ID, ID, ID, ID, RECORD, 2, ID, ID, LIST, 3, 3, ID,
    OPTIONAL, RECORD, 2, ID, LIST, 1, 16, ID,
    MESSAGE(KIND_GAP, 64, 5), ID, WORD, WORD, WORD, WORD,
    CERTIFICATE(KIND_ROOT, 256, 1), PRINTABLE, 32,
    CERTIFICATE(KIND_DAY_KEY, 256, 1), WORD,
    CERTIFICATE(KIND_INTERMEDIARY, 256, 2), PRINTABLE, 32, WORD,
    CERTIFICATE(KIND_FACTORY, 320, 4), SPAN(4, 16), PRINTABLE, 16, ID, EXACT, 16,
    CERTIFICATE(KIND_PURSE, 1200, 9), ID, SMALL, 0, 7, LIST, 0, 2, ID, FLAG, RECORD, 4, ID, ID, ID, ID,
    OPTIONAL, RECORD, 2, ID, WORD, OPTIONAL, SMALL, 0, 15, OPTIONAL, ID,
    OPTIONAL, RECORD, 3, ID, LIST, 1, 16, ID, SPAN(1, 48),
    CERTIFICATE(KIND_HOP, 320, 2), ID, WORD,
    MESSAGE(KIND_AUDITORS, 800, 7), ID, WORD, WORD, ID, SMALL, 1, 16, ID, LIST, 1, 16, ID,
    MESSAGE(KIND_ACCEPTANCE, 64, 1), ID,
    MESSAGE(KIND_ATTESTATION, 96, 2), ID, ID,
    0,
};

/* Walks a table and, unless it skips, the bytes beside it. Items are written where there is room for them. */
struct walk {
  const u8 *shape;
  struct item *items;
  u32 skips;
};

static u32 between(struct reader *reader, u32 value, const u32 *bounds, u32 fault) {
  return value > bounds[1] || value < bounds[0] ? refuse(reader, fault) : value;
}

static struct item read_leaf(struct reader *reader, u32 kind, const u32 *bounds) {
  struct item item;
  item.offset = reader->offset;
  if (kind == SMALL) {
    item.value = between(reader, read_head(reader, UNSIGNED), bounds, FAULT_ENCODING);
  } else if (kind == FLAG) {
    static const u32 booleans[2] = {20, 21};
    item.value = between(reader, read_head(reader, SIMPLE), booleans, FAULT_ENCODING) == 21;
  } else {
    item.value = read_head(reader, kind == PRINTABLE ? TEXT : BYTES);
    between(reader, item.value, bounds, kind == WORD ? FAULT_ENCODING : FAULT_SIZE);
    item.offset = read_take(reader, item.value);
    if (reader->fault) return item;
    const u8 *content = reader->data + item.offset;
    if (kind == WORD) item.value = load_u32(content);
    if (kind == PRINTABLE)
      for (u32 i = 0; i < item.value; i++)
        if (content[i] < 0x20 || content[i] > 0x7e) refuse(reader, FAULT_ENCODING);
  }
  return item;
}

/* The numbers that follow a leaf's letter in the table. */
static void leaf_bounds(struct walk *walk, u32 kind, u32 *bounds) {
  const u8 *at = walk->shape;
  bounds[0] = 0;
  bounds[1] = kind == WORD ? 4 : at[0];
  if (kind == WORD) bounds[0] = 4;
  if (kind == EXACT) bounds[0] = at[0];
  if (kind == SMALL) bounds[0] = at[0], bounds[1] = at[1];
  if (kind == BETWEEN) bounds[0] = at[0] << 8 | at[1], bounds[1] = at[2] << 8 | at[3];
  static const u8 sizes[] = {1, 4, 0, 2, 1, 0};
  walk->shape += sizes[kind];
}

static void walk_shape(struct walk *walk, struct reader *reader);

static void walk_list(struct walk *walk, struct reader *reader) {
  u32 bounds[2] = {walk->shape[0], walk->shape[1]}, count = 0;
  struct walk inner = {walk->shape + 2, 0, 0};
  if (!walk->skips) count = between(reader, read_head(reader, ARRAY), bounds, FAULT_SIZE);
  if (walk->items) *walk->items++ = (struct item){walk->skips ? 0 : reader->offset, count};
  do {
    inner.shape = walk->shape + 2;
    inner.skips = count == 0;
    walk_shape(&inner, reader);
  } while (count && --count && !reader->fault);
  walk->shape = inner.shape;
}

/* As deep as the tables are: three lists and records within each other. */
static void walk_shape(struct walk *walk, struct reader *reader) {
  u32 kind = *walk->shape++, skips = walk->skips, bounds[2];
  if (kind == OPTIONAL) {
    if (!skips && !reader->fault && reader->offset < reader->length && reader->data[reader->offset] == 0xf6)
      reader->offset++, walk->skips = 1;
    walk_shape(walk, reader);
    walk->skips = skips;
  } else if (kind == RECORD) {
    u32 count = *walk->shape++;
    if (!skips && read_head(reader, ARRAY) != count) refuse(reader, FAULT_ENCODING);
    while (count--) walk_shape(walk, reader);
  } else if (kind == LIST) {
    walk_list(walk, reader);
  } else {
    struct item item = {0, 0};
    leaf_bounds(walk, kind, bounds);
    if (!skips) item = read_leaf(reader, kind, bounds);
    if (walk->items) *walk->items++ = item;
  }
}

/* The table of a kind, from its letter on; 0 for one that no device reads. */
static const u8 *shape_of(u32 kind) {
  struct walk walk;
  /* One by one: as a constant structure it would hold an absolute address. */
  walk.shape = shapes;
  walk.items = 0;
  walk.skips = 1;
  while (*walk.shape) {
    const u8 *start = walk.shape;
    if ((*start & 63) == kind) return start;
    walk.shape += 4;
    for (u32 i = 0; i < start[3]; i++) walk_shape(&walk, 0);
  }
  return 0;
}

u32 message_bytes_max(u32 kind) {
  const u8 *shape = shape_of(kind);
  return shape ? (u32)shape[1] << 11 | (u32)shape[2] << 3 : 0;
}

/* {8: {1: {1: 1, -1: curve, -2: key}}, -65537: ...: returns the suite whose curve it names. */
static u32 read_key(struct reader *reader, struct item *key) {
  static const u8 before[] = {0xa2, 8, 0xa1, 1, 0xa3, 1, 1, 0x20}, after[] = {0x3a, 0, 1, 0, 0};
  static const u32 bounds[2] = {32, 32};
  for (u32 i = 0; i < sizeof before; i++)
    if (read_byte(reader) != before[i]) refuse(reader, FAULT_ENCODING);
  u32 negative = reader->offset < reader->length && reader->data[reader->offset] >> 5 == NEGATIVE;
  u32 curve = read_head(reader, negative ? NEGATIVE : UNSIGNED);
  if (read_head(reader, NEGATIVE) != 1) refuse(reader, FAULT_ENCODING);
  *key = read_leaf(reader, EXACT, bounds);
  for (u32 i = 0; i < sizeof after; i++)
    if (read_byte(reader) != after[i]) refuse(reader, FAULT_ENCODING);
  return negative ? 2 * (curve == 65600) : curve == 6;
}

static void read_body(struct reader *reader, struct message *message, struct walk *walk, u32 kind) {
  u32 count = walk->shape[3], length = read_head(reader, ARRAY);
  walk->shape += 4;
  if (read_head(reader, UNSIGNED) != kind) refuse(reader, FAULT_KIND);
  if (read_head(reader, UNSIGNED) != VERSION) refuse(reader, FAULT_VERSION);
  if (length != count + 3) refuse(reader, FAULT_ENCODING);
  static const u32 suites[2] = {1, 23};
  message->suite = read_leaf(reader, SMALL, suites).value;
  while (count--) walk_shape(walk, reader);
}

u32 message_parse(struct message *message, u32 kind, const u8 *payload, u32 length) {
  struct reader reader = {payload, length, 0, 0};
  struct walk walk = {shape_of(kind), message->items, 0};
  if (!walk.shape) return FAULT_KIND;
  if (length > message_bytes_max(kind)) return FAULT_SIZE;
  u32 certificate = *walk.shape >> 6, suite = 0;
  if (certificate) suite = read_key(&reader, walk.items++);
  read_body(&reader, message, &walk, kind);
  if (certificate && suite != message->suite) refuse(&reader, FAULT_SUITE);
  if (certificate && message->items[CERT_UNTIL].value < message->items[CERT_FROM].value)
    refuse(&reader, FAULT_ENCODING);
  read_end(&reader);
  return reader.fault;
}
