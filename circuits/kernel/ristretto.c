/* ristretto255: the group of prime order on edwards25519, RFC 9496. */
#include "kernel.h"

static const u32 root_of_minus_d_minus_one[8] = {0x497b2e1b, 0x7e97f6a0, 0x1b7854bd, 0xaf9d8e0c,
                                                 0x31f5d1fd, 0x0f3cfcc9, 0x2b8348ac, 0x376931bf};
static const u32 inverse_root_of_minus_d_minus_one[8] = {0x805d40ea, 0x99c8fdaa, 0x5a4172be, 0x9d2f1617,
                                                         0xfe01d840, 0x16c27b91, 0xcfaffca2, 0x786c8905};
static const u32 one_minus_d_squared[8] = {0x945fc176, 0xe27c09c1, 0xcd5e350f, 0x2c81a138,
                                           0xbe70dfe4, 0x9994abdd, 0xb2b3e0d7, 0x029072a8};
static const u32 d_minus_one_squared[8] = {0x44ed4d20, 0x31ad5aaa, 0xb01e1999, 0xd29e4a2c,
                                           0x529b4eeb, 0x4cdcd32f, 0xf66c2241, 0x5968b37a};

/* r = -a where bit is 1, else a. */
static void fe_turn(limb *r, const limb *a, u32 bit) {
  fe negated;
  fe_negate(negated, a);
  fe_copy(r, a);
  fe_select(r, negated, bit);
}

/* 4.3.1. Variable time for bytes that are no encoding. */
u32 ristretto_decode(Point *r, const u8 *bytes) {
  fe s, one, u1, u2, square, v, t;
  u8 again[32];
  fe_decode(s, bytes);
  fe_encode(again, s);
  if (!equal(again, bytes, 32) || bytes[0] & 1) return 0;
  fe_set(one, 1);
  fe_square(t, s);
  fe_subtract(u1, one, t);
  fe_add(u2, one, t);
  fe_square(square, u2);
  fe_square(v, u1);
  fe_multiply(v, v, fe_load(t, curve_d));
  fe_add(v, v, square);
  fe_negate(v, v);
  fe_multiply(t, v, square);
  const u32 is_square = fe_root(t, one, t);
  fe_multiply(u2, u2, t); /* den_x */
  fe_multiply(t, t, u2);
  fe_multiply(t, t, v); /* den_y */
  fe_multiply(r->Y, u1, t);
  fe_add(s, s, s);
  fe_multiply(s, s, u2);
  fe_turn(r->X, s, fe_is_odd(s));
  fe_copy(r->Z, one);
  fe_multiply(r->T, r->X, r->Y);
  return is_square & (1 - fe_is_odd(r->T)) & (1 - fe_is_zero(r->Y));
}

/* 4.3.2 */
void ristretto_encode(u8 *bytes, const Point *p) {
  fe u1, u2, root, x, y, t;
  fe_add(u1, p->Z, p->Y);
  fe_subtract(t, p->Z, p->Y);
  fe_multiply(u1, u1, t);
  fe_multiply(u2, p->X, p->Y);
  fe_square(t, u2);
  fe_multiply(t, t, u1);
  fe_set(x, 1);
  fe_root(root, x, t);
  fe_multiply(u1, u1, root); /* den1 */
  fe_multiply(u2, u2, root); /* den2 */
  fe_multiply(root, u1, u2);
  fe_multiply(root, root, p->T); /* 1/Z */

  const limb *imaginary = fe_load(t, root_of_minus_one);
  fe_multiply(x, p->Y, imaginary);
  fe_multiply(y, p->X, imaginary);
  fe_multiply(u1, u1, fe_load(t, inverse_root_of_minus_d_minus_one));
  fe_multiply(t, p->T, root);
  const u32 rotate = fe_is_odd(t);
  fe_select(u2, u1, rotate);
  fe_copy(u1, p->X);
  fe_select(u1, x, rotate); /* x */
  fe_copy(t, p->Y);
  fe_select(t, y, rotate); /* y */

  fe_multiply(x, u1, root);
  fe_turn(y, t, fe_is_odd(x));
  fe_subtract(y, p->Z, y);
  fe_multiply(y, y, u2);
  fe_turn(y, y, fe_is_odd(y));
  fe_encode(bytes, y);
}

/* 4.3.4, MAP. */
static void ristretto_elligator(Point *result, const u8 *bytes) {
  fe r, u, v, s, c, one, t;
  fe_set(one, 1);
  fe_decode(t, bytes);
  fe_square(r, t);
  fe_multiply(r, r, fe_load(u, root_of_minus_one));
  const limb *d = fe_load(c, curve_d);
  fe_add(u, r, one);
  fe_multiply(u, u, fe_load(s, one_minus_d_squared));
  fe_multiply(v, r, d);
  fe_add(v, v, one);
  fe_negate(v, v);
  fe_add(s, r, d);
  fe_multiply(v, v, s);

  const u32 is_square = fe_root(s, u, v);
  fe_multiply(u, s, t);
  fe_turn(u, u, 1 - fe_is_odd(u));
  fe_select(s, u, 1 - is_square);
  fe_copy(c, r);
  fe_negate(t, one);
  fe_select(c, t, is_square);

  fe_subtract(t, r, one);
  fe_multiply(t, t, c);
  fe_multiply(t, t, fe_load(u, d_minus_one_squared));
  fe_subtract(t, t, v); /* N */
  fe_multiply(v, v, s);
  fe_add(v, v, v);                                              /* w0 */
  fe_multiply(t, t, fe_load(u, root_of_minus_d_minus_one));     /* w1 */
  fe_square(s, s);
  fe_subtract(u, one, s); /* w2 */
  fe_add(s, one, s);      /* w3 */
  fe_multiply(result->X, v, s);
  fe_multiply(result->Y, u, t);
  fe_multiply(result->Z, t, s);
  fe_multiply(result->T, v, u);
}

void ristretto_map(Point *r, const u8 *uniform) {
  Point second;
  ristretto_elligator(&second, uniform + 32);
  ristretto_elligator(r, uniform);
  ge_add(r, r, &second);
}

/* 4.3.3 */
u32 ristretto_equal(const Point *p, const Point *q) {
  fe a, b;
  fe_multiply(a, p->X, q->Y);
  fe_multiply(b, p->Y, q->X);
  const u32 same = fe_is_equal(a, b);
  fe_multiply(a, p->Y, q->Y);
  fe_multiply(b, p->X, q->X);
  return same | fe_is_equal(a, b);
}

u32 ristretto_is_identity(const Point *p) { return fe_is_zero(p->X) | fe_is_zero(p->Y); }
