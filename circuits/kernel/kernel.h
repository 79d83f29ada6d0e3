/* The kernel: types and prototypes of all its parts. Freestanding C11, one translation unit (kernel.c), nothing writable but
 * what the caller gives. Scratch holds offsets, never addresses: it may move between two calls.
 *
 * Results are 0, a code of circuits/fault.ts, or MORE. `left` is a count of field multiplications that a slice may still
 * spend: every step takes from it what it costs, and stops at the next whole step once it is not positive.
 */
#ifndef MITE_KERNEL_H
#define MITE_KERNEL_H

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT8_TYPE__ i8;
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;

#define INLINE static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

/* A kernel for boards of 40 kB (-DKERNEL_SMALL=1) has what a wallet calls and no tables; loops stay loops where the time is
 * elsewhere. It takes no payments of named tiers and no standing in zero knowledge: both are refused, each with its fault. */
#ifndef KERNEL_SMALL
#define KERNEL_SMALL 0
#endif
#define KERNEL_COMBS (!KERNEL_SMALL)
#if KERNEL_SMALL
#define UNROLLED _Pragma("GCC unroll 1")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

/* Between these two only size counts. */
#if defined __clang__ && !defined __wasm__
#define SIZE_BEGIN _Pragma("clang attribute push(__attribute__((minsize)), apply_to = function)")
#define SIZE_END _Pragma("clang attribute pop")
#else
#define SIZE_BEGIN
#define SIZE_END
#endif

#if KERNEL_SMALL
#define INLINE_HOT APART static
#else
#define INLINE_HOT INLINE
#endif

#define MORE (-1)
#include "fault.h"

/* ---- bytes (bytes.c; owner: kernel hashes) ---- */

typedef __SIZE_TYPE__ usize;
typedef u32 __attribute__((may_alias)) word_alias;

void *memcpy(void *to, const void *from, usize length);
void *memset(void *to, int value, usize length);
void wipe(void *memory, u32 length);
/* 1 where equal, in constant time. */
u32 equal(const void *a, const void *b, u32 length);
u32 is_zero(const u8 *bytes, u32 length);
u32 text_length(const char *text);
/* Big-endian, as messages hold them. */
u32 load_u32(const u8 *bytes);
void store_u32(u8 *bytes, u32 value);
u32 crc16(u32 crc, const u8 *bytes, u32 length);
u32 crc32(u32 crc, const u8 *bytes, u32 length);
INLINE u32 rotate32(u32 value, u32 right) { return value >> (right & 31) | value << (-right & 31); }

/* (high, low) = a * b + low + high: never overflows. */
#ifdef __arm__
#define MULTIPLY_ADD(low, high, a, b) __asm__("umaal %0, %1, %2, %3" : "+r"(low), "+r"(high) : "r"(a), "r"(b))
#else
#define MULTIPLY_ADD(low, high, a, b)               \
  do {                                              \
    const u64 wide = (u64)(a) * (b) + (low) + (high);     \
    (low) = (u32)wide;                              \
    (high) = (u32)(wide >> 32);                     \
  } while (0)
#endif

/* ---- field modulo 2^255 - 19 (field.c, field.wasm.c; owner: kernel arithmetic) ----
 * Thumb-2 and rv32: 8 limbs of 32 bits, any value below 2^256. wasm: 10 signed limbs of 26 and 25 bits, where a sum or a
 * difference is not carried: at most three of them may meet before the next multiplication. Results may be operands. */

#ifdef __wasm__
#define FIELD_LIMBS 10
typedef i32 limb;
#else
#define FIELD_LIMBS 8
typedef u32 limb;
#endif
typedef limb fe[FIELD_LIMBS];
/* Extended coordinates of edwards25519: x = X/Z, y = Y/Z, T = XY/Z. */
typedef struct {
  fe X, Y, Z, T;
} Point;

