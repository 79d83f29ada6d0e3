/* X25519 (RFC 7748): Montgomery's ladder. The same steps for every secret. */
#include "kernel.h"

/* (x2 : z2) doubled, and (x3 : z3) added to it; u is their difference. */
static void ladder_step(fe *point, const limb *u) {
  limb *x2 = point[0], *z2 = point[1], *x3 = point[2], *z3 = point[3];
  fe sum, difference, other, product;
  fe_add(sum, x2, z2);
  fe_subtract(difference, x2, z2);
  fe_subtract(other, x3, z3);
  fe_add(z3, x3, z3);
  fe_multiply(other, other, sum);
  fe_multiply(product, z3, difference);
  fe_add(x3, other, product);
  fe_square(x3, x3);
  fe_subtract(z3, other, product);
  fe_square(z3, z3);
  fe_multiply(z3, z3, u);
  fe_square(sum, sum);
  fe_square(difference, difference);
  fe_multiply(x2, sum, difference);
  fe_subtract(other, sum, difference);
  fe_multiply_small(z2, other, 121665);
  fe_add(z2, z2, sum);
  fe_multiply(z2, z2, other);
}

/* 0 where the result is zero: the other side sent a point of low order. point 0 stands for the base, 9. */
u32 x25519(u8 *shared, const u8 *secret, const u8 *point) {
  u8 scalar[32];
  fe u, ladder[4];
  memcpy(scalar, secret, 32);
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  if (point) fe_decode(u, point);
  else fe_set(u, 9);
  fe_set(ladder[0], 1);
  fe_set(ladder[1], 0);
  fe_copy(ladder[2], u);
  fe_set(ladder[3], 1);
  u32 swapped = 0;
  for (i32 i = 254; i >= 0; i--) {
    u32 bit = scalar[i >> 3] >> (i & 7) & 1;
    fe_swap(ladder[0], ladder[2], bit ^ swapped);
    fe_swap(ladder[1], ladder[3], bit ^ swapped);
    swapped = bit;
    ladder_step(ladder, u);
  }
  fe_swap(ladder[0], ladder[2], swapped);
  fe_swap(ladder[1], ladder[3], swapped);
  fe_invert(ladder[1], ladder[1]);
  fe_multiply(ladder[0], ladder[0], ladder[1]);
  fe_encode(shared, ladder[0]);
  wipe(scalar, 32);
  wipe(ladder, sizeof ladder);
  return is_zero(shared, 32) ^ 1;
}
