/* What is common to both forms of the field: constants, choices, powers and roots. */
#include "kernel.h"

#ifndef __arm__
#define quick_multiply fe_multiply
#define quick_add fe_add
#define quick_subtract fe_subtract
#define quick_both fe_both
#endif

static const u32 root_of_minus_one[8] = {0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806,
                                         0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480};

APART void fe_set(limb *r, u32 small) {
  memset(r, 0, sizeof(fe));
  r[0] = (limb)small;
}

void fe_copy(limb *r, const limb *a) { memcpy(r, a, sizeof(fe)); }

APART void fe_negate(limb *r, const limb *a) {
  fe zero;
  fe_set(zero, 0);
  fe_subtract(r, zero, a);
}

void fe_swap(limb *a, limb *b, u32 bit) {
  const limb mask = (limb)(0 - bit);
  for (u32 i = 0; i < FIELD_LIMBS; i++) {
    const limb change = (a[i] ^ b[i]) & mask;
    a[i] ^= change;
    b[i] ^= change;
  }
}

APART void fe_select(limb *r, const limb *a, u32 bit) {
  const limb mask = (limb)(0 - bit);
  for (u32 i = 0; i < FIELD_LIMBS; i++) r[i] ^= (r[i] ^ a[i]) & mask;
}

APART u32 fe_is_zero(const limb *a) {
  u32 words[8], all = 0;
  fe_encode((u8 *)words, a);
  for (u32 i = 0; i < 8; i++) all |= words[i];
  return 1 - ((all | (0 - all)) >> 31);
}

APART u32 fe_is_odd(const limb *a) {
  u32 words[8];
  fe_encode((u8 *)words, a);
  return words[0] & 1;
}

APART u32 fe_is_equal(const limb *a, const limb *b) {
  fe difference;
  fe_subtract(difference, a, b);
  return fe_is_zero(difference);
}

/* r = a^(2^250 - 1), a11 = a^11. */
APART static void fe_power_chain(limb *r, limb *a11, const limb *a) {
  fe t, u;
  fe_square(t, a);
  fe_squares(u, t, 2);
  fe_multiply(u, u, a);
  fe_multiply(a11, u, t);
  fe_square(t, a11);
  fe_multiply(t, t, u); /* 2^5 - 1 */
  fe_squares(u, t, 5);
  fe_multiply(t, u, t); /* 2^10 - 1 */
  fe_squares(u, t, 10);
  fe_multiply(r, u, t); /* 2^20 - 1 */
  fe_squares(u, r, 20);
  fe_multiply(u, u, r); /* 2^40 - 1 */
  fe_squares(u, u, 10);
  fe_multiply(t, u, t); /* 2^50 - 1 */
  fe_squares(u, t, 50);
  fe_multiply(r, u, t); /* 2^100 - 1 */
  fe_squares(u, r, 100);
  fe_multiply(u, u, r); /* 2^200 - 1 */
  fe_squares(u, u, 50);
  fe_multiply(r, u, t);
}

void fe_invert(limb *r, const limb *a) {
  fe t, a11;
  fe_power_chain(t, a11, a);
  fe_squares(t, t, 5);
  fe_multiply(r, t, a11);
}

void fe_power_root(limb *r, const limb *a) {
  fe t, a11;
  fe_power_chain(t, a11, a);
  fe_squares(t, t, 2);
  fe_multiply(r, t, a);
}

APART u32 fe_root(limb *r, const limb *u, const limb *v) {
  fe t, check, i, root;
  fe_square(t, v);
  fe_multiply(t, t, v);
  fe_multiply(root, t, u); /* u v^3 */
  fe_square(t, t);
  fe_multiply(t, t, v);
  fe_multiply(t, t, u); /* u v^7 */
  fe_power_root(t, t);
  fe_multiply(root, root, t);

  fe_square(check, root);
  fe_multiply(check, check, v);
  const limb *imaginary = fe_load(i, root_of_minus_one);
  const u32 correct = fe_is_equal(check, u);
  fe_negate(t, u);
  const u32 flipped = fe_is_equal(check, t);
  fe_multiply(t, t, imaginary);
  const u32 turned = fe_is_equal(check, t);

  fe_multiply(t, root, imaginary);
  fe_select(root, t, flipped | turned);
  fe_negate(t, root);
  fe_select(root, t, fe_is_odd(root));
  fe_copy(r, root);
  return correct | flipped;
}