void fe_set(limb *r, u32 small);
void fe_copy(limb *r, const limb *a);
void fe_add(limb *r, const limb *a, const limb *b);
void fe_subtract(limb *r, const limb *a, const limb *b);
/* sum = a + b, difference = a - b; neither lies where a or b does. */
void fe_both(limb *sum, limb *difference, const limb *a, const limb *b);
void fe_negate(limb *r, const limb *a);
void fe_multiply(limb *r, const limb *a, const limb *b);
void fe_square(limb *r, const limb *a);
void fe_squares(limb *r, const limb *a, u32 times);
#if !KERNEL_SMALL
/* small < 2^17. */
void fe_multiply_small(limb *r, const limb *a, u32 small);
#endif
/* A constant of 8 words: in place, or unpacked into the room on wasm. */
const limb *fe_load(limb *room, const u32 *words);
/* The top bit of the 32 bytes is ignored. */
void fe_decode(limb *r, const u8 *bytes);
/* The least residue. */
void fe_encode(u8 *bytes, const limb *a);
/* Swaps a and b where bit is 1; r = a where bit is 1. */
void fe_swap(limb *a, limb *b, u32 bit);
void fe_select(limb *r, const limb *a, u32 bit);
u32 fe_is_zero(const limb *a);
u32 fe_is_equal(const limb *a, const limb *b);
u32 fe_is_odd(const limb *a);
#if !KERNEL_SMALL
void fe_invert(limb *r, const limb *a);
#endif
/* Runs one of program.c; the point may be 0 where it is not named. */
u32 field_run(fe *room, Point *point, u32 program, u32 flags);

/* ---- scalars modulo l (scalar.c; owner: kernel arithmetic) ----
 * 8 limbs of 32 bits, always reduced. sc_montgomery(a, b) = a*b/2^256: what is computed with much is kept times 2^256. */

typedef u32 sc[8];

void sc_set(u32 *r, u32 small);
void sc_copy(u32 *r, const u32 *a);
void sc_add(u32 *r, const u32 *a, const u32 *b);
void sc_subtract(u32 *r, const u32 *a, const u32 *b);
void sc_multiply(u32 *r, const u32 *a, const u32 *b);
void sc_montgomery(u32 *r, const u32 *a, const u32 *b);
/* Into and out of the form times 2^256. */
void sc_enter(u32 *r, const u32 *a);
void sc_leave(u32 *r, const u32 *a);
/* Both in the form times 2^256. Variable time: for public values only. */
void sc_invert(u32 *r, const u32 *a);
/* 64 bytes reduced. sc_reduce_entered leaves the form times 2^256. */
void sc_reduce(u32 *r, const u8 *wide);
void sc_reduce_entered(u32 *r, const u8 *wide);
/* 1 where the 32 bytes were already reduced. */
u32 sc_decode(u32 *r, const u8 *bytes);
void sc_encode(u8 *bytes, const u32 *a);
u32 sc_is_zero(const u32 *a);

/* ---- group: edwards25519 (group.c) and its ristretto255 encoding (ristretto.c; owner: kernel arithmetic) ---- */

/* Affine multiples as tables keep them: y + x, y - x, 2dxy. */
typedef struct {
  fe plus, minus, product;
} Niels;

/* Multiples in memory: Y + X, Y - X, 2Z, 2dT. */
typedef struct {
  fe plus, minus, twice, product;
} Cached;

void ge_identity(Point *r);
void ge_negate(Point *r, const Point *p);
/* T is left out where withT is 0: a doubling that follows does not read it. */
void ge_double(Point *r, const Point *p, u32 withT);
/* r += q, or r -= q, in constant time: whether it is negative may be secret, whether T is left out may not. */
enum { GE_NEGATIVE = 1, GE_WITHOUT_T = 2 };
void ge_add_niels(Point *r, const Niels *q, u32 how);
void ge_add_cached(Point *r, const Cached *q, u32 how);
void ge_cache(Cached *r, const Point *p);
void ge_add(Point *r, const Point *p, const Point *q);
/* Ed25519 (RFC 8032): 1 and the point, or 0 for bytes that are not canonical. */
u32 ge_decode(Point *r, const u8 *bytes);
void ge_encode(u8 *bytes, const Point *p);
/* [8]p is the neutral element. */
u32 ge_is_small(const Point *p);
/* p is the neutral element. */
u32 ge_is_identity(const Point *p);

u32 ristretto_decode(Point *r, const u8 *bytes);
void ristretto_encode(u8 *bytes, const Point *p);
/* RFC 9496 4.3.4: the one-way map of 64 uniform bytes. */
void ristretto_map(Point *r, const u8 *uniform);
u32 ristretto_equal(const Point *p, const Point *q);
u32 ristretto_is_identity(const Point *p);

