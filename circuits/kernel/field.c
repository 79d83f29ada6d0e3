/* What is common to both forms of the field. */
#include "kernel.h"

#ifndef __arm__
#define quick_multiply fe_multiply
#define quick_square fe_square
#define quick_add fe_add
#define quick_subtract fe_subtract
#define quick_both fe_both
#endif

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

#if !KERNEL_SMALL
void fe_swap(limb *a, limb *b, u32 bit) {
  const limb mask = (limb)(0 - bit);
  for (u32 i = 0; i < FIELD_LIMBS; i++) {
    const limb change = (a[i] ^ b[i]) & mask;
    a[i] ^= change;
    b[i] ^= change;
  }
}
#endif

APART void fe_select(limb *r, const limb *a, u32 bit) {
  const limb mask = (limb)(0 - bit);
  for (u32 i = 0; i < FIELD_LIMBS; i++) r[i] ^= (r[i] ^ a[i]) & mask;
}

APART u32 fe_is_zero(const limb *a) {
  u32 words[8];
  fe_encode((u8 *)words, a);
  return sc_is_zero(words);
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
