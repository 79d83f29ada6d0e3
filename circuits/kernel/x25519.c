/* X25519 (RFC 7748). The same steps for every secret.
 *
 * The small kernel has no ladder: it goes over to edwards25519, multiplies there and comes back. Half of all u are of the
 * twist and have no point there; no honest key is one of them, and they are refused.
 */
#include "kernel.h"

#if KERNEL_SMALL
/* y = (u - 1)/(u + 1); 0 for a u of the twist. */
static APART u32 x25519_point(Point *r, const u8 *bytes) {
  Room room;
  u8 encoded[32];
  fe_decode(room[1], bytes);
  fe_set(room[2], 1);
  fe_add(room[3], room[1], room[2]);
  fe_subtract(room[1], room[1], room[2]);
  field_run(room, r, PROGRAM_INVERT, 0);
  fe_multiply(room[1], room[1], room[3]);
  fe_encode(encoded, room[1]);
  return ge_decode(r, encoded);
}

/* u = (Z + Y)/(Z - Y) */
static APART void x25519_encode(u8 *bytes, const Point *p) {
  Room room;
  fe_subtract(room[3], p->Z, p->Y);
  fe_add(room[1], p->Z, p->Y);
  field_run(room, 0, PROGRAM_INVERT, 0);
  fe_multiply(room[1], room[1], room[3]);
  fe_encode(bytes, room[1]);
}

/* 0 where the result is zero, for a point of low order, or where the point is of the twist. point 0 stands for the base, 9. A
 * clamped secret is 8 times a scalar below l: what is of low order in the point is cleared first. */
u32 x25519(u8 *shared, const u8 *secret, const u8 *point) {
  Point p;
  union {
    sc words;
    u8 bytes[32];
  } scalar;
  if (!point) point_load(&p, base_point);
  else if (!x25519_point(&p, point)) return 0;
  ge_clear(&p, &p);
  clamp(scalar.bytes, secret);
  for (u32 times = 0; times < 3; times++) words_halve(scalar.words, scalar.words);
  ge_multiply(&p, &p, scalar.words);
  x25519_encode(shared, &p);
  wipe(scalar.words, 32);
  wipe(&p, sizeof p);
  return is_zero(shared, 32) ^ 1;
}
#else
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
  clamp(scalar, secret);
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
#endif