/* ---- multiplication (multiply.c, sum.c; owner: kernel arithmetic) ----
 *
 * A table set is one row of generators: blind base G (the base point of edwards25519), value base H, then for each party its
 * `bits` points G_i and its `bits` points H_i. Kinds by `teeth`:
 *   0      64 bytes a generator: affine x | y, little-endian, reduced; but where `plain` is below `bits`, G_i and H_i from
 *          i = plain on stand behind all others, row by row, in the 32 bytes of their ristretto255 encoding
 *   4 5 6  8, 16, 32 entries of 96 bytes: y + x | y - x | 2dxy, little-endian, reduced; a signed comb:
 *          entry k = (2^((t-1)*d) + sum over i < t-1 of (2*bit i of k - 1) * 2^(i*d)) * generator, d = ceil(255/t)
 * No scalar needs recoding with carries: with c = (k + 2^n - 1)/2 mod l, n = t*d, k = sum of (2*c_i - 1) * 2^i. */

typedef struct {
  const u8 *entries;
  u32 teeth;
  u32 bits;
  u32 parties;
  u32 plain;
} Table;

INLINE u32 table_teeth(const Table *table) { return KERNEL_COMBS ? table->teeth : 0; }

enum { TEETH_MAX = 6, TABLE_BITS_MAX = 64 };
/* Packed for a parameter block: teeth | bits << 8 | parties << 16 | plain << 24, which is 0 for all bits. */
Table table_open(const u8 *entries, u32 shape);
/* r = k times a generator, secret k, constant time: 4 ms with a comb of five teeth, 12 without. */
void table_multiply(Point *r, const Table *table, u32 generator, const u32 *k);

/* p, 3p, 5p, ... */
void ge_odd_multiples(Cached *r, const Point *p, u32 count);
/* r = k*p, secret k, constant time. About 12 ms at 64 MHz. */
void ge_multiply(Point *r, const Point *p, const u32 *k);
/* r = k*B, secret k: by the table where it has teeth, else by ge_multiply. table may be 0. */
void ge_multiply_base(Point *r, const Table *table, const u32 *k);
/* r = a*p + b*B for public values (signature verification), b at any address. */
void ge_multiply_two(Point *r, const u32 *a, const Point *p, const void *b);

/* Scalars over generators of a table with teeth. */
typedef struct {
  const Table *table;
  const u8 *generators; /* one index a term */
  u32 *scalars;         /* 8 words a term, by comb_recode */
  u32 count;
  u32 secret;
} Combs;

/* What one walk over the bits adds. Public scalars have the sparse signed digits of sum_digits, DIGIT_WORDS each: where bit j
 * of words 0-7 is set, words 8-16 hold from bit j on which odd multiple (width - 2 bits) and its sign (one bit). Secret ones
 * are as sum_recode leaves them, 8 words each, and their width is 4. */
#define DIGIT_WORDS 17
typedef struct {
  const u32 *digits;
  const Cached *multiples; /* 2^(width - 2) a term */
  u32 count;
  u32 width;
  u32 secret;
  const Combs *combs; /* beside the terms, or 0 */
} Terms;
/* How far a walk is. */
typedef struct {
  u32 bit;
  u32 term;
} Place;
/* Of a scalar at any address. */
void sum_digits(u32 *digits, const void *scalar, u32 width);
void sum_recode(u32 *c, const u32 *k);

/* A sum in slices; lives in scratch. All zero before the first. */
typedef struct {
  Point sum; /* the result */
  Point earlier;
  Place place;
  u32 built;
  u32 first; /* term of the chunk */
} Sum;

typedef struct {
  Terms terms; /* its count is that of a chunk; multiples, and digits where public, have room for so many */
  u32 *scalars; /* 8 words a term; secret ones are overwritten */
  u32 total;
  /* The point of a term; 0 where there is none, which ends the sum with FAULT_POINT. */
  u32 (*point)(Point *r, const void *context, u32 term);
  const void *context;
} Chunks;
/* Changes the terms as it goes. */
int sum_chunks(Sum *sum, Chunks *chunks, i32 *left);
/* Combs, and terms beside them whose digits and multiples are there. Their scalars are overwritten. */
int sum_combs(Sum *sum, const Terms *terms, i32 *left);

/* ---- range proofs (range.c, range.prove.c, range.verify.c; owner: kernel arithmetic) ---- */

typedef struct {
  u32 suite; /* 1 or 2: which value base */
  u32 bits;  /* 8, 16 or 32; 64 are verified, and proven of values below 2^32 */
  u32 lanes; /* 1 or 2 */
  const u8 *context;
  u32 contextLength;
  const u8 *commitments; /* encoded, 32 bytes a lane */
} RangeStatement;

