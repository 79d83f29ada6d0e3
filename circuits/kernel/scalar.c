/* Scalars modulo l = 2^252 + 27742317777372353535851937790883648493, the order of the base point. Constant time.
 *
 * Montgomery: l has only five limbs that are not zero, so that a reduction costs five products a row instead of eight.
 */
#include "kernel.h"

static const u32 sc_order[8] = {0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000};
/* 2^512 and 2^768 modulo l; -1/l modulo 2^32. */
static const u32 sc_square[8] = {0x449c0f01, 0xa40611e3, 0x68859347, 0xd00e1ba7,
                                 0x17f5be65, 0xceec73d2, 0x7c309a3d, 0x0399411b};
#if !KERNEL_SMALL
static const u32 sc_cube[8] = {0x7b83a2db, 0x2a9e4968, 0xaef7f3ec, 0x278324e6,
                               0x04ec5b65, 0x8065dc6c, 0x3599cec7, 0x0e530b77};
#endif
static const u32 sc_inverse_of_order = 0x12547e1b;
/* 2^256 modulo l: 1 entered. */
static const u32 sc_one_entered[8] = {0x8d98951d, 0xd6ec3174, 0x737dcf70, 0xc6ef5bf4,
                                      0xfffffffe, 0xffffffff, 0xffffffff, 0x0fffffff};

/* Inlined where time counts; of the small kernel only the multiplication. */
#if KERNEL_SMALL
SIZE_BEGIN
#define WORDS APART static
#else
#define WORDS INLINE
#endif

void sc_set(u32 *r, u32 small) {
  memset(r, 0, sizeof(sc));
  r[0] = small;
}

void sc_copy(u32 *r, const u32 *a) { memcpy(r, a, sizeof(sc)); }

/* r = a + b, r = a - b: the builtins become one instruction a limb, of which loops in C would take five. */
WORDS u32 words_add(u32 *r, const u32 *a, const u32 *b) {
  u32 carry = 0;
UNROLLED
  for (u32 i = 0; i < 8; i++) r[i] = __builtin_addc(a[i], b[i], carry, &carry);
  return carry;
}

WORDS u32 words_subtract(u32 *r, const u32 *a, const u32 *b) {
  u32 borrow = 0;
UNROLLED
  for (u32 i = 0; i < 8; i++) r[i] = __builtin_subc(a[i], b[i], borrow, &borrow);
  return borrow;
}

/* r = a + l where the bit is 1, else a. */
APART static void words_add_order(u32 *r, const u32 *a, u32 bit) {
  const u32 mask = 0 - bit;
  u32 order[8];
UNROLLED
  for (u32 i = 0; i < 8; i++) order[i] = sc_order[i] & mask;
  words_add(r, a, order);
}

/* r = a - l where that is not negative, else a. a < 2^256. Answers 1 in the first case. */
APART static u32 sc_trim(u32 *r, const u32 *a) {
  sc t;
  const u32 borrow = words_subtract(t, a, sc_order);
  words_add_order(r, t, borrow);
  return 1 - borrow;
}

APART void sc_add(u32 *r, const u32 *a, const u32 *b) {
  sc t;
  words_add(t, a, b);
  sc_trim(r, t);
}

APART void sc_subtract(u32 *r, const u32 *a, const u32 *b) {
  sc t;
  const u32 borrow = words_subtract(t, a, b);
  words_add_order(r, t, borrow);
}

#if KERNEL_SMALL
SIZE_END
#endif
/* a < 2^256 suffices where b is reduced: the result before the last step is below 2*l. */
void sc_montgomery(u32 *r, const u32 *a, const u32 *b) {
  u32 t[9] = {0};
  for (u32 i = 0; i < 8; i++) {
    const u32 each = a[i];
    u32 carry = 0;
#pragma GCC unroll 8
    for (u32 j = 0; j < 8; j++) MULTIPLY_ADD(t[j], carry, each, b[j]);
    const u32 top = t[8] + carry, factor = t[0] * sc_inverse_of_order;
    carry = 0;
#pragma GCC unroll 8
    for (u32 j = 0; j < 8; j++) {
      u32 low = t[j];
      if (j < 4 || j == 7) MULTIPLY_ADD(low, carry, factor, sc_order[j]);
      else {
        low += carry;
        carry = low < carry;
      }
      if (j) t[j - 1] = low;
    }
    const u64 sum = (u64)top + carry;
    t[7] = (u32)sum;
    t[8] = (u32)(sum >> 32);
  }
  sc_trim(r, t);
}
#if KERNEL_SMALL
SIZE_BEGIN
#endif

