/* Range proofs (Bulletproofs+, SPEC.md 5): what prover and verifier share. The same bytes as circuits/proof/range*.ts.
 *
 * Scalars that are computed with are kept times 2^256 (see sc_montgomery); "entered" says so.
 */
#include "kernel.h"

enum { BLIND_BASE, VALUE_BASE, FIRST_GENERATOR };
/* 64 values: two lanes of 32 bits. */
enum { RANGE_SIZE_MAX = 64, ROUNDS_MAX = 6 };
/* Places of 32 bytes in a proof: d1 A A1 B r1 s1 L_1 R_1 ... */
enum { PROOF_D1, PROOF_A, PROOF_A1, PROOF_B, PROOF_R1, PROOF_S1, PROOF_ROUNDS };

static const u8 blind_base_encoded[32] = {0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
                                          0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
                                          0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
static const u8 value_base_encoded[][32] = {
    {0x4c, 0x50, 0x11, 0xfe, 0x5f, 0x2c, 0x4a, 0xe9, 0x27, 0x5c, 0x01, 0xba, 0xd0, 0xfb, 0xb5, 0x26,
     0x0d, 0x67, 0x67, 0x53, 0x95, 0x84, 0xc8, 0x8a, 0x5a, 0x96, 0xf9, 0xe9, 0x1d, 0xe8, 0x0a, 0x41},
#if !KERNEL_SMALL
    {0xe8, 0xc7, 0x67, 0x57, 0xd8, 0x12, 0x4e, 0x2e, 0x96, 0x8a, 0x07, 0xc8, 0x09, 0xe8, 0x18, 0xcb,
     0xbf, 0xff, 0x49, 0x41, 0xb9, 0x34, 0x06, 0x07, 0x2c, 0x5b, 0xe8, 0xb8, 0x89, 0xd8, 0x3b, 0x6e},
#endif
};

typedef struct {
  u32 size; /* bits * lanes */
  u32 rounds;
} RangeShape;

/* All zero for a shape that has no proofs here, or whose generators the table does not hold. */
static RangeShape range_shape(const RangeStatement *statement, const Table *table) {
  const u32 bits = statement->bits, lanes = statement->lanes, size = bits * lanes;
  RangeShape shape = {0, 0};
  if (statement->suite - 1 >= sizeof value_base_encoded / 32) return shape;
  if (bits < 8 || bits > 64 || (bits & (bits - 1)) || lanes < 1 || lanes > 2 || size > RANGE_SIZE_MAX) return shape;
  if (table && (table->bits < bits || table->parties < lanes || table->teeth != table_teeth(table))) return shape;
  shape.size = size;
  while (size >> shape.rounds > 1) shape.rounds++;
  return shape;
}

u32 range_proof_bytes(const RangeStatement *statement) {
  const RangeShape shape = range_shape(statement, 0);
  return shape.size ? 32 * (PROOF_ROUNDS + 2 * shape.rounds) : 0;
}

/* Where G_i (letter 0) or H_i (1) stands in the table. */
static u8 range_generator(const RangeStatement *statement, const Table *table, u32 letter, u32 i) {
  const u32 lane = i / statement->bits, bit = i % statement->bits;
  return (u8)(FIRST_GENERATOR + (2 * lane + letter) * table->bits + bit);
}

static void transcript_append_32(struct sponge *transcript, const char *label, const u8 *bytes) {
  transcript_append(transcript, label, bytes, 32);
}

/* One text, so that its address is made once: on boards each costs 8 bytes. */
static const char range_labels[] = "H\0G\0N\0T\0M\0Ci\0vi - minimum_value";
enum { LABEL_H = 0, LABEL_G = 2, LABEL_N = 4, LABEL_T = 6, LABEL_M = 8, LABEL_C = 10, LABEL_V = 13 };

static void range_transcript(struct sponge *transcript, const RangeStatement *statement) {
  transcript_begin(transcript, "mite range 1");
  if (statement->context) transcript_append(transcript, "context", statement->context, statement->contextLength);
  transcript_append(transcript, "dom-sep", "Bulletproofs+ Range Proof", 25);
  transcript_append_32(transcript, range_labels + LABEL_H, value_base_encoded[statement->suite - 1]);
  transcript_append_32(transcript, range_labels + LABEL_G, blind_base_encoded);
  transcript_append_integer(transcript, range_labels + LABEL_N, statement->bits);
  transcript_append_integer(transcript, range_labels + LABEL_T, 1);
  transcript_append_integer(transcript, range_labels + LABEL_M, statement->lanes);
  for (u32 lane = 0; lane < statement->lanes; lane++)
    transcript_append_32(transcript, range_labels + LABEL_C, statement->commitments + 32 * lane);
  for (u32 lane = 0; lane < statement->lanes; lane++) transcript_append_integer(transcript, range_labels + LABEL_V, 0);
}

/* Entered. Zero would undo what it weighs: 0 for one that must be refused. */
static u32 range_challenge(struct sponge *transcript, const char *label, u32 *challenge) {
  u8 wide[64];
  transcript_challenge(transcript, label, wide, 64);
  sc_reduce_entered(challenge, wide);
  return 1 - sc_is_zero(challenge);
}

static u32 range_challenge_bits(struct sponge *transcript, const u8 *A, u32 *y, u32 *z) {
  transcript_append_32(transcript, "A", A);
  return range_challenge(transcript, "y", y) & range_challenge(transcript, "z", z);
}

static u32 range_challenge_round(struct sponge *transcript, const u8 *LR, u32 *e) {
  transcript_append_32(transcript, "L", LR);
  transcript_append_32(transcript, "R", LR + 32);
  return range_challenge(transcript, "e", e);
}

static u32 range_challenge_end(struct sponge *transcript, const u8 *proof, u32 *e) {
  transcript_append_32(transcript, "A1", proof + 32 * PROOF_A1);
  transcript_append_32(transcript, "B", proof + 32 * PROOF_B);
  return range_challenge(transcript, "e", e);
}

/* r += a*b, entered. */
static void sc_add_product(u32 *r, const u32 *a, const u32 *b) {
  sc product;
  sc_montgomery(product, a, b);
  sc_add(r, r, product);
}

/* r = a^(2^times), entered. */
static void sc_squares(u32 *r, const u32 *a, u32 times) {
  sc_copy(r, a);
  while (times--) sc_montgomery(r, r, r);
}

static void sc_negate(u32 *r, const u32 *a) {
  sc zero = {0};
  sc_subtract(r, zero, a);
}