typedef struct {
  const u32 *values;   /* one a lane */
  const u8 *blindings; /* 32 bytes a lane, reduced */
  const u8 *key;       /* 32 bytes: key of the PRF of all blindings */
  const u8 *prfContext;
  u32 prfContextLength;
} RangeWitness;

/* Bytes of scratch; 0 for a shape that has no proofs. The first u32 of scratch is 0 before the first slice. */
u32 range_prove_scratch(const RangeStatement *statement, const Table *table);
u32 range_verify_scratch(const RangeStatement *statement, const Table *table);
u32 range_proof_bytes(const RangeStatement *statement);
/* 0, MORE, or a fault. Scratch is wiped at the end. */
int range_prove(
    u8 *proof, const RangeStatement *statement, const RangeWitness *witness, const Table *table, u8 *scratch, i32 *left);
int range_verify(
    const u8 *proof, const RangeStatement *statement, const Table *table, u8 *scratch, i32 *left);

/* ---- hashes (sha2.c keccak.c transcript.c; owner: kernel hashes) ---- */

enum { SHA256, SHA512, SHA512_256 };

struct sha2 {
  u64 state[8];
  u32 length, kind;
  u8 block[128];
};
void sha2_begin(struct sha2 *hash, u32 kind);
void sha2_absorb(struct sha2 *hash, const void *data, u32 length);
void sha2_end(struct sha2 *hash, u8 *digest);
void sha2(u32 kind, const void *data, u32 length, u8 *digest);
/* Steps of a hash channel; returns how many are left after `limit` of them. */
u32 chain_steps(u8 *value, u32 steps, u32 limit);
void hmac(const u8 *key, const u8 *data, u32 length, u8 *tag);

/* A Keccak state: SHAKE256, SHA3-256, PRF, or a transcript. Holds no address: it may lie in scratch. */
struct sponge {
  u32 state[50];
  u32 position;
  u32 begin;
};
enum { SHAKE256 = 0x1f, SHA3_256 = 6 };
void keccak_permute(u32 *state);
void keccak_xor(u32 *state, u32 position, u32 byte);
u32 keccak_byte(const u32 *state, u32 position);
void keccak_bytes(u8 *bytes);
void sponge_begin(struct sponge *sponge);
void sponge_absorb(struct sponge *sponge, const void *data, u32 length);
void sponge_end(struct sponge *sponge, u32 domain);
void sponge_squeeze(struct sponge *sponge, u8 *output, u32 length);
/* Then: absorb the context, end with SHAKE256, squeeze. */
void prf_begin(struct sponge *sponge, const u8 *key, const char *label, u32 context_length);
/* Labels are C strings, as circuits/proof/label.ts has them. */
void transcript_begin(struct sponge *strobe, const char *protocol);
void transcript_append(struct sponge *strobe, const char *label, const void *message, u32 length);
void transcript_append_integer(struct sponge *strobe, const char *label, u32 value);
void transcript_challenge(struct sponge *strobe, const char *label, u8 *output, u32 length);

/* ---- cipher and keys (chacha.c x25519.c signature.c; owner: kernel hashes) ---- */

/* One sealed frame: data, and room for a tag of 16 bytes after it. The nonce has 12 bytes, the key 32. */
struct frame {
  const u8 *key;
  const u8 *nonce;
  const u8 *context;
  u32 context_length;
  u8 *data;
  u32 length;
};
void frame_seal(const struct frame *frame);
u32 frame_open(const struct frame *frame);

/* 0 for a point of low order. */
u32 x25519(u8 *shared, const u8 *secret, const u8 *point);

/* A message in pieces: what is signed is never joined in memory. */
struct pieces {
  const u8 *head;
  u32 head_length;
  const u8 *body;
  u32 body_length;
};
/* table: of the base point's multiples, or 0. */
void ed25519_key(u8 *key, const u8 *secret, const Table *table);
/* Noise of 32 bytes, or 0 for the published vectors alone; the public key of the secret. */
struct signer {
  const u8 *secret;
  const u8 *noise;
  const u8 *key;
  const Table *table;
};
u32 ed25519_sign(u8 *signature, const struct signer *signer, const struct pieces *message);
u32 ed25519_verify(const u8 *key, const struct pieces *message, const u8 *signature);
u32 ed25519_certifiable(const u8 *key);

#endif
