/* Messages as the kernel reads them: kinds, the order of their fields, and what reading one leaves behind. */
#ifndef MITE_MESSAGE_H
#define MITE_MESSAGE_H
#include "kernel.h"

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
enum {
  CLAIM_CERTIFICATE, CLAIM_ORDINAL, CLAIM_SLOTS, CLAIM_AMOUNT, CLAIM_PAYEE, CLAIM_REQUEST, CLAIM_PREVIOUS,
  CLAIM_BEFORE, CLAIM_DELTA, CLAIM_THETA, CLAIM_PROOF
};
enum {
  REQUEST_PAYEE, REQUEST_NUMBER, REQUEST_PRICE, REQUEST_UNITS, REQUEST_AMOUNT, REQUEST_IDENTITY, REQUEST_ASSURANCE,
  REQUEST_VERSIONS, REQUEST_SUITES, REQUEST_HIDDEN, REQUEST_METADATA, REQUEST_TTL, REQUEST_SESSION, REQUEST_SALT
};
enum { PAYMENT_CERTIFICATE, PAYMENT_REQUEST, PAYMENT_CLAIM, PAYMENT_PROOF, PAYMENT_GAP, PAYMENT_NAMING = 6 };
enum {
  TIER_ISSUER, TIER_BITS = 4, TIER_LANES, TIER_CLASSES, TIER_MINIMUM, TIER_MAXIMUM, TIER_UNLISTED, TIER_GAP = 14,
  TIER_RESPEND = 17, TIER_IDENTITY = 19, TIER_ASSURANCE
};
/* Of beacons and gaps; of a beacon, its time after its epoch. */
enum { DATED_ISSUER, DATED_GENERATION, DATED_EPOCH, BEACON_SHARD = 6, BEACON_LIST };
enum { DAY_KEY_GENERATION = 4 };
/* The tier has the most fields. */
enum { ITEMS_MAX = 24 };

/* A field: where its content lies in the payload, 0 where it is absent; and its number, its length or its count. */
struct item {
  u32 offset;
  u32 value;
};

/* An opened COSE_Sign1. Offsets of payload and signature count from its first byte, those of items from the payload's. */
struct message {
  u32 payload, length, signature, suite;
  struct item items[ITEMS_MAX];
};

/* Reads on after its first fault as if nothing were there. */
struct reader {
  const u8 *data;
  u32 length, offset, fault;
};
u32 refuse(struct reader *reader, u32 fault);
u32 read_take(struct reader *reader, u32 length);
u32 read_byte(struct reader *reader);
u32 read_head(struct reader *reader, u32 major);
void read_end(struct reader *reader);
enum { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

/* 0 or a fault. */
u32 message_parse(struct message *message, u32 kind, const u8 *payload, u32 length);
u32 message_bytes_max(u32 kind);

/* The signer verified its own signature and it did not hold: the arithmetic is faulty. */
#define BROKEN (-2)

/* COSE_Sign1 of suite 1 (message.c). Opening verifies nothing. */
u32 cose_open(struct message *message, u32 kind, const u8 *bytes, u32 length);
u32 cose_verify(const u8 *key, const struct message *message, const u8 *bytes);
void identify(u8 *id, const struct message *message, const u8 *bytes);
/* A head of a byte string, shortest form; its length. */
u32 write_bytes_head(u8 *to, u32 length);
/* Bytes of the heads before a payload of this length. The signature's 66 bytes follow it. */
u32 cose_head_bytes(u32 length);
/* What stands in scratch and not on the stack, which signing needs: within one call even addresses. */
struct signing {
  struct message message;
  struct signer signer;
  Table table;
  u8 secret[32];
  u8 key[32];
};
/* Signs the payload that stands cose_head_bytes behind `bytes`; 0, or BROKEN. Secret, table, noise and key are set; a key of
 * 0 is made from the secret. Wipes the state. */
int signing_end(struct signing *state, u8 *bytes, u32 length);

/* SHA-512/256 of a label and the pieces. */
void digest_of(u8 *digest, const char *label, const struct pieces *pieces);

/* A child certificate under its issuer's: 0 or a fault. Both opened; the issuer's id is given. */
struct issuer {
  const struct message *message;
  const u8 *bytes, *id;
};
u32 certify(u32 kind, const struct message *child, const u8 *bytes, const struct issuer *issuer);
u32 is_listed(const u8 *list, u32 length, const u8 *salt, const u8 *id, u32 *fault);

/* The statement of an idle proof (idle.c): context and commitments as the range proof takes them. */
enum { CONTEXT_BYTES = 91, CONTEXT_ID = 17 };
struct idle {
  u8 context[CONTEXT_BYTES + 1]; /* the certificate's id stands at CONTEXT_ID before it is asked for */
  u8 commitments[64];
};
struct position {
  const u8 *certificate; /* its payload */
  const struct item *purse, *tier;
  u32 ordinal, theta;
  const u8 *before;
};
u32 idle_statement(struct idle *idle, const struct position *position);
RangeStatement idle_range(const struct idle *idle, u32 bits, u32 lanes);
/* H of suite 1. */
void value_point(Point *r);
void naming_challenge(u32 *k, const u8 *claim, u32 length);
void purse_secret(u8 *secret, const u8 *seed);

/* Whole-message calls (payment.c claim.c): a parameter block of u32, as operation.h lays it out. */
INLINE u8 *address(u32 word) { return (u8 *)(usize)word; }
int payment_verify(u32 *block, u8 *scratch, i32 *left);
int claim_sign(u32 *block, u8 *scratch);
int idle_prove(u32 *block, u8 *scratch, i32 *left);
int payment_assemble(u32 *block, u8 *scratch);

#endif
