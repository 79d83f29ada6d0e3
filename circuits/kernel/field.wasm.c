/* The field in 10 signed limbs of 26 and 25 bits by turns: wasm has no product of 128 bits, and a column of 32 x 32 bit
 * products fits 64 bits here without a carry. Limbs are at most 2^25.1 after a multiplication; sums of eight such still multiply.
 */
#ifdef __wasm__
#include "kernel.h"

#define LOW_BITS(i) ((i) & 1 ? 25 : 26)

/* Carries columns into limbs; what leaves the top comes back 19 times. Two chains at once, as they wait for each other less. */
INLINE void fe_columns(limb *r, i64 *h) {
#define CARRY(from, to, times)                                            \
  do {                                                                    \
    i64 carry = (h[from] + ((i64)1 << (LOW_BITS(from) - 1))) >> LOW_BITS(from); \
    h[from] -= carry << LOW_BITS(from);                                   \
    h[to] += carry * (times);                                             \
  } while (0)
  CARRY(0, 1, 1);
  CARRY(4, 5, 1);
  CARRY(1, 2, 1);
  CARRY(5, 6, 1);
  CARRY(2, 3, 1);
  CARRY(6, 7, 1);
  CARRY(3, 4, 1);
  CARRY(7, 8, 1);
  CARRY(4, 5, 1);
  CARRY(8, 9, 1);
  CARRY(9, 0, 19);
  CARRY(0, 1, 1);
#undef CARRY
#pragma GCC unroll 10
  for (u32 i = 0; i < 10; i++) r[i] = (limb)h[i];
}

/* Column k takes a[i]*b[j] for i + j = k, twice where both limbs have 25 bits, and 19 times what is ten columns above. */
APART void fe_multiply(limb *r, const limb *a, const limb *b) {
  i64 h[10] = {0};
#pragma GCC unroll 10
  for (u32 i = 0; i < 10; i++) {
    const i64 once = a[i], twice = (i64)a[i] * (1 + (i & 1));
#pragma GCC unroll 10
    for (u32 j = 0; j < 10; j++) {
      const i64 each = i + j < 10 ? b[j] : (i64)b[j] * 19;
      h[(i + j) % 10] += (j & 1 ? twice : once) * each;
    }
  }
  fe_columns(r, h);
}

APART void fe_square(limb *r, const limb *a) {
  i64 h[10] = {0};
#pragma GCC unroll 10
  for (u32 i = 0; i < 10; i++) {
#pragma GCC unroll 10
    for (u32 j = i; j < 10; j++) {
      const i64 left = (i64)a[i] * (i == j ? 1 : 2) * (i & j & 1 ? 2 : 1);
      h[(i + j) % 10] += left * (i + j < 10 ? a[j] : (i64)a[j] * 19);
    }
  }
  fe_columns(r, h);
}

void fe_squares(limb *r, const limb *a, u32 times) {
  fe_square(r, a);
  while (--times) fe_square(r, r);
}

void fe_add(limb *r, const limb *a, const limb *b) {
#pragma GCC unroll 10
  for (u32 i = 0; i < 10; i++) r[i] = a[i] + b[i];
}

void fe_subtract(limb *r, const limb *a, const limb *b) {
#pragma GCC unroll 10
  for (u32 i = 0; i < 10; i++) r[i] = a[i] - b[i];
}

void fe_both(limb *sum, limb *difference, const limb *a, const limb *b) {
  fe_add(sum, a, b);
  fe_subtract(difference, a, b);
}

void fe_multiply_small(limb *r, const limb *a, u32 small) {
  i64 h[10];
  for (u32 i = 0; i < 10; i++) h[i] = (i64)a[i] * small;
  fe_columns(r, h);
}

/* First bit of limb i. */
#define FIRST_BIT(i) (((i) * 51 + 1) / 2)

const limb *fe_load(limb *room, const u32 *words) {
  u64 pairs[5] = {0};
  memcpy(pairs, words, 32);
#pragma GCC unroll 10
  for (u32 i = 0; i < 10; i++) {
    const u32 bit = FIRST_BIT(i), word = bit / 64, shift = bit % 64;
    u64 bits = pairs[word] >> shift;
    if (shift > 38) bits |= pairs[word + 1] << (64 - shift);
    room[i] = (limb)(bits & (((u64)1 << LOW_BITS(i)) - 1));
  }
  return room;
}

void fe_decode(limb *r, const u8 *bytes) {
  u32 words[8];
  memcpy(words, bytes, 32);
  fe_load(r, words);
}

void fe_encode(u8 *bytes, const limb *a) {
  i64 h[10];
  for (u32 i = 0; i < 10; i++) h[i] = a[i];
  fe t;
  fe_columns(t, h);
  /* The sign of the whole decides what is taken off: with limbs this small one pass from below finds it. */
  i64 above = (19 * (i64)t[9] + ((i64)1 << 24)) >> 25;
  for (u32 i = 0; i < 10; i++) above = (t[i] + above) >> LOW_BITS(i);
  i64 carry = 19 * above;
  u64 pairs[5] = {0};
  for (u32 i = 0; i < 10; i++) {
    carry += t[i];
    const u64 bits = (u64)carry & (((u64)1 << LOW_BITS(i)) - 1);
    const u32 bit = FIRST_BIT(i), word = bit / 64, shift = bit % 64;
    pairs[word] |= bits << shift;
    if (shift > 38) pairs[word + 1] |= bits >> (64 - shift);
    carry >>= LOW_BITS(i);
  }
  memcpy(bytes, pairs, 32);
}
#endif