void sc_enter(u32 *r, const u32 *a) { sc_montgomery(r, a, sc_square); }

void sc_leave(u32 *r, const u32 *a) {
  sc one;
  sc_set(one, 1);
  sc_montgomery(r, a, one);
}

void sc_multiply(u32 *r, const u32 *a, const u32 *b) {
  sc t;
  sc_montgomery(t, a, b);
  sc_enter(r, t);
}

static void words_halve(u32 *r, const u32 *a) {
UNROLLED
  for (u32 i = 0; i < 8; i++) r[i] = a[i] >> 1 | (i < 7 ? a[i + 1] << 31 : 0);
}

/* r = a/2 modulo l. */
APART static void sc_halve(u32 *r, const u32 *a) {
  sc t;
  words_add_order(t, a, a[0] & 1);
  words_halve(r, t);
}

#if KERNEL_SMALL
/* a^(l - 2): 2.5 times as long as halving, and 200 bytes less. */
void sc_invert(u32 *r, const u32 *a) {
  sc power;
  sc_copy(power, sc_one_entered);
  for (i32 bit = 252; bit >= 0; bit--) {
    /* Only the lowest word of l - 2 is not that of l. */
    const u32 word = sc_order[bit >> 5] - (bit < 32 ? 2 : 0);
    sc_montgomery(power, power, power);
    if (word >> (bit & 31) & 1) sc_montgomery(power, power, a);
  }
  sc_copy(r, power);
}
#else
static u32 sc_is_less(const u32 *a, const u32 *b) {
  u32 i = 7;
  while (i && a[i] == b[i]) i--;
  return a[i] < b[i];
}

/* Greatest common divisor by halves: u = x*a, v = y*a modulo l all the time. Variable time. a^(l - 2) takes 2.5 times as long. */
void sc_invert(u32 *r, const u32 *a) {
  sc u, v, x, y;
  sc_copy(u, a);
  sc_copy(v, sc_order);
  sc_set(x, 1);
  sc_set(y, 0);
  while (!sc_is_zero(u)) {
    if (u[0] & 1) {
      if (sc_is_less(u, v)) {
        for (u32 i = 0; i < 8; i++) {
          const u32 other[2] = {u[i], x[i]};
          u[i] = v[i], x[i] = y[i];
          v[i] = other[0], y[i] = other[1];
        }
      }
      sc_subtract(u, u, v);
      sc_subtract(x, x, y);
    }
    words_halve(u, u);
    sc_halve(x, x);
  }
  /* y = 1/a; where a was times 2^256, so shall be the inverse. */
  sc_montgomery(r, y, sc_cube);
}
#endif

void sc_reduce_entered(u32 *r, const u8 *wide) {
  u32 words[8];
  sc high;
  memcpy(words, wide + 32, 32);
  sc_enter(high, words);
  sc_enter(high, high);
  memcpy(words, wide, 32);
  sc_enter(r, words);
  sc_add(r, r, high);
}

void sc_reduce(u32 *r, const u8 *wide) {
  sc_reduce_entered(r, wide);
  sc_leave(r, r);
}

/* The bits that the keys of both curves have. */
static void clamp(u8 *scalar, const u8 *secret) {
  if (scalar != secret) memcpy(scalar, secret, 32);
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
}

u32 sc_decode(u32 *r, const u8 *bytes) {
  sc t;
  memcpy(r, bytes, 32);
  return 1 - sc_trim(t, r);
}

void sc_encode(u8 *bytes, const u32 *a) { memcpy(bytes, a, 32); }

u32 sc_is_zero(const u32 *a) {
  u32 all = 0;
  for (u32 i = 0; i < 8; i++) all |= a[i];
  return 1 - ((all | (0 - all)) >> 31);
}
#if KERNEL_SMALL
SIZE_END
#endif
