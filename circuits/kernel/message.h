/* Messages as the kernel reads, checks and writes them: kinds, the order of their fields, and the machine of checks. */
#ifndef MITE_MESSAGE_H
#define MITE_MESSAGE_H
#include "kernel.h"
#include "operation.h"

/* circuits/message/message.ts */
enum {
  KIND_CLAIM = 1, KIND_REQUEST, KIND_PAYMENT, KIND_RECEIPT, KIND_REFUSAL, KIND_REPORT, KIND_STATEMENT, KIND_CLOSE,
  KIND_BEACON, KIND_VOUCHER, KIND_EVIDENCE, KIND_ORDER, KIND_TIER, KIND_PURSE_REQUEST, KIND_GAP, KIND_DISCLOSURE,
  KIND_ROOT, KIND_DAY_KEY, KIND_INTERMEDIARY, KIND_FACTORY, KIND_PURSE, KIND_HOP, KIND_AUDITORS, KIND_ACCEPTANCE,
  KIND_ATTESTATION, KIND_OPENING
};
enum { VERSION = 1, SUITE = 1 };

/* Fields in their order; those of a record count one by one, a list is one. Every certificate begins with the first four. */
enum { CERT_KEY, CERT_ISSUER, CERT_FROM, CERT_UNTIL };
enum {
  PURSE_TIER = 4, PURSE_CLASS, PURSE_COMMITMENTS, PURSE_RESPEND, PURSE_EPHEMERAL, PURSE_SEALED, PURSE_PINNED = 12,
  PURSE_BUDGET, PURSE_ONE_SHOW, PURSE_REVOCATION, PURSE_NAMING, PURSE_POINTS
};
enum { HOP_DEVICE = 4, HOP_SEQUENCE };
enum { ACCEPTANCE_HOP };
enum {
  CLAIM_CERTIFICATE, CLAIM_ORDINAL, CLAIM_SLOTS, CLAIM_AMOUNT, CLAIM_PAYEE, CLAIM_REQUEST, CLAIM_PREVIOUS,
  CLAIM_BEFORE, CLAIM_DELTA, CLAIM_THETA, CLAIM_PROOF, CLAIM_FIELDS
};
enum {
  REQUEST_PAYEE, REQUEST_NUMBER, REQUEST_PRICE, REQUEST_UNITS, REQUEST_AMOUNT, REQUEST_IDENTITY, REQUEST_ASSURANCE,
  REQUEST_VERSIONS, REQUEST_SUITES, REQUEST_HIDDEN, REQUEST_METADATA, REQUEST_TTL, REQUEST_SESSION, REQUEST_SALT
};
enum { PAYMENT_CERTIFICATE, PAYMENT_REQUEST, PAYMENT_CLAIM, PAYMENT_PROOF, PAYMENT_GAP, PAYMENT_STANDING, PAYMENT_NAMING };
enum { RECEIPT_CLAIM, RECEIPT_CREDITED, RECEIPT_MODE, RECEIPT_FIELDS };
enum {
  VOUCHER_CERTIFICATE, VOUCHER_SEQUENCE, VOUCHER_UNITS, VOUCHER_PRICE, VOUCHER_TOTAL, VOUCHER_TIP, VOUCHER_TICKS,
  VOUCHER_TICK_PRICE
};
enum {
  TIER_ISSUER, TIER_BITS = 4, TIER_LANES, TIER_CLASSES, TIER_MINIMUM, TIER_MAXIMUM, TIER_UNLISTED, TIER_GAP = 14,
  TIER_RESPEND = 17, TIER_IDENTITY = 19, TIER_ASSURANCE
};
/* Of beacons and gaps; of a beacon, its time after its epoch. */
enum { DATED_ISSUER, DATED_GENERATION, DATED_EPOCH, GAP_LEFT, GAP_RIGHT, BEACON_SHARD = 6, BEACON_LIST };
enum { DAY_KEY_GENERATION = 4 };
/* The tier has the most fields. */
enum { ITEMS_MAX = 24 };

/* A field. Read: where its content lies in the payload, 0 where it is absent; and its number, its length or its count.
 * To be written: an address, 0 where it is absent, of its content or of the items of a list; and the same. */
struct item {
  u32 offset;
  u32 value;
};

/* Where payload and signature of a COSE_Sign1 lie. */
struct envelope {
  u32 payload, length, signature;
};

/* An opened one. Offsets of items count from the payload's first byte. */
struct message {
  struct envelope envelope;
  struct item items[ITEMS_MAX];
};

INLINE u8 *address(u32 word) { return (u8 *)(usize)word; }
INLINE u32 word_of(const void *pointer) { return (u32)(usize)pointer; }

