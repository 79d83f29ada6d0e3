/* The group of edwards25519 (-x^2 + y^2 = 1 + d x^2 y^2) in extended coordinates, and Ed25519's encoding of it.
 *
 * The formulas are those of Hisil, Wong, Carter and Dawson (2008), complete for this curve: no case is apart.
 * A negative addend is never built: its two sums change places, as do the two sums that its product goes into. Which of
 * two places is read depends on the sign, what is executed does not.
 */
#include "kernel.h"

static const u32 curve_d[8] = {0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d,
                               0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee};
static const u32 curve_twice_d[8] = {0x26b2f159, 0xebd69b94, 0x8283b156, 0x00e0149a,
                                     0xeef3d130, 0x198e80f2, 0x56dffce7, 0x2406d9dc};

APART void ge_identity(Point *r) {
  memset(r, 0, sizeof *r);
  r->Y[0] = r->Z[0] = 1;
}

void ge_negate(Point *r, const Point *p) {
  fe_negate(r->X, p->X);
  fe_copy(r->Y, p->Y);
  fe_copy(r->Z, p->Z);
  fe_negate(r->T, p->T);
}

APART void ge_double(Point *r, const Point *p, u32 withT) {
  fe A, B, C, E, G, H;
  fe_square(A, p->X);
  fe_square(B, p->Y);
  fe_square(C, p->Z);
  quick_add(C, C, C);
  quick_add(E, p->X, p->Y);
  fe_square(E, E);
  quick_both(H, G, A, B);
  quick_subtract(E, H, E);
  quick_add(C, C, G);
  quick_multiply(r->X, E, C);
  quick_multiply(r->Y, G, H);
  quick_multiply(r->Z, C, G);
  if (withT) quick_multiply(r->T, E, H);
}

/* The common part of both additions: C = T * product, D = 2 * Z * (Z of the addend). */
INLINE void ge_add_common(Point *r, const limb *sums, const limb *product, limb *D, u32 how) {
  fe A, B, C, sides[2];
  const u32 negative = how & GE_NEGATIVE, plus = FIELD_LIMBS * negative, minus = FIELD_LIMBS - plus;
  quick_both(B, A, r->Y, r->X);
  quick_multiply(A, A, sums + minus);
  quick_multiply(B, B, sums + plus);
  quick_multiply(C, r->T, product);
  quick_both(sides[negative], sides[1 - negative], D, C);
  const limb *G = sides[0], *F = sides[1];
  /* E in C, H in D: both have gone into the sides. */
  quick_both(D, C, B, A);
  quick_multiply(r->X, C, F);
  quick_multiply(r->Y, G, D);
  quick_multiply(r->Z, F, G);
  if (!(how & GE_WITHOUT_T)) quick_multiply(r->T, C, D);
}

APART void ge_add_niels(Point *r, const Niels *q, u32 how) {
  fe D;
  quick_add(D, r->Z, r->Z);
  ge_add_common(r, q->plus, q->product, D, how);
}

APART void ge_add_cached(Point *r, const Cached *q, u32 how) {
  fe D;
  quick_multiply(D, r->Z, q->twice);
  ge_add_common(r, q->plus, q->product, D, how);
}

APART void ge_cache(Cached *r, const Point *p) {
  fe room;
  fe_add(r->plus, p->Y, p->X);
  fe_subtract(r->minus, p->Y, p->X);
  fe_add(r->twice, p->Z, p->Z);
  fe_multiply(r->product, p->T, fe_load(room, curve_twice_d));
}

void ge_add(Point *r, const Point *p, const Point *q) {
  Cached cached;
  ge_cache(&cached, q);
  if (r != p) *r = *p;
  ge_add_cached(r, &cached, 0);
}

void ge_niels(Niels *r, const Point *p) {
  fe room;
  fe_add(r->plus, p->Y, p->X);
  fe_subtract(r->minus, p->Y, p->X);
  fe_multiply(r->product, p->T, fe_load(room, curve_twice_d));
}

/* The point of affine x and y. */
APART static void ge_affine(Point *r, const limb *x, const limb *y) {
  fe_copy(r->X, x);
  fe_copy(r->Y, y);
  fe_set(r->Z, 1);
  fe_multiply(r->T, x, y);
}

u32 ge_decode(Point *r, const u8 *bytes) {
  fe x, y, u, v;
  u8 again[32];
  const u32 sign = bytes[31] >> 7;
  fe_decode(y, bytes);
  fe_encode(again, y);
  again[31] |= (u8)(sign << 7);
  fe_square(u, y);
  fe_multiply(v, u, fe_load(x, curve_d));
  fe_set(x, 1);
  fe_subtract(u, u, x);
  fe_add(v, v, x);
  const u32 is_square = fe_root(x, u, v);
  const u32 is_signed_zero = sign & fe_is_zero(x);
  fe_negate(u, x);
  fe_select(x, u, sign);
  ge_affine(r, x, y);
  return is_square & equal(again, bytes, 32) & (1 - is_signed_zero);
}

void ge_encode(u8 *bytes, const Point *p) {
  fe inverse, x, y;
  fe_invert(inverse, p->Z);
  fe_multiply(x, p->X, inverse);
  fe_multiply(y, p->Y, inverse);
  fe_encode(bytes, y);
  bytes[31] |= (u8)(fe_is_odd(x) << 7);
}

u32 ge_is_identity(const Point *p) { return fe_is_zero(p->X) & fe_is_equal(p->Y, p->Z); }

u32 ge_is_small(const Point *p) {
  Point t;
  ge_double(&t, p, 0);
  ge_double(&t, &t, 0);
  ge_double(&t, &t, 0);
  return ge_is_identity(&t);
}