/* Reads or writes by the table of shapes; goes on after its first fault as if nothing were there (shape.c). */
struct codec {
  u8 *data; /* 0: only counts what it would write */
  u32 length, offset, fault;
  const u8 *shape;
  struct item *items; /* of the next field, or 0 */
  u32 writes, skips, curve;
  /* Of list `list` the fields of element `element` are kept here, where that is not 0. */
  struct item *first, *chosen;
  u32 list, element;
};
u32 refuse(struct codec *codec, u32 fault);
/* The next bytes, 0 where there are none. */
u8 *codec_take(struct codec *codec, u32 length);
/* The argument of a head of this major type, read, or written as it is given. */
u32 codec_head(struct codec *codec, u32 major, u32 value);
void codec_expect(struct codec *codec, u32 major, u32 value, u32 fault);
/* A message or certificate of this kind. */
void codec_message(struct codec *codec, u32 kind, struct item *items);
u32 codec_end(struct codec *codec);
u32 message_bytes_max(u32 kind);
enum { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

/* The signer verified its own signature and it did not hold: the arithmetic is faulty. */
#define BROKEN FAULT_SIGNATURE
/* The operation is unknown to this kernel, which is then the older side. */
#define UNKNOWN FAULT_VERSION

/* COSE_Sign1 of suite 1 (message.c): 0 or a fault. Opening verifies nothing; a payment stands bare. */
u32 message_open(struct message *message, u32 kind, const u8 *bytes, u32 length);
u32 cose_verify(const u8 *key, const struct envelope *envelope, const u8 *bytes);

/* SHA-512/256 of a label and two pieces. */
enum { LABEL_PAYEE, LABEL_PROOF, LABEL_SALT, LABEL_CREDIT, LABEL_HANDLE };
void digest_of(u8 *digest, u32 label, const struct pieces *pieces);

/* What stands in scratch and not on the stack, which signing needs: within one call even addresses. */
struct signing {
  struct signer signer;
  struct pieces pieces;
  Table table;
  u8 *signature;
  u8 secret[32];
  u8 key[32];
  u8 head[24];
};
/* Writes a message of these items: 0 for a payment, SIGNS for what is then signed with nothing else on the stack. The block is that
 * of SIGN_... */
#define SIGNS (-4)
int message_write(struct signing *state, u32 *block, u32 kind, struct item *items);
/* Wipes the state. */
int message_sign(struct signing *state);

/* Whether this purse stands in a list under the salt of its beacon; the whole of it is read (list.c). */
u32 list_holds(const struct message *beacon, const u8 *payload, const u8 *id, u32 *fault);

/* The statement of a range proof (idle.c): context and commitments. */
enum { CONTEXT_BYTES = 91 };
struct statement {
  u8 context[CONTEXT_BYTES];
  u8 commitments[64 + 1];
};

/* A message that the machine of checks has open: it stands `start` bytes behind what a word of the block points to. */
struct opened {
  u32 word, start;
  struct message message;
  u8 id[32];
};
enum { SLOT_PAYMENT, SLOT_PURSE, SLOT_CLAIM, SLOT_REQUEST, SLOT_TIER, SLOT_ISSUER, SLOTS };

struct machine;
/* A script as it runs. It stands in scratch to save stack; its pointers are made anew at each call. */
struct run {
  const u8 *code;
  u32 *block;
  struct machine *machine;
  i32 *left;
  u8 *a, *b; /* operands, their numbers, the name of the last one; and the byte after them */
  u32 x, y, name, byte;
};
/* Scratch of a whole-message call: holds no address that outlives one call. */
struct machine {
  u32 at, back; /* in the scripts; 0 before the first call */
  struct run run;
  u32 total, kept;
  u32 bits, lanes, context, place; /* of a range proof: shape, bytes of context, and where it lies in the payment */
  u32 slot; /* of the next answer of a named tier */
  u8 cells[5][32];
  struct statement statement;
  struct opened slots[SLOTS]; /* a range proof at the end of a script takes their place */
};

const u8 *opened_bytes(const struct run *run, u32 slot);
const u8 *payload_of(const struct run *run, u32 slot);
/* Where the content of a field lies. */
const u8 *field(const struct run *run, u32 slot, u32 number);
INLINE const struct item *items_of(const struct run *run, u32 slot) { return run->machine->slots[slot].message.items; }

/* What scripts call by name: 0 or a fault, and MORE from those that are sliced (claim.c naming.c idle.c). */
u32 check_caps(const struct run *run);
int check_naming(const struct run *run);
u32 range_open_idle(const struct run *run);
u32 range_open_standing(const struct run *run);
/* Verifies at the end of a script; verifies with its scratch beside the slots; makes. */
enum { RANGE_LAST, RANGE_BESIDE, RANGE_PROVE };
int range_step(const struct run *run);
u32 prove_open(const struct run *run);
u32 answer(const struct run *run);
/* before + amount*H + delta*G. */
u32 advance(u8 *next, const u8 *before, u32 amount, const u8 *delta);
/* The answers of a named purse for the claim that the fields of a payment hold: bytes and items behind it in scratch. */
u32 put_answers(const u8 *seed, struct item *payment, u8 *scratch);
/* The PRF of a purse's seed (SPEC.md 2.2). */
static const struct pieces nothing;
void prf(u8 *output, u32 length, const u8 *seed, const char *label, const struct pieces *context);
/* H of suite 1. */
void value_point(Point *r);

/* Scripts (check.c), and all of the operations of messages and links (message.entry.c link.c). */
int run_script(u32 script, u32 *block, u8 *scratch, i32 *left);
int run_messages(u32 operation, u32 *block, u8 *scratch, i32 *left);
int run_link(u32 operation, u32 *block);

#endif
